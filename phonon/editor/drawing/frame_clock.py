"""How much time has passed between two pictures."""

from __future__ import annotations

from dataclasses import dataclass, field

FRAME = 1 / 30  # seconds; what the first picture is taken to last


@dataclass(slots=True)
class FrameClock:
    """Turns the readings of any clock that counts seconds into steps."""

    _last: float | None = field(default=None, init=False)

    def tick(self, now: float) -> float:
        """Seconds since the last reading."""
        passed = FRAME if self._last is None else max(now - self._last, 0.0)
        self._last = now
        return passed
