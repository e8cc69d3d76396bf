"""Pictures made of dots: eight in a braille cell, three in a cell of plain ASCII."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from phonon.editor.glyphs import Glyphs

Dots = NDArray[np.bool_]
Samples = NDArray[np.float32]

_BRAILLE = 0x2800
_BITS = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]], dtype=np.uint32)
_ASCII = " '-|.|||"  # by bits: the upper dot is 1, the middle one 2, the lower one 4
_THREE = np.array([[1], [2], [4]], dtype=np.uint32)


def grid(glyphs: Glyphs) -> tuple[int, int]:
    """The rows and columns of dots in a cell."""
    return (4, 2) if glyphs.braille else (3, 1)


def text(dots: Dots, glyphs: Glyphs) -> list[str]:
    """A picture as rows of text; an empty cell is a space."""
    rows, columns = grid(glyphs)
    parted = dots.reshape(dots.shape[0] // rows, rows, dots.shape[1] // columns, columns)
    bits = _BITS if glyphs.braille else _THREE
    sums = (parted * bits[None, :, None, :]).sum((1, 3))
    if not glyphs.braille:
        return letters(codes(_ASCII)[sums])
    return letters(np.where(sums, sums + _BRAILLE, ord(" ")))


def letters(table: NDArray[np.integer]) -> list[str]:
    """Rows of code points as text."""
    return [row.tobytes().decode("utf-32-le") for row in table.astype("<u4")]


@cache
def codes(characters: str) -> NDArray[np.uint32]:
    """The code points of a text."""
    return np.frombuffer(characters.encode("utf-32-le"), dtype="<u4")


def between(low: Samples, high: Samples, rows: int) -> Dots:
    """A vertical stroke per column from `low` to `high`, clipped to -1 and 1."""
    edge = (rows - 1) / 2
    top = np.rint((1 - np.clip(high, -1, 1)) * edge)
    bottom = np.rint((1 - np.clip(low, -1, 1)) * edge)
    at = np.arange(rows)[:, None]
    inside: Dots = (at >= top) & (at <= bottom)
    return inside


def envelope(samples: Samples, begin: float, step: float, columns: int) -> tuple[Samples, Samples]:
    """Least and greatest value of each of `columns` stretches of `step` samples from `begin`.

    Between samples the wave is a straight line, so that neighbours always touch and no peak of a
    single sample is lost.
    """
    borders = begin + step * np.arange(columns + 1)
    edges = np.interp(borders, np.arange(len(samples)), samples)
    low = np.minimum(edges[:-1], edges[1:])
    high = np.maximum(edges[:-1], edges[1:])
    inside = np.minimum(np.ceil(borders).astype(np.intp), len(samples) - 1)
    holds = inside[1:] > inside[:-1]
    least = np.minimum.reduceat(samples, inside)[:-1]
    most = np.maximum.reduceat(samples, inside)[:-1]
    low = np.where(holds, np.minimum(low, least), low).astype(np.float32)
    high = np.where(holds, np.maximum(high, most), high).astype(np.float32)
    return low, high
