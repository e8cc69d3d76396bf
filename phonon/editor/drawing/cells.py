"""Cuts, pads and joins styled text to an exact number of columns."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import groupby

from phonon.editor.glyphs import FANCY, Glyphs

Fragment = tuple[str, str]
StyledLine = list[Fragment]

PANEL = "class:panel"
TITLE = "class:panel.title"
TRACE = "class:panel.trace"
BAR = "class:panel.bar"
PEAK = "class:panel.peak"
DIM = "class:panel.dim"
NOW = "class:panel.now"
WARN = "class:panel.warn"
BAD = "class:panel.bad"
SELECTED = "class:panel class:selected"


def plain(line: StyledLine) -> str:
    """The text of a line."""
    return "".join(text for _, text in line)


def narrow(text: str, glyphs: Glyphs = FANCY) -> str:
    """The text with `?` for every character that is not one cell wide or not in the glyphs.

    File names may hold anything; one wide or combining character would move all that follow it.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_narrow if glyphs.braille else _ascii, unicodedata.normalize("NFC", text)))


def cut(text: str, width: int) -> str:
    """The text in exactly `width` cells; a `~` at the end marks that it was cut."""
    if len(text) <= width:
        return text.ljust(width)
    return text[: max(width - 1, 0)] + "~"[:width]


def fitted(line: StyledLine, width: int, style: str = PANEL) -> StyledLine:
    """The line cut or filled up to `width` cells."""
    if len(line) == 1 and len(line[0][1]) == width:
        return list(line)
    kept: StyledLine = []
    for own, text in line:
        if width <= 0:
            break
        if part := text[:width]:
            kept.append((own, part))
            width -= len(part)
    if width > 0:
        kept.append((style, " " * width))
    return kept


def stacked(lines: Sequence[StyledLine], width: int, height: int) -> list[StyledLine]:
    """Exactly `height` lines of `width` cells."""
    kept = [fitted(line, width) for line in lines[:height]]
    return kept + [fitted([], width) for _ in range(height - len(kept))]


def spread(left: StyledLine, right: StyledLine, width: int) -> StyledLine:
    """One line with text at both ends; the left one is cut if both do not fit."""
    room = width - sum(len(text) for _, text in right)
    if room <= 0:
        return fitted(left, width)
    return [*fitted(left, room), *right]


def header(title: str, facts: Sequence[str], width: int) -> StyledLine:
    """A title, and as many facts as there is room for, the first ones first."""
    room = width - len(title)
    told = ""
    for fact in facts:
        if len(told) + len(fact) + 2 > room:
            break
        told += "  " + fact
    return spread([(TITLE, title)], [(PANEL, told)], width)


def window(count: int, chosen: int, rows: int) -> range:
    """The `rows` of `count` items to show: the chosen one is in view, in the middle if possible."""
    first = max(min(chosen - rows // 2, count - rows), 0)
    return range(first, min(first + rows, count))


def painted(text: str, styles: Sequence[str]) -> StyledLine:
    """A text with a style per cell, joined to as few fragments as possible."""
    line: StyledLine = []
    begin = 0
    for style, cells in groupby(styles[: len(text)]):
        end = begin + len(list(cells))
        line.append((style, text[begin:end]))
        begin = end
    return line


def _narrow(character: str) -> str:
    wide = unicodedata.east_asian_width(character) in "WF"
    odd = not character.isprintable() or unicodedata.combining(character)
    return "?" if wide or odd else character


def _ascii(character: str) -> str:
    return character if character.isascii() and character.isprintable() else "?"
