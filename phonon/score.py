"""What a program means: tempo, outputs and buses as graphs, streams of events, instruments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from phonon.errors import Diagnostic
from phonon.graph.node import Input
from phonon.pattern import Pattern


@dataclass(frozen=True, slots=True)
class Instrument:
    """A voice graph and the defaults of its controls; its `Control` leaves are set per event.

    The engine provides the controls `freq`, `note`, `gate` (a unit of that name), `velocity`,
    `n`; every other name is set with `#`.
    """

    name: str
    graph: Input
    defaults: Mapping[str, float] = field(default_factory=dict)


@dataclass(slots=True)
class Score:
    """A whole program, ready for the engine."""

    cps: Pattern
    outputs: dict[str, Input] = field(default_factory=dict)
    buses: dict[str, Input] = field(default_factory=dict)
    instruments: dict[str, Instrument] = field(default_factory=dict)
    seed: int = 0
    warnings: list[Diagnostic] = field(default_factory=list)
