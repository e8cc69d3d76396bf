"""Allocates the voices of a patch: groups of 16 lanes, so evenly spaced that an index finds one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from phonon.engine.arena import ALIGNMENT, Arena, view
from phonon.engine.kernel_io import KernelIo
from phonon.engine.plan_layout import (
    LANES,
    CallRecord,
    GroupRecord,
    PatchRecord,
    SampleLanes,
    SeedRecord,
    SharedRecord,
)
from phonon.graph.ops import PatchPlan, Place, Run
from phonon.graph.patch_plan import LEAVE, OUT
from phonon.graph.spec import find_unit
from phonon.kernel.io_layout import (
    SAMPLE_GUARD,
    SILENT_FRAMES,
    Slot,
    capacity,
    kernel_layout,
    line_bytes,
)
from phonon.kernel.library import Item, KernelKey
from phonon.kernel.records import (
    WORD,
    Addresses,
    Inline,
    Pointer,
    Record,
    Table,
    size_of,
)

R = TypeVar("R", bound=Record)

ROW_BYTES = 4 * LANES
SPARE_VOICES = 32  # lanes in which stolen voices fade out
PATCH_LIMIT = 64 << 20  # bytes; a patch with long delay lines has fewer groups


@dataclass(slots=True, repr=False)
class LanePool:
    """Scratch signals for voices, shared by all patches, as one runs after the other.

    All plans of an engine share it too, so that voices can outlive their plan.
    """

    arena: Arena
    block: int
    _scratch: list[int] = field(default_factory=list)
    _sums: dict[tuple[str, int], int] = field(default_factory=dict)

    def scratch(self, number: int) -> int:
        """The scratch signal of this number, in lanes."""
        while len(self._scratch) <= number:
            self._scratch.append(self._take("the voices' signals"))
        return self._scratch[number]

    def sum(self, port: str, side: int) -> int:
        """The sum of a side of a port, in lanes."""
        if (port, side) not in self._sums:
            self._sums[port, side] = self._take("the voices' sums")
        return self._sums[port, side]

    def _take(self, what: str) -> int:
        return self.arena.take(4 * LANES * self.block, what)


@dataclass(slots=True, repr=False)
class PatchMemory:
    """The voices of a patch in memory; a plan that has the same patch takes them over.

    `record` is complete but for the signals that the voices share with the mix.
    """

    signature: object
    arena: Arena
    record: PatchRecord
    groups: list[GroupRecord]
    place: Callable[[Place], int]
    spared: int = 0  # swaps since a plan wanted it

    @property
    def busy(self) -> bool:
        """Whether any voice sounds."""
        return any(group.mask for group in self.groups)


def signature(patch: PatchPlan, ports: Sequence[str]) -> object:
    """A value that is equal for patches that can take over each other's voices."""

    def named(place: Place) -> object:
        if place.kind == "sum":
            return ports[place.index // 2], place.index % 2
        return place

    runs = [
        (
            run.unit,
            tuple(map(named, run.outputs)),
            tuple(map(named, run.inputs)),
            run.seed,
            run.data,
            run.once,
        )
        for run in patch.runs
    ]
    shared = [place for _, place in patch.shared]
    return runs, patch.controls, shared, patch.buffers, patch.rows, patch.constants


def build_patch(
    patch: PatchPlan,
    ports: Sequence[str],
    pool: LanePool,
    arena: Arena,
    sample_rate: int,
    kernels: Mapping[Item, int],
    voices: int,
) -> PatchMemory:
    """Load a patch and its groups. `ports` are those of its stream, in order."""
    scratch = [pool.scratch(number) for number in range(patch.buffers)]
    sums = [pool.sum(port, side) for port in ports for side in range(2)]
    draft = _Group(patch, KernelIo(arena, sample_rate), scratch, sums)
    draft.rows = arena.take(ROW_BYTES * max(patch.rows, 1), patch.name)
    draft.constants = arena.take(ROW_BYTES * max(len(patch.constants), 1), patch.name)
    constants = view(draft.constants, LANES * len(patch.constants), np.float32)
    constants[:] = np.repeat(np.asarray(patch.constants, np.float32), LANES)
    draft.lay_out(kernels)
    count = -(-(voices + SPARE_VOICES) // LANES)
    count = max(1, min(count, PATCH_LIMIT // draft.size))
    units = ", ".join(dict.fromkeys(run.unit for run in patch.runs if run.unit[0] != "_"))
    first = arena.take(draft.size * count, f"{units} in the voices of {patch.stream.name}")
    for number in range(count):
        draft.write(first + number * draft.size)
    start = np.asarray([*draft.start, 0][: len(draft.start) + len(draft.start) % 2], np.uint32)
    groups = [GroupRecord.at(first + number * draft.size) for number in range(count)]
    record = PatchRecord(
        first_group=groups[0],
        group_count=count,
        group_stride=draft.size,
        shared=arena.table(SharedRecord, ()),
        start=arena.words(int(word) for word in start.view(np.int64)),
        row_count=len(draft.start),
        seeds=arena.table(SeedRecord, draft.seeds),
        control_count=len(patch.controls),
        leave=draft.leave,
    )
    return PatchMemory(signature(patch, ports), arena, arena.put(record), groups, draft.place)


@dataclass(slots=True)
class _Group:
    """The layout of a group: offsets, and a template of words that is written at each address."""

    patch: PatchPlan
    nodes: KernelIo
    scratch: Sequence[int]
    sums: Sequence[int]
    rows: int = 0
    constants: int = 0
    size: int = 0
    controls: int = 0
    start: list[int] = field(default_factory=list)
    seeds: list[SeedRecord] = field(default_factory=list)
    leave: int = 0
    samples: list[int] = field(default_factory=list)  # offsets
    lines: list[tuple[Slot, int, int]] = field(default_factory=list)  # slot, offset, frames
    front: NDArray[np.int64] = field(init=False)  # words, and whether they move with the group
    _words: list[tuple[int, int, bool]] = field(default_factory=list)  # offset, word, moves

    def place(self, place: Place) -> int:
        """The address of a place that all groups of the patch share."""
        match place.kind:
            case "buffer":
                return self.scratch[place.index]
            case "sum":
                return self.sums[place.index]
            case "row":
                return self.rows + ROW_BYTES * place.index
            case "constant":
                return self.constants + ROW_BYTES * place.index
        raise ValueError(f"{place} is not in a voice")

    def lay_out(self, kernels: Mapping[Item, int]) -> None:
        """Decide the offsets of everything in a group."""
        runs = self.patch.runs
        shapes = [kernel_layout(find_unit(run.unit)) for run in runs]
        self._reserve(size_of(GroupRecord), 0)
        calls = self._reserve_rows(CallRecord, len(runs))
        tables = [self._reserve(WORD * shape.size, 0) for shape in shapes]
        recordings = sum(slot.kept.kind == "sample" for shape in shapes for slot in shape.lines)
        samples = self._reserve_addresses(SampleLanes, recordings)
        front = self.size
        self.controls = self._reserve(ROW_BYTES * len(self.patch.controls))
        state = self._reserve(ROW_BYTES * sum(shape.rows for shape in shapes))
        for call, table, run, shape in zip(calls, tables, runs, shapes, strict=True):
            if run.unit in (LEAVE, OUT):
                self.leave = len(self.start)
            row = len(self.start)
            own = state + ROW_BYTES * row
            self.seeds += [SeedRecord(row=row + n, seed=run.seed + n) for n in shape.seeded]
            self.start += shape.words
            lines = self._lines(run, shape.lines)
            self._put_words(
                table, [*self._signals(run), (own, True), *lines, (self.nodes.env, False)]
            )
            kernel = kernels[KernelKey(find_unit(run.unit), LANES, run.rates)]
            record = CallRecord(kernel=kernel, io=table, once=int(run.once))
            self._put(call.address, record, ("io",))
        self._put_words(samples.begin, [(offset, True) for offset in self.samples])
        head = GroupRecord(calls=calls, controls=self.controls, state=state, samples=samples)
        self._put(0, head, ("calls", "controls", "state", "samples"))
        self.size = -(-self.size // ALIGNMENT) * ALIGNMENT
        self.front = np.zeros((2, front // WORD), np.int64)
        for offset, word, moves in self._words:
            self.front[:, offset // WORD] = word, moves

    def write(self, address: int) -> None:
        """Write a group at its address."""
        words, moves = self.front
        view(address, len(words), np.int64)[:] = words + moves * address
        for slot, offset, frames in self.lines:
            self.nodes.begin_line(slot, address + offset, frames)
        controls = view(address + self.controls, LANES * len(self.patch.controls), np.float32)
        defaults = np.asarray([default for _, default in self.patch.controls], np.float32)
        controls[:] = np.repeat(defaults, LANES)
        for offset in self.samples:
            lanes = SampleLanes.at(address + offset)
            for lane in range(LANES):
                lanes.left[lane] = lanes.right[lane] = _silent_frame()

    def _reserve(self, size: int, alignment: int = 64) -> int:
        if alignment:
            self.size = -(-self.size // alignment) * alignment
        self.size += size
        return self.size - size

    def _reserve_rows(self, record: type[R], count: int) -> Table[R]:
        """Reserve a table; its addresses are offsets in the group."""
        begin = self._reserve(size_of(record) * count, 0)
        return Table(Inline(record), begin, self.size)

    def _reserve_addresses(self, record: type[R], count: int) -> Addresses[R]:
        begin = self._reserve(WORD * count, 0)
        return Addresses(Pointer(record), begin, self.size)

    def _put(self, offset: int, record: Record, moving: Sequence[str]) -> None:
        """Write a record into the template; the words of these fields move with the group."""
        fields = [type(record).fields[name] for name in moving]
        moves = {
            field.offset + byte for field in fields for byte in range(0, field.kind.size, WORD)
        }
        words = np.frombuffer(bytes(record), np.int64).tolist()
        self._put_words(offset, [(word, WORD * n in moves) for n, word in enumerate(words)])

    def _put_words(self, offset: int, words: Sequence[tuple[int, bool]]) -> None:
        self._words += [(offset + WORD * n, word, moves) for n, (word, moves) in enumerate(words)]

    def _signals(self, run: Run) -> list[tuple[int, bool]]:
        return [
            (self.controls + ROW_BYTES * place.index, True)
            if place.kind == "control"
            else (self.place(place), False)
            for place in (*run.outputs, *run.inputs)
        ]

    def _lines(self, run: Run, slots: Sequence[Slot]) -> list[tuple[int, bool]]:
        tables = iter(run.data)
        words: list[tuple[int, bool]] = []
        unit = find_unit(run.unit)
        fixed = {
            name: self.patch.constants[place.index]
            for name, place in zip(unit.slots, run.inputs, strict=True)
            if place.kind == "constant"
        }
        for slot in slots:
            if slot.kept.kind == "table":
                words.append((self.nodes.table(next(tables)), False))
            elif slot.kept.kind == "sample":
                self.samples.append(self._reserve(line_bytes(slot, LANES)))
                words.append((self.samples[-1], True))
            else:
                frames = capacity(slot, self.nodes.sample_rate, fixed)
                offset = self._reserve(line_bytes(slot, LANES, frames))
                self.lines.append((slot, offset, frames))
                words.append((offset, True))
        return words


_SILENCE: NDArray[np.float32] = np.zeros(SILENT_FRAMES, np.float32)


def _silent_frame() -> int:
    """The address of frame 0 of a sample without frames."""
    return _SILENCE.ctypes.data + 4 * SAMPLE_GUARD
