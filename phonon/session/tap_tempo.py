"""Tap tempo: four taps to a cycle."""

from __future__ import annotations

PAUSE = 2.0  # seconds after which tapping begins anew
MOST = 8  # beats that count
BEATS = 4


class TapTempo:
    """Averages the intervals between the last taps."""

    def __init__(self) -> None:
        self._moments: list[float] = []

    def tap(self, moment: float) -> float | None:
        """Add a tap at a time in seconds; returns the cycles per second from the second one on."""
        if self._moments and moment - self._moments[-1] > PAUSE:
            self._moments.clear()
        self._moments = [*self._moments, moment][-MOST:]
        if len(self._moments) < 2:
            return None
        seconds = (self._moments[-1] - self._moments[0]) / (len(self._moments) - 1)
        return 1 / (BEATS * max(seconds, 0.05))
