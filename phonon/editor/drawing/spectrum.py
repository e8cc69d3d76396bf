"""Draws a spectrum as bars, one per column."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from phonon.editor.drawing.bands import FLOOR, Bands, Levels, bands
from phonon.editor.drawing.cells import BAR, DIM, PEAK, StyledLine, header, painted, stacked
from phonon.editor.drawing.dots import codes, letters
from phonon.editor.drawing.frame_clock import FRAME, FrameClock
from phonon.editor.drawing.oscilloscope import Heard
from phonon.editor.glyphs import FANCY, Glyphs

SMOOTHING = 0.8  # of the last heights remains after FRAME
HOLD = 1.0  # seconds that a peak stands
FALL = 20.0  # dB per second, after that
SHORTEST, LONGEST = 512, 8192

SCALE = 4  # columns of the dB figures
ROOMY = 30  # columns from which there are figures
TICKS = ((50, "50"), (100, "100"), (200, "200"), (500, "500"), (1_000, "1k"), (2_000, "2k"),
         (5_000, "5k"), (10_000, "10k"))  # fmt: skip


@dataclass(slots=True)
class Spectrum:
    """Levels of the last frames: bars that fall smoothly, and their peaks.

    `window` is the number of frames that are analysed, a power of two from 512 to 8192; fewer if
    there are not so many.
    """

    window: int = 2048
    floor: float = FLOOR
    bars: Levels = field(default_factory=lambda: np.zeros(0), init=False)  # heights, 1 at 0 dB
    peaks: Levels = field(default_factory=lambda: np.zeros(0), init=False)  # dB
    tone: float = field(default=0.0, init=False)  # the loudest one, in Hz
    _ages: Levels = field(default_factory=lambda: np.zeros(0), init=False)
    _bands: Bands | None = field(default=None, init=False)
    _clock: FrameClock = field(default_factory=FrameClock, init=False)

    def hear(self, heard: Heard, rate: float, now: float, count: int) -> None:
        """Take the last frames, oldest first, at `now` by any clock, in `count` bars."""
        samples = np.asarray(heard, dtype=np.float32)
        limit = min(max(self.window, SHORTEST), LONGEST, len(samples))
        frames = 1 << max(limit, 1).bit_length() - 1
        if frames < SHORTEST or count < 1:
            return
        seconds = self._clock.tick(now)
        own = bands(rate, count, frames)
        if own is not self._bands:
            self._bands = own
            self.bars = np.zeros(count)
            self.peaks = np.full(count, self.floor)
            self._ages = np.zeros(count)
        decibels, self.tone = own.levels(samples)
        levels = np.power(10.0, decibels / 20)
        self.bars = levels + (self.bars - levels) * SMOOTHING ** (seconds / FRAME)
        self._hold(seconds)

    @property
    def silent(self) -> bool:
        """Whether no bar and no peak is visible."""
        return bool(np.all(self.peaks <= self.floor) and np.all(self.decibels() < self.floor))

    def decibels(self) -> Levels:
        """The heights of the bars, in dB; a full-scale sine is 0 dB."""
        return 20 * np.log10(np.maximum(self.bars, 1e-10))

    def draw(self, width: int, height: int, glyphs: Glyphs = FANCY) -> list[StyledLine]:
        """A line of figures, the bars with their peaks, and the frequencies below."""
        rows, margin = height - 2, bars_in(width)
        if rows < 1 or self._bands is None or len(self.bars) != margin:
            return stacked([header("spectrum", [], width)], width, height)
        lines = [header("spectrum", self._facts(), width)]
        for row, line in enumerate(self._bars(rows, glyphs)):
            lines.append(self._scale(row, rows) + line if margin < width else line)
        axis = _axis(self._bands, margin)
        lines.append([(DIM, " " * (width - margin) + axis)])
        return stacked(lines, width, height)

    def _hold(self, seconds: float) -> None:
        levels = self.decibels()
        self._ages += seconds
        fallen = np.where(self._ages > HOLD, self.peaks - FALL * seconds, self.peaks)
        higher = levels >= fallen
        self._ages[higher] = 0.0
        self.peaks = np.maximum(np.where(higher, levels, fallen), self.floor)

    def _facts(self) -> list[str]:
        level = float(self.decibels().max())
        if level < self.floor:
            return ["silent"]
        return [*([f"{self.tone:.0f} Hz"] if self.tone else []), f"{level:.0f} dB"]

    def _bars(self, rows: int, glyphs: Glyphs) -> list[StyledLine]:
        steps = len(glyphs.levels) - 1
        part = rows * steps / -self.floor
        heights = np.rint((self.decibels() - self.floor) * part)
        base = np.arange(rows - 1, -1, -1)[:, None] * steps
        filled = np.clip(heights - base, 0, steps).astype(np.intp)
        cells = codes(glyphs.levels)[filled]
        tops = np.rint((self.peaks - self.floor) * part)
        above = (tops > base) & (tops <= base + steps) & (filled == 0)
        marks = codes("▁─▔" if glyphs.braille else ".-'")
        third = np.clip((tops - base - 1) * 3 // steps, 0, 2).astype(np.intp)
        cells = np.where(above, marks[third], cells)
        texts = letters(cells)
        lines: list[StyledLine] = [[(BAR, text)] for text in texts]
        for row in np.flatnonzero(above.any(axis=1)).tolist():
            lines[row] = painted(texts[row], [PEAK if peak else BAR for peak in above[row]])
        return lines

    def _scale(self, row: int, rows: int) -> StyledLine:
        every = max(1, -(-rows // 4))
        text = f"{round(self.floor * row / rows)}" if row % every == 0 else ""
        return [(DIM, f"{text:>{SCALE - 1}} ")]


def bars_in(width: int) -> int:
    """The number of bars in a panel of a width."""
    return width - SCALE if width >= ROOMY else width


@lru_cache(maxsize=8)
def _axis(scale: Bands, width: int) -> str:
    text = [" "] * width
    free = 0
    for hz, name in TICKS:
        at = scale.find(hz)
        begin = at - len(name) // 2
        if free <= begin and begin + len(name) <= width and at < scale.count:
            text[begin : begin + len(name)] = name
            free = begin + len(name) + 1
    return "".join(text)
