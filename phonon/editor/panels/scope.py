"""The scope and, below it, the spectrum of what was heard last."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from phonon.editor.panels import braille

if TYPE_CHECKING:
    from prompt_toolkit.formatted_text import StyleAndTextTuples

    from phonon.editor.editor import Editor

LOWEST, HIGHEST = 40.0, 16_000.0
RANGE = 60.0  # decibels
SHOWN = 1024  # frames of the scope


def scope(editor: Editor, width: int, height: int) -> list[StyleAndTextTuples]:
    """Rows of the panel."""
    sound = np.asarray(editor.session.scope(), np.float64)
    if len(sound) < 2 * SHOWN:
        sound = np.concatenate((np.zeros(2 * SHOWN - len(sound)), sound))
    upper = max((height - 2) // 2, 1)
    lower = max(height - 2 - upper, 1)
    fancy = editor.glyphs.braille
    rate = editor.telemetry.sample_rate
    high = f"{min(HIGHEST, rate / 2) / 1000:.0f} kHz"
    rule = editor.glyphs.line * max(width - len(high) - 16, 1)
    rows: list[StyleAndTextTuples] = [[("class:panel class:panel.title", "scope")]]
    rows += _rows(braille.text(braille.curve(_trace(sound, 2 * width), upper), fancy))
    title = f"spectrum {LOWEST:.0f} Hz {rule} {high}"
    rows.append([("class:panel class:panel.title", title)])
    rows += _rows(braille.text(braille.bars(_bands(sound, rate, 2 * width), lower), fancy))
    return rows


def _rows(lines: list[str]) -> list[StyleAndTextTuples]:
    return [[("class:panel class:panel.trace", line)] for line in lines]


def _trace(sound: NDArray[np.float64], columns: int) -> NDArray[np.float64]:
    """A stretch that begins where the sound rises through zero, so that the picture stands."""
    room = sound[: len(sound) - SHOWN]
    rising = np.flatnonzero((room[:-1] < 0) & (room[1:] >= 0))
    first = int(rising[0]) + 1 if len(rising) else 0
    at = first + np.arange(columns) * SHOWN // columns
    return sound[at]


def _bands(sound: NDArray[np.float64], rate: int, bands: int) -> NDArray[np.float64]:
    """Levels of bands of equal width to the ear, 0 for -60 dB to 1 for full scale."""
    window, edges = _plan(len(sound), rate, bands)
    power = np.abs(np.fft.rfft(sound * window)) ** 2
    highest = np.maximum.reduceat(power, edges)
    level = 10 * np.log10(highest + 1e-12)
    return np.asarray(1 + level / RANGE, np.float64)


@cache
def _plan(length: int, rate: int, bands: int) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """The window, scaled to a sine's amplitude, and the first bin of each band."""
    window = np.hanning(length)
    window *= 2 / window.sum()
    highest = min(HIGHEST, 0.49 * rate)
    border = LOWEST * (highest / LOWEST) ** (np.arange(bands) / bands)
    edges = np.minimum((border * length / rate).astype(np.intp), length // 2 - 1)
    return window, edges
