"""Measurements of sounds: levels, onsets, pitches, spectra."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

RATE = 48_000
HOP = 48  # one millisecond


def db(ratio):
    """A ratio of amplitudes in decibels, -180 at the least."""
    return 20 * np.log10(np.maximum(ratio, 1e-9))


def peak(sound) -> float:
    """The peak in dB of full scale."""
    return float(db(np.abs(sound).max()))


def rms(sound) -> float:
    """The RMS in dB of full scale."""
    return float(db(np.sqrt(np.mean(np.square(sound, dtype=np.float64)))))


def mono(sound):
    """The mean of both sides."""
    return sound.mean(1) if sound.ndim == 2 else sound


def levels(sound, low: float, high: float, window: int = 512):
    """The level in dB between two frequencies, for every millisecond."""
    padded = np.pad(mono(sound).astype(np.float64), window // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, window)[::HOP]
    power = np.abs(np.fft.rfft(frames * np.hanning(window), axis=1)) ** 2
    frequencies = np.fft.rfftfreq(window, 1 / RATE)
    band = (frequencies >= low) & (frequencies <= high)
    return db(np.sqrt(power[:, band].sum(1)) / (window / 4))


def onsets(
    sound, low: float, high: float, rise: float = 9, hold: int = 0, window: int = 512
) -> list[float]:
    """The seconds at which a band grows by `rise` dB within a window and stays for `hold` ms.

    Levels 40 dB below the loudest count as silence.
    """
    level = levels(sound, low, high, window)
    level = np.maximum(level, level.max() - 40)
    lag = window * 500 // RATE + 1
    level = np.pad(level, (2 * lag, 2 * lag + hold), constant_values=level.min())
    after = np.lib.stride_tricks.sliding_window_view(level, hold + 1).min(1)
    growth = after[2 * lag :] - level[: len(level) - 2 * lag - hold]
    found: list[int] = []
    for moment, grown in enumerate(growth):
        around = growth[max(moment - 25, 0) : moment + 26]
        if grown >= rise and grown == around.max() and (not found or moment - found[-1] > 25):
            found.append(moment)
    return [(moment - lag) / 1_000 for moment in found]


def hertz(name: str) -> float:
    """The frequency of a note: c4 is 261.63 Hz."""
    key = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}[name[0]]
    bend = {"s": 1, "f": -1, "": 0}[name[1:-1]]
    return float(440 * 2 ** ((key + bend - 9) / 12 + int(name[-1]) - 4))


def spectrum(sound):
    """The level in dB by frequency of a sound, zero-padded to four times its length."""
    heard = mono(sound).astype(np.float64)
    size = 1 << (len(heard) * 4 - 1).bit_length()
    bins = np.abs(np.fft.rfft(heard * np.hanning(len(heard)), size)) / (len(heard) / 4)
    return np.fft.rfftfreq(size, 1 / RATE), db(bins)


def cents(sound, near: float, reach: float = 60) -> float:
    """The distance in cents from a frequency to the strongest partial within `reach` cents."""
    frequencies, level = spectrum(sound)
    width = 2 ** (reach / 1_200)
    inside = np.flatnonzero((frequencies > near / width) & (frequencies < near * width))
    top = inside[level[inside].argmax()]
    left, middle, right = level[top - 1 : top + 2]
    bend = (left - right) / (left - 2 * middle + right) / 2
    return float(1_200 * np.log2((frequencies[top] + bend * frequencies[1]) / near))


def partial(sound, frequency: float) -> float:
    """The highest level in dB within a third of a semitone of a frequency."""
    frequencies, level = spectrum(sound)
    near = np.abs(np.log2(np.maximum(frequencies, 1) / frequency)) < 1 / 36
    return float(level[near].max())


def colour(sound, seconds=(0.02, 0.08, 0.32)):
    """The level in dB of third-octave bands in growing time slices, at least -40 below the top."""
    edges = np.geomspace(40, 16_000, 27)
    rows = []
    begin = 0
    for end in (round(moment * RATE) for moment in seconds):
        frequencies, level = spectrum(sound[begin:end])
        power = 10 ** (level / 10)
        sums = [
            power[(frequencies >= low) & (frequencies < high)].sum()
            for low, high in pairwise(edges)
        ]
        rows.append(10 * np.log10(np.maximum(sums, 1e-18)))
        begin = end
    found = np.array(rows)
    return np.maximum(found - found.max(), -40)


def distance(one, other) -> float:
    """The spectral distance of two sounds: RMS in dB over bands and time slices."""
    return float(np.sqrt(np.mean((colour(one) - colour(other)) ** 2)))
