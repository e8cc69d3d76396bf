"""Aliases of Phonon's shapes beside SuperCollider's saw, as the suite's `quality/saw.py` has them.

    python aliasing.py SUITE

The strongest partial below 16 kHz that is no harmonic, in decibels of the fundamental.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

import phonon

RATE = 48_000
FREQUENCIES = (440.7, 1760.3, 5003.3)
SHAPES = ("saw", "square", "tri", "pulse {} 0.3")


def strongest(sound: NDArray[np.float32], freq: float) -> float:
    """The strongest alias."""
    piece = sound[RATE // 2 : RATE // 2 + 65_536].astype(np.float64)
    levels = np.abs(np.fft.rfft(piece * np.blackman(len(piece))))
    bins = np.fft.rfftfreq(len(piece), 1 / RATE)
    fundamental = levels[np.abs(bins - freq) < 8].max()
    others = (bins > 30) & (bins < 16_000)
    for number in range(1, int(RATE / 2 / freq) + 1):
        others &= np.abs(bins - number * freq) > 12
    return float(20 * np.log10(levels[others].max() / fundamental + 1e-12))


def supercollider(suite: Path, freq: float) -> NDArray[np.float32]:
    """Two seconds of its Saw."""
    sys.path[:0] = [str(suite / "scsynth"), str(suite / "common")]
    import make_scores as scores  # type: ignore[import-not-found]

    definition = (suite / "quality" / "sawraw.scsyndef").read_bytes()
    scores.DEFS = [scores.msg("/d_recv", definition)]
    event = scores.msg("/s_new", "sawraw", 1000, 0, 0, "freq", freq)
    scores.score("q", [(0.0, event)], 2.0)
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/q.wav"
        options = f"_ {path} {RATE} WAV float -o 2 -i 0 -D 0"
        command = ["scsynth", "-N", f"{scores.OUT}/q.osc", *options.split()]
        subprocess.run(command, check=True, capture_output=True)
        sound: NDArray[np.float32] = soundfile.read(path, dtype="float32")[0][:, 0]
    return sound


def main() -> None:
    """Print the table."""
    suite = Path(sys.argv[1])
    print("| shape | " + " | ".join(f"{freq:g} Hz" for freq in FREQUENCIES) + " |")
    print("|---" * (1 + len(FREQUENCIES)) + "|")
    for shape in SHAPES:
        texts = [shape.format(f) if "{" in shape else f"{shape} {f}" for f in FREQUENCIES]
        sounds = [phonon.render(f"out: {text} * 0.5", seconds=2)[:, 0] for text in texts]
        show(f"Phonon {shape.replace('{} ', '')}", sounds)
    show("SuperCollider Saw", [supercollider(suite, freq) for freq in FREQUENCIES])


def show(name: str, sounds: list[NDArray[np.float32]]) -> None:
    """One row."""
    levels = [f"{strongest(*pair):.0f} dB" for pair in zip(sounds, FREQUENCIES, strict=True)]
    print(f"| {name} | " + " | ".join(levels) + " |")


if __name__ == "__main__":
    main()
