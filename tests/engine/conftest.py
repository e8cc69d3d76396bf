"""A small score to play, without the language."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from phonon.engine import Renderer
from phonon.graph.node import Const, Control, Input, Mix, Node, Stream
from phonon.graph.voice import Voice
from phonon.patterns import Pattern, pure


def node(unit: str, *inputs: Any) -> Node:
    """A node; numbers become constants."""
    return Node(unit, tuple(Const(float(i)) if isinstance(i, int | float) else i for i in inputs))


@dataclass
class Piece:
    """A score of graphs and of streams whose voices `play` says."""

    outputs: dict[str, Input]
    buses: dict[str, Input] = field(default_factory=dict)
    play: Callable[..., Voice | None] | None = None
    cps: Pattern = field(default_factory=lambda: pure(0.5))
    seed: int = 0

    def voice(self, stream, value, moment):
        return self.play(value, moment)

    def engine(self, frames: int, **options: Any) -> Renderer:
        return Renderer(self, end=frames, **options)

    def render(self, frames: int, **options: Any):
        return self.engine(frames, **options).render(frames)


def tone(value, moment):
    """A sine with a gate, at `freq`, as loud as `level`."""
    graph = node("mul", node("sine", Control("freq", 440.0)), Control("gate", 0.0))
    graph = node("pan", node("mul", graph, Control("level", 0.5)), 0.5)
    return Voice(
        "tone", graph, value, gate=moment.seconds, hold=moment.seconds, cut=value.get("cut")
    )


def click(value, moment):
    """1 from the onset's frame on, for as long as the event lasts."""
    graph = node("mul", Control("level", 1.0), Control("gate", 0.0))
    return Voice("click", graph, value, gate=moment.seconds, hold=moment.seconds)


def streamed(pattern: Pattern, play=tone, **options: Any) -> Piece:
    """A piece of one stream."""
    return Piece({"o1": Mix(Stream("o1", pattern))}, play=play, **options)


@pytest.fixture(scope="session")
def kit():
    """What the tests of the engine build pieces from."""

    class Kit:
        pass

    kit = Kit()
    kit.node, kit.Piece, kit.tone, kit.click, kit.streamed = node, Piece, tone, click, streamed
    return kit
