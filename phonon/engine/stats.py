"""What the engine counts while it sounds."""

from __future__ import annotations

from dataclasses import dataclass
from math import log10

import numpy as np
from numpy.typing import NDArray

from phonon.engine import layout as at


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


def read_stats(words: NDArray[np.int64], seconds: float, busy_seconds: float) -> Stats:
    """The figures in the engine's words."""
    lowest = float(words.view(np.float64)[at.LIMITER_LOWEST])
    voices, peak_voices, started, stolen, late, dropped, faults = (
        int(words[index])
        for index in (
            at.VOICES,
            at.MOST_VOICES,
            at.STARTED,
            at.STOLEN,
            at.LATE,
            at.DROPPED,
            at.FAULTS,
        )
    )
    reduction = 20 * log10(1 / max(lowest, 1e-9))
    return Stats(
        seconds,
        busy_seconds,
        voices,
        peak_voices,
        started,
        stolen,
        late,
        dropped,
        faults,
        reduction,
    )
