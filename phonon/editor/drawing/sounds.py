"""The browser of samples: banks with number, file, length and a picture of the wave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from os.path import basename

import numpy as np

from phonon.editor.drawing.cells import (
    DIM,
    PANEL,
    SELECTED,
    TRACE,
    Line,
    cut,
    header,
    narrow,
    stacked,
    window,
)
from phonon.editor.drawing.scope import Heard
from phonon.editor.glyphs import FANCY, Glyphs
from phonon.session.protocol import Bank

WAVE = 10  # columns of a picture
OVERVIEW = 128  # heights that are kept of a wave

Peaks = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Sound:
    """One sample of a bank; `peaks` are heights from 0 to 1 along the wave, if it is known."""

    bank: str
    number: int | None = None
    file: str = ""
    seconds: float | None = None
    peaks: Peaks = ()

    @property
    def word(self) -> str:
        """How a pattern calls it: `bd:3`; a built-in sound has no number."""
        return self.bank if self.number is None else f"{self.bank}:{self.number}"


def sounds(
    banks: Iterable[Bank], known: Mapping[str, tuple[float, Peaks]] | None = None
) -> list[Sound]:
    """Every sample of the banks; `known` gives lengths and waves by file."""
    found = []
    for bank in banks:
        if not bank.files:
            found.append(Sound(bank.name))
        for number, file in enumerate(bank.files):
            seconds, peaks = (known or {}).get(file, (None, ()))
            found.append(Sound(bank.name, number, basename(file), seconds, peaks))
    return found


def overview(samples: Heard, count: int = OVERVIEW) -> Peaks:
    """The greatest height of each of `count` stretches of a wave, mono."""
    heights = np.abs(np.asarray(samples, dtype=np.float32))
    if not len(heights):
        return ()
    begins = np.arange(count) * len(heights) // count
    return tuple(np.minimum(np.maximum.reduceat(heights, begins), 1.0).tolist())


def matching(found: Iterable[Sound], query: str) -> list[Sound]:
    """The sounds whose name or file has every word of `query`, banks that begin with it first."""
    words = query.lower().split()
    hits = [
        (_rank(sound, words), at, sound)
        for at, sound in enumerate(found)
        if all(word in f"{sound.word} {sound.file}".lower() for word in words)
    ]
    return [sound for *_, sound in sorted(hits, key=lambda hit: hit[:2])]


def draw_sounds(
    found: Sequence[Sound],
    chosen: int,
    width: int,
    height: int,
    glyphs: Glyphs = FANCY,
    *,
    query: str = "",
) -> list[Line]:
    """A list with one sound chosen, and what was typed to find it."""
    facts = [f"{chosen + 1}/{len(found)}" if found else "nothing"]
    if query:
        facts.append(f"/{narrow(query, glyphs)}")
    lines = [header("sounds", facts, width)]
    shown = window(len(found), chosen, max(height - 1, 0))
    lines += [_line(found[at], width, glyphs, at == chosen) for at in shown]
    return stacked(lines, width, height)


def _rank(sound: Sound, words: Sequence[str]) -> int:
    first = words[0] if words else ""
    if sound.bank.lower() == first or sound.word.lower() == first:
        return 0
    return 1 if sound.bank.lower().startswith(first) else 2


def _line(sound: Sound, width: int, glyphs: Glyphs, mine: bool) -> Line:
    mark = glyphs.chosen if mine else " "
    wave = WAVE + 1 if width >= 44 else 0
    length = 7 if width >= 30 else 0
    name = max(min(14, width // 3), 6)
    file = max(width - 1 - name - 1 - length - wave, 0)
    told = "" if sound.seconds is None else f"{sound.seconds:.2f}s"
    file_name = narrow(sound.file or "built in", glyphs)
    line: Line = [
        (SELECTED if mine else PANEL, f"{mark}{cut(narrow(sound.word, glyphs), name)} "),
        (SELECTED if mine else DIM, cut(file_name, file)),
    ]
    if length:
        line.append((PANEL, f"{told:>{length}}"))
    if wave:
        line.append((TRACE, " " + _picture(sound.peaks, WAVE, glyphs)))
    return line


def _picture(peaks: Peaks, width: int, glyphs: Glyphs) -> str:
    """Heights along the wave, the highest one full: quiet samples have a shape too."""
    if not peaks:
        return " " * width
    heights = overview(peaks, width)
    steps = (len(glyphs.levels) - 1) / (max(heights) or 1.0)
    return "".join(glyphs.levels[round(height * steps)] for height in heights)
