"""Every unit, compiled for 1 and 16 lanes, compared with its source run in Python.

The sample rate is a power of two, so that phases advance by the same amount in single and in
double precision; otherwise they drift apart, and an oscillator's edges with them.
"""

from typing import Any

import numpy as np
import pytest

from phonon.dsp.registry import Unit, units
from phonon.dsp.tracks import keyframes
from phonon.kernel.harness import disagreement
from phonon.kernel.library import KernelKey, load
from phonon.kernel.values import Recording

RATE = 32_768.0
FRAMES = 700
NAMES = sorted(name for name, unit in units().items() if not unit.hidden)
RATES = "ka"

# Parameters that only agree when they are set so: exact frequencies, and times short enough that
# rounding cannot add up.
CHOSEN = {"freq": 2048.0, "carrier": 2048.0, "modulator": 512.0, "rate": 8.0, "detune": 0.5}
# Taps that move far back stand between two frames with fewer bits to spare.
LOOSER = {"delay": 1e-4, "pingpong": 1e-4, "tapedelay": 1e-4}


def signals(unit: Unit) -> dict[str, np.ndarray]:
    t = np.arange(FRAMES)
    found = {}
    for index, name in enumerate(unit.slots[: len(unit.slots) - len(unit.parameters)]):
        found[name] = (0.8 * np.sin(0.05 * t + index) + 0.2 * np.sin(0.9 * t)).astype(np.float32)
    if "gate" in found:
        found["gate"] = ((t % 300) < 180).astype(np.float32)
    if "position" in found:
        found["position"] = (t / 64).astype(np.float32)
    return found


def settings(unit: Unit, moving: bool) -> dict[str, np.ndarray | float]:
    found: dict[str, np.ndarray | float] = {}
    for index, item in enumerate(unit.parameters):
        usual = 0.375 if item.default is None else item.default
        usual = CHOSEN.get(item.name, usual)
        if item.kind == "seconds":
            usual = min(usual, 0.01)
        if moving and item.kind == "hz":
            steps = np.arange(FRAMES) // 50 % 4
            values = usual * (1 + steps / 4)
        elif moving:
            values = usual * (1 + 0.3 * np.sin(np.arange(FRAMES) * 0.02 * (index + 1)))
        else:
            values = np.full(FRAMES, usual)
        assert item.low is not None
        assert item.high is not None
        found[item.name] = np.clip(values, item.low, item.high).astype(np.float32)
    return found


def extras(unit: Unit) -> dict[str, Any]:
    if unit.name == "track":
        return {"tables": keyframes([(0, 1, "lin"), (1, 2, "exp"), (2, 5, 3.0), (9, 1, "cubic")])}
    if any(state.kept.kind == "sample" for state in unit.states):
        return {"recordings": [Recording([list(np.sin(np.arange(900) * 0.2) * 0.5)])]}
    return {}


@pytest.fixture(scope="module", autouse=True)
def compiled() -> None:
    found = [unit for unit in units().values() if not unit.hidden]
    widths = {unit.name: (1,) if unit.mix_only else (1, 16) for unit in found}
    load([KernelKey(u, w, r * len(u.slots)) for u in found for w in widths[u.name] for r in RATES])


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("name", NAMES)
def test_a_compiled_unit_equals_its_source(name: str, rate: str) -> None:
    unit = units()[name]
    inputs = {**signals(unit), **settings(unit, rate == "a")}
    for width in (1,) if unit.mix_only else (1, 16):
        found = disagreement(
            unit,
            inputs,
            FRAMES,
            width=width,
            rates=rate * len(unit.slots),
            lanes=(3,),
            sample_rate=RATE,
            **extras(unit),
        )
        assert found <= LOOSER.get(name, 1e-5), width
