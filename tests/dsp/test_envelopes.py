"""Envelopes: times exact to the frame, ends, no clicks."""

from collections.abc import Callable

import numpy as np
import pytest

from phonon.dsp.registry import find
from phonon.kernel import oracle

Play = Callable[..., np.ndarray]

RATE = 8_000.0  # few frames for many seconds


def level(name: str, seconds: float, gate: np.ndarray | float = 1.0, **times: float) -> np.ndarray:
    unit = find(name)
    assert unit is not None
    frames = round(seconds * RATE)
    inputs = {"x": 1.0, "gate": gate, **times}
    return oracle.run(unit, inputs, frames, sample_rate=RATE)[0]


def gated(seconds: float, open_for: float) -> np.ndarray:
    return (np.arange(round(seconds * RATE)) < round(open_for * RATE)).astype(float)


@pytest.mark.parametrize("name", ["adsr", "asr", "ad", "perc"])
@pytest.mark.parametrize("attack", [0.0, 0.001, 0.01, 0.25])
def test_the_attack_reaches_the_top_after_its_time(name: str, attack: float) -> None:
    found = level(name, attack + 0.01, attack=attack)
    frames = max(round(attack * RATE), 1)
    assert int(np.argmax(found >= 1)) + 1 == frames
    rise = np.arange(1, frames + 1) / frames
    assert np.abs(found[:frames] - rise).max() < 1e-5


@pytest.mark.parametrize("name", ["adsr", "asr", "ad", "perc"])
@pytest.mark.parametrize("frames", [1.7, 7.49, 7.51, 99.9, 1000.6])
def test_the_attack_takes_whole_frames(name: str, frames: float) -> None:
    found = level(name, (frames + 10) / RATE, attack=frames / RATE)
    assert int(np.argmax(found >= 1)) + 1 == round(frames)
    assert (np.diff(found[: round(frames)]) > 0).all()


def test_decay_covers_60_db_in_its_time() -> None:
    found = level("adsr", 0.5, attack=0, decay=0.25, sustain=0.5)
    assert found[round(0.25 * RATE)] == pytest.approx(0.5005, abs=1e-5)
    assert found[-1] == pytest.approx(0.5, abs=1e-5)


@pytest.mark.parametrize("name", ["adsr", "asr"])
def test_release_falls_60_db_in_its_time(name: str) -> None:
    found = level(name, 0.5, gated(0.5, 0.2), attack=0.01, release=0.25)
    last = found[round(0.2 * RATE) - 1]
    after = found[round(0.45 * RATE) - 1]
    assert 20 * np.log10(after / last) == pytest.approx(-60, abs=0.01)


def test_ad_ignores_when_the_gate_closes() -> None:
    short = level("ad", 0.3, gated(0.3, 0.01), attack=0.05, decay=0.1)
    assert np.array_equal(short, level("ad", 0.3, attack=0.05, decay=0.1))
    assert 20 * np.log10(short[round(0.15 * RATE) - 1]) == pytest.approx(-60, abs=0.01)


@pytest.mark.parametrize("curve", [0.01, 4, 16])
def test_perc_ends_exactly_after_its_release(curve: float) -> None:
    found = level("perc", 0.3, attack=0.05, release=0.1, curve=curve)
    end = round(0.15 * RATE)
    assert found[end - 2] > 0
    assert not found[end - 1 :].any()
    u = np.arange(1, 801) / 800
    wanted = np.expm1(curve * (1 - u)) / np.expm1(curve)
    assert np.abs(found[400:1200] - wanted).max() < 1e-4


@pytest.mark.parametrize("times", [(0, 0.1), (0.003, 0.2), (0.05, 0.0), (0.0123, 0.00031)])
@pytest.mark.parametrize("curve", [0.5, 4, 16])
def test_the_one_shot_unit_equals_perc(
    play: Play, times: tuple[float, float], curve: float
) -> None:
    settings = {"x": np.ones(12_000), "attack": times[0], "release": times[1], "curve": curve}
    stroke = play("_stroke", 12_000, **settings)
    perc = play("perc", 12_000, gate=1.0, **settings)
    assert np.abs(stroke - perc).max() < 1e-5
    assert np.array_equal(stroke > 0, perc > 0)


@pytest.mark.parametrize("name", ["adsr", "asr", "ad", "perc"])
def test_a_new_attack_starts_at_the_current_level(name: str) -> None:
    gate = np.concatenate([gated(0.1, 0.08), gated(0.1, 0.04), gated(0.1, 0.05)])
    found = level(name, 0.3, gate, attack=0.05)
    assert np.abs(np.diff(found)).max() < 0.03  # decays of 0.1 s and more at 8 kHz


@pytest.mark.parametrize("name", ["line", "xline", "curve"])
def test_lines_end_after_their_length_and_stay(name: str) -> None:
    unit = find(name)
    assert unit is not None
    inputs = {"start": 200.0, "end": 800.0, "length": 0.1}
    found = oracle.run(unit, inputs, 1000, sample_rate=RATE)[0]
    assert found[0] == pytest.approx(200)
    assert found[800:] == pytest.approx(800)
    assert (np.diff(found[:801]) > 0).all()


def test_xline_is_exponential() -> None:
    unit = find("xline")
    assert unit is not None
    found = oracle.run(unit, {"start": 1.0, "end": 16.0, "length": 0.1}, 800, sample_rate=RATE)[0]
    assert found[[200, 400, 600]] == pytest.approx([2, 4, 8], rel=1e-5)
