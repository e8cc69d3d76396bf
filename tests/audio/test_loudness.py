"""Loudness against the values that BS.1770 and EBU Tech 3341 give for known signals."""

from __future__ import annotations

import numpy as np
import pytest

from phonon.audio.loudness import LoudnessMeter, db, weighting


def sine(hz, level_db, seconds, rate=48_000, phase=0.0):
    angle = 2 * np.pi * hz * np.arange(round(seconds * rate)) / rate + phase
    return (10 ** (level_db / 20) * np.sin(angle)).astype(np.float32)


def both(*parts):
    return np.repeat(np.concatenate(parts)[:, np.newaxis], 2, axis=1)


def measured(sound, rate=48_000, chunk=48_000):
    meter = LoudnessMeter(rate, sound.shape[1])
    for begin in range(0, len(sound), chunk):
        meter.feed(sound[begin : begin + chunk])
    return meter


@pytest.mark.parametrize("rate", [44_100, 48_000, 96_000])
@pytest.mark.parametrize("level", [-23.0, -33.0])
def test_a_stereo_sine_of_1_khz_has_its_level_in_lufs(level, rate):
    """EBU Tech 3341, cases 1 and 2."""
    assert measured(both(sine(1_000, level, 20, rate)), rate).lufs == pytest.approx(level, abs=0.1)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (((-36, 10), (-23, 60), (-36, 10)), -23),  # case 3
        (((-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)), -23),  # case 4
        (((-26, 20), (-20, 20.1), (-26, 20)), -23),  # case 5
    ],
)
def test_quiet_parts_are_gated(parts, expected):
    sound = both(*(sine(1_000, level, seconds) for level, seconds in parts))
    assert measured(sound).lufs == pytest.approx(expected, abs=0.1)


def test_997_hz_at_full_scale_in_one_channel_is_minus_3_01():
    """BS.1770-4, annex 1: the calibration of the meter."""
    sound = both(sine(997, 0, 5))
    sound[:, 1] = 0
    assert measured(sound).lufs == pytest.approx(-3.01, abs=0.01)


def test_the_weighting_has_the_coefficients_of_the_recommendation_at_48_khz():
    impulse = np.zeros(50)
    impulse[0] = 1
    for above, below in [
        (
            (1.53512485958697, -2.69169618940638, 1.19839281085285),
            (1.0, -1.69065929318241, 0.73248077421585),
        ),
        ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621)),
    ]:
        result = np.zeros(50)
        for frame in range(50):
            past = [(k, frame - k) for k in range(3) if frame >= k]
            result[frame] = sum(above[k] * impulse[at] for k, at in past)
            result[frame] -= sum(below[k] * result[at] for k, at in past[1:])
        impulse = result
    assert np.max(np.abs(weighting(48_000)[:50] - impulse)) < 1e-9


@pytest.mark.parametrize(
    ("divisor", "phase", "level", "expected"),
    [
        (4, 0, 0.5, -6.0),  # case 15
        (4, 45, 0.5, -6.0),  # case 16
        (6, 60, 0.5, -6.0),  # case 17
        (8, 67.5, 0.5, -6.0),  # case 18
        (4, 45, 1.41, 3.0),  # case 19
    ],
)
def test_the_true_peak_between_frames_is_found(divisor, phase, level, expected):
    """EBU Tech 3341: within +0.2 and -0.4 dB."""
    wave = sine(48_000 / divisor, db(level), 1, phase=np.radians(phase))
    ramp = np.minimum(1, np.arange(len(wave)) / 4_800)
    wave = (wave * ramp * ramp[::-1]).astype(np.float32)
    assert -0.4 <= db(measured(both(wave)).true_peak) - expected <= 0.2


def test_chunks_do_not_change_what_is_measured():
    sound = np.random.default_rng(3).uniform(-0.5, 0.5, (24_000, 2)).astype(np.float32)
    whole = measured(sound, chunk=len(sound))
    for chunk in (64, 1_000, 4_800):
        parts = measured(sound, chunk=chunk)
        assert parts.lufs == pytest.approx(whole.lufs, abs=1e-9)
        assert parts.true_peak == pytest.approx(whole.true_peak, abs=1e-9)
        assert parts.rms == pytest.approx(whole.rms, abs=1e-12)
        assert parts.peak == whole.peak


def test_silence_and_next_to_nothing_have_no_loudness():
    assert measured(np.zeros((48_000, 2), np.float32)).lufs == -np.inf
    assert measured(both(sine(1_000, -20, 0.39))).lufs == -np.inf
    empty = LoudnessMeter(48_000)
    assert (empty.lufs, empty.rms, empty.true_peak) == (-np.inf, 0, 0)


def test_rms_of_a_sine_is_3_db_below_its_peak():
    meter = measured(both(sine(1_000, -6, 1)))
    assert db(meter.rms) == pytest.approx(-9.01, abs=0.01)
    assert db(meter.peak) == pytest.approx(-6, abs=0.01)
