"""Draws the DSP load of the last seconds in a few cells."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from phonon.editor.drawing.cells import BAD, BAR, DIM, WARN, StyledLine, painted
from phonon.editor.drawing.frame_clock import FrameClock
from phonon.editor.glyphs import FANCY, Glyphs

BUSY, CRITICAL = 0.60, 0.85  # of the period
PERIOD = 0.25  # seconds
CELLS = 8


@dataclass(slots=True)
class LoadHistory:
    """The worst load of every quarter of a second, oldest first."""

    period: float = PERIOD
    _values: deque[float] = field(default_factory=lambda: deque([0.0], maxlen=64), init=False)
    _elapsed: float = field(default=0.0, init=False)
    _clock: FrameClock = field(default_factory=FrameClock, init=False)

    @property
    def values(self) -> list[float]:
        """The loads, at most 64; the last one may still grow."""
        return list(self._values)

    def hear(self, load: float, now: float) -> None:
        """Take a load (1 is the whole period), at `now` by any clock."""
        self._elapsed += self._clock.tick(now)
        if self._elapsed >= self.period:
            self._elapsed %= self.period
            self._values.append(load)
        else:
            self._values[-1] = max(self._values[-1], load)


def sparkline(values: Sequence[float], width: int = CELLS, glyphs: Glyphs = FANCY) -> StyledLine:
    """The last `width` values from 0 to 1, one cell each; the newest is on the right."""
    shown = list(values[-width:]) if width > 0 else []
    steps = len(glyphs.levels) - 1
    cells = [glyphs.levels[_step(value, steps)] for value in shown]
    empty = width - len(shown)
    styles = [DIM] * empty + [_style(value) for value in shown]
    return painted(" " * empty + "".join(cells), styles)


def _step(value: float, steps: int) -> int:
    """The height of a load: any load is visible, only a whole period is full."""
    return min(max(int(value * steps), 1), steps) if value > 0 else 0


def _style(value: float) -> str:
    if value >= CRITICAL:
        return BAD
    return WARN if value >= BUSY else BAR
