"""An instrument: the graph of one voice, and the controls that it reads."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field

from phonon.graph.node import Control, Input, Node

MIDDLE_C = 440.0 * 2.0 ** (-9 / 12)  # Hz: c4, note 0


@dataclass(frozen=True, slots=True, eq=False)
class Instrument:
    """A voice graph whose `Control` leaves are set per event.

    Controls: `freq`, `note`, `gate`, `velocity` and `n` come with every event; every other name
    is set with `#`. Voices with one `choke` silence each other.
    """

    name: str
    graph: Input
    defaults: Mapping[str, float] = field(default_factory=dict)
    choke: Hashable | None = None

    @property
    def controls(self) -> frozenset[str]:
        """The names of the controls that the graph reads."""
        return frozenset(leaf.name for leaf in leaves(self.graph))


def leaves(graph: Input) -> Iterator[Control]:
    """Every control leaf of a voice graph; shared parts are visited once."""
    seen: set[int] = set()
    waiting: list[Input] = [graph]
    while waiting:
        item = waiting.pop()
        if isinstance(item, Control):
            yield item
        elif isinstance(item, Node) and id(item) not in seen:
            seen.add(id(item))
            waiting.extend(item.inputs)
