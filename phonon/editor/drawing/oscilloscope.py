"""An oscilloscope: draws the last milliseconds, triggered so that the wave stands still."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from phonon.editor.drawing.cells import DIM, TRACE, StyledLine, header, stacked
from phonon.editor.drawing.dots import Samples, between, envelope, grid, text
from phonon.editor.glyphs import FANCY, Glyphs

SPANS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.04)  # seconds over the width
HYSTERESIS = 0.05  # of the whole swing: noise on a slow edge triggers once
EQUAL = 0.95  # crossings before lobes this close to the highest are as good as the first

Heard = Sequence[float] | NDArray[np.floating]


@dataclass(slots=True)
class Oscilloscope:
    """`span` seconds over the width, triggered at `level`; keeps the wave that is frozen."""

    span: float = 0.02
    level: float = 0.0
    gain: float = 1.0
    _held: tuple[Samples, float] | None = field(default=None, init=False)
    _last: tuple[Samples, float] | None = field(default=None, init=False)

    @property
    def frozen(self) -> bool:
        """Whether the scope is frozen."""
        return self._held is not None

    def freeze(self) -> None:
        """Freeze the wave that was drawn last, or unfreeze it."""
        self._held = None if self._held else self._last

    def slower(self) -> None:
        """Show more time."""
        self.span = next((span for span in SPANS if span > self.span), SPANS[-1])

    def faster(self) -> None:
        """Show less time."""
        self.span = next((span for span in reversed(SPANS) if span < self.span), SPANS[0])

    def draw(
        self, heard: Heard, rate: float, width: int, height: int, glyphs: Glyphs = FANCY
    ) -> list[StyledLine]:
        """A line of figures, and the wave: `heard` frames, oldest first, at `rate` per second."""
        self._last = np.asarray(heard, dtype=np.float32), rate
        samples, rate = self._held or self._last
        rows, columns = grid(glyphs)
        length = min(self.span * rate, len(samples) - 1)
        if length <= 0 or height < 2 or width < 1:
            return stacked([header("scope", ["nothing heard"], width)], width, height)
        begin = trigger(samples, self.level, len(samples) - 1 - length)
        first = len(samples) - 1 - length if begin is None else begin
        low, high = envelope(samples, first, length / (width * columns), width * columns)
        dots = between(low * self.gain, high * self.gain, (height - 1) * rows)
        facts = self._facts(float(low.min()), float(high.max()), length / rate, begin is not None)
        style = DIM if self.frozen else TRACE
        lines = [header("scope", facts, width)]
        lines += [[(style, row)] for row in text(dots, glyphs)]
        return stacked(lines, width, height)

    def _facts(self, low: float, high: float, seconds: float, found: bool) -> list[str]:
        return [
            *(["FROZEN"] if self.frozen else []),
            f"{seconds * 1000:.3g} ms",
            f"pp {high - low:.2f}",
            f"{low:+.2f}..{high:+.2f}",
            f"trig {self.level:.2g}" if found else "free",
        ]


def trigger(samples: Samples, level: float, last: float) -> float | None:
    """The index, interpolated, at which the wave rises through `level`, up to `last`.

    It is the crossing before the highest lobe, so that a wave with many crossings in a period
    stands still as well; of equal ones the latest.
    """
    above = samples >= level
    rising = np.flatnonzero(above[1:] & ~above[:-1]) + 1
    swing = float(samples.max() - samples.min()) if len(samples) else 0.0
    armed = np.cumsum(samples < level - HYSTERESIS * swing, dtype=np.intp)[rising]
    armed[1:] -= armed[:-1].copy()
    rising = rising[armed > 0]
    if not len(rising):
        return None
    lobes = np.maximum.reduceat(samples, rising)
    shown = rising <= last
    if not shown.any():
        return None
    rising, lobes = rising[shown], lobes[shown]
    limit = level + EQUAL * float(lobes.max() - level)
    at = int(rising[np.flatnonzero(lobes >= limit)[-1]])
    before, after = float(samples[at - 1]), float(samples[at])
    return at - 1 + (level - before) / (after - before)
