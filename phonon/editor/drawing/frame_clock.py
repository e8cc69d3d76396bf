"""Measures the time between two frames of the screen."""

from __future__ import annotations

from dataclasses import dataclass, field

FRAME = 1 / 30  # seconds


@dataclass(slots=True)
class FrameClock:
    """Turns the readings of any clock in seconds into durations."""

    _last: float | None = field(default=None, init=False)

    def tick(self, now: float) -> float:
        """Seconds since the last call; FRAME at the first one."""
        passed = FRAME if self._last is None else max(now - self._last, 0.0)
        self._last = now
        return passed
