"""A plan in memory: operations with the addresses of kernels, signals and state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from phonon.engine import layout as at
from phonon.engine.arena import Arena, view
from phonon.engine.lanes import build_patch
from phonon.engine.nodes import Nodes
from phonon.graph.ops import Fill, Guard, Loop, Op, Output, Place, Plan, Run, Voices
from phonon.graph.spec import find_unit
from phonon.kernel.library import Item, Key


def needed(plan: Plan) -> set[Key]:
    """The kernels of a plan."""
    mix = {Key(find_unit(run.unit), 1, run.rates) for run in plan.runs()}
    return mix | {
        Key(find_unit(run.unit), at.LANES, run.rates)
        for patch in plan.patches
        for run in patch.runs
    }


@dataclass(slots=True)
class Program:
    """What `render` follows; `address` is where it begins.

    `states` says where the state of every run of the mix lies, by its stable key.
    """

    plan: Plan
    arena: Arena
    kernels: Mapping[Item, int]
    sample_rate: int
    block: int
    voices: int
    address: int = 0
    nodes: Nodes = field(init=False)
    _signals: list[int] = field(default_factory=list)
    _carried: list[int] = field(default_factory=list)
    _rows: int = 0
    _constants: int = 0
    _sums: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        plan, take = self.plan, self.arena.take
        frame_bytes = 4 * (self.block + 16)
        self._signals = [take(frame_bytes, "a signal") for _ in range(plan.buffers)]
        self._carried = [take(frame_bytes, "a bus") for _ in range(plan.carried)]
        self._rows = take(4 * at.ROW_FLOATS * len(plan.rows), "the rows")
        rows = self.rows
        rows[:, 0] = [row.initial for row in plan.rows]
        self._constants = take(4 * len(plan.constants), "the constants")
        view(self._constants, len(plan.constants), np.float32)[:] = plan.constants
        self.nodes = Nodes(self.arena, self.sample_rate)
        patches = self._patches()
        groups = [(group, patch) for patch in patches for group in _groups(patch)]
        groups_at, groups_end = self.arena.table(groups)
        carried_at, carried_end = self.arena.table((bus,) for bus in self._carried)
        ops_at, ops_end = self._operations(patches)
        header = [0] * at.PROGRAM_WORDS
        header[at.OPS], header[at.OPS_END] = ops_at, ops_end
        header[at.ROWS] = self._rows
        header[at.PATCHES] = self.arena.words(patches)
        header[at.ALL_GROUPS], header[at.ALL_GROUPS_END] = groups_at, groups_end
        header[at.CARRIED], header[at.CARRIED_END] = carried_at, carried_end
        self.address = self.arena.words(header)

    @property
    def rows(self) -> NDArray[np.float32]:
        """The values that events set: value, slope, frames since."""
        count = len(self.plan.rows)
        flat = view(self._rows, count * at.ROW_FLOATS, np.float32)
        return flat.reshape(count, at.ROW_FLOATS)

    def place(self, place: Place) -> int:
        """The address of a place of the mix."""
        match place.kind:
            case "buffer":
                return self._signals[place.index]
            case "carried":
                return self._carried[place.index] + 4
            case "previous":
                return self._carried[place.index]
            case "row":
                return self._rows + 4 * at.ROW_FLOATS * place.index
            case "constant":
                return self._constants + 4 * place.index
        raise ValueError(f"{place} is not in the mix")

    def _patches(self) -> list[int]:
        plan = self.plan
        lane_frames = 4 * at.LANES * self.block
        most = max((patch.buffers for patch in plan.patches), default=0)
        scratch = [self.arena.take(lane_frames, "the voices' signals") for _ in range(most)]
        ports = max((len(op.ports) for op in self._voices()), default=0)
        self._sums = [self.arena.take(lane_frames, "the voices' sums") for _ in range(2 * ports)]
        return [
            build_patch(
                patch,
                self.arena,
                self.nodes,
                self.kernels,
                scratch,
                self._sums,
                self.voices,
                [(self.place(source), target) for source, target in patch.shared],
            )
            for patch in plan.patches
        ]

    def _voices(self) -> list[Voices]:
        """Every operation that plays voices."""
        found: list[Voices] = []
        for op in self.plan.ops:
            inner: Sequence[Op] = op.body if isinstance(op, Loop) else [op]
            found += [item for item in inner if isinstance(item, Voices)]
        return found

    def _operations(self, patches: Sequence[int]) -> tuple[int, int]:
        """The operations in memory; a loop's head says where its body ends."""
        count = sum(1 + (len(op.body) if isinstance(op, Loop) else 0) for op in self.plan.ops)
        address = self.arena.take(8 * at.OP_WORDS * count, "the operations")
        rows: list[tuple[int, int, int, int]] = []
        guards: list[tuple[int, Guard]] = []
        for op in self.plan.ops:
            if isinstance(op, Loop):
                after = len(rows) + 1 + len(op.body)
                rows.append((at.LOOP, address + 8 * at.OP_WORDS * after, 0, 0))
                rows += [self._operation(inner, patches) for inner in op.body]
            elif isinstance(op, Guard):
                guards.append((len(rows), op))
                rows.append((at.GUARD, 0, 0, 0))
            else:
                rows.append(self._operation(op, patches))
        for index, guard in guards:  # now that all state has its place
            rows[index] = (at.GUARD, self._guard(guard), 0, 0)
        flat = view(address, at.OP_WORDS * count, np.int64)
        flat[:] = [word for row in rows for word in row]
        return address, address + 8 * at.OP_WORDS * count

    def _operation(self, op: Op, patches: Sequence[int]) -> tuple[int, int, int, int]:
        match op:
            case Run():
                unit = find_unit(op.unit)
                signals = [self.place(place) for place in (*op.outputs, *op.inputs)]
                fixed = [
                    self.plan.constants[place.index] if place.kind == "constant" else None
                    for place in op.inputs
                ]
                io = self.nodes.scalar(op, signals, fixed)
                kind = at.ONCE if op.once else at.RUN
                return (kind, self.kernels[Key(unit, 1, op.rates)], io, 0)
            case Fill(row, output):
                return (at.FILL, self.place(Place("row", row)), self.place(output), 0)
            case Voices():
                return (at.VOICES_OP, self._stream(op, patches), 0, 0)
            case Output(name, left, right):
                stem = 2 + 2 * self.plan.outputs.index(name)
                return (at.OUTPUT, self.place(left), self.place(right), stem)
        raise ValueError(f"{op} is no single operation")

    def _stream(self, op: Voices, patches: Sequence[int]) -> int:
        sides = [place for pair in op.ports.values() for place in pair]
        words = [0] * at.STREAM_WORDS
        table = self.arena.table((patches[number],) for number in op.patches)
        words[at.STREAM_PATCHES], words[at.STREAM_PATCHES_END] = table
        table = self.arena.table(
            (lanes, self.place(side)) for lanes, side in zip(self._sums, sides, strict=False)
        )
        words[at.STREAM_SUMS], words[at.STREAM_SUMS_END] = table
        return self.arena.words(words)

    def _guard(self, guard: Guard) -> int:
        words = [0] * at.GUARD_WORDS
        table = self.arena.table((self.place(place),) for place in guard.channels)
        words[at.GUARD_SIGNALS], words[at.GUARD_SIGNALS_END] = table
        table = self.arena.table(self.nodes.resets.get(guard.owner, ()))
        words[at.GUARD_RESETS], words[at.GUARD_RESETS_END] = table
        return self.arena.words(words)


def _groups(patch: int) -> list[int]:
    """The addresses of a patch's groups."""
    words = view(patch, at.PATCH_WORDS, np.int64)
    first, count, stride = (
        int(words[index]) for index in (at.GROUPS, at.GROUP_COUNT, at.GROUP_STRIDE)
    )
    return [first + number * stride for number in range(count)]
