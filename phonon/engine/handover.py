"""What a swap needs besides the new program: rows that stay, a fade, what rings on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from phonon.engine import layout as at
from phonon.engine import liveout as live
from phonon.engine.arena import Arena, view
from phonon.engine.contents import Content, Contents, contents
from phonon.engine.nodes import NodeMemory
from phonon.engine.program import Entry, Program, base_name
from phonon.graph.ops import Fill, Guard, Loop, Op, Output, Place, Run, RunVoices
from phonon.kernel.layout import HEADER_BYTES, bank_header_bytes

LONGEST_RING = 30  # seconds until whatever still rings is over
SHORTEST = 0.012  # seconds: a lone line that is full before a fade is heard

Row = tuple[int, int, int, int]


@dataclass(slots=True, repr=False)
class Handover:
    """From an old program to a new one; `fade` is 0 where nothing that is heard differs.

    `moved` has the keys of rows whose value is another one in the new program.
    """

    old: Program
    new: Program
    moved: Collection[str] = ()
    arena: Arena = field(default_factory=Arena)
    fade: int = 0
    ghost: int = 0
    _old: Contents = field(init=False)
    _new: Contents = field(init=False)
    _played: dict[str, RunVoices] = field(init=False)
    _sounded: set[str] = field(init=False)  # the definitions whose voices may sound
    _shadows: dict[int, int] = field(default_factory=dict)
    _channels: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._old = contents(self.old.plan)
        self._new = contents(self.new.plan, self._fresh() | set(self.moved))
        self._played = {op.stream.name: op for op in self.new.plan.voices()}
        self._sounded = {base_name(op.stream.name) for op in self.old.plan.voices()}
        for copies in self.new.copies.values():
            copies.clear()
        strips = list(self._strips())
        eased = list(self._eased())
        if not strips and not eased:
            return
        for name, _, goes, _ in strips:
            if goes != live.NEVER:
                self._channels[name] = self._channel()
        nothing = self._channel()
        ringing = [name for name, _, goes, _ in strips if goes == live.RINGS]
        if ringing:
            self.ghost = self._ghost(ringing)
        words = [0] * live.FADE_WORDS
        ops = self._wanted(self._channels)
        words[live.FADE_OPS], words[live.FADE_OPS_END] = self._rows(ops, ghost=False)
        shared, lines = self._shared(ops)
        words[live.FADE_SHARED], words[live.FADE_SHARED_END] = self.arena.table(shared)
        words[live.FADE_LINES], words[live.FADE_LINES_END] = self.arena.table(lines)
        words[live.FADE_FRESH], words[live.FADE_FRESH_END] = self.arena.table(self._fresh_lines())
        words[live.FADE_EASED], words[live.FADE_EASED_END] = self.arena.table(eased)
        words[live.FADE_STRIPS], words[live.FADE_STRIPS_END] = self.arena.table(
            (self._strip(name), self._channels.get(name, nothing), comes, goes, int(gone))
            for name, comes, goes, gone in strips
        )
        carried = [(self._shadows.get(bus, bus),) for bus, _ in self.old.carried.values()]
        words[live.FADE_CARRIED], words[live.FADE_CARRIED_END] = self.arena.table(carried)
        words[live.FADE_GHOST] = self.ghost
        self.fade = self.arena.words(words)

    def rows(self, same: Iterable[tuple[int, int]]) -> tuple[int, int]:
        """The table of rows that keep what they are: (old number, new number)."""
        return self.arena.table(
            (self.old.place(Place("row", old)), self.new.place(Place("row", new)))
            for old, new in same
        )

    # -- what differs -----------------------------------------------------------------------------

    def _fresh(self) -> set[str]:
        """Runs that could not take over what one of their name kept."""
        kept = self.old.nodes.kept
        return {key for key, memory in self.new.nodes.kept.items() if kept.get(key) is not memory}

    def _strips(self) -> Iterator[tuple[str, int, int, bool]]:
        """The outputs that differ: how the new comes, how the old goes, whether it is gone."""
        homes = {base_name(name) for name in self._played}
        before, after = self._old.outputs, self._new.outputs
        for name in dict.fromkeys([*after, *before]):
            new, old = after.get(name), before.get(name)
            comes = live.IN if new is not None and self._sounds(new) else live.AT_ONCE
            rings = (
                old is not None
                and bool(old.streams)
                and not old.drones
                and not any(base_name(stream) in homes for stream in old.streams)
            )
            if old is None:
                if comes == live.IN:
                    yield name, comes, live.NEVER, False
            elif new is None:
                yield name, live.AT_ONCE, live.RINGS if rings else live.OUT, True
            elif new.signals != old.signals:
                yield name, comes, live.RINGS if rings else live.OUT, False

    def _sounds(self, content: Content) -> bool:
        """Whether it sounds, or may, when the new program begins."""
        return content.drones or any(base_name(name) in self._sounded for name in content.streams)

    # -- the old program without what the new one plays -------------------------------------------

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

    def _rows(self, ops: Sequence[Op], *, ghost: bool) -> tuple[int, int]:
        """These operations in memory, playing into channels of their own."""
        parts = [
            [row for inner in (op.body if isinstance(op, Loop) else [op]) for row in
             self._row(inner, ghost)]
            for op in ops
        ]  # fmt: skip
        count = sum(len(part) + isinstance(op, Loop) for op, part in zip(ops, parts, strict=True))
        size = 8 * at.OP_WORDS
        address = self.arena.take(size * max(count, 1), "the operations")
        rows: list[Row] = []
        for op, part in zip(ops, parts, strict=True):
            if isinstance(op, Loop):
                rows.append((at.LOOP, address + size * (len(rows) + 1 + len(part)), 0, 0))
            rows += part
        flat = view(address, at.OP_WORDS * count, np.int64)
        flat[:] = [word for row in rows for word in row]
        return address, address + size * count

    def _row(self, op: Op, ghost: bool) -> list[Row]:
        if isinstance(op, Output):
            sides = self.old.place(op.left), self.old.place(op.right)
            return [(at.STRIP, *sides, self._channels[op.name])]
        if isinstance(op, RunVoices) and base_name(op.stream.name) in {
            base_name(name) for name in self._played
        }:
            return self._voices(op, ghost)
        if ghost and isinstance(op, Run) and self._is_shared(op.key):
            return self._cleared(op.outputs)
        a, b, c, d = map(int, view(self.old.addresses[id(op)], at.OP_WORDS, np.int64))
        return [(a, b, c, d)]

    def _voices(self, op: RunVoices, ghost: bool) -> list[Row]:
        """Voices that the new program plays: the old one is given their sound while it fades."""
        new = self._played.get(op.stream.name)
        rows: list[Row] = []
        for port, pair in op.ports.items():
            if ghost or new is None or port not in new.ports:
                rows += self._cleared(pair)
                continue
            for side, place in zip(new.ports[port], pair, strict=True):
                # the new program writes it, so it stays as long as that
                kept = self.new.arena.take(4 * (self.old.block + 16), "a signal")
                self.new.copies[op.stream.name].append((self.new.place(side), kept))
                rows.append((at.COPY, kept, self.old.place(place), 0))
        return rows

    def _cleared(self, places: Iterable[Place]) -> list[Row]:
        return [(at.CLEAR, self.old.place(place), 0, 0) for place in places if place.rate == "a"]

    def _ghost(self, names: Sequence[str]) -> int:
        words = [0] * live.GHOST_WORDS
        table = self._rows(self._wanted(names), ghost=True)
        words[live.GHOST_OPS], words[live.GHOST_OPS_END] = table
        words[live.GHOST_STRIPS], words[live.GHOST_STRIPS_END] = self.arena.table(
            (self._strip(name), self._channels[name]) for name in names
        )
        table = self.arena.table(
            (bus,)
            for key, (bus, _) in self.old.carried.items()
            if self.new.carried.get(key, (0,))[0] != bus
        )
        words[live.GHOST_CARRIED], words[live.GHOST_CARRIED_END] = table
        return self.arena.words(words)

    # -- what both change -------------------------------------------------------------------------

    def _is_shared(self, key: str) -> bool:
        old = self.old.nodes.kept.get(key)
        return old is not None and self.new.nodes.kept.get(key) is old

    def _shared(self, ops: Iterable[Op]) -> tuple[list[tuple[int, ...]], list[tuple[int, ...]]]:
        """State and lines of runs that both programs have, and the buses of circles."""
        shared: list[tuple[int, ...]] = []
        lines: list[tuple[int, ...]] = []

        def both(address: int, size: int) -> None:
            shadow = self._shadows[address] = self.arena.take(4 * size, "a copy")
            shared.append((address, size, shadow))

        for run in _runs(ops):
            if not self._is_shared(run.key):
                continue
            memory = self.new.nodes.kept[run.key]
            if memory.size:
                both(memory.state, memory.size)
            for header, data, width in _lines(memory):
                both(header + 8, 2)
                room = self.arena.take(4 * width * self.old.block, "a copy")
                lines.append((header, 0, data, width, room))
        for key, (bus, _) in self.old.carried.items():
            if self.new.carried.get(key, (0,))[0] == bus:
                both(bus, self.old.block + 16)
        return shared, lines

    def _fresh_lines(self) -> list[tuple[int, int, int]]:
        """The lines of runs that the old program does not have, where something sounds already."""
        return [line for memory in self._entered() for line in _lines(memory)]

    def _entered(self) -> Iterator[NodeMemory]:
        """What keeps lines into which comes what sounds already.

        A lone line so short that it is full before the fade is heard needs no help.
        """
        fresh = self._fresh()
        for run in self.new.plan.runs():
            if run.key in fresh and self._sounds(self._new.runs[run.key]):
                memory = self.new.nodes.kept[run.key]
                seconds = [max(slot.kept.seconds) for slot, _, _ in memory.lines]
                if len(seconds) > 1 or max(seconds, default=0) > SHORTEST:
                    yield memory

    def _eased(self) -> Iterator[tuple[int, int, int]]:
        """What voices that go on hear of the mix, where it is something else now."""
        before = {entry.name: entry for entry in _playing(self.old)}
        for entry in _playing(self.new):
            old = before.get(entry.name)
            if old is None or old.memory is not entry.memory:
                continue
            heard = self._old.shared[old.number or 0], self._new.shared[entry.number or 0]
            places = _shared_places(old), _shared_places(entry)
            for was, now, last, place in zip(*heard, *places, strict=True):
                if was != now:
                    yield place, last, entry.address

    def _channel(self) -> int:
        """Two signals of its own."""
        sides = [self.arena.take(4 * (self.old.block + 16), "a signal") for _ in range(2)]
        return self.arena.words(sides)

    def _strip(self, name: str) -> int:
        return self.new.strips[name]


def _playing(program: Program) -> Iterator[Entry]:
    """The patches in which voices start."""
    for entries in program.entries.values():
        yield from (entry for entry in entries if entry.number is not None)


def _shared_places(entry: Entry) -> range:
    """Where the signals are that the voices of a patch share."""
    words = view(entry.address, at.PATCH_WORDS, np.int64)
    return range(int(words[at.SHARED]), int(words[at.SHARED_END]), 8 * at.SHARED_WORDS)


def _lines(memory: NodeMemory) -> Iterator[tuple[int, int, int]]:
    """What a run writes into: (header, first frame, floats per frame)."""
    for slot, header, _ in memory.lines:
        if slot.kept.kind == "bank":
            width = slot.kept.count or 1
            yield header, header + bank_header_bytes(width), width
        elif slot.kept.kind == "memory":
            yield header, header + HEADER_BYTES, 1


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
