"""Loads single sounds to listen to and to draw, outside any program."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from phonon.errors import PhononError
from phonon.session.programs import render
from phonon.session.protocol import Wave

if TYPE_CHECKING:
    from phonon.audio.resample import Floats
    from phonon.audio.samples import SampleLibrary

BUILT_IN_SECONDS = 2.0
SILENCE = 1e-3  # a built-in sound ends where it stays below this part of its peak
HEIGHTS = 64


def sound_of(library: SampleLibrary, sample: str) -> Floats:
    """Load a sample (`bd`, `bd:3`) or a built-in sound: shape (frames, 2), at the library's rate.

    It is not kept in the library. Raises PhononError.
    """
    from phonon.audio.resample import resample

    found = _file(library, sample)
    if found is None:
        return _built_in(library, sample)
    channels, rate = found
    sides = [resample(channel, rate, library.rate) for channel in (channels[0], channels[-1])]
    return np.stack(sides, axis=1)


def describe(library: SampleLibrary, sample: str) -> Wave:
    """Length and outline of a sound. Raises PhononError."""
    found = _file(library, sample)
    if found is not None:
        channels, rate = found
        heights = np.max([np.abs(channel) for channel in channels], axis=0)
    else:
        rate = library.rate
        heights = np.abs(_built_in(library, sample)).max(axis=1)
        loud = np.flatnonzero(heights > SILENCE * heights.max())
        heights = heights[: int(loud[-1]) + 1 if len(loud) else 0]
    return Wave(len(heights) / rate, overview(heights, HEIGHTS))


def overview(heights: Floats, count: int) -> tuple[float, ...]:
    """Maxima of `count` equal stretches of absolute sample values, at most 1."""
    if not len(heights):
        return ()
    begins = np.arange(count) * len(heights) // count
    return tuple(np.minimum(np.maximum.reduceat(heights, begins), 1.0).tolist())


def _file(library: SampleLibrary, sample: str) -> tuple[tuple[Floats, ...], int] | None:
    bank, _, number = sample.partition(":")
    return library.decode_uncached(bank, int(number) if number.isdigit() else 0)


def _built_in(library: SampleLibrary, sample: str) -> Floats:
    from phonon.lang.kit import names

    name, _, number = sample.partition(":")
    if name not in names():
        raise PhononError(f"there is no sound {sample}")
    source = f'cps: 1\nout: s "<{name} ~ ~ ~>" # n {number if number.isdigit() else 0}'
    return render(source, seconds=BUILT_IN_SECONDS, sample_rate=library.rate)
