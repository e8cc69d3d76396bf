"""What every kernel call finds behind its io slots: signals, state, lines, the sample rate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from phonon.engine.arena import Arena, view
from phonon.graph.ops import Run
from phonon.graph.spec import find_unit
from phonon.kernel.layout import (
    HEADER_BYTES,
    Slot,
    bank_header_bytes,
    bank_lengths,
    capacity,
    layout,
    line_bytes,
)

Reset = tuple[int, int, int]


@dataclass(slots=True)
class Nodes:
    """Builds the io of kernel calls in an arena.

    `states` keeps, for every run of the mix by its key: where its state lies and how many words.
    `resets` keeps, by owner, what to copy where for everything to begin anew.
    """

    arena: Arena
    sample_rate: int
    states: dict[str, tuple[int, int]] = field(default_factory=dict)
    resets: dict[str, list[Reset]] = field(default_factory=dict)
    env: int = 0

    def __post_init__(self) -> None:
        self.env = self.arena.take(8, "the sample rate")
        view(self.env, 2, np.float32)[:] = [self.sample_rate, 1 / self.sample_rate]

    def scalar(self, run: Run, signals: Sequence[int], fixed: Sequence[float | None]) -> int:
        """The io of a call in the mix; `fixed` has the inputs that never change."""
        unit = find_unit(run.unit)
        shape = layout(unit)
        start = shape.start(run.seed)
        state = self.arena.words(_packed(start), run.unit)
        initial = self.arena.words(_packed(start), run.unit)
        self.states[run.key] = state, len(start)
        resets = self.resets.setdefault(run.owner, [])
        resets.append((state, initial, len(start)))
        constants = {
            name: value for name, value in zip(unit.slots, fixed, strict=True) if value is not None
        }
        lines: list[int] = []
        tables = iter(run.data)
        for slot in shape.lines:
            if slot.kept.kind == "table":
                lines.append(self.table(next(tables)))
                continue
            frames = capacity(slot, self.sample_rate, constants)
            lines.append(self.line(slot, frames, run.unit))
            if slot.kept.kind == "bank":
                header = bank_header_bytes(slot.kept.count or 1)
                size = line_bytes(slot, 1, frames)
                resets.append((lines[-1] + header, 0, (size - header) // 4))
        return self.arena.words([*signals, state, *lines, self.env], run.unit)

    def line(self, slot: Slot, frames: int, what: str, width: int = 1) -> int:
        """A new delay line or bank."""
        address = self.arena.take(line_bytes(slot, width, frames), what)
        self.begin_line(slot, address, frames)
        return address

    def begin_line(self, slot: Slot, address: int, frames: int) -> None:
        """Write the head of a line."""
        view(address, 2, np.int64)[:] = [frames - 1, 0]
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
