"""What the tests of scores share: instruments, sounds, and the voice of an event."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

import numpy as np
import pytest

from phonon.graph.node import Const, Control, Node, Stream
from phonon.graph.voice import EventTiming, SampleData, Voice
from phonon.patterns import pure
from phonon.score import Instrument, Score

RATE = 48_000


class Sounds:
    """One mono bank of two seconds and one stereo bank of one; remembers what was asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int]] = []
        self.banks = {
            "mono": SampleData((np.zeros(2 * RATE, np.float32),)),
            "wide": SampleData((np.zeros(RATE, np.float32),) * 2),
        }

    def find(self, bank: str, n: int) -> SampleData | None:
        self.asked.append((bank, n))
        return self.banks.get(bank)


def gated(*controls: str, unit: str = "adsr") -> Node:
    """A saw with a gated envelope that reads `controls` too."""
    source = Node("saw", (Control("freq", 440.0),))
    for control in controls:
        source = Node("mul", (source, Control(control, 1.0)))
    times = (Const(0.01), Const(0.1), Const(0.5), Const(0.1))[: 4 if unit == "adsr" else 2]
    return Node(unit, (source, Control("gate", 1.0), *times))


INSTRUMENTS = {
    "lead": Instrument("lead", gated("shine"), {"shine": 0.3}),
    "drum": Instrument("drum", gated(unit="perc"), choke="hats"),
    "drone": Instrument("drone", Node("saw", (Control("freq", 440.0),))),
    "chosen": Instrument("chosen", gated("shine"), variants={"shine": (0.1, 0.2, 0.3)}),
    "tone": Instrument("tone", gated()),
}


@pytest.fixture
def sounds() -> Sounds:
    return Sounds()


@pytest.fixture
def score() -> Score:
    return Score(pure(0.5), instruments=INSTRUMENTS)


@pytest.fixture
def moment(sounds: Sounds) -> EventTiming:
    """A quarter of a cycle at half a cycle per second: half a second."""
    return EventTiming(Fraction(0), Fraction(1, 4), 0.5, RATE, sounds)


@pytest.fixture
def voice(score: Score, moment: EventTiming) -> Callable[..., Voice]:
    """The voice of an event with these controls."""
    stream = Stream("o1", pure({}))

    def make(value: Mapping[str, object] | None = None, **controls: object) -> Voice:
        found = score.voice(stream, {**(value or {}), **controls}, moment)
        assert found is not None
        return found

    return make


def names(graph: object) -> list[str]:
    """The units that a voice's sound goes through, in order from its source."""
    found: list[str] = []
    while isinstance(graph, Node):
        found.append(graph.unit)
        graph = graph.inputs[0] if graph.inputs else None
    return found[::-1]


@pytest.fixture
def chain() -> Callable[[object], list[str]]:
    return names
