"""Laws that hold for every unit of the registry."""

import numpy as np
import pytest

from phonon.dsp.registry import Unit, units
from phonon.dsp.tracks import keyframes
from phonon.kernel.harness import Kernel
from phonon.kernel.library import KernelKey, load
from phonon.kernel.values import Recording

FRAMES = 30_000
NAMES = sorted(name for name, unit in units().items() if not unit.hidden)

# Parameters whose extreme values give silence or a constant signal, rightly.
SILENT = {
    ("div", "y"),
    ("dust", "density"),
    ("gt", "y"),
    ("latch", "hold"),
    ("lt", "y"),
    ("organ", "freq"),
    ("pluck", "gate"),
    ("ring", "freq"),
    ("quantize", "step"),
    ("sampler", "begin"),
    ("sampler", "end"),
    ("schmitt", "low"),
    ("schmitt", "high"),
}


def stimulus(frames: int) -> dict[str, np.ndarray]:
    """Something with highs, lows, loud and soft parts for every input there is."""
    chance = np.random.default_rng(3)
    t = np.arange(frames) / 48_000
    tone = 2 * ((110 * t) % 1) - 1 + 0.3 * np.sin(2 * np.pi * 3000 * t)
    loud = np.array([1.0, 0.3, 0.002])[(8 * t).astype(int) % 3]
    left = (0.7 * tone + 0.2 * chance.uniform(-1, 1, frames)) * loud
    right = (0.5 * np.sin(2 * np.pi * 440 * t) + 0.1 * chance.uniform(-1, 1, frames)) * loud
    found = {"x": left, "left": left, "right": right}
    found["gate"] = ((4 * t) % 1 < 0.6) * 1.0
    found["position"] = 8 * t
    return found


STIMULUS = stimulus(FRAMES)

# What a unit needs besides its defaults for all of its parameters to matter.
BESIDE: dict[str, dict[str, float | np.ndarray]] = {
    "comp": {"threshold": -3.0},
    "duck": {"sidechain": STIMULUS["left"]},
    "eq3": {"low": 12.0, "mid": -12.0, "high": 12.0},
    "eq8": {f"gain{k}": 12.0 for k in range(1, 9)},
    "expander": {"threshold": -6.0},
    "gate": {"threshold": -6.0, "release": 0.01},
    "parametric_eq": {"low": 12.0, "mid": -12.0, "high": 12.0},
    "pm": {"modulator": STIMULUS["right"]},
    "sample_hold": {"trigger": STIMULUS["right"]},
    "sampler": {"accelerate": 2.0, "sustain": 4_000.0},
    "sidechain_comp": {"sidechain": STIMULUS["left"]},
    "tapedelay": {"feedback": 0.9, "time": 0.05},
    "vco": {"wave": 1.0},
}


def sounds(unit: Unit) -> list[str]:
    """The names of the unit's audio inputs."""
    return list(unit.slots[: len(unit.slots) - len(unit.parameters)])


def extras(unit: Unit) -> dict[str, object]:
    kinds = [state.kept.kind for state in unit.states]
    made: dict[str, object] = {}
    if unit.name == "track":
        made["tables"] = keyframes([(0, 1, "lin"), (1, 2, "exp"), (2, 0.5, 3.0), (9, 1, "cubic")])
    if "sample" in kinds:
        made["recordings"] = [Recording([list(np.sin(np.arange(9000) * 0.2) * 0.5)])]
    return made


def rates(unit: Unit, moving: bool = False) -> str:
    """A signal for every input and, where they are moving, every parameter."""
    signals = [*sounds(unit), *(k for k, v in BESIDE.get(unit.name, {}).items() if np.ndim(v))]
    return "".join("a" if moving or slot in signals else "k" for slot in unit.slots)


def default(unit: Unit, name: str) -> float:
    parameter = next(item for item in unit.parameters if item.name == name)
    return 0.4 if parameter.default is None else parameter.default


def played(unit: Unit, moving: bool = False, **values: float | np.ndarray) -> np.ndarray:
    kernel = Kernel(unit, 1, rates(unit, moving), **extras(unit))  # type: ignore[arg-type]
    inputs: dict[str, float | np.ndarray] = {
        name: STIMULUS.get(name, STIMULUS["right"]) for name in sounds(unit)
    }
    inputs |= {item.name: default(unit, item.name) for item in unit.parameters}
    inputs |= BESIDE.get(unit.name, {}) | values
    return kernel.run(inputs, FRAMES)[:, :, 0].astype(np.float64)


@pytest.fixture(scope="module", autouse=True)
def compiled() -> None:
    """All kernels of these tests at once, for two workers."""
    found = units()
    keys = [
        KernelKey(found[n], 1, rates(found[n], moving)) for n in NAMES for moving in (False, True)
    ]
    lanes = [KernelKey(found[n], 16, rates(found[n], True)) for n in NAMES if not found[n].mix_only]
    load(keys + lanes)


def ends(unit: Unit) -> list[tuple[str, float]]:
    pairs = [(item.name, end) for item in unit.parameters for end in (item.low, item.high)]
    return [(name, end) for name, end in pairs if end is not None]


@pytest.mark.parametrize("name", NAMES)
def test_extreme_parameters_give_finite_and_audible_sound(name: str) -> None:
    unit = units()[name]
    for parameter, value in ends(unit):
        found = played(unit, **{parameter: value})
        assert np.isfinite(found).all(), (parameter, value)
        if (name, parameter) not in SILENT:
            assert np.abs(found).max() > 1e-6, (parameter, value)


@pytest.mark.parametrize("name", NAMES)
def test_random_parameters_at_audio_rate_stay_finite(name: str) -> None:
    unit = units()[name]
    chance = np.random.default_rng(5)
    thrown = {}
    for item in unit.parameters:
        low = -1.0 if item.low is None else item.low
        high = 1.0 if item.high is None else item.high
        thrown[item.name] = np.where(chance.random(FRAMES) < 0.5, low, high)
    assert np.isfinite(played(unit, moving=True, **thrown)).all()


def spectrum(x: np.ndarray) -> np.ndarray:
    """Magnitudes over time and frequency: what is heard, without phases."""
    pieces = x[:, : x.shape[1] // 1024 * 1024].reshape(x.shape[0], -1, 1024)
    return np.abs(np.fft.rfft(pieces * np.hanning(1024)))


def distance(a: np.ndarray, b: np.ndarray) -> float:
    """The difference of two sounds, from 0 (equal) to 1 (uncorrelated)."""
    a, b = spectrum(a), spectrum(b)
    return float(np.linalg.norm(a - b) / (np.linalg.norm(a) + np.linalg.norm(b) + 1e-9))


@pytest.mark.parametrize("name", NAMES)
def test_every_parameter_changes_the_sound(name: str) -> None:
    """By at least 2 per cent of the magnitudes, between its default and some other value."""
    unit = units()[name]
    usual = played(unit)
    for item in unit.parameters:
        low, high = item.low, item.high
        assert low is not None
        assert high is not None
        tried = [low, high, low + 0.1 * (high - low), low + 0.5 * (high - low)]
        tried += [default(unit, item.name) * factor for factor in (0.25, 0.5, 2.0, 4.0)]
        best = max(distance(usual, played(unit, **{item.name: value})) for value in tried)
        assert best > 0.02, item.name


@pytest.mark.parametrize("name", NAMES)
def test_the_block_size_changes_nothing(name: str) -> None:
    unit = units()[name]
    inputs = {key: value[:1500] for key, value in STIMULUS.items() if key in sounds(unit)}
    sizes = [1] * 40 + [16] * 20 + [3, 64, 256, 7]
    for width in (1, 16) if not unit.mix_only else (1,):
        whole, parts = (
            Kernel(unit, width, rates(unit, True), **extras(unit)).run(  # type: ignore[arg-type]
                {**inputs, **{p.name: default(unit, p.name) for p in unit.parameters}}, 1500, blocks
            )
            for blocks in ([], sizes)
        )
        assert np.abs(whole - parts).max() <= 1e-5 * max(1.0, np.abs(whole).max()), width
