"""Starts, fades and steals voices in the lanes of groups, and runs the groups."""

from __future__ import annotations

from phonon.engine.memory_layout import EngineRecord
from phonon.engine.plan_layout import (
    LANES,
    PENDING_LIMIT,
    GroupRecord,
    PatchRecord,
    VoiceEvent,
)
from phonon.kernel.native import address_of, bits, call, floats, native, uint32


@native
def defer(group: GroupRecord, frame: int, lane: int, event: VoiceEvent) -> int:
    """Queue a voice's start or fade for a frame of this block; returns 0 if the queue is full."""
    count = group.pending_count
    if count >= PENDING_LIMIT:
        return 0
    pending = group.pending[count]
    pending.frame = frame
    pending.lane = lane
    pending.event = event
    group.pending_count = count + 1
    return 1


@native
def fade_lane(engine: EngineRecord, group: GroupRecord, lane: int, frame: int) -> None:
    """Fade a lane out from a frame on; it no longer counts as a voice."""
    if defer(group, frame, lane, VoiceEvent.at(0)):
        group.lanes[lane].fading = 1
        engine.voices -= 1


@native
def cut_voices(engine: EngineRecord, cut: int, frame: int) -> None:
    """Fade out the voices of a cut group. With `cut` 0, steal one voice.

    The stolen one is the quietest; of those within 6 dB of it, the oldest.
    """
    worst, worst_lane, worst_level, worst_serial = GroupRecord.at(0), 0, 0.0, 0
    for entry in engine.plan.groups:
        group = entry.group
        for lane in range(LANES if group.mask else 0):
            voice = group.lanes[lane]
            if (group.mask >> lane) & 1 and voice.fading == 0:
                if cut != 0:
                    if voice.cut == cut:
                        fade_lane(engine, group, lane, frame)
                    continue
                level = voice.level
                serial = voice.serial
                older = level < 2.0 * worst_level and serial < worst_serial
                if not worst or level < 0.5 * worst_level or older:
                    worst, worst_lane, worst_level, worst_serial = group, lane, level, serial
    if worst:
        fade_lane(engine, worst, worst_lane, frame)
        engine.stolen += 1


@native
def find_lane(patch: PatchRecord) -> int:
    """Find a lane of a patch for a new voice; returns the address of its group plus the lane.

    The first free lane; if there is none, that of the oldest voice, fading ones first.
    """
    address = address_of(patch.first_group)
    best, best_lane, best_age = address, 0, 1 << 62
    for _ in range(patch.group_count):
        group = GroupRecord.at(address)
        for lane in range(LANES):
            if ((group.mask >> lane) & 1) == 0:
                return address + lane
            age = group.lanes[lane].serial - (group.lanes[lane].fading << 60)
            if age < best_age:
                best, best_lane, best_age = address, lane, age
        address += patch.group_stride
    return best + best_lane


@native
def stage_voice(engine: EngineRecord, event: VoiceEvent, frame: int) -> None:
    """Give an event a lane; the voice starts when its group reaches `frame` of the block."""
    patch = engine.plan.patches[event.patch]
    if event.cut:
        cut_voices(engine, event.cut, frame)
    if engine.voices >= engine.voice_limit:
        cut_voices(engine, 0, frame)
    place = find_lane(patch)
    group = GroupRecord.at(place & ~15)  # groups stand on multiples of 128
    lane = place & 15
    if not defer(group, frame, lane, event):
        engine.dropped += 1
        return
    voice = group.lanes[lane]
    bit = 1 << lane
    if group.mask & bit and voice.fading == 0:
        engine.voices -= 1
        engine.stolen += 1
    group.mask |= bit
    engine.serial += 1
    voice.serial = engine.serial
    voice.until = engine.time + frame + event.hold
    voice.cut = event.cut
    voice.quiet = 0
    voice.fading = 0
    voice.level = 1e9  # not measured yet: the last to be stolen
    engine.started += 1
    engine.voices += 1
    engine.most_voices = max(engine.most_voices, engine.voices)


@native
def start_lane(patch: PatchRecord, group: GroupRecord, lane: int, event: VoiceEvent) -> None:
    """Set a lane up for a new voice: state, seeds, controls, sample."""
    state = bits(group.state)
    start = bits(patch.start)
    for row in range(patch.row_count):
        state[LANES * row + lane] = start[row]
    for own in patch.seeds:
        seed = uint32(own.seed + event.seed)
        seed = uint32((seed ^ (seed >> uint32(16))) * uint32(0x7FEB352D))  # Wellons' lowbias32
        seed = uint32((seed ^ (seed >> uint32(15))) * uint32(0x846CA68B))
        state[LANES * own.row + lane] = uint32(seed ^ (seed >> uint32(16)))
    controls = floats(group.controls)
    for index in range(patch.control_count):
        controls[LANES * index + lane] = event.controls[index]
    sample = event.sample
    for slot in group.samples:
        slot.left[lane] = sample.left
        slot.right[lane] = sample.right
        slot.frames[lane] = sample.frames
        slot.rate[lane] = sample.rate


@native
def run_lanes(group: GroupRecord, begin: int, count: int) -> None:
    """Run all kernels of a group over frames of the block."""
    for run in group.calls:
        if run.once:
            call(run.kernel, run.io, 0, 1)
        else:
            call(run.kernel, run.io, begin, count)


@native
def run_group(
    engine: EngineRecord, patch: PatchRecord, group: GroupRecord, begin: int, end: int
) -> None:
    """Run a group over frames of the block, split where its voices start or begin to fade."""
    count = group.pending_count
    done = 0
    while done < count:
        pending = group.pending[done]
        frame = pending.frame
        if frame >= end:
            break
        if frame > begin:
            run_lanes(group, begin, frame - begin)
            begin = frame
        if pending.event:
            start_lane(patch, group, pending.lane, pending.event)
        else:
            row = patch.leave + 1
            floats(group.state)[LANES * row + pending.lane] = engine.fade_step
        done += 1
    if done:
        for index in range(count - done):
            group.pending[index] = group.pending[index + done]
        group.pending_count = count - done
    run_lanes(group, begin, end - begin)
