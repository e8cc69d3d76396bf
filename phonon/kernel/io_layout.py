"""Lays out the memory that a unit's kernel expects: io slots, rows of state, sizes of lines."""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from phonon.kernel.form import Form, Kept

WIDTH = 16
"""Voices per lane kernel."""
HEADER_BYTES = 64
SAMPLE_GUARD = 4
"""Zero frames before and behind every channel of a recording."""
SILENT_FRAMES = 2 * SAMPLE_GUARD
SPARE_FRAMES = 5
"""Frames a line is longer than its reach: interpolation and the frame being written."""


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of a kept thing: `row` of the state (or -1), `io` slot of a line (or -1).

    A memory has both: its row counts the lane's age in frames.
    """

    name: str
    kept: Kept
    index: int = 0
    row: int = -1
    rows: int = 0
    io: int = -1


@dataclass(frozen=True, slots=True)
class KernelLayout:
    """The io slots and state rows of a unit; the same for both widths and all rates.

    `words` is one lane's state at its start, a 32-bit word per row; `seeded` are the rows that
    start with a number of their own instead. `lines` are the memories, banks, tables and samples
    in the order of their io slots.
    """

    outputs: int
    inputs: int
    slots: tuple[Slot, ...]
    words: tuple[int, ...]
    seeded: tuple[int, ...]
    lines: tuple[Slot, ...]

    @property
    def rows(self) -> int:
        """Rows of state, each W words of 32 bits."""
        return len(self.words)

    @property
    def state(self) -> int:
        """The io slot of the state."""
        return self.outputs + self.inputs

    @property
    def env(self) -> int:
        """The io slot of the environment, the last."""
        return self.state + 1 + len(self.lines)

    @property
    def size(self) -> int:
        """How many io slots there are."""
        return self.env + 1

    def start(self, seed: int) -> list[int]:
        """One lane's first state, seeded."""
        words = list(self.words)
        for row in self.seeded:
            words[row] = seed_word(seed, row)
        return words


@cache
def kernel_layout(form: Form) -> KernelLayout:
    """The layout of a unit's kernels."""
    slots: list[Slot] = []
    words: list[int] = []
    seeded: list[int] = []
    first_line = form.outputs + len(form.slots) + 1
    lines = 0
    for state in form.states:
        kept = state.kept
        for index in range(1 if kept.count is None or kept.kind == "bank" else kept.count):
            row, io, rows = -1, -1, 0
            if kept.kind in ("float", "bits", "fixed", "memory"):
                row, first = len(words), _first_words(kept)
                rows = len(first)
                words += first
                if kept.seeded:
                    seeded.append(row)
            if kept.kind in ("memory", "bank", "table", "sample"):
                io = first_line + lines
                lines += 1
            slots.append(Slot(state.name, kept, index, row, rows, io))
    return KernelLayout(
        form.outputs,
        len(form.slots),
        tuple(slots),
        tuple(words),
        tuple(seeded),
        tuple(slot for slot in slots if slot.io >= 0),
    )


def _first_words(kept: Kept) -> list[int]:
    """The 32-bit words that one kept thing starts with."""
    if kept.kind == "bits":
        return [int(kept.initial) % (1 << 32)]
    if kept.kind == "float":
        return list(struct.unpack("<I", struct.pack("<f", kept.initial)))
    return [0, 0] if kept.kind == "fixed" else [0]


def seed_word(seed: int, row: int = 0) -> int:
    """A well-mixed 32-bit number of a seed (splitmix64's finaliser)."""
    word = (seed * 0x9E3779B97F4A7C15 + row * 0xD1B54A32D192ED03 + 1) % (1 << 64)
    word = ((word ^ (word >> 30)) * 0xBF58476D1CE4E5B9) % (1 << 64)
    word = ((word ^ (word >> 27)) * 0x94D049BB133111EB) % (1 << 64)
    return (word ^ (word >> 31)) & 0xFFFFFFFF


def capacity(slot: Slot, sample_rate: float, constants: Mapping[str, float] | None = None) -> int:
    """Frames of a memory or bank: a power of two.

    `constants` are the values of the parameters that never change in this node.
    """
    kept = slot.kept
    seconds = max(kept.seconds) if kept.kind == "bank" else kept.seconds[slot.index]
    if kept.kind == "bank":
        seconds *= 2  # modulated taps may swing around the nominal lengths
    if kept.by and constants and kept.by in constants:
        seconds = min(seconds, max(constants[kept.by], 0.0))
    frames = math.ceil(seconds * sample_rate) + SPARE_FRAMES
    return 1 << max(frames - 1, 7).bit_length()


def reach(frames: int) -> int:
    """How far back the taps of a line with that capacity go."""
    return frames - SPARE_FRAMES + 1


def bank_lengths(kept: Kept, sample_rate: float) -> list[int]:
    """The nominal lengths of a bank's lines in frames."""
    return [max(1, round(seconds * sample_rate)) for seconds in kept.seconds]


def bank_header_bytes(count: int) -> int:
    """Bytes before the first frame of a bank: header and lengths."""
    return HEADER_BYTES + -(-count * 4 // 64) * 64


def line_bytes(slot: Slot, width: int, frames: int = 0) -> int:
    """Bytes of the block behind a line slot; `frames` is a capacity, or a table's length."""
    kept = slot.kept
    if kept.kind == "memory":
        return HEADER_BYTES + frames * width * 4
    if kept.kind == "bank":
        count = len(kept.seconds)
        return bank_header_bytes(count) + frames * count * 4
    if kept.kind == "table":
        return HEADER_BYTES + frames * 4
    return width * 24
