"""A voice as the engine starts it: its graph, controls, sample, length, cut group, ports."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from phonon.errors import Span
from phonon.graph.node import Input

PLACE = "_place"  # the unit of level and pan, normally the last of a voice graph


@dataclass(frozen=True, slots=True, eq=False)
class SampleData:
    """A recorded sound at the engine's rate: one or two rows of float32, contiguous."""

    channels: tuple[NDArray[np.float32], ...]

    @property
    def frames(self) -> int:
        """The length in frames."""
        return len(self.channels[0])


class SampleSource(Protocol):
    """Finds samples by bank and number."""

    def find(self, bank: str, n: int) -> SampleData | None:
        """Sample number `n` of a bank, modulo its size, or None if there is no such bank."""


@dataclass(frozen=True, slots=True)
class EventTiming:
    """The time and tempo of an event, and the samples that it may play.

    `cycle` is the onset, `length` the whole in cycles, `cps` the tempo at the onset; `spans` are
    the literals of the program that the event came from.
    """

    cycle: Fraction
    length: Fraction
    cps: float
    sample_rate: int
    samples: SampleSource | None = None
    spans: tuple[Span, ...] = ()

    @property
    def seconds(self) -> float:
        """The length of the event at this tempo."""
        return float(self.length) / self.cps


@dataclass(frozen=True, slots=True)
class Voice:
    """One voice to start.

    `patch` names its lane graph (equal patch, equal graph). The graph's `Control` leaves read
    `controls`, or else their own default; the control `gate` is the engine's: 1 for `gate`
    seconds, then 0. A voice lives at least `hold` seconds, and then until it is silent.
    A voice with a `cut` fades out the voices with an equal one. `ports` are (port, control of the
    level at that port, or "" for 1).
    """

    patch: Hashable
    graph: Input
    controls: Mapping[str, float] = field(default_factory=dict)
    sample: SampleData | None = None
    gate: float = float("inf")
    hold: float = 0.0
    cut: Hashable | None = None
    ports: tuple[tuple[str, str], ...] = (("main", ""),)
