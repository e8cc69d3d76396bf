"""A stream at work: signals brought into lanes, its groups run, their sums brought out."""

from __future__ import annotations

from phonon.engine.groups import run_group
from phonon.engine.layout import (
    ALL_GROUPS,
    ALL_GROUPS_END,
    FAULTS,
    GROUP_COUNT,
    GROUP_STRIDE,
    GROUPS,
    HOUSEKEEPING,
    LANE_FADING,
    LANE_LEVEL,
    LANE_QUIET,
    LANE_UNTIL,
    LANE_WORDS,
    LANES,
    LEAVE,
    MASK,
    PROGRAM,
    SHARED,
    SHARED_EASED,
    SHARED_END,
    SHARED_FROM,
    SHARED_HOW,
    SHARED_LAST,
    SHARED_TO,
    SHARED_WORDS,
    STATE,
    STREAM_COPIES,
    STREAM_COPIES_END,
    STREAM_PATCHES,
    STREAM_PATCHES_END,
    STREAM_SUMS,
    STREAM_SUMS_END,
    TIME,
    VOICES,
)
from phonon.engine.liveout import FADE, FADE_FRAMES, FADE_FROM
from phonon.kernel.machine import doubles, float32, floats, machine, words

SILENT = 1e-5  # -100 dB
SILENT_FRAMES = 512  # 10 ms at 48 kHz, on the grid of HOUSEKEEPING
HOLDS, MOVES, STAYS = 0, 1, 2  # how voices share a signal: one value, many, the last one kept
BROKEN = 1e29  # the peak that `_leave` keeps when a voice was not a number


@machine
def spread(engine: int, patch: int, begin: int, end: int) -> None:
    """Bring signals of the mix into lanes, the same in each."""
    entry = words(patch)[SHARED]
    while entry < words(patch)[SHARED_END]:
        source = floats(words(entry)[SHARED_FROM])
        target = floats(words(entry)[SHARED_TO])
        how = words(entry)[SHARED_HOW]
        step = 0 if how == STAYS else 1
        for frame in range(begin if how else 0, end if how else 1):
            for lane in range(LANES):
                target[LANES * frame + lane] = source[step * frame]
        if words(engine)[FADE] and words(entry)[SHARED_EASED]:
            ease(engine, entry, begin, end)
        floats(entry + 8 * SHARED_LAST)[0] = source[step * (end - 1 if how else 0)]
        entry += 8 * SHARED_WORDS


@machine
def ease(engine: int, entry: int, begin: int, end: int) -> None:
    """Let voices that sound go over from what they heard of the mix to what is there now."""
    e = words(engine)
    moves = words(entry)[SHARED_HOW]
    source = floats(words(entry)[SHARED_FROM])
    target = floats(words(entry)[SHARED_TO])
    kept = floats(entry + 8 * SHARED_LAST)
    first = e[TIME] + begin - e[FADE_FROM]
    if first == 0:
        kept[1] = kept[0] - source[begin if moves else 0]
    step = 1.0 / e[FADE_FRAMES]
    for frame in range(end - begin if moves else 1):
        way = min((first + frame) * step, 1.0)
        far = kept[1] * float32(1.0 - way * way * (3.0 - 2.0 * way))
        row = LANES * (begin + frame if moves else 0)
        for lane in range(LANES):
            target[row + lane] += far


@machine
def clear_sums(stream: int, begin: int, end: int) -> None:
    """Set what the ports receive to nothing."""
    entry = words(stream)[STREAM_SUMS]
    while entry < words(stream)[STREAM_SUMS_END]:
        lanes = floats(words(entry)[0])
        for index in range(LANES * begin, LANES * end):
            lanes[index] = float32(0.0)
        entry += 16


@machine
def add_lanes(stream: int, sounding: int, begin: int, end: int) -> None:
    """What the ports receive: the sum over lanes, frame by frame; nothing, if nothing sounds."""
    entry = words(stream)[STREAM_SUMS]
    while entry < words(stream)[STREAM_SUMS_END]:
        lanes = floats(words(entry)[0])
        signal = floats(words(entry)[1])
        for frame in range(begin, end):
            total = float32(0.0)
            if sounding:
                for lane in range(LANES):
                    total += lanes[LANES * frame + lane]
            signal[frame] = total
        entry += 16


@machine
def run_stream(engine: int, stream: int, begin: int, end: int) -> None:
    """All voices of a stream over frames of the block."""
    entry = words(stream)[STREAM_PATCHES]
    sounding = False
    while entry < words(stream)[STREAM_PATCHES_END]:
        patch = words(entry)[0]
        group = words(patch)[GROUPS]
        fresh = True
        for _ in range(words(patch)[GROUP_COUNT]):
            if words(group)[MASK]:
                if not sounding:
                    clear_sums(stream, begin, end)
                    sounding = True
                if fresh:
                    spread(engine, patch, begin, end)
                    fresh = False
                run_group(engine, patch, group, begin, end)
            group += words(patch)[GROUP_STRIDE]
        entry += 8
    add_lanes(stream, sounding, begin, end)
    if words(engine)[FADE]:
        copy_sums(stream, begin, end)


@machine
def copy_sums(stream: int, begin: int, end: int) -> None:
    """Leave what the ports received where the program finds it that fades out."""
    entry = words(stream)[STREAM_COPIES]
    while entry < words(stream)[STREAM_COPIES_END]:
        copied = floats(words(entry)[1])
        for frame in range(begin, end):
            copied[frame] = floats(words(entry)[0])[frame]
        entry += 16


@machine
def look_after(engine: int) -> None:
    """Measure every voice; free those that have faded, fallen silent or are not numbers."""
    e = words(engine)
    entry = words(e[PROGRAM])[ALL_GROUPS]
    end = words(e[PROGRAM])[ALL_GROUPS_END]
    while entry < end:
        group = words(entry)[0]
        g = words(group)
        leave = floats(g[STATE] + 4 * LANES * words(words(entry)[1])[LEAVE])
        for lane in range(LANES if g[MASK] else 0):
            bit = 1 << lane
            if g[MASK] & bit:
                base = LANE_WORDS * lane
                peak = leave[2 * LANES + lane]
                leave[2 * LANES + lane] = 0.0
                doubles(group)[base + LANE_LEVEL] = peak
                g[base + LANE_QUIET] = g[base + LANE_QUIET] + HOUSEKEEPING if peak < SILENT else 0
                ended = g[base + LANE_QUIET] >= SILENT_FRAMES and e[TIME] >= g[base + LANE_UNTIL]
                broken = not peak < BROKEN
                if broken:
                    e[FAULTS] += 1
                if broken or ended or leave[lane] <= 0.0:
                    leave[lane] = 0.0
                    leave[LANES + lane] = 0.0
                    g[MASK] &= ~bit
                    e[VOICES] -= 1 - g[base + LANE_FADING]
        entry += 16
