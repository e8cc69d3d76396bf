"""Sample-rate conversion at load: a Kaiser-windowed sinc, polyphase, centred on its frame."""

from __future__ import annotations

from functools import lru_cache
from math import ceil, gcd

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

# Zero crossings on each side, the Kaiser window's beta and the edge of the pass band as a part of
# the lower Nyquist frequency. Together: flat to 18 kHz at 44.1 kHz, and everything from the lower
# Nyquist frequency up at least 96 dB down (measured by tests/audio/test_resample.py).
CROSSINGS = 48
BETA = 10.0
EDGE = 0.935

# Above this many phases (44100 → 48000 has 160, 44101 → 48000 has 48000) the filter is read from
# a fine table instead: 1/2048 of a crossing with linear interpolation errs by 1e-7.
MATRIX_PHASES = 1024
FINENESS = 2048

# Output frames computed at once; bounds the memory of long files.
CHUNK = 1 << 16


def resample(signal: Floats, rate: int, target: int) -> Floats:
    """Convert one channel from `rate` to `target` frames per second.

    The result has ceil(frames × target / rate) frames, and frame 0 stays at the same instant. At
    equal rates it is the same array. One channel: shape (frames,).
    """
    if rate == target:
        return signal
    divisor = gcd(rate, target)
    up, down = target // divisor, rate // divisor
    frames = ceil(len(signal) * up / down)
    if not frames:
        return np.zeros(0, np.float32)
    # In input frames: how far the filter reaches, and how much it is stretched when going down.
    stretch = max(1.0, down / up)
    reach = ceil(CROSSINGS * stretch)
    padded = np.concatenate(
        [np.zeros(reach, np.float32), signal, np.zeros(2 * reach + down, np.float32)],
        dtype=np.float32,
    )
    if up <= MATRIX_PHASES:
        return _by_matrix(padded, frames, up, down)
    return _by_table(padded, frames, up, down, reach, stretch)


def _by_matrix(padded: Floats, frames: int, up: int, down: int) -> Floats:
    """Every `down` input frames give `up` output frames through one and the same matrix."""
    matrix = _matrix(up, down)
    width = len(matrix)
    rows = ceil(frames / up)
    short = (rows - 1) * down + width - len(padded)
    if short > 0:
        padded = np.concatenate([padded, np.zeros(short, np.float32)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, width)[::down][:rows]
    result = np.empty((rows, up), np.float32)
    step = max(1, CHUNK // up)
    for begin in range(0, rows, step):
        np.matmul(windows[begin : begin + step], matrix, out=result[begin : begin + step])
    return result.reshape(-1)[:frames].copy()


@lru_cache(maxsize=8)
def _matrix(up: int, down: int) -> Floats:
    """The filter for each of `up` output frames over the input frames they look at."""
    stretch = max(1.0, down / up)
    reach = ceil(CROSSINGS * stretch)
    moments = np.arange(up) * down / up
    width = int(moments[-1]) + 2 * reach + 1
    offsets = np.arange(width)[:, np.newaxis] - reach - moments[np.newaxis, :]
    return (_prototype(offsets / stretch) / stretch).astype(np.float32)


def _by_table(
    padded: Floats, frames: int, up: int, down: int, reach: int, stretch: float
) -> Floats:
    """The same filter, read from a fine table at each output frame's own phase."""
    table = _table()
    taps = np.arange(2 * reach + 1)
    result = np.empty(frames, np.float32)
    step = max(1, CHUNK // len(taps))
    for begin in range(0, frames, step):
        ticks = np.arange(begin, min(begin + step, frames)) * down
        whole, phase = ticks // up, (ticks % up) / up
        distance = np.abs(taps[np.newaxis, :] - reach - phase[:, np.newaxis]) / stretch * FINENESS
        index = np.minimum(distance.astype(np.int64), len(table) - 2)
        fraction = np.minimum(distance - index, 1.0)
        weights = table[index] + fraction * (table[index + 1] - table[index])
        windows = padded[whole[:, np.newaxis] + taps[np.newaxis, :]]
        result[begin : begin + step] = np.einsum("ij,ij->i", windows, weights / stretch)
    return result


@lru_cache(maxsize=1)
def _table() -> npt.NDArray[np.float64]:
    """The filter from its centre to its end, `FINENESS` steps per zero crossing, and a zero."""
    return _prototype(np.arange(CROSSINGS * FINENESS + 2) / FINENESS)


def _prototype(distance: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The filter at `distance` input frames from its centre, for rates that go up."""
    inside = np.clip(1.0 - (distance / CROSSINGS) ** 2, 0.0, None)
    window: npt.NDArray[np.float64] = np.i0(BETA * np.sqrt(inside)) / np.i0(BETA)
    window[np.abs(distance) >= CROSSINGS] = 0.0
    wave: npt.NDArray[np.float64] = EDGE * np.sinc(EDGE * distance)
    return wave * window
