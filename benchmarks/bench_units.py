"""Nanoseconds per voice-sample of every unit, for a voice in sixteen lanes and for a mix.

    taskset -c 1 pytest benchmarks/bench_units.py --benchmark-columns=min,median

A round is 32 blocks of 256 frames (lanes) or of 1024 (alone). The call from Python costs as much
as a saw, so an empty block is measured too and taken off. The figure per frame and voice is in
`extra_info` of `--benchmark-json`, and is printed with `-s`.
"""

import ctypes
import timeit
from typing import Any

import numpy as np
import pytest

from phonon.dsp.registry import Unit, units
from phonon.dsp.tracks import keyframes
from phonon.kernel.harness import KERNEL, Kernel, rows
from phonon.kernel.library import KernelKey, load
from phonon.kernel.values import Recording

NAMES = sorted(name for name, unit in units().items() if not unit.hidden)
CASES = [
    (name, width, rate)
    for name in NAMES
    for width in ((1,) if units()[name].mix_only else (16, 1))
    for rate in "ka"
]
CALLS = 32  # per round


def rates(unit: Unit, rate: str) -> str:
    """Signals are signals; parameters are constant (k) or move (a)."""
    parameters = len(unit.parameters)
    return "a" * (len(unit.slots) - parameters) + rate * parameters


def prepared(unit: Unit, width: int, rate: str, frames: int) -> Kernel:
    extras = {}
    if unit.name == "track":
        extras["tables"] = keyframes([(k / 10, k % 7, "lin") for k in range(100)])
    if any(state.kept.kind == "sample" for state in unit.states):
        extras["recordings"] = [Recording([list(np.sin(np.arange(48_000) * 0.05))])]
    kernel = Kernel(unit, width, rates(unit, rate), **extras)
    columns = [rows(frames, width) for _ in range(unit.outputs)]
    for name, kind in zip(unit.slots, kernel.rates, strict=True):
        column = rows(frames if kind == "a" else 1, width)
        column[:] = unit.defaults[name]
        if name in ("x", "left", "right"):
            column[:] = np.sin(np.arange(len(column)) * 0.05)[:, None]
        columns.append(column)
    for index, column in enumerate(columns):
        kernel.io[index] = column.ctypes.data
        kernel.held.append(column)
    return kernel


@pytest.fixture(scope="module", autouse=True)
def compiled() -> None:
    load([KernelKey(units()[n], width, rates(units()[n], rate)) for n, width, rate in CASES])


@pytest.mark.parametrize(("name", "width", "rate"), CASES)
def test_unit(benchmark: Any, name: str, width: int, rate: str) -> None:
    frames = 256 if width > 1 else 1024
    kernel = prepared(units()[name], width, rate, frames)
    call, io = KERNEL(kernel.address), ctypes.c_int64(kernel.io.ctypes.data)

    def block() -> None:
        for _ in range(CALLS):
            call(io, 0, frames)

    benchmark.pedantic(block, rounds=40, warmup_rounds=3)
    empty = min(timeit.repeat(lambda: call(io, 0, 0), number=2_000, repeat=7)) / 2_000
    nanoseconds = (benchmark.stats.stats.min / CALLS - empty) / frames / width * 1e9
    benchmark.extra_info["ns per voice-sample"] = round(nanoseconds, 3)
    print(f"{name:14} {width:2} {rate} {nanoseconds:8.3f} ns")


@pytest.mark.parametrize("count", [4, 100, 1000])
def test_keyframe_lookup(benchmark: Any, count: int) -> None:
    """A track of many keys costs what one of few does."""
    unit = units()["track"]
    keys = keyframes([(k / count, k % 7, "lin") for k in range(count)])
    kernel = Kernel(unit, 1, "a", tables=keys)
    position = np.linspace(0, 1, 512).astype(np.float32)
    benchmark(lambda: kernel.run({"position": position}, 512))
