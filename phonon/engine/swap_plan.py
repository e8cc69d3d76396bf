"""Plans a swap: outputs that stay as they are, that crossfade or ring out; lays out the fade."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from phonon.engine.arena import Arena
from phonon.engine.fingerprint import PlanFingerprint, SignalFingerprint, fingerprint
from phonon.engine.kernel_io import RunMemory
from phonon.engine.live_layout import (
    AT_ONCE,
    IN,
    NEVER,
    OUT,
    RINGS,
    EasedSignal,
    FadeRecord,
    FadeStrip,
    FreshLine,
    SharedLine,
    SharedState,
    SwapRow,
    TailRecord,
    TailStrip,
)
from phonon.engine.loaded_plan import LoadedPatch, LoadedPlan, base_name, load_operations
from phonon.engine.plan_layout import (
    ChannelRecord,
    ClearOp,
    CopyOp,
    LineHeader,
    OpRecord,
    SignalCopy,
    StripOp,
)
from phonon.graph.ops import Fill, Guard, Loop, Op, Output, Place, Run, RunVoices
from phonon.kernel.io_layout import HEADER_BYTES, bank_header_bytes
from phonon.kernel.records import WORD, Table

LONGEST_RING = 30  # seconds until whatever still rings is over
SHORTEST = 0.012  # seconds: a lone line that is full before a fade is heard


@dataclass(slots=True, repr=False)
class SwapPlan:
    """The records that a swap needs; `fade` is at address 0 if nothing audible changes.

    `moved` has the keys of the rows that get another value in the new plan.
    """

    old: LoadedPlan
    new: LoadedPlan
    moved: Collection[str] = ()
    arena: Arena = field(default_factory=Arena)
    fade: FadeRecord = field(default_factory=lambda: FadeRecord.at(0))
    tail: TailRecord = field(default_factory=lambda: TailRecord.at(0))
    _old: PlanFingerprint = field(init=False)
    _new: PlanFingerprint = field(init=False)
    _played: dict[str, RunVoices] = field(init=False)
    _sounded: set[str] = field(init=False)  # the definitions whose voices may sound
    _shadows: dict[int, int] = field(default_factory=dict)
    _channels: dict[str, ChannelRecord] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._old = fingerprint(self.old.plan)
        self._new = fingerprint(self.new.plan, self._fresh() | set(self.moved))
        self._played = {op.stream.name: op for op in self.new.plan.voices()}
        self._sounded = {base_name(op.stream.name) for op in self.old.plan.voices()}
        for copies in self.new.copies.values():
            copies.clear()
        strips = list(self._strips())
        eased = list(self._eased())
        if not strips and not eased:
            return
        for name, _, goes, _ in strips:
            if goes != NEVER:
                self._channels[name] = self._channel()
        nothing = self._channel()
        ringing = [name for name, _, goes, _ in strips if goes == RINGS]
        if ringing:
            self.tail = self._ringing_tail(ringing)
        ops = self._wanted(self._channels)
        table = load_operations(self.arena, ops, lambda op: self._row(op, ringing=False))
        shared, lines = self._shared(ops)
        put = self.arena.table
        faded = (
            FadeStrip(
                strip=self.new.strips[name],
                channel=self._channels.get(name, nothing),
                comes=comes,
                goes=goes,
                gone=int(gone),
            )
            for name, comes, goes, gone in strips
        )
        carried = (self._shadows.get(bus, bus) for bus, _ in self.old.carried.values())
        fade = FadeRecord(
            ops=table,
            shared=put(SharedState, shared),
            lines=put(SharedLine, lines),
            fresh=put(FreshLine, self._fresh_lines()),
            eased=put(EasedSignal, eased),
            strips=put(FadeStrip, faded),
            carried=put(int, carried),
            tail=self.tail,
        )
        self.fade = self.arena.put(fade)

    def rows(self, same: Iterable[tuple[int, int]]) -> Table[SwapRow]:
        """The table of rows that keep their values; `same` has (old number, new number)."""
        rows = (SwapRow(source=self.old.rows[old], target=self.new.rows[new]) for old, new in same)
        return self.arena.table(SwapRow, rows)

    # -- what differs -----------------------------------------------------------------------------

    def _fresh(self) -> set[str]:
        """The keys of runs that take over no memory from the old plan."""
        kept = self.old.nodes.kept
        return {key for key, memory in self.new.nodes.kept.items() if kept.get(key) is not memory}

    def _strips(self) -> Iterator[tuple[str, int, int, bool]]:
        """Changed outputs: (name, how the new one comes, how the old goes, whether it is gone)."""
        homes = {base_name(name) for name in self._played}
        before, after = self._old.outputs, self._new.outputs
        for name in dict.fromkeys([*after, *before]):
            new, old = after.get(name), before.get(name)
            comes = IN if new is not None and self._sounds(new) else AT_ONCE
            rings = (
                old is not None
                and bool(old.streams)
                and not old.drones
                and not any(base_name(stream) in homes for stream in old.streams)
            )
            if old is None:
                if comes == IN:
                    yield name, comes, NEVER, False
            elif new is None:
                yield name, AT_ONCE, RINGS if rings else OUT, True
            elif new.signals != old.signals:
                yield name, comes, RINGS if rings else OUT, False

    def _sounds(self, content: SignalFingerprint) -> bool:
        """Whether a signal may sound when the new plan begins."""
        return content.drones or any(base_name(name) in self._sounded for name in content.streams)

    # -- the old plan without what the new one plays -------------------------------------------

    def _wanted(self, outputs: Iterable[str]) -> list[Op]:
        """The operations that some outputs need."""
        needed: set[Place] = set()
        found: list[Op] = []
        names = set(outputs)
        for op in reversed(self.old.plan.ops):
            if isinstance(op, Output):
                keep = op.name in names
            elif isinstance(op, Guard):
                keep = not needed.isdisjoint(op.channels)
            else:
                keep = not needed.isdisjoint(_writes(op))
                if keep and not isinstance(op, Loop):
                    needed.difference_update(_writes(op))
            if keep:
                found.append(op)
                needed.update(_reads(op))
        return found[::-1]

    def _row(self, op: Op, *, ringing: bool) -> list[OpRecord]:
        """An operation, playing into channels of its own."""
        if isinstance(op, Output):
            left, right = self.old.place(op.left), self.old.place(op.right)
            return [StripOp(left=left, right=right, channel=self._channels[op.name])]
        if isinstance(op, RunVoices) and base_name(op.stream.name) in {
            base_name(name) for name in self._played
        }:
            return self._voices(op, ringing=ringing)
        if ringing and isinstance(op, Run) and self._is_shared(op.key):
            return self._cleared(op.outputs)
        return [self.old.operations[id(op)]]

    def _voices(self, op: RunVoices, *, ringing: bool) -> list[OpRecord]:
        """Operations that give the old plan the sound of voices that the new one plays."""
        new = self._played.get(op.stream.name)
        rows: list[OpRecord] = []
        for port, pair in op.ports.items():
            if ringing or new is None or port not in new.ports:
                rows += self._cleared(pair)
                continue
            for side, place in zip(new.ports[port], pair, strict=True):
                # the new plan writes it, so it stays as long as that
                kept = self.new.arena.take(4 * (self.old.block + 16), "a signal")
                copy = SignalCopy(signal=self.new.place(side), copy=kept)
                self.new.copies[op.stream.name].append(copy)
                rows.append(CopyOp(source=kept, target=self.old.place(place)))
        return rows

    def _cleared(self, places: Iterable[Place]) -> list[OpRecord]:
        return [ClearOp(target=self.old.place(place)) for place in places if place.rate == "a"]

    def _ringing_tail(self, names: Sequence[str]) -> TailRecord:
        """Load the part of the old plan that some outputs need, without voices of the new plan."""
        strips = (
            TailStrip(strip=self.new.strips[name], channel=self._channels[name]) for name in names
        )
        carried = (
            bus
            for key, (bus, _) in self.old.carried.items()
            if self.new.carried.get(key, (0,))[0] != bus
        )
        ops = self._wanted(names)
        tail = TailRecord(
            ops=load_operations(self.arena, ops, lambda op: self._row(op, ringing=True)),
            strips=self.arena.table(TailStrip, strips),
            carried=self.arena.table(int, carried),
        )
        return self.arena.put(tail)

    # -- what both change -------------------------------------------------------------------------

    def _is_shared(self, key: str) -> bool:
        old = self.old.nodes.kept.get(key)
        return old is not None and self.new.nodes.kept.get(key) is old

    def _shared(self, ops: Iterable[Op]) -> tuple[list[SharedState], list[SharedLine]]:
        """State and delay lines of runs that both plans have, and the buses of feedback."""
        shared: list[SharedState] = []
        lines: list[SharedLine] = []

        def both(address: int, size: int) -> None:
            shadow = self._shadows[address] = self.arena.take(4 * size, "a copy")
            shared.append(SharedState(state=address, count=size, shadow=shadow))

        for run in _runs(ops):
            if not self._is_shared(run.key):
                continue
            memory = self.new.nodes.kept[run.key]
            if memory.size:
                both(memory.state, memory.size)
            for header, data, width in _lines(memory):
                both(header.place("position"), WORD // 4)
                room = self.arena.take(4 * width * self.old.block, "a copy")
                lines.append(SharedLine(header=header, data=data, width=width, room=room))
        for key, (bus, _) in self.old.carried.items():
            if self.new.carried.get(key, (0,))[0] == bus:
                both(bus, self.old.block + 16)
        return shared, lines

    def _fresh_lines(self) -> Iterator[FreshLine]:
        """The delay lines of new runs whose input sounds already."""
        for memory in self._entered():
            for header, data, width in _lines(memory):
                yield FreshLine(header=header, data=data, width=width)

    def _entered(self) -> Iterator[RunMemory]:
        """The memory of new runs with delay lines whose input sounds already.

        A single line that is full before the fade is heard need not be faded in.
        """
        fresh = self._fresh()
        for run in self.new.plan.runs():
            if run.key in fresh and self._sounds(self._new.runs[run.key]):
                memory = self.new.nodes.kept[run.key]
                seconds = [max(slot.kept.seconds) for slot, _, _ in memory.lines]
                if len(seconds) > 1 or max(seconds, default=0) > SHORTEST:
                    yield memory

    def _eased(self) -> Iterator[EasedSignal]:
        """Signals of the mix that voices go on hearing, and that differ in the new plan."""
        before = {entry.name: entry for entry in _playing(self.old)}
        for entry in _playing(self.new):
            old = before.get(entry.name)
            if old is None or old.memory is not entry.memory:
                continue
            heard = self._old.shared[old.number or 0], self._new.shared[entry.number or 0]
            records = old.record.shared, entry.record.shared
            for was, now, last, shared in zip(*heard, *records, strict=True):
                if was != now:
                    yield EasedSignal(shared=shared, before=last, patch=entry.record)

    def _channel(self) -> ChannelRecord:
        """Allocate two signals."""
        left, right = (self.arena.take(4 * (self.old.block + 16), "a signal") for _ in range(2))
        return self.arena.put(ChannelRecord(left=left, right=right))


def _playing(loaded_plan: LoadedPlan) -> Iterator[LoadedPatch]:
    """The patches in which voices start."""
    for entries in loaded_plan.entries.values():
        yield from (entry for entry in entries if entry.number is not None)


def _lines(memory: RunMemory) -> Iterator[tuple[LineHeader, int, int]]:
    """The delay lines of a run: (header, address of the first frame, floats per frame)."""
    for slot, header, _ in memory.lines:
        if slot.kept.kind == "bank":
            width = slot.kept.count or 1
            yield LineHeader.at(header), header + bank_header_bytes(width), width
        elif slot.kept.kind == "memory":
            yield LineHeader.at(header), header + HEADER_BYTES, 1


def _runs(ops: Iterable[Op]) -> Iterator[Run]:
    for op in ops:
        if isinstance(op, Run):
            yield op
        elif isinstance(op, Loop):
            yield from (inner for inner in op.body if isinstance(inner, Run))


def _writes(op: Op) -> list[Place]:
    match op:
        case Run():
            return list(op.outputs)
        case Fill():
            return [op.output]
        case RunVoices():
            return [place for pair in op.ports.values() for place in pair]
        case Loop():
            return [place for inner in op.body for place in _writes(inner)]
    return []


def _reads(op: Op) -> list[Place]:
    match op:
        case Run():
            return list(op.inputs)
        case RunVoices():
            return list(op.shared)
        case Loop():
            return [place for inner in op.body for place in _reads(inner)]
        case Output():
            return [op.left, op.right]
    return []
