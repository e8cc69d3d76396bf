"""What can be heard in a sound: levels, onsets, pitches, colours."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

RATE = 48_000
HOP = 48  # one millisecond
WINDOW = 512


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


def levels(sound, low: float, high: float):
    """The level in dB between two frequencies, for every millisecond."""
    half = WINDOW // 2
    padded = np.pad(mono(sound).astype(np.float64), half)
    frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP]
    power = np.abs(np.fft.rfft(frames * np.hanning(WINDOW), axis=1)) ** 2
    frequencies = np.fft.rfftfreq(WINDOW, 1 / RATE)
    band = (frequencies >= low) & (frequencies <= high)
    return 0.5 * db(power[:, band].sum(1) / (WINDOW / 4) ** 2 + 1e-10)


def onsets(sound, low: float = 40, high: float = 16_000, rise: float = 9, hold: int = 0):
    """The seconds at which a band grows by `rise` dB within 12 ms and stays so for `hold` ms."""
    level = np.pad(levels(sound, low, high), (12, hold + 12), constant_values=-100.0)
    after = np.lib.stride_tricks.sliding_window_view(level, hold + 1).min(1)[12:]
    growth = after[: len(level) - hold - 24] - level[: len(level) - hold - 24]
    found: list[float] = []
    for moment, grown in enumerate(growth):
        around = growth[max(moment - 25, 0) : moment + 26]
        fresh = not found or moment - 6 - 1_000 * found[-1] > 25
        if grown >= rise and grown == around.max() and fresh:
            found.append((moment - 6) / 1_000)
    return found


def hertz(name: str) -> float:
    """The frequency of a note: c4 is 261.63 Hz."""
    key = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}[name[0]]
    bend = {"s": 1, "f": -1, "": 0}[name[1:-1]]
    return float(440 * 2 ** ((key + bend - 9) / 12 + int(name[-1]) - 4))


def spectrum(sound):
    """The level in dB by frequency of a stretch of sound, finely interpolated."""
    heard = mono(sound).astype(np.float64)
    size = 1 << (len(heard) * 4 - 1).bit_length()
    bins = np.abs(np.fft.rfft(heard * np.hanning(len(heard)), size)) / (len(heard) / 4)
    return np.fft.rfftfreq(size, 1 / RATE), db(bins)


def cents(sound, near: float, reach: float = 60) -> float:
    """How far the strongest partial within `reach` cents of a frequency is from it."""
    frequencies, level = spectrum(sound)
    width = 2 ** (reach / 1_200)
    inside = np.flatnonzero((frequencies > near / width) & (frequencies < near * width))
    top = inside[level[inside].argmax()]
    left, middle, right = level[top - 1 : top + 2]
    bend = (left - right) / (left - 2 * middle + right) / 2
    return float(1_200 * np.log2((frequencies[top] + bend * frequencies[1]) / near))


def partial(sound, frequency: float) -> float:
    """The level in dB of what sounds within a third of a semitone of a frequency."""
    frequencies, level = spectrum(sound)
    near = np.abs(np.log2(np.maximum(frequencies, 1) / frequency)) < 1 / 36
    return float(level[near].max())


def colour(sound, seconds=(0.02, 0.08, 0.32)):
    """The level in dB of thirds of an octave in growing stretches of time, -40 under the top."""
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
    """How differently coloured two sounds are: RMS in dB over bands and stretches."""
    return float(np.sqrt(np.mean((colour(one) - colour(other)) ** 2)))
