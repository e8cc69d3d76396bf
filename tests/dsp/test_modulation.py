"""Modulation effects: rate, depth, stereo."""

import numpy as np
import pytest

RATE = 48_000
TIME = np.arange(RATE) / RATE
SINE = np.sin(2 * np.pi * 1_000 * TIME)
NOISE = np.random.default_rng(4).uniform(-1, 1, RATE)


def pitch(x: np.ndarray) -> np.ndarray:
    """The frequency at each upward crossing of zero."""
    below = np.flatnonzero((x[:-1] < 0) & (x[1:] >= 0))
    crossings = below + x[below] / (x[below] - x[below + 1])
    return RATE / np.diff(crossings)


def test_tremolo_swells_at_its_rate(listen) -> None:
    left = listen("tremolo", RATE, x=np.ones(RATE), rate=4.0, depth=0.6)[0]
    meant = 1 - 0.3 * (1 - np.cos(2 * np.pi * 4 * TIME))
    assert left == pytest.approx(meant, abs=1e-3)


def test_vibrato_bends_the_pitch_both_ways(listen) -> None:
    heard = pitch(listen("vibrato", RATE, x=SINE, rate=5.0, depth=0.5)[0][2_400:])
    # A delay of 2.5 ms · (1 − cos 2πrt) changes by ±2.5 ms · 2πr.
    bend = 0.0025 * 2 * np.pi * 5
    assert heard.max() == pytest.approx(1_000 * (1 + bend), rel=0.01)
    assert heard.min() == pytest.approx(1_000 * (1 - bend), rel=0.01)


def test_ring_gives_sums_and_differences_of_frequencies(listen) -> None:
    heard = listen("ring", RATE, x=SINE, freq=300.0)[0]
    spectrum = np.abs(np.fft.rfft(heard)) / RATE
    assert spectrum[700] == pytest.approx(0.25, abs=1e-3)
    assert spectrum[1_300] == pytest.approx(0.25, abs=1e-3)
    assert spectrum[1_000] < 1e-3


def test_chorus_is_wide_and_detuned(listen) -> None:
    left, right = listen("chorus", RATE, left=SINE, right=SINE, rate=1.0, depth=1.0, mix=1.0)
    assert np.corrcoef(left[4_800:], right[4_800:])[0, 1] < 0.9
    spectrum = np.abs(np.fft.rfft(left * np.hanning(RATE)))
    beside = np.concatenate([spectrum[960:995], spectrum[1_005:1_040]])
    assert beside.max() > 0.05 * spectrum.max()


def test_a_flanger_without_sweep_is_a_comb(listen) -> None:
    click = np.zeros(RATE)
    click[0] = 1
    left, _ = listen("flanger", RATE, left=click, right=click, depth=0.0, rate=0.0, feedback=0.0)
    # 0.7 ms are 33.6 frames: the first notch lies at 1 / 1.4 ms.
    gains = np.abs(np.fft.rfft(left))
    assert np.argmin(gains[:1_200]) == pytest.approx(714, rel=0.02)
    assert gains[10] == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize("stages", [2, 4, 6, 8, 12])
def test_a_phaser_has_a_notch_for_every_two_stages(listen, stages) -> None:
    click = np.zeros(RATE)
    click[0] = 1
    settings = {"depth": 0.0, "rate": 0.0, "feedback": 0.0, "stages": float(stages)}
    left, _ = listen("phaser", RATE, left=click, right=click, **settings)
    gains = np.abs(np.fft.rfft(left))
    inner = gains[1:-1]
    notches = np.flatnonzero((inner < gains[:-2]) & (inner <= gains[2:]) & (inner < 0.05))
    assert len(notches) == stages // 2


@pytest.mark.parametrize("name", ["flanger", "phaser"])
def test_full_feedback_stays_bounded(listen, name) -> None:
    for feedback in (-0.95, 0.95):
        heard = listen(name, RATE, left=NOISE, right=NOISE, feedback=feedback, rate=5.0)
        assert np.abs(heard).max() < 30
