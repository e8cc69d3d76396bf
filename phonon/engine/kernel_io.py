"""What every kernel call finds behind its io slots: signals, state, lines, the sample rate."""

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
    """What a run of the mix keeps: words of state, lines (slot, address, capacity).

    The arena lives as long as anything in it is in use, by whatever plan.
    """

    unit: str
    state: int
    size: int
    lines: tuple[tuple[Slot, int, int], ...]
    arena: Arena


@dataclass(slots=True)
class KernelIo:
    """Builds the io of kernel calls in an arena.

    `kept` has, for every run of the mix by its key, what it keeps. What a run of that key kept
    `before`, in another plan, is taken over. `resets` says, by owner, what to copy where for
    everything to begin anew.
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
        """The io of a call in the mix; `fixed` has the inputs that never change."""
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
        """What a run keeps: what it kept before, or else new."""
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
        """A new delay line or bank."""
        address = self.arena.take(line_bytes(slot, width, frames), what)
        self.begin_line(slot, address, frames)
        return address

    def begin_line(self, slot: Slot, address: int, frames: int) -> None:
        """Write the head of a line."""
        line = LineHeader.at(address)
        line.mask, line.position = frames - 1, 0
        if slot.kept.kind == "bank":
            lengths = bank_lengths(slot.kept, self.sample_rate)
            view(address + HEADER_BYTES, len(lengths), np.uint32)[:] = lengths

    def table(self, numbers: Sequence[float]) -> int:
        """Numbers that a node brings along."""
        values = numbers or (0.0,)
        address = self.arena.take(HEADER_BYTES + 4 * len(values), "a table")
        view(address, 1, np.int64)[:] = len(values)
        view(address + HEADER_BYTES, len(values), np.float32)[:] = values
        return address


def _packed(words: Iterable[int]) -> list[int]:
    """Words of 32 bits as words of 64, two by two, as they lie in memory."""
    halves = np.fromiter(words, np.uint32)
    if len(halves) % 2:
        halves = np.append(halves, np.uint32(0))
    return [int(word) for word in halves.view(np.int64)]
