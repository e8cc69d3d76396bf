"""Renders the programs that stand as a JSON list on standard input, one cycle each.

Writes a JSON object: what was refused, what went wrong, the slowest, and the peak memory.
"""

from __future__ import annotations

import json
import resource
import sys
import time
import warnings
from fractions import Fraction

import numpy as np

import phonon
from phonon.session import compile_source

LONGEST = Fraction(4)  # seconds of sound; a cycle may last a quarter of an hour
MEGABYTE = 1 << (10 if sys.platform != "darwin" else 20)


def length(source: str) -> dict[str, Fraction | int]:
    """One cycle, or as much of it as there is time for."""
    from phonon.engine.clock import frames_of_cycles

    score, _ = compile_source(source)
    frames = frames_of_cycles(score.cps, 0, 1)
    return {"cycles": 1} if frames <= LONGEST * 48_000 else {"seconds": LONGEST}


def main() -> None:
    """Render them all."""
    warnings.simplefilter("error")
    warnings.filterwarnings("ignore", r"\d+:\d+: warning", UserWarning)
    refused, wrong, slowest = 0, [], (0.0, "")
    waiting = json.load(sys.stdin)[::-1]
    again = False
    while waiting:
        source = waiting.pop()
        begun = time.process_time()
        try:
            sound = phonon.render(source, **length(source))
            if not np.isfinite(sound).all():
                wrong.append((source, "not finite"))
            elif sound.size and np.abs(sound).max() > 1:
                wrong.append((source, "beyond full scale"))
        except phonon.PhononError as error:
            refused += 1
            if not all(found.message for found in error.diagnostics):
                wrong.append((source, "refused without a word"))
        except Exception as error:  # noqa: BLE001  # whatever it is, it is what is looked for
            wrong.append((source, f"{type(error).__name__}: {error}"))
        seconds = time.process_time() - begun
        again = seconds > 1 and not again
        if again:  # perhaps its kernels had to be compiled
            waiting.append(source)
        else:
            slowest = max(slowest, (seconds, source))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE
    json.dump({"refused": refused, "wrong": wrong, "slowest": slowest, "peak": peak}, sys.stdout)


main()
