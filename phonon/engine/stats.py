"""Figures that the engine has counted since it began."""

from __future__ import annotations

from dataclasses import dataclass
from math import log10

from phonon.engine.memory_layout import EngineRecord


@dataclass(frozen=True, slots=True)
class Stats:
    """Figures of an engine since it began.

    `late` events came after their frame, `dropped` voices found no room, `faults` were not
    numbers and have been silenced. `reduction_db` is the most that the limiter took away.
    """

    seconds: float
    busy_seconds: float
    voices: int
    peak_voices: int
    started: int
    stolen: int
    late: int
    dropped: int
    faults: int
    reduction_db: float

    @property
    def load(self) -> float:
        """Time spent per time sounded."""
        return self.busy_seconds / self.seconds if self.seconds else 0.0


def read_stats(engine: EngineRecord, seconds: float, busy_seconds: float) -> Stats:
    """The figures of an engine."""
    return Stats(
        seconds,
        busy_seconds,
        engine.voices,
        engine.most_voices,
        engine.started,
        engine.stolen,
        engine.late,
        engine.dropped,
        engine.faults,
        20 * log10(1 / max(engine.limiter_lowest, 1e-9)),
    )
