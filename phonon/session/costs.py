"""Measures what each part of a program costs: a plain render, and one with timers in it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from os import PathLike
from typing import TYPE_CHECKING

from phonon.session.programs import library_of

if TYPE_CHECKING:
    from phonon.score import Score


@dataclass(frozen=True, slots=True)
class Costs:
    """Seconds by unit and by definition, dearest first; `loop_seconds` is the plain render's."""

    units: dict[str, float]
    owners: dict[str, float]
    seconds: float
    loop_seconds: float
    frames: int
    sounding: float


def costs(
    score: Score,
    cycles: Fraction,
    *,
    rate: int = 48_000,
    samples: Sequence[str | PathLike[str]] = (),
    progress: Callable[[str, float, float], None] | None = None,
) -> Costs:
    """The costs of the first cycles of a score. Raises PhononError."""
    from phonon.engine import Renderer
    from phonon.engine.clock import frames_of_cycles
    from phonon.engine.profile import profile

    score.outputs = score.heard
    frames = frames_of_cycles(score.cps, 0, cycles, rate)
    library = library_of(samples, rate)

    def renderer() -> Renderer:
        return Renderer(
            score,
            end=frames,
            sample_rate=rate,
            samples=library,
            progress=progress,
            timer=time.thread_time,
        )

    plain = renderer()
    found = profile(renderer(), frames, plain)
    return Costs(
        found.by("unit"),
        found.by("owner"),
        found.seconds,
        plain.stats.busy_seconds,
        found.frames,
        found.frames / rate,
    )
