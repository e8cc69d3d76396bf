"""Noise: spectra, levels, independence of voices and nodes."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest

RATE = 48_000
FRAMES = 1 << 19
Play = Callable[..., np.ndarray]


def octaves(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Centres of half octaves from 40 Hz to 16 kHz, and the mean power per hertz in dB there."""
    blocks = x[: len(x) // 16384 * 16384].reshape(-1, 16384) * np.hanning(16384)
    power = (np.abs(np.fft.rfft(blocks)) ** 2).mean(0)
    frequency = np.fft.rfftfreq(16384, 1 / RATE)
    edges = 40 * 2 ** (np.arange(18) / 2)
    bands = [(frequency >= a) & (frequency < b) for a, b in pairwise(edges)]
    levels = [10 * np.log10(power[band].mean()) for band in bands]
    return np.log2(np.sqrt(edges[:-1] * edges[1:])), np.array(levels)


@pytest.mark.parametrize(("name", "slope"), [("noise", 0.0), ("pink", -3.0103), ("brown", -6.02)])
def test_the_spectrum_has_its_slope(play: Play, name: str, slope: float) -> None:
    octave, level = octaves(play(name, FRAMES))
    found, start = np.polyfit(octave, level, 1)
    assert found == pytest.approx(slope, abs=0.1)
    assert np.abs(level - (start + found * octave)).max() < 0.8


@pytest.mark.parametrize(("name", "level"), [("noise", 3**-0.5), ("pink", 0.25), ("brown", 0.25)])
def test_noises_have_their_level(play: Play, name: str, level: float) -> None:
    x = play(name, FRAMES)
    assert np.std(x) == pytest.approx(level, rel=0.1)
    assert abs(x.mean()) < 0.05
    assert np.abs(x).max() < 1.5


@pytest.mark.parametrize("name", ["noise", "pink", "dust"])
def test_noise_differs_between_voices_and_nodes(play: Play, name: str) -> None:
    inputs = {"density": 10_000.0} if name == "dust" else {}
    lanes = play(name, 8192, lanes=16, **inputs)
    other = play(name, 8192, seed=99, **inputs)
    changes = np.diff(np.column_stack([lanes, other]), axis=0)  # slow parts tell little
    correlation = np.corrcoef(changes.T)
    assert np.abs(correlation - np.eye(17)).max() < 0.12


def test_dust_has_density_impulses_per_second(play: Play) -> None:
    x = play("dust", FRAMES, density=500.0)
    assert np.count_nonzero(x) == pytest.approx(500 * FRAMES / RATE, rel=0.05)
    assert x.min() >= 0
    assert x.max() <= 1
    assert x[x > 0].mean() == pytest.approx(0.5, abs=0.02)
