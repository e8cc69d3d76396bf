"""Measures loudness in chunks: LUFS after ITU-R BS.1770-4, true peak, peak and RMS."""

from __future__ import annotations

from functools import lru_cache
from math import log10, pi, tan

import numpy as np
import numpy.typing as npt

from phonon.audio.resample import Floats

Doubles = npt.NDArray[np.float64]
Triple = tuple[float, float, float]

# Loudness is -0.691 + 10 log10 of the weighted mean square; blocks of 400 ms every 100 ms count if
# they are above -70 LUFS and within 10 LU of those that are (BS.1770-4, annex 1).
OFFSET = -0.691
ABSOLUTE_GATE = -70.0
RELATIVE_GATE = -10.0

# The high-pass of the weighting decays by 60 dB in 29 ms; after 0.2 s nothing of float64 is left.
WEIGHTING_SECONDS = 0.2

OVERSAMPLING = 4
HALF_TAPS = 16  # per phase and side; annex 2 asks for 12 taps in all, its estimate errs by 0.5 dB


def db(ratio: float) -> float:
    """`ratio` of amplitudes in dB, minus infinity for zero."""
    return 20 * log10(ratio) if ratio > 0 else float("-inf")


class LoudnessMeter:
    """Measures a sound of shape (frames, channels) that arrives in chunks of any length."""

    def __init__(self, rate: int, channels: int = 2) -> None:
        self.frames = 0
        self.peak = 0.0
        self._squares = 0.0
        self._channels = channels
        self._loudness = _Loudness(rate, channels)
        self._true = _TruePeak(channels)

    def feed(self, sound: Floats) -> None:
        """Measure the next chunk."""
        if not len(sound):
            return
        wide = sound.astype(np.float64)
        self.frames += len(sound)
        self.peak = max(self.peak, float(np.abs(wide).max()))
        self._squares += float(np.vdot(wide, wide))
        self._loudness.feed(wide)
        self._true.feed(wide)

    @property
    def rms(self) -> float:
        """The root of the mean square over all frames and channels."""
        return float((self._squares / max(self.frames * self._channels, 1)) ** 0.5)

    @property
    def true_peak(self) -> float:
        """The highest level at four times the rate, between the frames too."""
        return max(self.peak, self._true.peak())

    @property
    def lufs(self) -> float:
        """Integrated loudness; minus infinity for silence and for less than 400 ms."""
        return self._loudness.integrated()


class _Loudness:
    """Collects the weighted energy per 100 ms for the gates; memory grows by 8 bytes per 100 ms."""

    def __init__(self, rate: int, channels: int) -> None:
        self._filter = _Convolver(weighting(rate), channels)
        self._hop = round(rate / 10)
        self._energies: list[float] = []
        self._rest = np.zeros(0)

    def feed(self, sound: Doubles) -> None:
        power = np.sum(self._filter.feed(sound) ** 2, axis=1)
        power = np.concatenate([self._rest, power])
        hops = len(power) // self._hop
        whole = power[: hops * self._hop].reshape(hops, self._hop)
        self._energies.extend((whole.sum(axis=1) / self._hop).tolist())
        self._rest = power[hops * self._hop :]

    def integrated(self) -> float:
        if len(self._energies) < 4:
            return float("-inf")
        blocks = np.convolve(self._energies, np.full(4, 0.25), "valid")
        blocks = blocks[blocks > _power(ABSOLUTE_GATE)]
        if not len(blocks):
            return float("-inf")
        gate = _power(OFFSET + 10 * log10(blocks.mean()) + RELATIVE_GATE)
        return float(OFFSET + 10 * log10(blocks[blocks > gate].mean()))


class _TruePeak:
    """Measures the peak at four times the rate."""

    def __init__(self, channels: int) -> None:
        self._tail = np.zeros((2 * HALF_TAPS, channels))
        self._peak = 0.0

    def feed(self, sound: Doubles) -> None:
        padded = np.concatenate([self._tail, sound])
        self._tail = padded[-2 * HALF_TAPS :]
        self._peak = max(self._peak, _between(padded))

    def peak(self) -> float:
        """The highest level so far, including the end of the sound."""
        ending = np.concatenate([self._tail, np.zeros_like(self._tail)])
        return max(self._peak, _between(ending))


def _between(padded: Doubles) -> float:
    """The highest level at the quarter frames of all of `padded` that the taps can reach."""
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * HALF_TAPS, axis=0)
    return float(np.abs(windows @ _quarters()).max()) if len(windows) else 0.0


@lru_cache(maxsize=1)
def _quarters() -> Doubles:
    """A windowed sinc at each of the three quarters between two frames."""
    phases = np.arange(1, OVERSAMPLING) / OVERSAMPLING
    offsets = np.arange(2 * HALF_TAPS)[:, np.newaxis] - (HALF_TAPS - 1) - phases
    window = np.i0(8.0 * np.sqrt(1 - (offsets / HALF_TAPS) ** 2)) / np.i0(8.0)
    taps = np.sinc(offsets) * window
    scaled: Doubles = taps / taps.sum(axis=0)
    return scaled


class _Convolver:
    """Applies a finite impulse response by overlap and save; output and input are equally long."""

    def __init__(self, response: Doubles, channels: int) -> None:
        self._tail = np.zeros((len(response) - 1, channels))
        self._size = 1 << (4 * len(response) - 1).bit_length()
        self._step = self._size - len(response) + 1
        self._spectrum = np.fft.rfft(response, self._size)[:, np.newaxis]

    def feed(self, sound: Doubles) -> Doubles:
        padded = np.concatenate([self._tail, sound])
        self._tail = padded[len(sound) :]
        result = np.empty_like(sound)
        for begin in range(0, len(sound), self._step):
            block = padded[begin : begin + self._size]
            wave = np.fft.irfft(
                np.fft.rfft(block, self._size, axis=0) * self._spectrum, self._size, axis=0
            )
            count = min(self._step, len(sound) - begin)
            result[begin : begin + count] = wave[len(self._tail) : len(self._tail) + count]
        return result


@lru_cache(maxsize=4)
def weighting(rate: int) -> Doubles:
    """The impulse response of the K weighting (a head's shelf, then a high-pass) at `rate`.

    The recommendation gives coefficients for 48 kHz only; those of other rates follow from the
    same analogue filters (frequency, gain and Q after the derivation in libebur128).
    """
    impulse = np.zeros(int(WEIGHTING_SECONDS * rate))
    impulse[0] = 1.0
    k, q, high = (
        tan(pi * 1681.974450955533 / rate),
        0.7071752369554196,
        10 ** (3.999843853973347 / 20),
    )
    band = high**0.4996667741545416
    shelf = _biquad(
        impulse,
        (high + band * k / q + k * k, 2 * (k * k - high), high - band * k / q + k * k),
        (1 + k / q + k * k, 2 * (k * k - 1), 1 - k / q + k * k),
    )
    k, q = tan(pi * 38.13547087602444 / rate), 0.5003270373238773
    norm = 1 + k / q + k * k
    # The recommendation's numerator is 1, -2, 1 after the division by `norm`.
    return _biquad(shelf, (norm, -2 * norm, norm), (norm, 2 * (k * k - 1), 1 - k / q + k * k))


def _biquad(sound: Doubles, above: Triple, below: Triple) -> Doubles:
    """A second-order filter, frame by frame; only impulse responses are made with it."""
    b0, b1, b2 = (value / below[0] for value in above)
    a1, a2 = below[1] / below[0], below[2] / below[0]
    first = second = 0.0
    result = np.empty_like(sound)
    for frame, value in enumerate(sound.tolist()):
        out = b0 * value + first
        first = b1 * value - a1 * out + second
        second = b2 * value - a2 * out
        result[frame] = out
    return result


def _power(lufs: float) -> float:
    return float(10 ** ((lufs - OFFSET) / 10))
