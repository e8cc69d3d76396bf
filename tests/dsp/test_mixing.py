"""Mixing: constant power, stereo sides."""

import numpy as np
import pytest

from phonon.dsp.registry import find
from phonon.kernel import oracle

X = np.sin(np.arange(64) * 0.3).astype(np.float32)
Y = np.cos(np.arange(64) * 0.7).astype(np.float32)


def run(name: str, **inputs: np.ndarray | float) -> np.ndarray:
    unit = find(name)
    assert unit is not None
    return oracle.run(unit, inputs, 64)


@pytest.mark.parametrize("position", [0.0, 0.25, 0.5, 0.9, 1.0])
def test_pan_keeps_the_power(position: float) -> None:
    left, right = run("pan", left=X, right=X, position=position)
    assert left**2 + right**2 == pytest.approx(X.astype(float) ** 2, abs=1e-6)


def test_pan_reaches_the_sides_and_is_3_db_down_in_the_middle() -> None:
    assert np.abs(run("pan", left=X, right=X, position=0.0)[1]).max() < 1e-6
    assert np.abs(run("pan", left=X, right=X, position=1.0)[0]).max() < 1e-6
    left, right = run("pan", left=X, right=X, position=0.5)
    assert left == pytest.approx(right)
    assert left == pytest.approx(X * 0.5**0.5, abs=1e-6)


def test_width_is_mono_at_0_and_no_change_at_1() -> None:
    left, right = run("width", left=X, right=Y, amount=0.0)
    assert left == pytest.approx(right)
    left, right = run("width", left=X, right=Y, amount=1.0)
    assert left == pytest.approx(X)
    assert right == pytest.approx(Y)


def test_left_right_and_stereo_split_and_join_sides() -> None:
    assert np.array_equal(run("stereo", x=X, other=Y), [X, Y])
    assert np.array_equal(run("left", left=X, right=Y)[0], X)
    assert np.array_equal(run("right", left=X, right=Y)[0], Y)
    assert run("mono", left=X, right=Y)[0] == pytest.approx((X + Y) / 2)


def test_xfade_keeps_the_power_of_uncorrelated_signals() -> None:
    assert run("xfade", x=X, other=Y, position=0.0)[0] == pytest.approx(X)
    assert run("xfade", x=X, other=Y, position=1.0)[0] == pytest.approx(Y)
    assert run("xfade", x=X, other=0.0, position=0.5)[0] == pytest.approx(X * 0.5**0.5)
