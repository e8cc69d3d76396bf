"""Sample-rate conversion: what stays, what must go, and how long the result is."""

from __future__ import annotations

import numpy as np
import pytest

from phonon.audio.resample import resample


def tone(hz: float, rate: int, seconds: float = 0.5) -> np.ndarray:
    return (0.5 * np.sin(2 * np.pi * hz * np.arange(int(rate * seconds)) / rate)).astype(np.float32)


def residue_db(signal: np.ndarray, hz: float, rate: int) -> float:
    """How far below the best-fitting sine of `hz` everything else is, away from the ends."""
    middle = signal[1_000:-1_000].astype(np.float64)
    angle = 2 * np.pi * hz * np.arange(1_000, len(signal) - 1_000) / rate
    basis = np.stack([np.sin(angle), np.cos(angle)], axis=1)
    fit, *_ = np.linalg.lstsq(basis, middle, rcond=None)
    rest = middle - basis @ fit
    return float(10 * np.log10(np.mean(rest**2) / np.mean((basis @ fit) ** 2)))


@pytest.mark.parametrize("hz", [100, 1_000, 5_000, 10_000, 15_000, 18_000])
@pytest.mark.parametrize("rate", [44_100, 44_101, 22_254 * 2])
def test_tones_to_18_khz_keep_90_db_of_signal_to_noise(hz, rate):
    converted = resample(tone(hz, rate), rate, 48_000)
    ideal = tone(hz, 48_000)[1_000:-1_000].astype(np.float64)
    error = converted[1_000 : 1_000 + len(ideal)] - ideal
    assert 10 * np.log10(np.mean(ideal**2) / np.mean(error**2)) >= 90


@pytest.mark.parametrize("hz", [24_300, 27_000, 30_000, 40_000])
def test_frequencies_above_the_lower_nyquist_frequency_are_removed(hz):
    converted = resample(tone(hz, 96_000), 96_000, 48_000)[500:-500]
    assert 20 * np.log10(np.max(np.abs(converted)) / 0.5) < -90


@pytest.mark.parametrize("hz", [10_000, 12_000, 17_000])
def test_resampling_to_a_higher_rate_adds_no_images(hz):
    assert residue_db(resample(tone(hz, 44_100), 44_100, 96_000), hz, 96_000) < -90


@pytest.mark.parametrize("rate", [8_000, 11_025, 22_050, 22_254, 44_100, 44_101, 88_200, 192_000])
@pytest.mark.parametrize("frames", [0, 1, 2, 63, 1_000, 4_801])
def test_length_follows_from_the_rates(rate, frames):
    converted = resample(np.ones(frames, np.float32), rate, 48_000)
    assert len(converted) == -(-frames * 48_000 // rate)
    assert converted.dtype == np.float32


def test_an_impulse_stays_where_it_was():
    signal = np.zeros(4_410, np.float32)
    signal[441] = 1.0
    assert int(np.argmax(resample(signal, 44_100, 48_000))) == 480


def test_equal_rates_give_the_same_array():
    signal = tone(440, 48_000)
    assert resample(signal, 48_000, 48_000) is signal


def test_resampling_with_and_without_the_phase_matrix_agrees(monkeypatch):
    signal = np.random.default_rng(1).standard_normal(3_000).astype(np.float32)
    by_matrix = resample(signal, 44_100, 48_000)
    monkeypatch.setattr("phonon.audio.resample.MATRIX_PHASES", 0)
    assert np.max(np.abs(resample(signal, 44_100, 48_000) - by_matrix)) < 5e-6


def test_silence_and_constants_are_unchanged():
    assert not resample(np.zeros(500, np.float32), 44_100, 48_000).any()
    constant = resample(np.ones(4_000, np.float32), 44_100, 48_000)
    assert np.max(np.abs(constant[200:-200] - 1)) < 1e-4
