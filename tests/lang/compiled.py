"""Helpers that compile programs and return outputs, values, voices or errors."""

from __future__ import annotations

from fractions import Fraction

from phonon.graph.node import Input, Mix, Node
from phonon.graph.voice import EventTiming, Voice
from phonon.lang.compiler import compile_pattern, compile_program
from phonon.score import Score

MOMENT = EventTiming(Fraction(0), Fraction(1, 4), 0.5, 48_000)


def score(source: str) -> Score:
    found, diagnostics = compile_program(source)
    assert not diagnostics, diagnostics
    return found


def output(source: str, name: str = "out") -> Input:
    return score(source).outputs[name]


def errors(source: str) -> list[str]:
    return [str(diagnostic) for diagnostic in compile_program(source)[1]]


def values(source: str, cycle: int = 0) -> list[object]:
    events = compile_pattern(source).query(cycle, cycle + 1)
    return [e.value for e in sorted(events, key=lambda e: e.part.begin)]


def units(graph: Input) -> list[str]:
    if not isinstance(graph, Node):
        return []
    return [graph.unit, *(name for item in graph.inputs for name in units(item))]


def node(graph: Input) -> Node:
    assert isinstance(graph, Node)
    return graph


def voice(source: str, place: int = 0) -> Voice:
    found = score(source)
    mix = found.outputs["out"]
    while not isinstance(mix, Mix):
        mix = node(mix).inputs[0]
    events = sorted(mix.stream.pattern.query(0, 1), key=lambda e: e.part.begin)
    made = found.voice(mix.stream, events[place].value, MOMENT)
    assert made is not None
    return made


def leaves(made: Voice) -> list[Input]:
    found: list[Input] = []
    waiting = [made.graph]
    while waiting:
        item = waiting.pop()
        found.append(item)
        if isinstance(item, Node):
            waiting.extend(item.inputs)
    return found
