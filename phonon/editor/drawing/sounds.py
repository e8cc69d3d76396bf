"""Draws a sound as a line: its name, file, length and a picture of its wave."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from os.path import basename

from phonon.editor.drawing.cells import DIM, PANEL, TRACE, StyledLine, cut, fitted, narrow
from phonon.editor.glyphs import FANCY, Glyphs
from phonon.session.protocol import SampleBank, Wave

PICTURE = 16  # columns of a wave


@dataclass(frozen=True, slots=True)
class Sound:
    """A sound of a bank; a built-in one has no number and no file."""

    bank: str
    number: int | None = None
    file: str = ""

    @property
    def word(self) -> str:
        """The word that plays it in a pattern: `bd:3`."""
        return self.bank if self.number is None else f"{self.bank}:{self.number}"


def sounds(banks: Iterable[SampleBank]) -> list[Sound]:
    """Every sound of the banks."""
    found = []
    for bank in banks:
        if not bank.files:
            found.append(Sound(bank.name))
        found += [
            Sound(bank.name, number, basename(file)) for number, file in enumerate(bank.files)
        ]
    return found


def matching(found: Sequence[Sound], query: str) -> list[int]:
    """The indices of the sounds whose name or file has every word of `query`.

    Sounds of banks whose name begins with the query come first.
    """
    words = query.lower().split()
    hits = [
        (_rank(sound, words), at)
        for at, sound in enumerate(found)
        if all(word in f"{sound.word} {sound.file}".lower() for word in words)
    ]
    return [at for _, at in sorted(hits)]


def draw_sound(
    sound: Sound, wave: Wave | None, width: int, glyphs: Glyphs = FANCY, *, chosen: bool = False
) -> StyledLine:
    """One line of the list; `wave` is None until it is loaded."""
    mark = glyphs.chosen if chosen else " "
    picture = PICTURE + 1 if width >= 44 else 0
    length = 7 if width >= 30 else 0
    name = max(min(14, width // 3), 6)
    file = max(width - 1 - name - 1 - length - picture, 0)
    line: StyledLine = [
        (PANEL, f"{mark}{cut(narrow(sound.word, glyphs), name)} "),
        (DIM, cut(narrow(sound.file or "built in", glyphs), file)),
    ]
    if length:
        told = f"{wave.seconds:.2f}s" if wave is not None else ""
        line.append((PANEL, f"{told:>{length}}"))
    if picture:
        line.append((TRACE, " " + _picture(wave.peaks if wave else (), PICTURE, glyphs)))
    return fitted(line, width)


def _rank(sound: Sound, words: Sequence[str]) -> int:
    first = words[0] if words else ""
    if sound.bank.lower() == first or sound.word.lower() == first:
        return 0
    return 1 if sound.bank.lower().startswith(first) else 2


def _picture(peaks: Sequence[float], width: int, glyphs: Glyphs) -> str:
    """Peaks along the wave as columns; the highest is full, so that quiet samples show a shape."""
    if not peaks:
        return " " * width
    begins = [at * len(peaks) // width for at in range(width + 1)]
    heights = [max(peaks[begin : max(end, begin + 1)]) for begin, end in pairwise(begins)]
    steps = (len(glyphs.levels) - 1) / (max(heights) or 1.0)
    return "".join(glyphs.levels[round(height * steps)] for height in heights)
