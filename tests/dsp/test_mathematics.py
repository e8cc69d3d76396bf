"""Arithmetic units equal arithmetic, and stay finite where it does not."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from phonon.dsp.registry import find
from phonon.kernel import oracle

X = np.linspace(-3.3, 3.3, 200).astype(np.float32)

MEANINGS: dict[str, tuple[dict[str, float], Callable[[float], float]]] = {
    "add": ({"y": 1.5}, lambda x: x + 1.5),
    "sub": ({"y": 1.5}, lambda x: x - 1.5),
    "mul": ({"y": 1.5}, lambda x: x * 1.5),
    "div": ({"y": -1.5}, lambda x: x / -1.5),
    "mod": ({"y": 1.5}, lambda x: x % 1.5),
    "pow": ({"y": 1.5}, lambda x: math.copysign(abs(x) ** 1.5, x)),
    "neg": ({}, lambda x: -x),
    "abs": ({}, abs),
    "min": ({"y": 1.5}, lambda x: min(x, 1.5)),
    "max": ({"y": 1.5}, lambda x: max(x, 1.5)),
    "clip": ({"low": -1, "high": 2}, lambda x: min(max(x, -1), 2)),
    "wrap": ({"low": -1, "high": 2}, lambda x: (x + 1) % 3 - 1),
    "floor": ({}, math.floor),
    "ceil": ({}, math.ceil),
    "round": ({}, lambda x: math.floor(x + 0.5)),
    "quantize": ({"step": 0.5}, lambda x: math.floor(x / 0.5 + 0.5) * 0.5),
    "sqrt": ({}, lambda x: math.copysign(abs(x) ** 0.5, x)),
    "sign": ({}, lambda x: math.copysign(1, x) if x else 0),
    "mtof": ({}, lambda x: 440 * 2 ** ((x - 69) / 12)),
    "gt": ({"y": 1.5}, lambda x: float(x > 1.5)),
    "lt": ({"y": 1.5}, lambda x: float(x < 1.5)),
    "range": ({"low": 200, "high": 300}, lambda x: 250 + 50 * x),
    "rangex": ({"low": 100, "high": 400}, lambda x: 200 * 2**x),
}


def run(name: str, x: np.ndarray | float, frames: int = 200, **inputs: float) -> np.ndarray:
    unit = find(name)
    assert unit is not None
    return oracle.run(unit, {"x": x, **inputs}, frames)[0]


@pytest.mark.parametrize("name", MEANINGS)
def test_a_unit_computes_its_operation(name: str) -> None:
    inputs, meaning = MEANINGS[name]
    wanted = [meaning(float(x)) for x in X]
    assert run(name, X, **inputs) == pytest.approx(wanted, rel=1e-5, abs=1e-6)


def test_division_by_zero_stays_finite() -> None:
    for y in (0.0, 1e-30, -1e-30):
        assert np.isfinite(run("div", X, y=y)).all()
        assert not run("mod", X, y=y).any()


def test_powers_stay_finite() -> None:
    for y in (-1e9, -2.0, 0.0, 1e9):
        assert np.isfinite(run("pow", X, y=y)).all()


def test_lag_covers_60_db_in_its_time_and_starts_at_its_input() -> None:
    step = np.where(np.arange(6000) < 100, 5.0, 6.0)
    found = run("lag", step, 6000, time=0.1)
    assert found[:100] == pytest.approx(5)
    assert found[100 + 4800 - 1] == pytest.approx(5.999, abs=1e-5)
    assert run("lag", step, 6000, time=0.0) == pytest.approx(step)


def test_slew_limits_the_slope() -> None:
    step = np.where(np.arange(200) < 100, 0.0, 1.0)
    found = run("slew", step, 200, up=480, down=1e9)
    assert found[99:109] == pytest.approx(np.arange(10) * 0.01, abs=1e-6)


def test_sample_hold_samples_at_rising_triggers_only() -> None:
    unit = find("sample_hold")
    assert unit is not None
    trigger = np.zeros(200)
    trigger[50:60] = 1.0
    trigger[120] = 1.0
    found = oracle.run(unit, {"x": X, "trigger": trigger}, 200)[0]
    assert set(found[:50]) == {float(X[0])}
    assert set(found[50:120]) == {float(X[50])}
    assert set(found[120:]) == {float(X[120])}


def test_followers_find_the_peak() -> None:
    x = np.sin(np.arange(4000) * 0.2)
    assert run("peak_follower", x, 4000)[2000:].min() > 0.98
    assert run("amp_follower", x, 4000, attack=0.0, release=0.5)[2000:].min() > 0.95


def test_leakdc_removes_the_mean() -> None:
    found = run("leakdc", np.ones(4000), 4000, cutoff=200.0)
    assert abs(found[-1]) < 1e-6
