"""Assigns buffers to signals; a buffer is reused after its last reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from phonon.graph.ops import Fill, Guard, Loop, Op, Output, Place, Run, RunVoices


def allocate_buffers(
    ops: Sequence[Op], kept: Sequence[Place] = ()
) -> tuple[dict[Place, Place], int]:
    """The buffer of each signal, and the number of buffers.

    An operation never writes to a buffer that it reads. `kept` are never reused, nor are the
    signals of a feedback loop within it.
    """
    last: dict[Place, int] = {}
    for position, op in enumerate(ops):
        for place in (*reads(op), *writes(op)):
            last[place] = position
    for place in kept:
        last[place] = len(ops)
    ending: dict[int, list[Place]] = {}
    for place, position in last.items():
        if place.kind == "buffer":
            ending.setdefault(position, []).append(place)
    buffer_of: dict[Place, Place] = {}
    free: list[int] = []
    count = 0
    for position, op in enumerate(ops):
        for place in writes(op):
            if place.kind != "buffer" or place in buffer_of:
                continue
            if not free:
                free.append(count)
                count += 1
            buffer_of[place] = Place("buffer", free.pop())
        free += [buffer_of[place].index for place in ending.get(position, ())]
    return buffer_of, count


def reads(op: Op) -> tuple[Place, ...]:
    """The places that an operation reads."""
    match op:
        case Run():
            return op.inputs
        case RunVoices():
            return op.shared
        case Guard():
            return op.channels
        case Output():
            return (op.left, op.right)
        case Loop():
            return tuple(place for inner in op.body for place in reads(inner))
        case _:
            return ()


def writes(op: Op) -> tuple[Place, ...]:
    """The places that an operation writes."""
    match op:
        case Run():
            return op.outputs
        case Fill():
            return (op.output,)
        case RunVoices():
            return tuple(place for pair in op.ports.values() for place in pair)
        case Loop():
            return tuple(place for inner in op.body for place in writes(inner))
        case _:
            return ()


def with_buffers(op: Op, buffer_of: dict[Place, Place]) -> Op:
    """The operation with its signals replaced by their buffers."""

    def at(places: tuple[Place, ...]) -> tuple[Place, ...]:
        return tuple(buffer_of.get(place, place) for place in places)

    match op:
        case Run():
            return replace(op, outputs=at(op.outputs), inputs=at(op.inputs))
        case Fill():
            return replace(op, output=at((op.output,))[0])
        case RunVoices():
            ports = {name: (at(pair)[0], at(pair)[1]) for name, pair in op.ports.items()}
            return replace(op, ports=ports, shared=at(op.shared))
        case Loop():
            body = [with_buffers(inner, buffer_of) for inner in op.body]
            return Loop([inner for inner in body if isinstance(inner, Run | Fill | RunVoices)])
        case Guard():
            return replace(op, channels=at(op.channels))
        case Output():
            left, right = at((op.left, op.right))
            return replace(op, left=left, right=right)
