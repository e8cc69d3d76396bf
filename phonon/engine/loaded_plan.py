"""Loads a plan into the engine's memory: operations with addresses of kernels, signals, state."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import InitVar, dataclass, field

import numpy as np

from phonon.engine.arena import Arena, view
from phonon.engine.kernel_io import KernelIo
from phonon.engine.patch_memory import LanePool, PatchMemory, build_patch, signature
from phonon.engine.plan_layout import (
    LANES,
    ONCE,
    RUN,
    FillOp,
    GroupEntry,
    GuardOp,
    GuardRecord,
    LoopOp,
    OpRecord,
    PatchRecord,
    PlanRecord,
    ResetRecord,
    RowRecord,
    RunOp,
    SharedRecord,
    SignalCopy,
    StreamRecord,
    StripOp,
    StripRecord,
    SumRecord,
    VoicesOp,
)
from phonon.engine.stream_render import HOLDS, MOVES, STAYS
from phonon.graph.ops import Fill, Guard, Loop, Op, Output, PatchPlan, Place, Plan, Run, RunVoices
from phonon.graph.spec import find_unit
from phonon.kernel.library import Item, KernelKey
from phonon.kernel.records import Table, size_of

SPARED = 16  # swaps for which a patch that no stream wants is kept


def needed(plan: Plan) -> set[KernelKey]:
    """The kernels that a plan needs."""
    mix = {KernelKey(find_unit(run.unit), 1, run.rates) for run in plan.runs()}
    return mix | {
        KernelKey(find_unit(run.unit), LANES, run.rates)
        for patch in plan.patches
        for run in patch.runs
    }


@dataclass(frozen=True, slots=True)
class LoadedPatch:
    """A patch of a stream in a loaded plan.

    Without `number` no voice starts in it: its voices finish, and the mix signals that they read
    stay at their last value, in the arena `kept`.
    """

    name: Hashable
    memory: PatchMemory
    record: PatchRecord
    number: int | None
    kept: Arena | None = None


@dataclass(slots=True, repr=False)
class LoadedPlan:
    """A plan in the engine's memory; `record` is what compiled functions see of it.

    It takes over from the plan `before` it: the state and delay lines of runs, the last frames of
    buses, sounding voices. Patches that are no longer wanted stay until they are silent; `orphans`
    are the groups of streams that are gone. The outputs play into `strips` and are added up in
    their order.
    """

    plan: Plan
    arena: Arena
    kernels: Mapping[Item, int]
    sample_rate: int
    block: int
    voices: int
    pool: LanePool
    before: InitVar[LoadedPlan | None] = None
    strips: Mapping[str, StripRecord] = field(default_factory=dict)
    orphans: InitVar[Sequence[GroupEntry]] = ()
    record: PlanRecord = field(init=False)
    nodes: KernelIo = field(init=False)
    entries: dict[str, list[LoadedPatch]] = field(default_factory=dict)  # by name of the stream
    streams: dict[str, StreamRecord] = field(default_factory=dict)
    carried: dict[str, tuple[int, Arena]] = field(default_factory=dict)
    operations: dict[int, OpRecord] = field(default_factory=dict)  # by the id of the plan's
    copies: dict[str, list[SignalCopy]] = field(default_factory=dict)  # see `finish`
    _signals: list[int] = field(default_factory=list)
    _carried: list[int] = field(default_factory=list)
    rows: Table[RowRecord] = field(init=False)
    _constants: int = 0

    def __post_init__(self, before: LoadedPlan | None, orphans: Sequence[GroupEntry]) -> None:
        plan, take = self.plan, self.arena.take
        frame_bytes = 4 * (self.block + 16)
        self._signals = [take(frame_bytes, "a signal") for _ in range(plan.buffers)]
        for key in plan.carried_keys:
            old = before.carried.get(key) if before is not None else None
            self.carried[key] = old or (take(frame_bytes, "a bus"), self.arena)
        self._carried = [self.carried[key][0] for key in plan.carried_keys]
        rows = (RowRecord(value=row.initial) for row in plan.rows)
        self.rows = self.arena.table(RowRecord, rows, "the rows")
        self._constants = take(4 * len(plan.constants), "the constants")
        view(self._constants, len(plan.constants), np.float32)[:] = plan.constants
        self.nodes = KernelIo(
            self.arena, self.sample_rate, {} if before is None else before.nodes.kept
        )
        self._make_patches(before)
        entries = [entry for entries in self.entries.values() for entry in entries]
        patches = [PatchRecord.at(0)] * len(plan.patches)
        for entry in entries:
            if entry.number is not None:
                patches[entry.number] = entry.record
        groups = [
            GroupEntry(group=group, patch=entry.record)
            for entry in entries
            for group in entry.memory.groups
        ]
        strips = [strip for name, strip in self.strips.items() if name in plan.outputs]
        record = PlanRecord(
            ops=self._operations(),
            rows=self.rows,
            patches=self.arena.addresses(PatchRecord, patches),
            groups=self.arena.table(GroupEntry, [*groups, *orphans]),
            carried=self.arena.table(int, self._carried),
            strips=self.arena.addresses(StripRecord, strips),
        )
        self.record = self.arena.put(record)

    @property
    def playing(self) -> set[Hashable]:
        """The names of the patches in which voices start."""
        entries = (entry for entries in self.entries.values() for entry in entries)
        return {entry.name for entry in entries if entry.number is not None}

    def finish(self) -> None:
        """Write the table of stream signals that are copied for a plan that fades out."""
        for name, copies in self.copies.items():
            self.streams[name].copies = self.arena.table(SignalCopy, copies)

    def set_row(self, number: int, value: float) -> None:
        """Set a row before the plan plays."""
        row = self.rows[number]
        row.value, row.slope, row.since = value, 0.0, 0.0

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
                return self.rows[place.index].address
            case "constant":
                return self._constants + 4 * place.index
        raise ValueError(f"{place} is not in the mix")

    def _make_patches(self, before: LoadedPlan | None) -> None:
        """Load all patches, stream by stream: first those of the plan before, in their order."""
        played = self.plan.voices()
        names = [op.stream.name for op in played]
        old = {} if before is None else host_patches(before, names)
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
                    entries.append(self._orphan(entry, before))
            for name, number in wanted.items():
                memory = self._new_patch(self.plan.patches[number], ports)
                entries.append(self._entry(name, memory, number))

    def _new_patch(self, patch: PatchPlan, ports: Sequence[str]) -> PatchMemory:
        """Load a patch into an arena of its own, which may outlive this plan."""
        arena = Arena(self.arena.limit)
        memory = build_patch(
            patch, ports, self.pool, arena, self.sample_rate, self.kernels, self.voices
        )
        units = ", ".join(dict.fromkeys(run.unit for run in patch.runs if run.unit[0] != "_"))
        self.arena.charge(arena.taken, f"{units} in the voices of {patch.stream.name}")
        return memory

    def _entry(self, name: Hashable, memory: PatchMemory, number: int) -> LoadedPatch:
        """A patch of this plan, whose voices share signals of its mix."""
        shared = [
            SharedRecord(
                source=self.place(source),
                target=memory.place(place),
                how=MOVES if place.kind == "buffer" else HOLDS,
            )
            for source, place in self.plan.patches[number].shared
        ]
        memory.spared = 0
        return LoadedPatch(name, memory, self._patch(memory, shared), number)

    def _orphan(self, entry: LoadedPatch, before: LoadedPlan) -> LoadedPatch:
        """A patch in which voices only finish: signals that they share keep their last value."""
        shared = [
            SharedRecord(
                source=old.place("last") if old.how == MOVES else old.source,
                target=old.target,
                how=STAYS,
            )
            for old in entry.record.shared
            if old.how != HOLDS
        ]
        kept = before.arena if entry.kept is None else entry.kept
        return LoadedPatch(entry.name, entry.memory, self._patch(entry.memory, shared), None, kept)

    def _patch(self, memory: PatchMemory, shared: Sequence[SharedRecord]) -> PatchRecord:
        record = self.arena.put(memory.record)
        record.shared = self.arena.table(SharedRecord, shared)
        return record

    def _operations(self) -> Table[OpRecord]:
        """Load the operations, and note the row of each; a loop has one more, before its body."""
        table = load_operations(self.arena, self.plan.ops, lambda op: [self._operation(op)])
        rows = iter(table)
        guards: list[Guard] = []
        for op in self.plan.ops:
            if isinstance(op, Loop):
                next(rows)
            for inner in op.body if isinstance(op, Loop) else [op]:
                self.operations[id(inner)] = next(rows)
                if isinstance(inner, Guard):
                    guards.append(inner)
        for guard in guards:  # now that all state has its place
            GuardOp.at(self.operations[id(guard)]).guard = self._guard(guard)
        return table

    def _operation(self, op: Op) -> OpRecord:
        match op:
            case Run():
                unit = find_unit(op.unit)
                signals = [self.place(place) for place in (*op.outputs, *op.inputs)]
                fixed = [
                    self.plan.constants[place.index] if place.kind == "constant" else None
                    for place in op.inputs
                ]
                return RunOp(
                    kind=ONCE if op.once else RUN,
                    kernel=self.kernels[KernelKey(unit, 1, op.rates)],
                    io=self.nodes.scalar(op, signals, fixed),
                )
            case Fill(row, output):
                return FillOp(row=self.rows[row], signal=self.place(output))
            case RunVoices():
                stream = self.streams[op.stream.name] = self._stream(op)
                return VoicesOp(stream=stream)
            case Guard():
                return GuardOp(guard=GuardRecord.at(0))
            case Output(name, left, right):
                return StripOp(
                    left=self.place(left), right=self.place(right), channel=self.strips[name]
                )
        raise ValueError(f"{op} is no single operation")

    def _stream(self, op: RunVoices) -> StreamRecord:
        patches = [entry.record for entry in self.entries[op.stream.name]]
        sums = (
            SumRecord(lanes=self.pool.sum(port, side), signal=self.place(pair[side]))
            for port, pair in op.ports.items()
            for side in range(2)
        )
        self.copies[op.stream.name] = []
        record = StreamRecord(
            patches=self.arena.addresses(PatchRecord, patches),
            sums=self.arena.table(SumRecord, sums),
            copies=self.arena.table(SignalCopy, ()),
        )
        return self.arena.put(record)

    def _guard(self, guard: Guard) -> GuardRecord:
        resets = self.nodes.resets.get(guard.owner, ())
        record = GuardRecord(
            signals=self.arena.table(int, (self.place(place) for place in guard.channels)),
            resets=self.arena.table(ResetRecord, resets),
        )
        return self.arena.put(record)


def load_operations(
    arena: Arena, ops: Sequence[Op], rows_of: Callable[[Op], Sequence[OpRecord]]
) -> Table[OpRecord]:
    """Load operations as rows of a table; the row of a loop has the end of its body."""
    rows: list[OpRecord] = []
    ends: dict[int, int] = {}
    for op in ops:
        if not isinstance(op, Loop):
            rows += rows_of(op)
            continue
        head = len(rows)
        rows.append(LoopOp(end=0))
        for inner in op.body:
            rows += rows_of(inner)
        ends[head] = len(rows)
    table = arena.table(OpRecord, rows, "the operations")
    for head, end in ends.items():
        LoopOp.at(table[head]).end = table.begin + size_of(OpRecord) * end
    return table


def patch_name(patch: PatchPlan) -> Hashable:
    """A name of a patch that no other has, and that is the same in the next evaluation."""
    return patch.stream.name, patch.key, patch.ports


def host_patches(before: LoadedPlan, names: Sequence[str]) -> dict[str, list[LoadedPatch]]:
    """For each stream of the next plan, the old patches whose sounding voices it takes over.

    Voices of a stream that is gone go on in one of the same definition, if there is any.
    """
    hosts = {base_name(name): name for name in reversed(names)}
    found: dict[str, list[LoadedPatch]] = {}
    for name, entries in before.entries.items():
        host = name if name in names else hosts.get(base_name(name))
        if host is not None:
            found.setdefault(host, []).extend(entries)
    return found


def base_name(stream: str) -> str:
    """The name of the definition that a stream is part of."""
    return stream.partition("/")[0]
