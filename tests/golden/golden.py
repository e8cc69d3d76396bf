"""Golden renders: every example and every unit's example line, as a hash and a coarse spectrum.

`.venv/bin/python tests/golden/golden.py` renews renders.json and prints what has changed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm
import numpy as np

import phonon
from phonon.dsp.registry import units

ROOT = Path(__file__).parents[2]
STORE = Path(__file__).with_name("renders.json")
RATE = 48_000
EXAMPLE_SECONDS, UNIT_SECONDS = 8, 2
FRAMES = RATE // 2  # one row of the spectrum
EDGES = (0, 44, 88, 177, 355, 710, 1_420, 2_840, 5_680, 11_360, RATE // 2)  # Hz, octaves
QUIETEST = -70.0  # dB; below, nothing is compared
# dB. The first example differs by 1e-6 of full scale at most between x86-64 and ARM, which is less
# than 0.1 dB of a band at -70 dB.
TOLERANCE = 0.3

Render = dict[str, Any]


def machine() -> dict[str, str]:
    """All that the last bits of a float depend on: compiler, libraries, and what the CPU has."""
    features = llvm.get_host_cpu_features().flatten()
    return {
        "cpu": llvm.get_host_cpu_name(),
        "features": hashlib.sha256(features.encode()).hexdigest()[:16],
        **{name: version(name) for name in ("llvmlite", "numba", "numpy")},
    }


def sources() -> dict[str, tuple[str, int]]:
    """The programs and how many seconds of each, by name."""
    return dict(_sources())


def _sources() -> Iterator[tuple[str, tuple[str, int]]]:
    for path in sorted((ROOT / "examples").glob("*.ph")):
        yield f"example {path.stem}", (path.read_text(encoding="utf-8"), EXAMPLE_SECONDS)
    for name, unit in units().items():
        if not unit.hidden:
            yield f"unit {name}", (f"out: {unit.example}", UNIT_SECONDS)


def rendered(source: str, seconds: int) -> Render:
    """The hash of a program's samples, and the dB of each octave in each half second."""
    sound = phonon.render(source, seconds=seconds, sample_rate=RATE)
    samples = np.ascontiguousarray(sound, "<f4").tobytes()
    return {"hash": hashlib.sha256(samples).hexdigest()[:32], "spectrum": spectrum(sound)}


def spectrum(sound: np.ndarray) -> list[list[float]]:
    """The RMS in dB of every octave, for every half second; both sides together."""
    parts = sound.astype(np.float64).reshape(-1, FRAMES, sound.shape[1])
    power = (np.abs(np.fft.rfft(parts, axis=1)) ** 2).sum(2) * 2 / FRAMES**2
    places = np.searchsorted(np.fft.rfftfreq(FRAMES, 1 / RATE), EDGES[:-1])
    octaves = np.add.reduceat(power, places, axis=1)
    levels = 10 * np.log10(np.maximum(octaves, 1e-18))
    return np.round(np.maximum(levels, QUIETEST), 1).tolist()


def deviation(want: Render, got: Render) -> tuple[float, str]:
    """The greatest difference of two spectra in dB, and where it is."""
    differences = np.abs(np.subtract(want["spectrum"], got["spectrum"]))
    row, octave = np.unravel_index(differences.argmax(), differences.shape)
    place = f"{EDGES[octave]} to {EDGES[octave + 1]} Hz at {row / 2:g} s"
    return float(differences[row, octave]), place


def stored() -> dict[str, Any]:
    """What renders.json has: the machine that made it, and the renders by name."""
    found = json.loads(STORE.read_text(encoding="utf-8"))
    for render in found["renders"].values():
        render["spectrum"] = [list(map(float, row.split())) for row in render["spectrum"]]
    return found


def main() -> None:
    """Renders everything anew, writes renders.json, and prints what has changed."""
    before = stored()["renders"] if STORE.exists() else {}
    renders = {name: rendered(*program) for name, program in sources().items()}
    for name in sorted({*before, *renders}):
        if name not in renders:
            print(f"{name}: gone")
        elif name not in before:
            print(f"{name}: new")
        elif before[name]["hash"] != renders[name]["hash"]:
            loudest, place = deviation(before[name], renders[name])
            print(f"{name}: differs by {loudest:.1f} dB at most ({place})")
    for render in renders.values():
        render["spectrum"] = [" ".join(f"{db:g}" for db in row) for row in render["spectrum"]]
    rows = ",\n".join(f"  {json.dumps(name)}: {json.dumps(row)}" for name, row in renders.items())
    text = f'{{"machine": {json.dumps(machine())},\n "renders": {{\n{rows}\n}}}}\n'
    STORE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
