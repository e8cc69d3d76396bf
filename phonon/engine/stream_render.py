"""Renders one stream: copies mix signals into lanes, runs the voices, sums them per port."""

from __future__ import annotations

from phonon.engine.memory_layout import EngineRecord
from phonon.engine.plan_layout import (
    HOUSEKEEPING,
    LANES,
    GroupRecord,
    PatchRecord,
    SharedRecord,
    StreamRecord,
)
from phonon.engine.voice_groups import run_group
from phonon.kernel.native import address_of, float32, floats, native

SILENT = 1e-5  # -100 dB
SILENT_FRAMES = 512  # 10 ms at 48 kHz, on the grid of HOUSEKEEPING
HOLDS, MOVES, STAYS = 0, 1, 2  # how voices share a signal: one value, many, the last one kept
BROKEN = 1e29  # the peak that `_leave` keeps when a voice was not a number


@native
def spread(engine: EngineRecord, patch: PatchRecord, begin: int, end: int) -> None:
    """Copy signals of the mix into lanes, the same in each."""
    for shared in patch.shared:
        source = floats(shared.source)
        target = floats(shared.target)
        how = shared.how
        step = 0 if how == STAYS else 1
        for frame in range(begin if how else 0, end if how else 1):
            for lane in range(LANES):
                target[LANES * frame + lane] = source[step * frame]
        if engine.fade and shared.eased:
            ease(engine, shared, begin, end)
        shared.last = source[step * (end - 1 if how else 0)]


@native
def ease(engine: EngineRecord, shared: SharedRecord, begin: int, end: int) -> None:
    """During a crossfade, glide a signal that voices read from its old value to the new one."""
    moves = shared.how
    source = floats(shared.source)
    target = floats(shared.target)
    first = engine.time + begin - engine.fade_from
    if first == 0:
        shared.far = shared.last - source[begin if moves else 0]
    step = 1.0 / engine.fade_frames
    for frame in range(end - begin if moves else 1):
        way = min((first + frame) * step, 1.0)
        far = shared.far * float32(1.0 - way * way * (3.0 - 2.0 * way))
        row = LANES * (begin + frame if moves else 0)
        for lane in range(LANES):
            target[row + lane] += far


@native
def clear_sums(stream: StreamRecord, begin: int, end: int) -> None:
    """Clear the sums of all ports."""
    for received in stream.sums:
        lanes = floats(received.lanes)
        for index in range(LANES * begin, LANES * end):
            lanes[index] = float32(0.0)


@native
def add_lanes(stream: StreamRecord, sounding: int, begin: int, end: int) -> None:
    """Write the sum over lanes of all ports, frame by frame; zeros if nothing sounds."""
    for received in stream.sums:
        lanes = floats(received.lanes)
        signal = floats(received.signal)
        for frame in range(begin, end):
            total = float32(0.0)
            if sounding:
                for lane in range(LANES):
                    total += lanes[LANES * frame + lane]
            signal[frame] = total


@native
def run_stream(engine: EngineRecord, stream: StreamRecord, begin: int, end: int) -> None:
    """Run all voices of a stream over frames of the block."""
    sounding = False
    for patch in stream.patches:
        address = address_of(patch.first_group)
        fresh = True
        for _ in range(patch.group_count):
            group = GroupRecord.at(address)
            if group.mask:
                if not sounding:
                    clear_sums(stream, begin, end)
                    sounding = True
                if fresh:
                    spread(engine, patch, begin, end)
                    fresh = False
                run_group(engine, patch, group, begin, end)
            address += patch.group_stride
    add_lanes(stream, sounding, begin, end)
    if engine.fade:
        copy_sums(stream, begin, end)


@native
def copy_sums(stream: StreamRecord, begin: int, end: int) -> None:
    """Copy the signals of ports for the plan that fades out."""
    for wanted in stream.copies:
        copied = floats(wanted.copy)
        signal = floats(wanted.signal)
        for frame in range(begin, end):
            copied[frame] = signal[frame]


@native
def update_voices(engine: EngineRecord) -> None:
    """Note each voice's peak; free voices that faded out, fell silent or are not numbers."""
    for entry in engine.plan.groups:
        group = entry.group
        leave = floats(group.state + 4 * LANES * entry.patch.leave)
        for lane in range(LANES if group.mask else 0):
            bit = 1 << lane
            if group.mask & bit:
                voice = group.lanes[lane]
                peak = leave[2 * LANES + lane]
                leave[2 * LANES + lane] = 0.0
                voice.level = peak
                voice.quiet = voice.quiet + HOUSEKEEPING if peak < SILENT else 0
                ended = voice.quiet >= SILENT_FRAMES and engine.time >= voice.until
                broken = not peak < BROKEN
                if broken:
                    engine.faults += 1
                if broken or ended or leave[lane] <= 0.0:
                    leave[lane] = 0.0
                    leave[LANES + lane] = 0.0
                    group.mask &= ~bit
                    engine.voices -= 1 - voice.fading
