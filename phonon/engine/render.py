"""Runs the operations of a program over frames of a block, and events at their frames."""

from __future__ import annotations

from phonon.engine.groups import stage_voice
from phonon.engine.layout import (
    BLOCK,
    CLEAR,
    COPY,
    EVENT_FRAME,
    EVENT_KIND,
    EVENT_ROW,
    EVENT_SLOPE,
    EVENT_VALUE,
    FIFO,
    FIFO_LEFT,
    FILL,
    GUARD,
    LATE,
    LATEST,
    LOOP,
    ONCE,
    OP_WORDS,
    OPS,
    OPS_END,
    PROGRAM,
    RING,
    RING_DATA,
    RING_MASK,
    RING_READ,
    RING_TAIL,
    ROW_FLOATS,
    ROWS,
    RUN,
    SET,
    SINCE,
    SKIP,
    STRIP,
    TIME,
    TIMES,
    UNHEARD,
    VOICES_OP,
)
from phonon.engine.master import guard
from phonon.engine.stopwatch import FIRST, mark
from phonon.engine.streams import run_stream
from phonon.kernel.machine import (
    acquire,
    call,
    doubles,
    float32,
    floats,
    machine,
    release,
    words,
)


@machine
def take_events(engine: int, position: int, limit: int) -> int:
    """Carry out what is due at `position`; returns the frame up to which nothing else is set.

    What is due at `limit` or after it is left where it is.

    Voices are staged ahead to that frame, for each group splits by itself.
    """
    e = words(engine)
    head = e[RING_READ]
    ring = words(e[RING])
    tail = acquire(words(e[RING])[RING_TAIL])
    cut = limit
    while head != tail:
        address = e[RING] + 8 * (RING_DATA + (head & ring[RING_MASK]))
        event = words(address)
        kind = event[EVENT_KIND]
        frame = event[EVENT_FRAME] - e[TIME]
        if kind != SKIP:
            if frame >= limit:
                break
            if kind == SET and frame > position:
                cut = frame
                break
            if frame < position and event[EVENT_FRAME] >= e[SINCE]:
                e[LATE] += 1
                e[LATEST] = max(e[LATEST], position - frame)
            if kind == SET:
                row = floats(words(e[PROGRAM])[ROWS] + 4 * ROW_FLOATS * event[EVENT_ROW])
                row[0] = doubles(address)[EVENT_VALUE]
                row[1] = doubles(address)[EVENT_SLOPE]
                row[2] = max(position - frame, 0)
            elif event[EVENT_FRAME] >= e[SINCE] and head >= e[UNHEARD]:
                stage_voice(engine, address, max(frame, position))
        head += event[0]
    e[RING_READ] = head
    return cut


@machine
def fill(row: int, target: int, begin: int, end: int) -> None:
    """Follow a row: its value, moving by its slope since it was set."""
    r = floats(row)
    signal = floats(target)
    for frame in range(begin, end):
        signal[frame] = r[0] + r[1] * (r[2] + float32(frame - begin))
    r[2] += float32(end - begin)


@machine
def copy_signal(source: int, target: int, begin: int, end: int) -> None:
    """Frames of one signal into another."""
    for frame in range(begin, end):
        floats(target)[frame] = floats(source)[frame]


@machine
def clear_signal(target: int, begin: int, end: int) -> None:
    """Nothing, frame by frame."""
    for frame in range(begin, end):
        floats(target)[frame] = 0.0


@machine
def run_operations(engine: int, op: int, stop: int, begin: int, end: int) -> int:
    """Operations over frames of the block; a loop's are jumped over."""
    while op < stop:
        o = words(op)
        kind = o[0]
        if kind == RUN:
            call(o[1], o[2], begin, end - begin)
        elif kind == ONCE:
            call(o[1], o[2], 0, 1)
        elif kind == FILL:
            fill(o[1], o[2], begin, end)
        elif kind == VOICES_OP:
            run_stream(engine, o[1], begin, end)
        elif kind == GUARD:
            guard(engine, o[1], begin, end)
        elif kind == STRIP:
            copy_signal(o[1], words(o[3])[0], begin, end)
            copy_signal(o[2], words(o[3])[1], begin, end)
        elif kind == COPY:
            copy_signal(o[1], o[2], begin, end)
        elif kind == CLEAR:
            clear_signal(o[1], begin, end)
        else:
            return op
        op += 8 * OP_WORDS
    return op


@machine
def run_all(engine: int, op: int, stop: int, begin: int, end: int) -> None:
    """Operations over frames of the block; loops frame by frame."""
    while op < stop:
        op = run_operations(engine, op, stop, begin, end)
        if op < stop:
            after = words(op)[1]
            for frame in range(begin, end):
                run_operations(engine, op + 8 * OP_WORDS, after, frame, frame + 1)
            op = after


@machine
def run_program(engine: int, begin: int, end: int) -> None:
    """Every operation of the program over frames of the block."""
    e = words(engine)
    program = words(e[PROGRAM])
    if e[TIMES]:
        run_timed(engine, program[OPS], program[OPS_END], begin, end)
    else:
        run_all(engine, program[OPS], program[OPS_END], begin, end)


@machine
def run_timed(engine: int, op: int, stop: int, begin: int, end: int) -> None:
    """Every operation over frames of the block, and how long it took."""
    slot = FIRST
    while op < stop:
        after = op + 8 * OP_WORDS
        if words(op)[0] == LOOP:
            after = words(op)[1]
        run_all(engine, op, after, begin, end)
        mark(engine, slot)
        op = after
        slot += 1


@machine
def carry(entry: int, stop: int, frames: int) -> None:
    """At the end of a block, signals that keep their last frame bring it to their beginning."""
    while entry < stop:
        signal = floats(words(entry)[0])
        signal[0] = signal[frames]
        entry += 8


@machine
def give(engine: int, out: int, frames: int) -> int:
    """Copy up to `frames` frames that are left of the block to `out`; returns how many."""
    e = words(engine)
    count: int = min(e[FIFO_LEFT], frames)
    source = words(e[FIFO] + 8 * (e[BLOCK] - e[FIFO_LEFT]))
    target = words(out)
    for index in range(count):
        target[index] = source[index]  # left and right at once
    e[FIFO_LEFT] -= count
    return count


@machine("void(i64, i64)")
def publish(ring: int, tail: int) -> None:
    """Let the reader see all events up to `tail`."""
    release(words(ring)[RING_TAIL], tail)
