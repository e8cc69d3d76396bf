"""Dynamics: static curves, times, ceilings."""

import numpy as np
import pytest

RATE = 48_000
TIME = np.arange(RATE) / RATE
SINE = np.sin(2 * np.pi * 1_000 * TIME)
NOISE = np.random.default_rng(2).uniform(-1, 1, RATE).astype(np.float32)


def level(db: float) -> float:
    return float(10 ** (db / 20))


def decibels(x: np.ndarray) -> np.ndarray:
    return 20 * np.log10(np.abs(x) + 1e-12)


@pytest.mark.parametrize("ratio", [2.0, 4.0, 8.0, 20.0])
@pytest.mark.parametrize("above", [-20.0, -6.0, 3.0, 10.0, 20.0])
def test_the_compressor_follows_its_static_curve(listen, ratio, above) -> None:
    x = SINE * level(-20 + above)
    left, right = listen("comp", RATE, left=x, right=x * 0.5, threshold=-20.0, ratio=ratio)
    wanted = -20 + (above / ratio if above > 0 else above)
    assert decibels(left[-480:]).max() == pytest.approx(wanted, abs=0.2)
    assert right == pytest.approx(left / 2, abs=1e-6)


@pytest.mark.parametrize("attack", [0.001, 0.01, 0.05])
def test_attack_is_the_time_to_63_percent(listen, attack) -> None:
    x = np.where(TIME < 0.1, 0.01, 1.0)
    left, _ = listen("comp", RATE, left=x, right=x, threshold=-20.0, attack=attack)
    taken = decibels(x) - decibels(left)
    reached = np.argmax(taken > (1 - np.exp(-1)) * 15) - np.argmax(x > 0.5)
    assert reached / RATE == pytest.approx(attack, rel=0.05)


def test_release_is_the_time_back_to_37_percent(listen) -> None:
    x = np.where(TIME < 0.3, 1.0, 0.01)
    settings = {"threshold": -20.0, "attack": 0.001, "release": 0.1}
    left, _ = listen("comp", RATE, left=x, right=x, **settings)
    taken = (decibels(x) - decibels(left))[np.argmax(x < 0.5) :]
    assert np.argmax(taken < np.exp(-1) * 15) / RATE == pytest.approx(0.1, rel=0.05)


def test_a_knee_rounds_the_corner(listen) -> None:
    x = SINE * level(-20)
    hard, _ = listen("comp", RATE, left=x, right=x, threshold=-20.0, knee=0.0)
    soft, _ = listen("comp", RATE, left=x, right=x, threshold=-20.0, knee=12.0)
    assert decibels(hard[-480:]).max() == pytest.approx(-20, abs=0.1)
    assert decibels(soft[-480:]).max() == pytest.approx(-20 - 0.75 * 12 / 8, abs=0.2)


def test_the_compressor_changes_nothing_below_its_threshold(listen) -> None:
    x = NOISE * np.float32(0.05)
    left, _ = listen("comp", RATE, left=x, right=x, threshold=-20.0)
    assert (left == x).all()


@pytest.mark.parametrize("name", ["comp", "sidechain_comp", "duck"])
def test_a_side_chain_lowers_the_sound(listen, name) -> None:
    kick = np.where((TIME > 0.2) & (TIME < 0.4), SINE, 0.0)
    x = 0.1 * SINE
    left, _ = listen(name, RATE, left=x, right=x, sidechain=kick)
    before, during, after = (np.abs(left[at : at + 480]).max() for at in (9_000, 18_000, 47_000))
    assert before == pytest.approx(0.1, abs=1e-4)
    assert during < 0.03
    assert after > 0.05


def test_the_expander_doubles_the_distance_below_its_threshold(listen) -> None:
    x = SINE * level(-50)
    left, _ = listen("expander", RATE, left=x, right=x, threshold=-40.0, ratio=2.0)
    assert decibels(left[-480:]).max() == pytest.approx(-60, abs=0.3)


def test_the_gate_closes_after_its_hold(listen) -> None:
    x = np.where(TIME < 0.2, 0.5, 0.001) * SINE
    settings = {"threshold": -30.0, "hold": 0.1, "release": 0.01, "floor": -60.0}
    left, _ = listen("gate", RATE, left=x, right=x, **settings)
    assert left[2_400:9_600] == pytest.approx(x[2_400:9_600], abs=1e-6)
    assert np.abs(left[12_000:13_000]).max() > 0.0009
    assert decibels(left[-4_800:]).max() == pytest.approx(-120, abs=0.5)


LOUD = {
    "noise": NOISE * 10,
    "steps": np.where(TIME % 0.02 < 0.01, 8.0, -0.3),
    "clicks": np.where(np.arange(RATE) % 997 == 0, 50.0, 0.4 * SINE),
    "a swell": SINE * np.linspace(0, 12, RATE),
}


@pytest.mark.parametrize("name", ["limiter", "master"])
@pytest.mark.parametrize("sound", LOUD)
@pytest.mark.parametrize("ceiling", [-0.3, -12.0])
def test_no_peak_exceeds_the_ceiling(listen, name, sound, ceiling) -> None:
    x = LOUD[sound]
    for side in listen(name, RATE, left=x, right=np.roll(x, 7), ceiling=ceiling, release=0.01):
        assert np.abs(side).max() <= level(ceiling) * (1 + 1e-6)
        assert np.abs(side).max() > level(ceiling) * 0.7


def test_below_its_ceiling_the_limiter_is_a_delay_of_127_frames(listen) -> None:
    left, right = listen("limiter", RATE, left=NOISE, right=-NOISE, ceiling=0.0)
    assert (left[127:] == NOISE[:-127]).all()
    assert (right[127:] == -NOISE[:-127]).all()
    assert (left[:127] == 0).all()


def test_the_master_changes_no_bit_below_its_ceiling(listen) -> None:
    left, right = listen("master", RATE, left=NOISE, right=-NOISE, ceiling=0.0)
    assert (left == NOISE).all()
    assert (right == -NOISE).all()


@pytest.mark.parametrize(("name", "late"), [("limiter", 127), ("master", 0)])
def test_a_released_limiter_is_transparent_to_the_last_bit(listen, name, late) -> None:
    x = 0.5 * NOISE
    x[100] = 20
    left, _ = listen(name, RATE, left=x, right=x, ceiling=0.0, release=0.02)
    assert (left[RATE // 2 + late :] == x[RATE // 2 : RATE - late]).all()


@pytest.mark.parametrize("release", [0.01, 0.1, 0.5])
def test_the_master_releases_with_its_time(listen, release) -> None:
    x = np.where(TIME < 0.1, 4.0, 0.5)
    left, _ = listen("master", RATE, left=x, right=x, ceiling=0.0, release=release)
    taken = (1 - left / x)[np.argmax(x < 1) :]
    assert taken[0] == pytest.approx(0.75, abs=0.01)
    assert taken[round(release * RATE)] == pytest.approx(0.75 * np.exp(-1), rel=0.01)


def test_the_gain_of_the_limiter_changes_smoothly(listen) -> None:
    x = np.where(TIME < 0.5, 0.5, 4.0) * np.sin(2 * np.pi * 50 * TIME)
    left, _ = listen("limiter", RATE, left=x, right=x, ceiling=0.0, release=0.5)
    gain = left[127:] / np.where(np.abs(x) < 1e-3, np.nan, x)[:-127]
    jumps = np.abs(np.diff(gain))
    assert np.nanmax(jumps) < 0.01
