"""What kernels cost before they run, and the usual ones per frame: scalar, and per voice of 16.

    taskset -c 1 python benchmarks/bench_kernels.py

The usual kernels are compiled into an empty store, loaded again in a new process, and timed on
blocks of 64 frames. (Every unit's speed: bench_units.py.)
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from phonon.dsp.registry import find
from phonon.kernel import library
from phonon.kernel.harness import Kernel, nanoseconds, repeat
from phonon.kernel.library import KernelKey, load
from phonon.kernel.object_cache import ObjectCache
from phonon.kernel.values import Recording

USUAL = ("mul", "sine", "saw", "pulse", "noise", "lpf", "moog", "onepole", "adsr", "comp", "delay",
         "reverb", "plate", "sampler")  # fmt: skip
RECORDING = Recording([np.sin(np.arange(48_000) * 0.05).tolist()] * 2)


def variants():
    """Both widths of every usual unit, its parameters steady or moving."""
    return [
        (unit, width, "a" * (len(unit.slots) - len(unit.parameters)) + rate * len(unit.parameters))
        for unit in map(find, USUAL)
        for width in ((1,) if unit.mix_only else (1, 16))
        for rate in "ka"
    ]


def seconds_to_load():
    begin = time.perf_counter()
    load([KernelKey(*variant) for variant in variants()])
    return time.perf_counter() - begin


def speeds():
    """Nanoseconds by unit, width and whether parameters move."""
    for unit, width, rates in variants():
        samples = [RECORDING] * sum(state.kept.kind == "sample" for state in unit.states)
        kernel = Kernel(unit, width, rates, recordings=samples)
        noise = np.random.default_rng(1).uniform(-1, 1, 64).astype(np.float32)
        inputs = dict.fromkeys(unit.slots[: len(unit.slots) - len(unit.parameters)], noise)
        yield unit.name, width, rates[-1:], nanoseconds(kernel, inputs) / width


def main():
    if sys.argv[1:]:
        library.use_object_cache(ObjectCache(Path(sys.argv[1])))
        print(f"{seconds_to_load() * 1e3:.0f}")
        return
    with tempfile.TemporaryDirectory() as folder:
        library.use_object_cache(ObjectCache(Path(folder)))
        cold = seconds_to_load()
        again = [sys.executable, __file__, folder]
        warm = subprocess.run(again, capture_output=True, text=True, check=True).stdout.strip()
        print(f"{len(variants())} kernels: {cold:.2f} s to compile, {warm} ms to load")
        load([repeat])
        print(f"{'':12}{'1 steady':>10}{'1 moving':>10}{'16 steady':>10}{'16 moving':>10}   ns")
        table = {}
        for name, width, rate, figure in speeds():
            table.setdefault(name, {})[width, rate] = figure
        for name, row in table.items():
            columns = [
                row.get((width, rate), row.get((width, ""))) for width in (1, 16) for rate in "ka"
            ]
            print(f"{name:12}" + "".join(f"{c:10.2f}" if c else " " * 10 for c in columns))


if __name__ == "__main__":
    main()
