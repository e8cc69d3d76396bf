"""An instrument: the graph of one voice, and the controls that it reads."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field

from phonon.graph.node import Control, Input, Node

MIDDLE_C = 440.0 * 2.0 ** (-9 / 12)  # Hz: c4, note 0
STROKES = ("perc", "ad")  # envelopes that ignore the end of the gate


@dataclass(frozen=True, slots=True, eq=False)
class Instrument:
    """A voice graph whose `Control` leaves are set per event.

    Controls: `freq`, `note`, `gate`, `velocity` and `n` come with every event; every other name
    is set with `#`. Voices with one `choke` silence each other. If a control has `variants`,
    `n` chooses one of them, modulo their number, and is not the note. A voice that `rings` sounds
    on after its event, as a drum does.
    """

    name: str
    graph: Input
    defaults: Mapping[str, float] = field(default_factory=dict)
    choke: Hashable | None = None
    variants: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    controls: frozenset[str] = field(init=False)
    rings: bool = field(init=False)

    def __post_init__(self) -> None:
        uses = list(_uses(self.graph))
        gated = [user for user, leaf in uses if leaf.name == "gate"]
        rings = bool(gated) and all(user is not None and user.unit in STROKES for user in gated)
        object.__setattr__(self, "controls", frozenset(leaf.name for _, leaf in uses))
        object.__setattr__(self, "rings", rings)

    def settings(self, n: float) -> dict[str, float]:
        """The defaults of the controls for one `n`."""
        chosen = {name: values[int(n) % len(values)] for name, values in self.variants.items()}
        return {**self.defaults, **chosen}


def _uses(graph: Input) -> Iterator[tuple[Node | None, Control]]:
    """Every use of a control in a voice graph, with the node that reads it."""
    seen: set[int] = set()
    waiting: list[tuple[Node | None, Input]] = [(None, graph)]
    while waiting:
        user, item = waiting.pop()
        if isinstance(item, Control):
            yield user, item
        elif isinstance(item, Node) and id(item) not in seen:
            seen.add(id(item))
            waiting.extend((item, below) for below in item.inputs)
