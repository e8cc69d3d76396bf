"""Keyframes: equal to interpolation formulas, in any order."""

import numpy as np
import pytest

from phonon.dsp.registry import find
from phonon.dsp.tracks import Keyframe, keyframes
from phonon.kernel import oracle

KEYS: list[Keyframe] = [(0.0, 200.0, "lin"), (0.5, 4000.0, "lin"), (1.0, 800.0, "lin")]


def played(keys: list[Keyframe], position: np.ndarray) -> np.ndarray:
    unit = find("track")
    assert unit is not None
    tables = keyframes(keys)
    return oracle.run(unit, {"position": position}, len(position), tables=tables)[0]


def close(found: np.ndarray, wanted: np.ndarray) -> bool:
    return bool(np.all(np.abs(found - wanted) <= 1e-5 * np.maximum(np.abs(wanted), 1)))


def test_straight_lines_equal_numpy_interp() -> None:
    position = np.linspace(-0.5, 1.5, 2000).astype(np.float32)
    times, values, _ = zip(*KEYS, strict=True)
    assert close(played(KEYS, position), np.interp(position, times, values))


def test_the_order_of_the_keys_does_not_matter() -> None:
    assert keyframes(KEYS[::-1]) == keyframes(KEYS)


def test_a_position_that_jumps_back_reads_the_right_segment() -> None:
    position = np.array([0.1, 0.9, 0.2, -1.0, 5.0, 0.6], np.float32)
    times, values, _ = zip(*KEYS, strict=True)
    assert close(played(KEYS, position), np.interp(position, times, values))


def test_one_keyframe_is_a_constant() -> None:
    assert set(played([(3.0, 7.0, "lin")], np.array([-1.0, 3.0, 9.0]))) == {7.0}


def test_a_step_holds_until_its_cycle() -> None:
    found = played([(0, 1, "lin"), (1, 2, "step")], np.array([0.0, 0.5, 0.999, 1.0, 2.0]))
    assert list(found) == [1, 1, 1, 2, 2]


def test_exp_is_exponential() -> None:
    position = np.linspace(0, 4, 500).astype(np.float32)
    found = played([(0, 200, "lin"), (4, 2000, "exp")], position)
    assert close(found, 200 * 10.0 ** (position / 4))


def test_cubic_starts_and_ends_with_slope_zero() -> None:
    position = np.linspace(0, 1, 500).astype(np.float32)
    found = played([(0, 1, "lin"), (1, 3, "cubic")], position)
    assert close(found, 1 + 2 * (3 * position**2 - 2 * position**3))


@pytest.mark.parametrize("bend", [-8.0, -1.0, 0.001, 2.0, 20.0])
def test_a_number_bends_as_in_supercollider(bend: float) -> None:
    position = np.linspace(0, 1, 500).astype(np.float32)
    found = played([(0, 1, "lin"), (1, 3, bend)], position)
    u = position.astype(float)
    wanted = 1 + 2 * (np.expm1(bend * u) / np.expm1(bend) if abs(bend) > 0.01 else u)
    assert close(found, wanted)


def test_two_keyframes_at_one_cycle_are_a_jump() -> None:
    found = played([(0, 1, "lin"), (1, 2, "lin"), (1, 5, "lin"), (2, 6, "lin")], np.array([0.5, 1]))
    assert list(found) == [1.5, 5.0]


@pytest.mark.parametrize("keys", [[], [(0, 1, "lin"), (1, -1, "exp")], [(0, 1, "a"), (1, 1, "b")]])
def test_invalid_tracks_are_refused(keys: list[Keyframe]) -> None:
    with pytest.raises(ValueError, match=r"keyframe|exp|curve"):
        keyframes(keys)
