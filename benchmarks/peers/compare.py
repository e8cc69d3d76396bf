"""Phonon beside scsynth, in turns on one core: what a voice and a sample cost.

    python compare.py SUITE [--rounds 5] [--core 1]

SUITE is a prepared copy of the suite (SynthDefs compiled, `make_scores.py` run). Each round runs
every workload with scsynth, then Phonon's render loop (`loop.py`), then the whole `phonon render`;
figures are medians over the rounds. scsynth's start-up is taken off by its run of 0.1 s of silence,
or cancels in the marginal cost (256 voices less 16).
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import programs

HERE = Path(__file__).parent
RATE = 48_000
# label → (score of scsynth, seconds)
WORKLOADS = {
    "w0": ("sc_w0", 0.1),
    "w1_16": ("sc_w1_16", 10.0),
    "w1_64": ("sc_w1_64", 10.0),
    "w1_256": ("sc_w1_256", 10.0),
    "w1_1024": ("sc_w1_1024", 10.0),
    "w2_16": ("sc_w2b4_16", 10.0),
    "w2_64": ("sc_w2b4_64", 10.0),
    "w2_256": ("sc_w2b4_256", 10.0),
    "w3": ("sc_w3", 60.0),
    "w4": ("sc_w4", 60.0),
}
ENGINES = ("scsynth", "loop", "process")
Times = dict[tuple[str, str], float]


def cpu(command: Sequence[str], core: int) -> tuple[float, str]:
    """User and system seconds of a command on one core, and what it prints."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        command,
        check=True,
        capture_output=True,
        text=True,
        preexec_fn=partial(os.sched_setaffinity, 0, {core}),
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout


def measure(suite: Path, label: str, core: int) -> dict[str, float]:
    """One workload with each engine: CPU seconds."""
    score, seconds = WORKLOADS[label]
    out = suite / "out"
    options = "WAV float -o 2 -i 0 -m 32768 -n 8192 -z 64 -D 0"
    theirs = f"scsynth -N {out}/{score}.osc _ {out}/sc.wav {RATE} {options}"
    program, bank = f"{out}/phonon/{label}.ph", f"{out}/phonon/bank"
    loop = f"{sys.executable} {HERE}/loop.py {program} {seconds} {bank}"
    options = f"--bits 32f --seconds {seconds} --samples {bank} --voices 2048"
    whole = f"{sys.executable} -m phonon render {program} {out}/phonon.wav {options}"
    return {
        "scsynth": cpu(theirs.split(), core)[0],
        "loop": json.loads(cpu(loop.split(), core)[1])["loop"],
        "process": cpu(whole.split(), core)[0],
    }


def table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A Markdown table."""
    print(f"\n{title}\n")
    for row in (heads, ["---"] * len(heads), *rows):
        print("| " + " | ".join(row) + " |")


def report(times: Times, spec: Any) -> None:
    """What the runs came to."""
    rows = [[label, *(f"{times[engine, label]:.3f}" for engine in ENGINES)] for label in WORKLOADS]
    heads = ["workload", "scsynth", "Phonon's loop", "phonon render"]
    table("CPU seconds, median", heads, rows)
    song = sum(event["dur"] for event in spec.w4())
    cases = [
        ("W1 16 to 256", "w1_256", "w1_16", 240 * spec.W1_DUR),
        ("W1 256 to 1024", "w1_1024", "w1_256", 768 * spec.W1_DUR),
        ("W2 cubic 16 to 256", "w2_256", "w2_16", 240 * 19 * spec.VDUR),
        ("W4", "w4", "w0", song),
        ("W3, per frame", "w3", "w0", spec.W3_DUR),
    ]
    rows = []
    for name, label, base, seconds in cases:
        theirs = times["scsynth", label] - times["scsynth", base]
        ours = times["loop", label] - times["loop", base]
        costs = [f"{time / (seconds * RATE) * 1e9:.2f}" for time in (theirs, ours)]
        rows.append([name, *costs, f"{theirs / ours:.1f}"])
    heads = ["workload", "scsynth", "Phonon's loop", "times as fast"]
    table("ns per voice and sample, net", heads, rows)
    rows = []
    for label, (_, seconds) in WORKLOADS.items():
        nets = [times[engine, label] - times[engine, "w0"] for engine in ENGINES]
        if label != "w0":
            rows.append([label, *(f"{seconds / net:.0f}" for net in nets)])
    heads = ["workload", "scsynth", "Phonon's loop", "phonon render"]
    table("Times real time, net", heads, rows)


def main() -> None:
    """Write the programs, run in turns, print the tables."""
    parser = argparse.ArgumentParser(description="Phonon beside scsynth")
    parser.add_argument("suite", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--core", type=int, default=1)
    options = parser.parse_args()
    programs.write(options.suite, options.suite / "out" / "phonon")
    found: dict[tuple[str, str], list[float]] = {}
    for _ in range(options.rounds):
        for label in WORKLOADS:
            for engine, time in measure(options.suite, label, options.core).items():
                found.setdefault((engine, label), []).append(time)
    report({key: median(times) for key, times in found.items()}, programs.load_spec(options.suite))


if __name__ == "__main__":
    main()
