"""Nanoseconds per frame of unit kernels, scalar and per voice of 16 lanes, and compile times.

taskset -c 1 python benchmarks/bench_kernels.py [WORD ...]
"""

import sys
import time

import numpy as np

from phonon.dsp.registry import find, units
from phonon.kernel.harness import Kernel, nanoseconds
from phonon.kernel.library import Key, load
from phonon.kernel.values import Recording

USUAL = (
    "mul",
    "sine",
    "saw",
    "pulse",
    "noise",
    "lpf",
    "moog",
    "onepole",
    "adsr",
    "comp",
    "delay",
    "reverb",
    "plate",
    "sampler",
)
RECORDING = Recording([np.sin(np.arange(48_000) * 0.05).tolist()] * 2)


def material(unit):
    kinds = [state.kept.kind for state in unit.states]
    return {
        "tables": [np.linspace(0, 1, 16).tolist()] * kinds.count("table"),
        "recordings": [RECORDING] * kinds.count("sample"),
    }


def rates(unit, parameters):
    return "a" * (len(unit.slots) - len(unit.parameters)) + parameters * len(unit.parameters)


def main():
    words = sys.argv[1:] or [word for word in USUAL if find(word)]
    if words == ["all"]:
        words = sorted(units())
    chosen = [find(word) for word in words]
    variants = [
        (unit, width, rates(unit, letter))
        for unit in chosen
        for width in ((1,) if unit.mix_only else (1, 16))
        for letter in "ka"
    ]
    begin = time.perf_counter()
    load([Key(*variant) for variant in variants])
    print(f"{len(variants)} kernels at hand in {time.perf_counter() - begin:.2f} s")
    print(f"{'unit':14}{'scalar k':>10}{'scalar a':>10}{'voice k':>10}{'voice a':>10}   ns")
    for unit in chosen:
        row = f"{unit.name:14}"
        for width in (1, 16):
            for letter in "ka":
                if unit.mix_only and width > 1:
                    continue
                kernel = Kernel(unit, width, rates(unit, letter), **material(unit))
                noise = np.random.default_rng(1).uniform(-1, 1, 64).astype(np.float32)
                inputs = {
                    name: noise
                    for name in unit.slots[: len(kernel.rates)]
                    if name in {signal.name for signal in unit.inputs}
                }
                row += f"{nanoseconds(kernel, inputs) / width:10.2f}"
        print(row)


if __name__ == "__main__":
    main()
