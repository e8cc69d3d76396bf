"""Curves in braille: each character is a raster of two by four dots."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# The bit of each dot: left column from top to bottom, then the right one.
_BITS = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]], np.uint16)
_PLAIN = np.array(list(" '\"-.:=#%"))


def text(dots: NDArray[np.bool_], fancy: bool = True) -> list[str]:
    """Rows of characters for a raster of shape (4 * rows, 2 * columns)."""
    height, width = dots.shape
    cells = dots.reshape(height // 4, 4, width // 2, 2)
    if not fancy:
        return _ascii(cells)
    codes = np.einsum("rdcx,dx->rc", cells.astype(np.uint16), _BITS) + 0x2800
    return ["".join(map(chr, row)).replace("\u2800", " ") for row in codes.tolist()]


def _ascii(cells: NDArray[np.bool_]) -> list[str]:
    """Where no font has braille: a mark for the upper half, the lower half, both."""
    upper, lower = cells[:, :2].any(axis=(1, 3)), cells[:, 2:].any(axis=(1, 3))
    chosen = np.where(upper & lower, "|", np.where(upper, "'", np.where(lower, ".", " ")))
    return ["".join(row) for row in chosen]


def curve(values: NDArray[np.float64], rows: int) -> NDArray[np.bool_]:
    """A raster of a curve with values from -1 to 1, one column of dots each, joined up."""
    height = rows * 4
    at = np.clip(np.rint((1 - values) / 2 * (height - 1)), 0, height - 1).astype(int)
    before = np.concatenate((at[:1], at[:-1]))
    low, high = np.minimum(at, before), np.maximum(at, before)
    lines = np.arange(height)[:, None]
    dots: NDArray[np.bool_] = (lines >= low) & (lines <= high)
    return dots


def bars(values: NDArray[np.float64], rows: int) -> NDArray[np.bool_]:
    """A raster of columns that stand on the ground, with heights from 0 to 1."""
    height = rows * 4
    filled = np.rint(np.clip(values, 0, 1) * height)
    dots: NDArray[np.bool_] = np.arange(height, 0, -1)[:, None] <= filled
    return dots
