"""Builds the row of addresses that a kernel call takes, and the state and delay lines behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from phonon.engine.arena import Arena, view
from phonon.engine.plan_layout import LineHeader, ResetRecord
from phonon.graph.ops import Run
from phonon.graph.spec import find_unit
from phonon.kernel.io_layout import (
    HEADER_BYTES,
    KernelLayout,
    Slot,
    bank_header_bytes,
    bank_lengths,
    capacity,
    kernel_layout,
    line_bytes,
)


@dataclass(frozen=True, slots=True)
class RunMemory:
    """The memory of a run of the mix: words of state, and lines (slot, address, capacity).

    Keeps its arena alive, for plans that take the memory over.
    """

    unit: str
    state: int
    size: int
    lines: tuple[tuple[Slot, int, int], ...]
    arena: Arena


@dataclass(slots=True)
class KernelIo:
    """Builds the io of kernel calls in an arena.

    `kept` has the memory of every run of the mix, by its key; a run takes over the memory that
    one of its key had `before`, in another plan. `resets` has, by owner, the copies that let its
    runs begin anew.
    """

    arena: Arena
    sample_rate: int
    before: Mapping[str, RunMemory] = field(default_factory=dict)
    kept: dict[str, RunMemory] = field(default_factory=dict)
    resets: dict[str, list[ResetRecord]] = field(default_factory=dict)
    env: int = 0

    def __post_init__(self) -> None:
        self.env = self.arena.take(8, "the sample rate")
        view(self.env, 2, np.float32)[:] = [self.sample_rate, 1 / self.sample_rate]

    def scalar(self, run: Run, signals: Sequence[int], fixed: Sequence[float | None]) -> int:
        """Build the io of a call in the mix; `fixed` has the values of inputs that never change."""
        unit = find_unit(run.unit)
        shape = kernel_layout(unit)
        constants = {
            name: value for name, value in zip(unit.slots, fixed, strict=True) if value is not None
        }
        frames = [
            0 if slot.kept.kind == "table" else capacity(slot, self.sample_rate, constants)
            for slot in shape.lines
        ]
        memory = self.kept[run.key] = self._memory(run, shape, frames)
        start = self.arena.words(_packed(shape.start(run.seed)), run.unit)
        resets = self.resets.setdefault(run.owner, [])
        resets.append(ResetRecord(target=memory.state, source=start, count=memory.size))
        for slot, address, length in memory.lines:
            if slot.kept.kind == "bank":
                header = bank_header_bytes(slot.kept.count or 1)
                size = line_bytes(slot, 1, length)
                count = (size - header) // 4
                resets.append(ResetRecord(target=address + header, source=0, count=count))
        tables, lines = iter(run.data), iter(memory.lines)
        addresses = [
            self.table(next(tables)) if slot.kept.kind == "table" else next(lines)[1]
            for slot in shape.lines
        ]
        return self.arena.words([*signals, memory.state, *addresses, self.env], run.unit)

    def _memory(self, run: Run, shape: KernelLayout, frames: Sequence[int]) -> RunMemory:
        """The memory that the run had before if it fits, or else new memory."""
        wanted = [
            (slot, length)
            for slot, length in zip(shape.lines, frames, strict=True)
            if slot.kept.kind != "table"
        ]
        old = self.before.get(run.key)
        if (
            old is not None
            and old.unit == run.unit
            and all(
                has >= length for (_, _, has), (_, length) in zip(old.lines, wanted, strict=True)
            )
        ):
            return old
        start = shape.start(run.seed)
        state = self.arena.words(_packed(start), run.unit)
        lines = [(slot, self.line(slot, length, run.unit), length) for slot, length in wanted]
        return RunMemory(run.unit, state, len(start), tuple(lines), self.arena)

    def line(self, slot: Slot, frames: int, what: str, width: int = 1) -> int:
        """Allocate a delay line or bank."""
        address = self.arena.take(line_bytes(slot, width, frames), what)
        self.begin_line(slot, address, frames)
        return address

    def begin_line(self, slot: Slot, address: int, frames: int) -> None:
        """Write the header of a line."""
        line = LineHeader.at(address)
        line.mask, line.position = frames - 1, 0
        if slot.kept.kind == "bank":
            lengths = bank_lengths(slot.kept, self.sample_rate)
            view(address + HEADER_BYTES, len(lengths), np.uint32)[:] = lengths

    def table(self, numbers: Sequence[float]) -> int:
        """Copy the numbers of a node into a table."""
        values = numbers or (0.0,)
        address = self.arena.take(HEADER_BYTES + 4 * len(values), "a table")
        view(address, 1, np.int64)[:] = len(values)
        view(address + HEADER_BYTES, len(values), np.float32)[:] = values
        return address


def _packed(words: Iterable[int]) -> list[int]:
    """Pack words of 32 bits into words of 64, two by two, in memory order."""
    halves = np.fromiter(words, np.uint32)
    if len(halves) % 2:
        halves = np.append(halves, np.uint32(0))
    return [int(word) for word in halves.view(np.int64)]
