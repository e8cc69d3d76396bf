"""Measures the level of a sound in bands of equal width in octaves."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

LOW, HIGH = 40.0, 16_000.0
FLOOR = -72.0  # dB below a full-scale sine
NOISE_BANDWIDTH = 1.5  # of Hann's window, in bins: how often the sum over a tone counts it

_NOTHING = 1e-20

Levels = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Bands:
    """The tables for one sample rate, number of bands and length of the window."""

    edges: Levels  # Hz, one more than bands
    width: float  # of a bin, in Hz
    window: NDArray[np.float32]  # scaled so that a full-scale sine has height 1
    first: NDArray[np.intp]  # the first bin inside each band, and the one after the last band
    share: Levels  # 0 for bands that are too narrow for a bin
    below: NDArray[np.intp]  # the bin below each band's centre
    weight: Levels  # of the bin above it
    start: float  # the logarithm of the first edge, in bins
    per_unit: float  # how many bands there are for a step of the natural logarithm by one

    @property
    def count(self) -> int:
        """The number of bands."""
        return len(self.edges) - 1

    def find(self, hz: float) -> int:
        """The band that contains a frequency."""
        return int(np.searchsorted(self.edges, hz, side="right")) - 1

    def levels(self, samples: NDArray[np.float32]) -> tuple[Levels, float]:
        """The level of each band in dB, and the frequency of the loudest tone in Hz (0 for none).

        A full-scale sine is 0 dB in the band that contains it.

        Wide bands sum their power, so that pink noise is flat. Where bins are further apart than
        bands, levels are read between the bins, and every tone is given to the band that contains
        it, not to that of the nearest bin: through Hann's window the two highest bins of a tone
        tell exactly where and how high it is between them.
        """
        spectrum = np.fft.rfft(samples[-len(self.window) :] * self.window)
        power = np.square(spectrum.real)
        power += np.square(spectrum.imag)
        summed = np.add.reduceat(power, self.first)[: self.count] * self.share
        decibels = np.log10(power + np.float32(_NOTHING))
        between = decibels[self.below] * (1 - self.weight)
        between += decibels[self.below + 1] * self.weight
        levels = 10 * np.maximum(np.log10(summed + _NOTHING), between)
        return levels, self._give_tones(power, decibels, levels)

    def _give_tones(
        self, power: NDArray[np.float32], decibels: NDArray[np.float32], levels: Levels
    ) -> float:
        middle = decibels[1:-1]
        peaks = (middle > decibels[:-2]) & (middle >= decibels[2:]) & (middle > FLOOR / 10)
        at = np.flatnonzero(peaks) + 1
        right = power[at + 1] > power[at - 1]
        ratio = np.sqrt(power[np.where(right, at + 1, at - 1)] / power[at])
        shift = np.maximum((2 * ratio - 1) / (ratio + 1), 0)
        lobe = np.sinc(shift) / (1 - shift * shift)
        height = 10 * decibels[at] - 20 * np.log10(lobe)
        found = at + np.where(right, shift, -shift)
        place = (np.log(found) - self.start) * self.per_unit
        inside = (place >= 0) & (place < self.count)
        found, height = found[inside], height[inside]
        np.maximum.at(levels, place[inside].astype(np.intp), height)
        return float(found[np.argmax(height)]) * self.width if len(found) else 0.0


@lru_cache(maxsize=8)
def bands(rate: float, count: int, frames: int) -> Bands:
    """The bands of a sound at `rate` frames per second, measured over `frames` of them."""
    high = min(HIGH, 0.45 * rate)
    edges = np.geomspace(LOW, high, count + 1)
    window = np.hanning(frames + 1)[:-1]
    width = rate / frames
    bins = np.arange(frames // 2 + 1)
    inner = np.searchsorted(bins * width, edges)
    centre = np.sqrt(edges[:-1] * edges[1:]) / width
    below = np.minimum(centre.astype(np.intp), len(bins) - 2)
    return Bands(
        edges=edges,
        width=width,
        window=(window * 2 / window.sum()).astype(np.float32),
        first=np.minimum(inner, len(bins) - 1),
        share=np.where(inner[1:] > inner[:-1], 1 / NOISE_BANDWIDTH, 0.0),
        below=below,
        weight=centre - below,
        start=float(np.log(LOW / width)),
        per_unit=float(count / np.log(high / LOW)),
    )
