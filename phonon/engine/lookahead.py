"""Queries a score ahead of the sound and sends its events to the engine, in order of time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import takewhile
from math import floor
from typing import NamedTuple
from zlib import crc32

from phonon.engine.clock import Clock
from phonon.engine.event_ring import EventRing
from phonon.engine.events import RingEvent, SetRow, StartVoice
from phonon.engine.loaded_plan import patch_name
from phonon.engine.scheduler import Onset, PatchName, Rows, Scheduler, ScoreProtocol
from phonon.engine.voice_starts import VoiceStarter
from phonon.errors import Fault, PhononError, Span
from phonon.graph.collect import Patch
from phonon.graph.node import Last, Stream
from phonon.graph.ops import Plan
from phonon.graph.plan import make_plan
from phonon.graph.voice import SampleSource

SCOUTED = 2.0  # seconds ahead in which new kinds of voices are looked for
RECALLED = 4  # cycles back, in which those are looked for that may still sound
LONGEST_STRETCH = 1 << 18  # frames of rows asked for at once


class SoundedEvent(NamedTuple):
    """An event that sounds from frame `begin` to `end`, and the literals that it comes from."""

    begin: int
    end: int
    spans: tuple[Span, ...]
    stream: str


@dataclass(slots=True, repr=False)
class Cursor:
    """The position up to which a stream has been queried."""

    stream: Stream
    cycle: int
    onsets: Iterator[Onset] = field(default_factory=lambda: iter(()))
    next: Onset | None = None


@dataclass(slots=True, repr=False)
class PlannedCycle:
    """One cycle of a stream, queried in advance: its voices, and the values it gives to rows."""

    onsets: list[Onset]
    lasts: list[tuple[Last, int, float]]
    end: int  # the frame at which the cycle is over


PlannedCycles = dict[tuple[int, int], PlannedCycle]
"""Cycles queried in advance, by (id of the stream, number of the cycle)."""


@dataclass(slots=True, repr=False)
class EventFeed:
    """Sends the events of a score from cycle `since` on, in order of time.

    Rows begin a little before, with the block, at cycle `rows_since`. No voice begins at or after
    frame `end`. `patches` are the kinds of voices known so far; `order` has the names of streams
    as they were asked before, for of two voices at once the second may cut the first.

    With `planned`, a cycle that was looked at in advance is kept there and not asked again: for
    offline rendering, where every sample is loaded when an event asks for it. Live, events are
    asked again when they are due, since a sample that was missing may have been loaded by then.

    An exception of a pattern is kept in `problem`, and costs a cycle of one stream.
    """

    score: ScoreProtocol
    clock: Clock
    since: Fraction
    rows_since: Fraction
    sample_rate: int
    samples: SampleSource | None
    seed: int
    patches: dict[PatchName, Patch] = field(default_factory=dict)
    order: Sequence[str] = ()
    end: int | None = None
    planned: PlannedCycles | None = None
    problem: Exception | None = None
    sounded: deque[SoundedEvent] = field(default_factory=deque)
    sent: int = 0  # the frame before which everything has been sent
    _scheduler: Scheduler = field(init=False)
    _scout: Scheduler = field(init=False)
    _scouted: dict[int, int] = field(default_factory=dict)  # by stream, in cycles
    _cursors: dict[int, Cursor] = field(default_factory=dict)
    _rows: Rows | None = None
    _starter: VoiceStarter | None = None
    _ring: EventRing | None = None
    _changes: list[Iterator[SetRow]] = field(default_factory=list)
    _heads: list[SetRow | None] = field(default_factory=list)
    _asked: Fraction = Fraction(0)
    _waiting: deque[RingEvent] = field(default_factory=deque)
    _early: int = 0  # of those that are waiting: another score's
    _coming: list[SetRow] = field(default_factory=list)
    _voices: dict[int, Onset] = field(default_factory=dict)

    def __post_init__(self) -> None:
        options = (self.score, self.clock, self.sample_rate, self.samples, self.seed)
        self._scheduler = Scheduler(*options, patches=self.patches)
        self._scout = Scheduler(*options, self._scheduler.streams, self.patches)
        for patch in list(self.patches.values()):
            self._find_streams(patch)

    # -- kinds of voices --------------------------------------------------------------------------

    def plan(self) -> Plan:
        """Plan the score with all kinds of voices known so far. Raises PhononError."""
        try:
            plan = make_plan(self.score.outputs, self.score.buses, list(self.patches.values()))
        except Fault as fault:
            raise PhononError(fault.message) from fault
        for run in plan.runs() if self.seed else ():
            run.seed = crc32(f"{self.seed} {run.seed}".encode())
        return plan

    def scout(self, until: int, most: int | None = None) -> bool:
        """Look for new kinds of voices up to a frame; returns whether it is reached.

        `most` is how many cycles of every stream are looked at, at most.
        """
        while True:
            waiting = [
                stream
                for key, stream in self._scheduler.streams.items()
                if self._begin_of(self._scouted.get(key, self._first_cycle)) < until
            ]
            if not waiting or most == 0:
                return not waiting
            for stream in waiting:
                cycle = self._scouted.get(id(stream), self._first_cycle)
                self._scouted[id(stream)] = cycle + 1
                self._look(stream, cycle)
            most = None if most is None else most - 1

    def find_kinds(self, told: Callable[[int, int], None] | None = None) -> None:
        """Find all kinds of voices up to the end, cycle by cycle, and keep nothing else.

        Signals that voices bring along then run from the beginning, whenever the first of those
        voices starts. `told` is told the frame that is reached, and the end.
        """
        end = self.end or 0
        queried: dict[int, int] = {}
        known: set[Hashable] = set()
        while self.problem is None:
            waiting = [
                (stream, queried.get(key, self._scouted.get(key, self._first_cycle)))
                for key, stream in self._scheduler.streams.items()
            ]
            waiting = [entry for entry in waiting if self._begin_of(entry[1]) < end]
            if not waiting:
                return
            for stream, cycle in waiting:
                queried[id(stream)] = cycle + 1
                self._look(stream, cycle, known)
            if told is not None:
                told(min(self.clock.frame(Fraction(waiting[0][1] + 1)), end), end)

    def recall(self, wanted: Collection[Hashable]) -> None:
        """Query a few cycles back, to know the kinds of voices in `wanted` that may still sound."""
        for stream in list(self._scheduler.streams.values()):
            names = {name for name in wanted if isinstance(name, tuple) and name[0] == stream.name}
            cycle = floor(self.since)
            for back in range(cycle - 1, max(cycle - RECALLED, 0) - 1, -1):
                if names <= {
                    (stream.name, *key[1:]) for key in self.patches if key[0] == id(stream)
                }:
                    break
                self._look(stream, back)

    @property
    def _first_cycle(self) -> int:
        """Return the cycle from which a stream is queried that was not known before."""
        return floor(max(self.since, self.clock.at(self.sent)))

    def _begin_of(self, cycle: int) -> int:
        """Return the frame at which a cycle begins; beyond every frame if that is past the end."""
        frame = self.clock.frame(Fraction(cycle))
        return frame if self.end is None or frame < self.end else 1 << 62

    def _look(self, stream: Stream, cycle: int, known: set[Hashable] | None = None) -> None:
        """Note the kinds of voices of one cycle of a stream; with `known`, keep nothing else."""
        patches = len(self.patches)
        if self.planned is not None and (id(stream), cycle) in self.planned:
            return
        onsets: list[Onset] = []
        try:
            begin = Fraction(cycle)
            since = None if self.planned is None else self.clock.origin
            onsets.extend(
                self._scout.onsets(
                    stream, begin, begin + 1, before=self.end, since=since, known=known
                )
            )
        except Exception as error:  # noqa: BLE001 — patterns are anybody's functions
            self.problem = error
        lasts = _taken_lasts(self._scout)
        if self.planned is not None and known is None:
            end = self.clock.frame(Fraction(cycle + 1))
            self.planned[id(stream), cycle] = PlannedCycle(onsets, lasts, end)
        for patch in list(self.patches.values())[patches:]:
            self._find_streams(patch)

    def _find_streams(self, patch: Patch) -> None:
        for scheduler in (self._scheduler, self._scout):
            scheduler.find_streams([patch.graph])

    @property
    def planned_voices(self) -> int:
        """Return how many voices of cycles queried in advance are kept."""
        return sum(len(cycle.onsets) for cycle in (self.planned or {}).values())

    @property
    def incomplete(self) -> bool:
        """Return whether there are kinds of voices that the plan in use does not have."""
        return self._starter is not None and len(self.patches) > len(self._starter.patches)

    # -- events -----------------------------------------------------------------------------------

    def begin(self, plan: Plan, starter: VoiceStarter, ring: EventRing) -> list[tuple[int, float]]:
        """Send into a ring from now on; returns the rows' values at the beginning."""
        self._starter, self._ring = starter, ring
        self._rows = Rows(plan, self.clock, self._scheduler)
        if self.rows_since == self.clock.origin:
            self._asked = self.rows_since
        else:
            self._asked = Fraction(floor(self.rows_since))
            while (end := stretch(self.clock, self._asked)) <= self.rows_since:
                self._asked = end
        self._ask()
        found = []
        for source in self._rows.sources:
            try:
                found.append((source.row, source.first(self.rows_since)))
            except Exception as error:  # noqa: BLE001 — patterns are anybody's functions
                self.problem = error
        return found

    def add(self, onsets: Iterable[Onset]) -> None:
        """Send voices of another score too, those that this score's plan has patches for."""
        if self._starter is None:
            return
        names = {patch_name(patch): (number, patch) for number, patch in self._starter.named()}
        for onset in onsets:
            name = (onset.stream.name, *onset.patch[1:])
            if name in names:
                start = self._starter.start(onset, *names[name])
                self._voices[id(start)] = onset
                self._waiting.append(start)
                self._early += 1

    def between(self, begin: int, end: int) -> list[Onset]:
        """Return the onsets between two frames, queried anew; nothing is sent."""
        since = self.clock.cycle(Fraction(2 * begin - 1, 2))
        found: list[Onset] = []
        for stream in list(self._scheduler.streams.values()):
            cycle = Fraction(floor(since))
            while self.clock.frame(cycle) < end:
                onsets = self._scout.onsets(stream, cycle, cycle + 1, since=since)
                try:
                    found += takewhile(lambda onset: onset.frame < end, onsets)
                except Exception as error:  # noqa: BLE001 — patterns are anybody's functions
                    self.problem = error
                cycle += 1
        _taken_lasts(self._scout)
        return sorted(found, key=lambda onset: onset.frame)

    def push(self, until: int) -> None:
        """Send the events before a frame, as far as the ring has room."""
        if self._ring is None or self._starter is None:
            return
        if len(self._waiting) <= self._early:
            self._waiting.extend(self._due(until))
            self._early = 0
            reached = until
        else:
            reached = self.sent
        while self._waiting:
            event = self._waiting[0]
            if not self._ring.send(event.packed()):
                reached = min(reached, event.frame)
                break
            self._waiting.popleft()
            onset = self._voices.pop(id(event), None)
            if onset is not None:
                end = onset.frame + max(onset.frames, 1)
                self.sounded.append(SoundedEvent(onset.frame, end, onset.spans, onset.stream.name))
        self._ring.publish()
        self.sent = max(self.sent, reached)

    def _due(self, until: int) -> list[RingEvent]:
        """Return the events before a frame that have not been returned yet."""
        found: list[RingEvent] = []
        found += self._sets(until)
        starts: list[RingEvent] = []
        for cursor in self._all_cursors():
            for onset in self._taken(cursor, until):
                start = self._starter.find(onset) if self._starter else None
                if start is not None:
                    self._voices[id(start)] = onset
                    starts.append(start)
        lasts = self._coming + self._lasts()  # of voices beyond, too: what is behind would wait
        found += (event for event in lasts if event.frame < until)
        self._coming = [event for event in lasts if event.frame >= until]
        found += sorted(starts, key=lambda event: event.frame)
        return sorted(found, key=lambda event: (event.frame, isinstance(event, StartVoice)))

    def _all_cursors(self) -> Iterator[Cursor]:
        """Yield the cursors of all streams, also of those that voices bring along meanwhile."""
        done: set[int] = set()
        while True:
            streams = [stream for key, stream in self._scheduler.streams.items() if key not in done]
            if not streams:
                return
            known = {name: place for place, name in enumerate(self.order)}
            stream = min(streams, key=lambda stream: known.get(stream.name, len(known)))
            done.add(id(stream))
            if id(stream) not in self._cursors:
                self._cursors[id(stream)] = Cursor(stream, self._first_cycle)
            yield self._cursors[id(stream)]

    @property
    def asked(self) -> list[str]:
        """Return the names of the streams in the order of querying; the next score keeps it."""
        return [cursor.stream.name for cursor in self._all_cursors()]

    def _taken(self, cursor: Cursor, until: int) -> Iterator[Onset]:
        """Yield the voices of a stream before a frame."""
        while True:
            if cursor.next is None:
                cursor.next = self._next(cursor)
            if cursor.next is None:
                if self._begin_of(cursor.cycle) >= until:
                    return
                cursor.onsets = self._onsets(cursor.stream, cursor.cycle)
                cursor.cycle += 1
            elif cursor.next.frame < until:
                yield cursor.next
                cursor.next = None
            else:
                return

    def _onsets(self, stream: Stream, cycle: int) -> Iterator[Onset]:
        """Return the voices of a cycle of a stream, from the planned cycles or queried now."""
        if self.planned is None:
            begin = Fraction(cycle)
            return self._scheduler.onsets(
                stream, begin, begin + 1, before=self.end, since=self.since
            )
        self._look(stream, cycle)
        planned = self.planned[id(stream), cycle]
        first = self.clock.frame(self.since)
        for last, frame, value in planned.lasts:
            if frame >= first:
                self._scheduler.note_last(last, frame, value)
        return (onset for onset in planned.onsets if onset.frame >= first)

    def _next(self, cursor: Cursor) -> Onset | None:
        try:
            return next(cursor.onsets, None)
        except Exception as error:  # noqa: BLE001 — patterns are anybody's functions
            self.problem = error
            cursor.onsets = iter(())
            return None

    def _lasts(self) -> list[SetRow]:
        """Return the row changes that events bring, and clear them."""
        found = self._rows.lasts() if self._rows is not None else []
        _taken_lasts(self._scheduler)
        return found

    def _sets(self, until: int) -> Iterator[SetRow]:
        """Yield the row changes before a frame."""
        while True:
            for number, changes in enumerate(self._changes):
                head = self._heads[number] or self._following(changes)
                while head is not None and head.frame < until:
                    yield head
                    head = self._following(changes)
                self._heads[number] = head
            if self.clock.frame(self._asked) >= until:
                return
            for head in self._heads:
                if head is not None:
                    yield head
            self._ask()

    def _following(self, changes: Iterator[SetRow]) -> SetRow | None:
        try:
            return next(changes, None)
        except Exception as error:  # noqa: BLE001 — patterns are anybody's functions
            self.problem = error
            return None

    def _ask(self) -> None:
        if self._rows is None:
            return
        end = stretch(self.clock, self._asked)
        self._changes = self._rows.changes(self._asked, end, max(self.rows_since, self._asked))
        self._heads = [None] * len(self._changes)
        self._asked = end

    # -- what sounds ------------------------------------------------------------------------------

    def forget(self, frame: int) -> None:
        """Forget sounded events and planned cycles that were over before a frame."""
        while self.sounded and self.sounded[0].begin < frame and self.sounded[0].end < frame:
            self.sounded.popleft()
        planned = self.planned or {}
        for key in [key for key, cycle in planned.items() if cycle.end < frame]:
            del planned[key]


def stretch(clock: Clock, begin: Fraction) -> Fraction:
    """Return the end of the stretch for which rows are queried at once: a cycle or a part."""
    frames = clock.frame(begin + 1) - clock.frame(begin)
    return begin + Fraction(1, 1 + frames // LONGEST_STRETCH)


def _taken_lasts(scheduler: Scheduler) -> list[tuple[Last, int, float]]:
    """Return and clear the values that events gave to rows: (source of the row, frame, value)."""
    found = [(last, *value) for last, values in scheduler.lasts for value in values]
    for _, values in scheduler.lasts:
        values.clear()
    return found
