"""Fixtures that run a compiled unit by name."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from phonon.dsp.registry import Unit, find
from phonon.kernel import harness

Play = Callable[..., np.ndarray]


def unit(name: str) -> Unit:
    found = find(name)
    assert found is not None
    return found


def play(name: str, frames: int, *, lanes: int = 1, **inputs: Any) -> np.ndarray:
    """The first output of a unit, float64[frames] (or [frames][lanes]); arrays go in as audio."""
    form = unit(name)
    options = {key: inputs.pop(key) for key in ("sample_rate", "seed") if key in inputs}
    rates = "".join("a" if np.ndim(inputs.get(slot, 0.0)) else "k" for slot in form.slots)
    made = harness.run(form, inputs, frames, width=lanes, rates=rates, **options)
    return made[0].astype(np.float64)


@pytest.fixture(name="play", scope="session")
def play_fixture() -> Play:
    return play


def listen(name: str, frames: int, **inputs: Any) -> np.ndarray:
    """All outputs of a unit, float64[outputs][frames]; arrays go in as audio."""
    form = unit(name)
    options = {key: inputs.pop(key) for key in ("sample_rate", "recordings") if key in inputs}
    rates = "".join("a" if np.ndim(inputs.get(slot, 0.0)) else "k" for slot in form.slots)
    return harness.run(form, inputs, frames, rates=rates, **options).astype(np.float64)


@pytest.fixture(name="listen", scope="session")
def listen_fixture() -> Play:
    return listen
