"""A plan in memory: operations with the addresses of kernels, signals and state."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import InitVar, dataclass, field

import numpy as np
from numpy.typing import NDArray

from phonon.engine import layout as at
from phonon.engine.arena import Arena, view
from phonon.engine.lanes import PatchMemory, Pool, build_patch, signature
from phonon.engine.nodes import Nodes
from phonon.engine.streams import HOLDS, MOVES, STAYS
from phonon.graph.ops import Fill, Guard, Loop, Op, Output, PatchPlan, Place, Plan, Run, RunVoices
from phonon.graph.spec import find_unit
from phonon.kernel.library import Item, Key

SPARED = 16  # swaps for which a patch that nobody wants is kept


def needed(plan: Plan) -> set[Key]:
    """The kernels of a plan."""
    mix = {Key(find_unit(run.unit), 1, run.rates) for run in plan.runs()}
    return mix | {
        Key(find_unit(run.unit), at.LANES, run.rates)
        for patch in plan.patches
        for run in patch.runs
    }


@dataclass(frozen=True, slots=True)
class Entry:
    """A patch in its place among those of a stream; without a number, nothing new starts in it.

    Then its voices share signals that no longer move; `kept` is where those are.
    """

    name: Hashable
    memory: PatchMemory
    address: int
    number: int | None
    kept: Arena | None = None


@dataclass(slots=True, repr=False)
class Program:
    """What `render` follows; `address` is where it begins.

    It takes over from the program `before` it whatever goes on: the state and the lines of runs,
    the last frames of buses, voices. Patches that are no longer wanted stay until they are silent;
    `guests` are those of streams that are gone. The outputs play into `strips`,
    and are added up in their order.
    """

    plan: Plan
    arena: Arena
    kernels: Mapping[Item, int]
    sample_rate: int
    block: int
    voices: int
    pool: Pool
    before: InitVar[Program | None] = None
    strips: Mapping[str, int] = field(default_factory=dict)
    guests: InitVar[Sequence[tuple[int, int]]] = ()
    address: int = 0
    nodes: Nodes = field(init=False)
    entries: dict[str, list[Entry]] = field(default_factory=dict)  # by name of the stream
    streams: dict[str, int] = field(default_factory=dict)  # their addresses
    carried: dict[str, tuple[int, Arena]] = field(default_factory=dict)
    addresses: dict[int, int] = field(default_factory=dict)  # of operations, by their id
    copies: dict[str, list[tuple[int, int]]] = field(default_factory=dict)  # see `finish`
    _signals: list[int] = field(default_factory=list)
    _carried: list[int] = field(default_factory=list)
    _rows: int = 0
    _constants: int = 0

    def __post_init__(self, before: Program | None, guests: Sequence[tuple[int, int]]) -> None:
        plan, take = self.plan, self.arena.take
        frame_bytes = 4 * (self.block + 16)
        self._signals = [take(frame_bytes, "a signal") for _ in range(plan.buffers)]
        for key in plan.carried_keys:
            old = before.carried.get(key) if before is not None else None
            self.carried[key] = old or (take(frame_bytes, "a bus"), self.arena)
        self._carried = [self.carried[key][0] for key in plan.carried_keys]
        self._rows = take(4 * at.ROW_FLOATS * len(plan.rows), "the rows")
        rows = self.rows
        rows[:, 0] = [row.initial for row in plan.rows]
        self._constants = take(4 * len(plan.constants), "the constants")
        view(self._constants, len(plan.constants), np.float32)[:] = plan.constants
        self.nodes = Nodes(
            self.arena, self.sample_rate, {} if before is None else before.nodes.kept
        )
        self._make_patches(before)
        entries = [entry for entries in self.entries.values() for entry in entries]
        patches = [0] * len(plan.patches)
        for entry in entries:
            if entry.number is not None:
                patches[entry.number] = entry.address
        groups = [(group, entry.address) for entry in entries for group in entry.memory.groups]
        groups_at, groups_end = self.arena.table([*groups, *guests])
        carried_at, carried_end = self.arena.table((bus,) for bus in self._carried)
        ops_at, ops_end = self._operations()
        header = [0] * at.PROGRAM_WORDS
        header[at.OPS], header[at.OPS_END] = ops_at, ops_end
        header[at.ROWS] = self._rows
        header[at.PATCHES] = self.arena.words(patches)
        header[at.ALL_GROUPS], header[at.ALL_GROUPS_END] = groups_at, groups_end
        header[at.CARRIED], header[at.CARRIED_END] = carried_at, carried_end
        strips = [(strip,) for name, strip in self.strips.items() if name in plan.outputs]
        header[at.STRIPS], header[at.STRIPS_END] = self.arena.table(strips)
        self.address = self.arena.words(header)

    @property
    def playing(self) -> set[Hashable]:
        """The names of the patches in which voices start."""
        entries = (entry for entries in self.entries.values() for entry in entries)
        return {entry.name for entry in entries if entry.number is not None}

    def finish(self) -> None:
        """Put the copies of streams' signals that others want into memory."""
        for name, copies in self.copies.items():
            words = view(self.streams[name], at.STREAM_WORDS, np.int64)
            words[[at.STREAM_COPIES, at.STREAM_COPIES_END]] = self.arena.table(copies)

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

    def _make_patches(self, before: Program | None) -> None:
        """All patches, stream by stream: first those that there have been, in their order."""
        played = self.plan.voices()
        names = [op.stream.name for op in played]
        old = {} if before is None else host_entries(before, names)
        for op in played:
            ports = list(op.ports)
            wanted = {patch_name(self.plan.patches[number]): number for number in op.patches}
            entries = self.entries.setdefault(op.stream.name, [])
            for entry in old.pop(op.stream.name, ()):
                number = wanted.get(entry.name)
                if number is not None:
                    patch = self.plan.patches[number]
                    if entry.memory.signature == signature(patch, ports):
                        del wanted[entry.name]
                        entries.append(self._entry(entry.name, entry.memory, number))
                        continue
                # the order of patches is that of a sum: an idle one may well come back to its place
                entry.memory.spared += 1
                if before is not None and (entry.memory.spared < SPARED or entry.memory.busy):
                    entries.append(self._guest(entry, before))
            for name, number in wanted.items():
                memory = self._new_patch(self.plan.patches[number], ports)
                entries.append(self._entry(name, memory, number))

    def _new_patch(self, patch: PatchPlan, ports: Sequence[str]) -> PatchMemory:
        """Memory of its own, which may outlive this program."""
        arena = Arena(self.arena.limit)
        memory = build_patch(
            patch, ports, self.pool, arena, self.sample_rate, self.kernels, self.voices
        )
        units = ", ".join(dict.fromkeys(run.unit for run in patch.runs if run.unit[0] != "_"))
        self.arena.charge(arena.taken, f"{units} in the voices of {patch.stream.name}")
        return memory

    def _entry(self, name: Hashable, memory: PatchMemory, number: int) -> Entry:
        """A patch of this program: its voices share signals of this mix."""
        shared = [
            (self.place(source), memory.place(place), int(place.kind == "buffer"), 0, 0)
            for source, place in self.plan.patches[number].shared
        ]
        memory.spared = 0
        return Entry(name, memory, self._patch(memory, shared), number)

    def _guest(self, entry: Entry, before: Program) -> Entry:
        """A patch whose voices only finish: signals that they shared keep their last value."""
        head = view(entry.address, at.PATCH_WORDS, np.int64)
        begin, end = int(head[at.SHARED]), int(head[at.SHARED_END])
        shared = []
        for place in range(begin, end, 8 * at.SHARED_WORDS):
            words = view(place, at.SHARED_WORDS, np.int64)
            source, target, how = map(int, words[: at.SHARED_LAST])
            if how == MOVES:
                source = place + 8 * at.SHARED_LAST
            if how != HOLDS:
                shared.append((source, target, STAYS, 0, 0))
        kept = before.arena if entry.kept is None else entry.kept
        return Entry(entry.name, entry.memory, self._patch(entry.memory, shared), None, kept)

    def _patch(self, memory: PatchMemory, shared: Sequence[tuple[int, ...]]) -> int:
        words = list(memory.words)
        words[at.SHARED], words[at.SHARED_END] = self.arena.table(shared)
        return self.arena.words(words)

    def _operations(self) -> tuple[int, int]:
        """The operations in memory; a loop's head says where its body ends."""
        count = sum(1 + (len(op.body) if isinstance(op, Loop) else 0) for op in self.plan.ops)
        address = self.arena.take(8 * at.OP_WORDS * count, "the operations")
        rows: list[tuple[int, int, int, int]] = []
        guards: list[tuple[int, Guard]] = []
        for op in self.plan.ops:
            if isinstance(op, Loop):
                after = len(rows) + 1 + len(op.body)
                rows.append((at.LOOP, address + 8 * at.OP_WORDS * after, 0, 0))
            for inner in op.body if isinstance(op, Loop) else [op]:
                self.addresses[id(inner)] = address + 8 * at.OP_WORDS * len(rows)
                if isinstance(inner, Guard):
                    guards.append((len(rows), inner))
                    rows.append((at.GUARD, 0, 0, 0))
                else:
                    rows.append(self._operation(inner))
        for index, guard in guards:  # now that all state has its place
            rows[index] = (at.GUARD, self._guard(guard), 0, 0)
        flat = view(address, at.OP_WORDS * count, np.int64)
        flat[:] = [word for row in rows for word in row]
        return address, address + 8 * at.OP_WORDS * count

    def _operation(self, op: Op) -> tuple[int, int, int, int]:
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
            case RunVoices():
                self.streams[op.stream.name] = self._stream(op)
                return (at.VOICES_OP, self.streams[op.stream.name], 0, 0)
            case Output(name, left, right):
                return (at.STRIP, self.place(left), self.place(right), self.strips[name])
        raise ValueError(f"{op} is no single operation")

    def _stream(self, op: RunVoices) -> int:
        words = [0] * at.STREAM_WORDS
        table = self.arena.table((entry.address,) for entry in self.entries[op.stream.name])
        words[at.STREAM_PATCHES], words[at.STREAM_PATCHES_END] = table
        table = self.arena.table(
            (self.pool.sum(port, side), self.place(pair[side]))
            for port, pair in op.ports.items()
            for side in range(2)
        )
        words[at.STREAM_SUMS], words[at.STREAM_SUMS_END] = table
        self.copies[op.stream.name] = []
        return self.arena.words(words)

    def _guard(self, guard: Guard) -> int:
        words = [0] * at.GUARD_WORDS
        table = self.arena.table((self.place(place),) for place in guard.channels)
        words[at.GUARD_SIGNALS], words[at.GUARD_SIGNALS_END] = table
        table = self.arena.table(self.nodes.resets.get(guard.owner, ()))
        words[at.GUARD_RESETS], words[at.GUARD_RESETS_END] = table
        return self.arena.words(words)


def patch_name(patch: PatchPlan) -> Hashable:
    """Stable over evaluations, and of one patch alone."""
    return patch.stream.name, patch.key, patch.ports


def host_entries(before: Program, names: Sequence[str]) -> dict[str, list[Entry]]:
    """The patches of a program by the streams in which they go on.

    Those of a stream that is gone go on in one of the same definition, if there is any.
    """
    hosts = {base_name(name): name for name in reversed(names)}
    found: dict[str, list[Entry]] = {}
    for name, entries in before.entries.items():
        host = name if name in names else hosts.get(base_name(name))
        if host is not None:
            found.setdefault(host, []).extend(entries)
    return found


def base_name(stream: str) -> str:
    """The definition that a stream is part of."""
    return stream.partition("/")[0]
