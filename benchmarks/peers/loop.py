"""The render loop of a program, without the start of the process: CPU seconds, as JSON.

    python loop.py PROGRAM SECONDS [SAMPLES]

`loop` is what `Engine.render` takes, the sending of events from Python included; `native` is what
its machine code takes of that (by the wall clock).
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np

from phonon.audio.samples import SampleLibrary
from phonon.engine import Renderer
from phonon.session import compile_source

RATE = 48_000


def main() -> None:
    """Render once and print what it took."""
    path, seconds, *folders = sys.argv[1:]
    score, diagnostics = compile_source(Path(path).read_text(encoding="utf-8"))
    if score is None or diagnostics:
        raise SystemExit("\n".join(map(str, diagnostics)))
    frames = round(float(seconds) * RATE)
    samples = SampleLibrary([Path(folder) for folder in folders], RATE)
    engine = Renderer(score, end=frames, voices=2048, samples=samples)
    engine.render(4096)
    begun = time.process_time()
    sound = engine.render(frames - 4096)
    loop = time.process_time() - begun
    power = float(np.mean(np.square(sound, dtype=np.float64)))
    figures = {
        "loop": loop,
        "native": engine.stats.busy_seconds,
        "voices": engine.peak_voices,
        "started": engine.stats.started,
        "rms_db": 10 * float(np.log10(power + 1e-24)),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
