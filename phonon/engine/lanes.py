"""A patch in memory: groups of sixteen voices, all alike, at equal distances."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from phonon.engine import layout as at
from phonon.engine.arena import ALIGNMENT, Arena, view
from phonon.engine.nodes import Nodes
from phonon.graph.lanes import LEAVE, OUT
from phonon.graph.ops import PatchPlan, Place, Run
from phonon.graph.spec import find_unit
from phonon.kernel.layout import SAMPLE_GUARD, SILENT_FRAMES, Slot, capacity, layout, line_bytes
from phonon.kernel.library import Item, Key

ROW_BYTES = 4 * at.LANES
SPARE_VOICES = 32  # lanes in which stolen voices fade out
PATCH_LIMIT = 64 << 20  # bytes; a patch with long delay lines has fewer groups


@dataclass(slots=True, repr=False)
class Pool:
    """What all voices share while they are worked out, one patch after the other.

    It is the same for all programs of an engine, so that voices outlive theirs.
    """

    arena: Arena
    block: int
    _scratch: list[int] = field(default_factory=list)
    _sums: dict[tuple[str, int], int] = field(default_factory=dict)

    def scratch(self, number: int) -> int:
        """A signal in lanes."""
        while len(self._scratch) <= number:
            self._scratch.append(self._take("the voices' signals"))
        return self._scratch[number]

    def sum(self, port: str, side: int) -> int:
        """What a port receives, in lanes."""
        if (port, side) not in self._sums:
            self._sums[port, side] = self._take("the voices' sums")
        return self._sums[port, side]

    def _take(self, what: str) -> int:
        return self.arena.take(4 * at.LANES * self.block, what)


@dataclass(slots=True, repr=False)
class PatchMemory:
    """A patch's voices in memory; a program that has the same patch takes them over.

    `words` are a patch's for the compiled code, but for the signals that its voices share.
    """

    signature: object
    arena: Arena
    words: list[int]
    groups: list[int]
    place: Callable[[Place], int]
    spared: int = 0  # swaps since a program wanted it

    @property
    def busy(self) -> bool:
        """Whether any voice is in use."""
        return any(view(group, 1, np.int64)[at.MASK] for group in self.groups)


def signature(patch: PatchPlan, ports: Sequence[str]) -> object:
    """Equal for patches that do the same with the same memory."""

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
    pool: Pool,
    arena: Arena,
    sample_rate: int,
    kernels: Mapping[Item, int],
    voices: int,
) -> PatchMemory:
    """Put a patch and its groups into memory. `ports` are those of its stream, in order."""
    scratch = [pool.scratch(number) for number in range(patch.buffers)]
    sums = [pool.sum(port, side) for port in ports for side in range(2)]
    draft = _Group(patch, Nodes(arena, sample_rate), scratch, sums)
    draft.rows = arena.take(ROW_BYTES * max(patch.rows, 1), patch.name)
    draft.constants = arena.take(ROW_BYTES * max(len(patch.constants), 1), patch.name)
    constants = view(draft.constants, at.LANES * len(patch.constants), np.float32)
    constants[:] = np.repeat(np.asarray(patch.constants, np.float32), at.LANES)
    draft.lay_out(kernels)
    count = -(-(voices + SPARE_VOICES) // at.LANES)
    count = max(1, min(count, PATCH_LIMIT // draft.size))
    units = ", ".join(dict.fromkeys(run.unit for run in patch.runs if run.unit[0] != "_"))
    first = arena.take(draft.size * count, f"{units} in the voices of {patch.stream.name}")
    for number in range(count):
        draft.write(first + number * draft.size)
    words = [0] * at.PATCH_WORDS
    words[at.GROUPS], words[at.GROUP_COUNT], words[at.GROUP_STRIDE] = first, count, draft.size
    start = np.asarray([*draft.start, 0][: len(draft.start) + len(draft.start) % 2], np.uint32)
    words[at.START] = arena.words(int(word) for word in start.view(np.int64))
    words[at.ROW_COUNT] = len(draft.start)
    words[at.SEEDS], words[at.SEEDS_END] = arena.table(draft.seeds)
    words[at.CONTROL_COUNT] = len(patch.controls)
    words[at.LEAVE] = draft.leave
    groups = [first + number * draft.size for number in range(count)]
    return PatchMemory(signature(patch, ports), arena, words, groups, draft.place)


@dataclass(slots=True)
class _Group:
    """One group, before it has an address: offsets, and a template of words to be moved there."""

    patch: PatchPlan
    nodes: Nodes
    scratch: Sequence[int]
    sums: Sequence[int]
    rows: int = 0
    constants: int = 0
    size: int = 0
    controls: int = 0
    start: list[int] = field(default_factory=list)
    seeds: list[tuple[int, int]] = field(default_factory=list)
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
        """Decide where in a group everything lies."""
        runs = self.patch.runs
        shapes = [layout(find_unit(run.unit)) for run in runs]
        calls = self._reserve(8 * at.GROUP_WORDS, 0) + 8 * at.GROUP_WORDS
        self._reserve(8 * 3 * len(runs), 0)
        tables = [self._reserve(8 * shape.size, 0) for shape in shapes]
        recordings = sum(slot.kept.kind == "sample" for shape in shapes for slot in shape.lines)
        samples = self._reserve(8 * recordings, 0)
        front = self.size
        self.controls = self._reserve(ROW_BYTES * len(self.patch.controls))
        state = self._reserve(ROW_BYTES * sum(shape.rows for shape in shapes))
        for index, (run, shape) in enumerate(zip(runs, shapes, strict=True)):
            if run.unit in (LEAVE, OUT):
                self.leave = len(self.start)
            own = state + ROW_BYTES * len(self.start)
            self.seeds += [(len(self.start) + row, run.seed + row) for row in shape.seeded]
            self.start += shape.words
            lines = self._lines(run, shape.lines)
            io = [*self._signals(run), (own, True), *lines, (self.nodes.env, False)]
            unit = find_unit(run.unit)
            kernel = kernels[Key(unit, at.LANES, run.rates)]
            self._put(calls + 24 * index, [(kernel, False), (tables[index], True)])
            self._put(calls + 24 * index + 16, [(int(run.once), False)])
            self._put(tables[index], io)
        self._put(samples, [(offset, True) for offset in self.samples])
        head = {
            at.CALLS: calls,
            at.CALLS_END: calls + 24 * len(runs),
            at.CONTROLS: self.controls,
            at.STATE: state,
            at.SAMPLES: samples,
            at.SAMPLES_END: samples + 8 * len(self.samples),
        }
        for index, offset in head.items():
            self._put(8 * index, [(offset, True)])
        self.size = -(-self.size // ALIGNMENT) * ALIGNMENT
        self.front = np.zeros((2, front // 8), np.int64)
        for offset, word, moves in self._words:
            self.front[:, offset // 8] = word, moves

    def write(self, address: int) -> None:
        """Write a group at its address."""
        words, moves = self.front
        view(address, len(words), np.int64)[:] = words + moves * address
        for slot, offset, frames in self.lines:
            self.nodes.begin_line(slot, address + offset, frames)
        controls = view(address + self.controls, at.LANES * len(self.patch.controls), np.float32)
        defaults = np.asarray([default for _, default in self.patch.controls], np.float32)
        controls[:] = np.repeat(defaults, at.LANES)
        for offset in self.samples:
            view(address + offset, 2 * at.LANES, np.int64)[:] = _silent_frame()

    def _reserve(self, size: int, alignment: int = 64) -> int:
        if alignment:
            self.size = -(-self.size // alignment) * alignment
        self.size += size
        return self.size - size

    def _put(self, offset: int, words: Sequence[tuple[int, bool]]) -> None:
        self._words += [(offset + 8 * i, word, moves) for i, (word, moves) in enumerate(words)]

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
                self.samples.append(self._reserve(line_bytes(slot, at.LANES)))
                words.append((self.samples[-1], True))
            else:
                frames = capacity(slot, self.nodes.sample_rate, fixed)
                offset = self._reserve(line_bytes(slot, at.LANES, frames))
                self.lines.append((slot, offset, frames))
                words.append((offset, True))
        return words


_SILENCE: NDArray[np.float32] = np.zeros(SILENT_FRAMES, np.float32)


def _silent_frame() -> int:
    """The address of frame 0 of a recording without frames."""
    return _SILENCE.ctypes.data + 4 * SAMPLE_GUARD
