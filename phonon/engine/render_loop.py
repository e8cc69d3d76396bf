"""Runs the operations of a plan over the frames of a block, and events at their frames."""

from __future__ import annotations

from phonon.engine.master import guard
from phonon.engine.memory_layout import EngineRecord
from phonon.engine.plan_layout import (
    CLEAR,
    COPY,
    FILL,
    GUARD,
    LOOP,
    ONCE,
    RUN,
    SET,
    SKIP,
    STRIP,
    VOICES,
    ClearOp,
    CopyOp,
    EventRecord,
    FillOp,
    GuardOp,
    LoopOp,
    OpRecord,
    RowRecord,
    RunOp,
    SetEvent,
    StripOp,
    VoiceEvent,
    VoicesOp,
)
from phonon.engine.stopwatch import FIRST, mark
from phonon.engine.stream_render import run_stream
from phonon.engine.voice_groups import stage_voice
from phonon.kernel.native import (
    acquire,
    address_of,
    call,
    float32,
    floats,
    native,
    release,
    words,
)
from phonon.kernel.records import WORD, Table, size_of


@native
def take_events(engine: EngineRecord, position: int, limit: int) -> int:
    """Start voices and set rows due at `position`; returns the frame of the next row change.

    The plan may run up to that frame, which is `limit` at most; events from `limit` on stay in the
    ring. Voices that start before it are queued already, as each group splits the block by itself.
    """
    head = engine.ring_read
    ring = engine.ring
    tail = acquire(ring.tail)
    cut = limit
    while head != tail:
        event = EventRecord.at(address_of(ring.events) + WORD * (head & ring.mask))
        kind = event.kind
        frame = event.frame - engine.time
        if kind != SKIP:
            if frame >= limit:
                break
            if kind == SET and frame > position:
                cut = frame
                break
            if frame < position and event.frame >= engine.since:
                engine.late += 1
                engine.latest = max(engine.latest, position - frame)
            if kind == SET:
                change = SetEvent.at(event)
                row = engine.plan.rows[change.row]
                row.value = change.value
                row.slope = change.slope
                row.since = max(position - frame, 0)
            elif event.frame >= engine.since and head >= engine.unheard:
                stage_voice(engine, VoiceEvent.at(event), max(frame, position))
        head += event.size
    engine.ring_read = head
    return cut


@native
def fill(row: RowRecord, target: int, begin: int, end: int) -> None:
    """Write the values of a row into a signal: its value, moved by its slope since it was set."""
    signal = floats(target)
    for frame in range(begin, end):
        signal[frame] = row.value + row.slope * (row.since + float32(frame - begin))
    row.since += float32(end - begin)


@native
def copy_signal(source: int, target: int, begin: int, end: int) -> None:
    """Copy frames of one signal into another."""
    for frame in range(begin, end):
        floats(target)[frame] = floats(source)[frame]


@native
def clear_signal(target: int, begin: int, end: int) -> None:
    """Fill frames of a signal with zeros."""
    for frame in range(begin, end):
        floats(target)[frame] = 0.0


@native
def run_operations(engine: EngineRecord, op: int, stop: int, begin: int, end: int) -> int:
    """Run operations over frames of the block up to a loop; returns the address of the next one."""
    while op < stop:
        kind = OpRecord.at(op).kind
        if kind == RUN:
            call(RunOp.at(op).kernel, RunOp.at(op).io, begin, end - begin)
        elif kind == ONCE:
            call(RunOp.at(op).kernel, RunOp.at(op).io, 0, 1)
        elif kind == FILL:
            fill(FillOp.at(op).row, FillOp.at(op).signal, begin, end)
        elif kind == VOICES:
            run_stream(engine, VoicesOp.at(op).stream, begin, end)
        elif kind == GUARD:
            guard(engine, GuardOp.at(op).guard, begin, end)
        elif kind == STRIP:
            strip = StripOp.at(op)
            copy_signal(strip.left, strip.channel.left, begin, end)
            copy_signal(strip.right, strip.channel.right, begin, end)
        elif kind == COPY:
            copy_signal(CopyOp.at(op).source, CopyOp.at(op).target, begin, end)
        elif kind == CLEAR:
            clear_signal(ClearOp.at(op).target, begin, end)
        else:
            return op
        op += size_of(OpRecord)
    return op


@native
def run_all(engine: EngineRecord, op: int, stop: int, begin: int, end: int) -> None:
    """Run operations over frames of the block, loops frame by frame."""
    while op < stop:
        op = run_operations(engine, op, stop, begin, end)
        if op < stop:
            after = LoopOp.at(op).end
            for frame in range(begin, end):
                run_operations(engine, op + size_of(OpRecord), after, frame, frame + 1)
            op = after


@native
def run_program(engine: EngineRecord, begin: int, end: int) -> None:
    """Run the operations of the plan over frames of the block."""
    ops = engine.plan.ops
    if engine.times:
        run_timed(engine, ops.begin, ops.end, begin, end)
    else:
        run_all(engine, ops.begin, ops.end, begin, end)


@native
def run_timed(engine: EngineRecord, op: int, stop: int, begin: int, end: int) -> None:
    """Run operations over frames of the block, and time each of them."""
    slot = FIRST
    while op < stop:
        after = op + size_of(OpRecord)
        if OpRecord.at(op).kind == LOOP:
            after = LoopOp.at(op).end
        run_all(engine, op, after, begin, end)
        mark(engine, slot)
        op = after
        slot += 1


@native
def carry(signals: Table[int], frames: int) -> None:
    """Copy each signal's last frame to its start, where the next block reads it."""
    for address in signals:
        signal = floats(address)
        signal[0] = signal[frames]


@native
def give(engine: EngineRecord, out: int, frames: int) -> int:
    """Copy up to `frames` finished frames from the FIFO to `out`; returns how many."""
    count = min(engine.fifo_left, frames)
    source = words(engine.fifo + 8 * (engine.block - engine.fifo_left))
    target = words(out)
    for index in range(count):
        target[index] = source[index]  # left and right at once
    engine.fifo_left -= count
    return count


@native("void(i64, i64)")
def publish(address: int, value: int) -> None:
    """Write a word so that who acquires it sees all that was written before."""
    release(words(address)[0], value)
