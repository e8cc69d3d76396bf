"""Runs compiled kernels on arrays and compares them with their oracle, in tests and benchmarks."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping, Sequence
from time import perf_counter_ns
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from phonon.kernel import oracle
from phonon.kernel.form import Form
from phonon.kernel.io_layout import (
    HEADER_BYTES,
    SAMPLE_GUARD,
    WIDTH,
    Slot,
    bank_lengths,
    capacity,
    kernel_layout,
    line_bytes,
)
from phonon.kernel.library import KernelKey, load
from phonon.kernel.native import call, native
from phonon.kernel.values import Recording

Floats = NDArray[np.float32]
KERNEL = ctypes.CFUNCTYPE(None, ctypes.c_int64, ctypes.c_int64, ctypes.c_int64)


def rows(count: int, width: int) -> Floats:
    """Zeros, float32[count][width], 64-byte aligned."""
    return block(count * width * 4).view(np.float32).reshape(count, width)


def block(size: int) -> NDArray[np.uint8]:
    """Zeroed bytes, 64-byte aligned."""
    room = np.zeros(size + 64, np.uint8)
    start = -room.ctypes.data % 64
    return room[start : start + size]


class Kernel:
    """One kernel with memory of its own, to be run on arrays block by block."""

    def __init__(
        self,
        form: Form,
        width: int = 1,
        rates: str = "",
        *,
        sample_rate: float = 48_000.0,
        seed: int = 1,
        tables: Sequence[Sequence[float]] = (),
        recordings: Sequence[Recording] = (),
        address: int = 0,
    ) -> None:
        self.form, self.width = form, width
        self.rates = rates or "a" * len(form.slots)
        key = KernelKey(form, width, self.rates)
        self.address = address or load([key])[key]
        self.layout = kernel_layout(form)
        self.io: NDArray[np.int64] = np.zeros(self.layout.size, np.int64)
        self.held: list[Any] = []  # what io points to
        self.state = rows(max(self.layout.rows, 1), width).view(np.uint32)
        for lane in range(width):
            words = self.layout.start(seed + lane)
            self.state[: len(words), lane] = words
        self._point(self.layout.state, self.state)
        env = rows(2, 1)
        env[:, 0] = sample_rate, 1.0 / sample_rate
        self._point(self.layout.env, env)
        left, sounds = list(tables), list(recordings)
        for slot in self.layout.lines:
            self._point(slot.io, self._line(slot, sample_rate, left, sounds))

    def _point(self, index: int, array: NDArray[Any]) -> None:
        self.held.append(array)
        self.io[index] = array.ctypes.data

    def _line(
        self,
        slot: Slot,
        sample_rate: float,
        tables: list[Sequence[float]],
        recordings: list[Recording],
    ) -> NDArray[np.uint8]:
        kept = slot.kept
        if kept.kind == "table":
            items = np.asarray(tables.pop(0), np.float32)
            made = block(line_bytes(slot, self.width, len(items)))
            made[:8].view(np.int64)[0] = len(items)
            made[HEADER_BYTES:].view(np.float32)[:] = items
        elif kept.kind == "sample":
            made = self._sample(slot, recordings.pop(0))
        else:
            frames = capacity(slot, sample_rate)
            made = block(line_bytes(slot, self.width, frames))
            made[:8].view(np.int64)[0] = frames - 1
            if kept.kind == "bank":
                lengths = bank_lengths(kept, sample_rate)
                made[HEADER_BYTES:].view(np.uint32)[: len(lengths)] = lengths
        return made

    def _sample(self, slot: Slot, recording: Recording) -> NDArray[np.uint8]:
        width = self.width
        made = block(line_bytes(slot, width))
        planes = []
        for channel in recording.channels:
            plane = np.zeros(len(channel) + 2 * SAMPLE_GUARD, np.float32)
            plane[SAMPLE_GUARD : len(channel) + SAMPLE_GUARD] = channel
            self.held.append(plane)
            planes.append(plane.ctypes.data + 4 * SAMPLE_GUARD)
        addresses = made[: 16 * width].view(np.int64)
        addresses[:width], addresses[width:] = planes[0], planes[-1]
        made[16 * width : 20 * width].view(np.uint32)[:] = recording.frames
        made[20 * width :].view(np.float32)[:] = recording.rate
        return made

    def run(
        self, inputs: Mapping[str, ArrayLike], frames: int, blocks: Sequence[int] = ()
    ) -> Floats:
        """The next `frames` frames, float32[outputs][frames][width], in blocks of these sizes.

        A "k" input takes the first value of its array; arrays are [frames] or [frames][width].
        """
        outputs = self.attach(inputs, frames)
        kernel = KERNEL(self.address)
        done = 0
        for size in (*blocks, frames):
            count = min(size, frames - done)
            kernel(self.io.ctypes.data, done, count)
            done += count
        return np.stack(outputs[: self.form.outputs])

    def attach(self, inputs: Mapping[str, ArrayLike], frames: int) -> list[Floats]:
        """Point io at fresh buffers for so many frames: the outputs, then the inputs."""
        outputs = [rows(frames, self.width) for _ in range(self.form.outputs)]
        columns = []
        for name, rate in zip(self.form.slots, self.rates, strict=True):
            given = np.asarray(inputs.get(name, self.form.defaults[name]), np.float32)
            if given.ndim == 1:
                given = given[:, None]
            column = rows(frames if rate == "a" else 1, self.width)
            column[:] = given if rate == "a" or not given.ndim else given[:1]
            columns.append(column)
        for index, array in enumerate((*outputs, *columns)):
            self.io[index] = array.ctypes.data
        return outputs + columns


def run(
    form: Form,
    inputs: Mapping[str, ArrayLike],
    frames: int,
    *,
    width: int = 1,
    rates: str = "",
    blocks: Sequence[int] = (),
    **options: Any,
) -> Floats:
    """A fresh kernel's outputs: float32[outputs][frames], with [width] behind that for lanes.

    Options are those of Kernel: sample_rate, seed, tables, recordings. Lane i is seeded with
    seed + i.
    """
    made = Kernel(form, width, rates, **options).run(inputs, frames, blocks)
    return made[:, :, 0] if width == 1 else made


def disagreement(
    form: Form,
    inputs: Mapping[str, ArrayLike],
    frames: int,
    *,
    width: int = 1,
    rates: str = "",
    lanes: Sequence[int] = (0, WIDTH - 1),
    seed: int = 1,
    **options: Any,
) -> float:
    """The largest difference between kernel and oracle, relative where the oracle exceeds 1.

    Inputs may differ by lane ([frames][width]); only `lanes` of them are compared, since the
    oracle is slow.
    """
    found = run(form, inputs, frames, width=width, rates=rates, seed=seed, **options)
    worst = 0.0
    for lane in lanes if width > 1 else (0,):
        column = {name: _column(value, lane) for name, value in inputs.items()}
        for name, rate in zip(form.slots, rates or "a" * len(form.slots), strict=True):
            if rate == "k" and name in column and np.ndim(column[name]):
                column[name] = np.asarray(column[name])[0]
        meant = oracle.run(form, column, frames, seed=seed + lane, **options)
        mine = found[:, :, lane] if width > 1 else found
        worst = max(worst, float(np.max(np.abs(mine - meant) / np.maximum(1.0, np.abs(meant)))))
        if not np.isfinite(mine).all():
            return float("inf")
    return worst


def _column(value: ArrayLike, lane: int) -> ArrayLike:
    array = np.asarray(value, np.float32)
    if array.ndim == 2:
        return np.asarray(array[:, min(lane, array.shape[1] - 1)])
    return array


@native("void(i64, i64, i64, i64)")
def repeat(address: int, io: int, size: int, times: int) -> None:
    """Call a kernel many times on the same frames."""
    for _ in range(times):
        call(address, io, 0, size)


def nanoseconds(kernel: Kernel, inputs: Mapping[str, ArrayLike], size: int = 64) -> float:
    """The time of one frame (of all lanes together), in nanoseconds: best of many runs."""
    kept = kernel.attach(inputs, size)
    run_often = ctypes.CFUNCTYPE(None, *[ctypes.c_int64] * 4)(load([repeat])[repeat])
    times = max(1, 8192 // size)
    best = float("inf")
    for _ in range(40):
        begin = perf_counter_ns()
        run_often(kernel.address, kernel.io.ctypes.data, size, times)
        best = min(best, (perf_counter_ns() - begin) / (times * size))
    del kept
    return best
