"""Voices in their lanes: a lane for an event, starting, fading, stealing; a group at work."""

from __future__ import annotations

from phonon.engine.layout import (
    ALL_GROUPS,
    ALL_GROUPS_END,
    CALLS,
    CALLS_END,
    CONTROL_COUNT,
    CONTROLS,
    DROPPED,
    EVENT_CONTROLS,
    EVENT_CUT,
    EVENT_HOLD,
    EVENT_PATCH,
    EVENT_SAMPLE,
    EVENT_SEED,
    FADE_STEP,
    GROUP_COUNT,
    GROUP_STRIDE,
    GROUPS,
    LANE_CUT,
    LANE_FADING,
    LANE_LEVEL,
    LANE_QUIET,
    LANE_SERIAL,
    LANE_UNTIL,
    LANE_WORDS,
    LANES,
    LEAVE,
    MASK,
    MOST_VOICES,
    PATCHES,
    PENDING,
    PENDING_COUNT,
    PENDING_LIMIT,
    PENDING_WORDS,
    PROGRAM,
    ROW_COUNT,
    SAMPLES,
    SAMPLES_END,
    SEEDS,
    SEEDS_END,
    SERIAL,
    START,
    STARTED,
    STATE,
    STOLEN,
    TIME,
    VOICE_LIMIT,
    VOICES,
)
from phonon.kernel.machine import bits, call, doubles, floats, machine, uint32, words


@machine
def defer(group: int, frame: int, lane: int, event: int) -> int:
    """Note what happens to a lane at a frame of this block; 0 if there is no room."""
    g = words(group)
    count = g[PENDING_COUNT]
    if count >= PENDING_LIMIT:
        return 0
    entry = PENDING + PENDING_WORDS * count
    g[entry] = frame
    g[entry + 1] = lane
    g[entry + 2] = event
    g[PENDING_COUNT] = count + 1
    return 1


@machine
def fade_lane(engine: int, group: int, lane: int, frame: int) -> None:
    """Let a lane fade out from a frame on; it no longer counts as a voice."""
    if defer(group, frame, lane, 0):
        words(group)[LANE_FADING + LANE_WORDS * lane] = 1
        words(engine)[VOICES] -= 1


@machine
def cut_voices(engine: int, cut: int, frame: int) -> None:
    """Fade out the voices of a cut group; or, with `cut` 0, the one to be stolen.

    That is the quietest, and of those within 6 dB of it the oldest.
    """
    program = words(words(engine)[PROGRAM])
    entry = program[ALL_GROUPS]
    end = program[ALL_GROUPS_END]
    worst_group, worst_lane, worst_level, worst_serial = 0, 0, 0.0, 0
    while entry < end:
        group = words(entry)[0]
        g = words(group)
        for lane in range(LANES if g[MASK] else 0):
            base = LANE_WORDS * lane
            if (g[MASK] >> lane) & 1 and g[base + LANE_FADING] == 0:
                if cut != 0:
                    if g[base + LANE_CUT] == cut:
                        fade_lane(engine, group, lane, frame)
                    continue
                level = doubles(group)[base + LANE_LEVEL]
                serial = g[base + LANE_SERIAL]
                older = level < 2.0 * worst_level and serial < worst_serial
                if worst_group == 0 or level < 0.5 * worst_level or older:
                    worst_group, worst_lane, worst_level, worst_serial = group, lane, level, serial
        entry += 16
    if worst_group != 0:
        fade_lane(engine, worst_group, worst_lane, frame)
        words(engine)[STOLEN] += 1


@machine
def find_lane(patch: int) -> int:
    """A lane of a patch for a new voice: the address of its group plus the lane.

    That is the first one not in use; if there is none, the oldest, fading ones first.
    """
    group: int = words(patch)[GROUPS]
    best, best_lane, best_age = group, 0, 1 << 62
    for _ in range(words(patch)[GROUP_COUNT]):
        g = words(group)
        for lane in range(LANES):
            if ((g[MASK] >> lane) & 1) == 0:
                return group + lane
            base = LANE_WORDS * lane
            age = g[base + LANE_SERIAL] - (g[base + LANE_FADING] << 60)
            if age < best_age:
                best, best_lane, best_age = group, lane, age
        group += words(patch)[GROUP_STRIDE]
    return best + best_lane


@machine
def stage_voice(engine: int, event: int, frame: int) -> None:
    """Give an event a lane; the voice starts when its group reaches `frame` of the block."""
    e = words(engine)
    event_words = words(event)
    patch = words(words(e[PROGRAM])[PATCHES])[event_words[EVENT_PATCH]]
    if event_words[EVENT_CUT]:
        cut_voices(engine, event_words[EVENT_CUT], frame)
    if e[VOICES] >= e[VOICE_LIMIT]:
        cut_voices(engine, 0, frame)
    place = find_lane(patch)
    group = place & ~15  # groups stand on multiples of 128
    lane = place & 15
    if not defer(group, frame, lane, event):
        e[DROPPED] += 1
        return
    g = words(group)
    base = LANE_WORDS * lane
    bit = 1 << lane
    if g[MASK] & bit and g[base + LANE_FADING] == 0:
        e[VOICES] -= 1
        e[STOLEN] += 1
    g[MASK] |= bit
    e[SERIAL] += 1
    g[base + LANE_SERIAL] = e[SERIAL]
    g[base + LANE_UNTIL] = e[TIME] + frame + event_words[EVENT_HOLD]
    g[base + LANE_CUT] = event_words[EVENT_CUT]
    g[base + LANE_QUIET] = 0
    g[base + LANE_FADING] = 0
    doubles(group)[base + LANE_LEVEL] = 1e9  # not measured yet: the last to be stolen
    e[STARTED] += 1
    e[VOICES] += 1
    e[MOST_VOICES] = max(e[MOST_VOICES], e[VOICES])


@machine
def start_lane(patch: int, group: int, lane: int, event: int) -> None:
    """Make a lane that of a new voice: state, seeds, controls, recording."""
    p = words(patch)
    g = words(group)
    event_words = words(event)
    state = bits(g[STATE])
    start = bits(p[START])
    for row in range(p[ROW_COUNT]):
        state[LANES * row + lane] = start[row]
    entry = p[SEEDS]
    while entry < p[SEEDS_END]:
        seed = uint32(words(entry)[1] + event_words[EVENT_SEED])
        seed = uint32((seed ^ (seed >> uint32(16))) * uint32(0x7FEB352D))  # Wellons' lowbias32
        seed = uint32((seed ^ (seed >> uint32(15))) * uint32(0x846CA68B))
        state[LANES * words(entry)[0] + lane] = uint32(seed ^ (seed >> uint32(16)))
        entry += 16
    controls = floats(g[CONTROLS])
    for index in range(p[CONTROL_COUNT]):
        controls[LANES * index + lane] = doubles(event)[EVENT_CONTROLS + index]
    sample = words(event_words[EVENT_SAMPLE])
    entry = g[SAMPLES]
    while entry < g[SAMPLES_END]:
        slot = words(words(entry)[0])
        slot[lane] = sample[0]
        slot[LANES + lane] = sample[1]
        narrow = bits(words(entry)[0] + 16 * LANES)
        narrow[lane] = sample[2]
        floats(words(entry)[0] + 20 * LANES)[lane] = doubles(event_words[EVENT_SAMPLE])[3]
        entry += 8


@machine
def run_lanes(group: int, begin: int, count: int) -> None:
    """All kernels of a group over frames of the block."""
    entry = words(group)[CALLS]
    end = words(group)[CALLS_END]
    while entry < end:
        run = words(entry)
        if run[2]:
            call(run[0], run[1], 0, 1)
        else:
            call(run[0], run[1], begin, count)
        entry += 24


@machine
def run_group(engine: int, patch: int, group: int, begin: int, end: int) -> None:
    """A group over frames of the block, split where its voices start or begin to fade."""
    g = words(group)
    count = g[PENDING_COUNT]
    done = 0
    while done < count:
        entry = PENDING + PENDING_WORDS * done
        frame = g[entry]
        if frame >= end:
            break
        if frame > begin:
            run_lanes(group, begin, frame - begin)
            begin = frame
        lane = g[entry + 1]
        if g[entry + 2]:
            start_lane(patch, group, lane, g[entry + 2])
        else:
            row = words(patch)[LEAVE] + 1
            floats(g[STATE])[LANES * row + lane] = doubles(engine)[FADE_STEP]
        done += 1
    if done:
        for index in range(PENDING, PENDING + PENDING_WORDS * (count - done)):
            g[index] = g[index + PENDING_WORDS * done]
        g[PENDING_COUNT] = count - done
    run_lanes(group, begin, end - begin)
