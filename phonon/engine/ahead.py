"""Looking ahead while it sounds: what a score asks for from some frame on, sent as time comes."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import takewhile
from math import floor
from typing import NamedTuple

from phonon.engine.agenda import Starter, stretch
from phonon.engine.clock import Clock
from phonon.engine.events import Event, Set, Start
from phonon.engine.program import patch_name
from phonon.engine.ring import Ring
from phonon.engine.scheduler import Onset, PatchName, Playable, Rows, Scheduler
from phonon.errors import Span
from phonon.graph.collect import Patch
from phonon.graph.node import Last, Stream
from phonon.graph.ops import Plan
from phonon.graph.voice import SampleSource

SCOUTED = 2.0  # seconds ahead in which new kinds of voices are looked for
RECALLED = 4  # cycles back, in which those are looked for that may still sound


class Lit(NamedTuple):
    """Literals that sound from frame to frame, in a stream."""

    begin: int
    end: int
    spans: tuple[Span, ...]
    stream: str


@dataclass(slots=True, repr=False)
class Cursor:
    """How far a stream has been asked."""

    stream: Stream
    cycle: int
    onsets: Iterator[Onset] = field(default_factory=lambda: iter(()))
    next: Onset | None = None


@dataclass(slots=True, repr=False)
class Feed:
    """Everything that a score asks for from cycle `since` on, in time's order.

    Rows begin a little before, with the block, at cycle `rows_since`. `patches` are the kinds of
    voices that are known from before; `order` has the names of streams as they were asked before,
    for of two voices at once the second may cut the first. What fails is kept in `problem`, and
    costs a cycle of one stream.
    """

    score: Playable
    clock: Clock
    since: Fraction
    rows_since: Fraction
    sample_rate: int
    samples: SampleSource | None
    seed: int
    patches: dict[PatchName, Patch] = field(default_factory=dict)
    order: Sequence[str] = ()
    problem: Exception | None = None
    lit: deque[Lit] = field(default_factory=deque)
    sent: int = 0  # the frame before which everything has been sent
    _scheduler: Scheduler = field(init=False)
    _scout: Scheduler = field(init=False)
    _scouted: dict[int, int] = field(default_factory=dict)  # by stream, in cycles
    _cursors: dict[int, Cursor] = field(default_factory=dict)
    _rows: Rows | None = None
    _starter: Starter | None = None
    _ring: Ring | None = None
    _ways: list[Iterator[Set]] = field(default_factory=list)
    _heads: list[Set | None] = field(default_factory=list)
    _asked: Fraction = Fraction(0)
    _waiting: deque[Event] = field(default_factory=deque)
    _early: int = 0  # of those that are waiting: another score's
    _coming: list[Set] = field(default_factory=list)
    _voices: dict[int, Onset] = field(default_factory=dict)

    def __post_init__(self) -> None:
        options = (self.score, self.clock, self.sample_rate, self.samples, self.seed)
        self._scheduler = Scheduler(*options, patches=self.patches)
        self._scout = Scheduler(*options, self._scheduler.streams, self.patches)
        for patch in list(self.patches.values()):
            self._scheduler.find_streams([patch.graph])

    # -- what will be needed ----------------------------------------------------------------------

    def scout(self, until: int, most: int = 64) -> None:
        """Look for kinds of voices, a cycle of a stream at a time, up to a frame."""
        while most:
            waiting = [
                stream
                for key, stream in self._scheduler.streams.items()
                if self.clock.frame(Fraction(self._scouted.get(key, floor(self.since)))) < until
            ]
            if not waiting:
                return
            for stream in waiting:
                cycle = self._scouted.get(id(stream), floor(self.since))
                self._scouted[id(stream)] = cycle + 1
                self._look(stream, cycle)
            most -= 1

    def recall(self, wanted: Collection[Hashable]) -> None:
        """Look back for kinds of voices that may still sound, by their names, a few cycles."""
        for stream in list(self._scheduler.streams.values()):
            names = {name for name in wanted if isinstance(name, tuple) and name[0] == stream.name}
            cycle = floor(self.since)
            for back in range(cycle - 1, max(cycle - RECALLED, 0) - 1, -1):
                if names <= {
                    (stream.name, *key[1:]) for key in self.patches if key[0] == id(stream)
                }:
                    break
                self._look(stream, back)

    def _look(self, stream: Stream, cycle: int) -> None:
        """Note the kinds of voices of one cycle of a stream."""
        known = len(self.patches)
        try:
            for _ in self._scout.onsets(stream, Fraction(cycle), Fraction(cycle + 1)):
                pass
        except Exception as error:  # noqa: BLE001 — patterns are anybody's functions
            self.problem = error
        for entry in self._scout.lasts:
            entry[1].clear()
        for patch in list(self.patches.values())[known:]:
            self._scheduler.find_streams([patch.graph])

    @property
    def missing(self) -> bool:
        """Whether there are kinds of voices that its program does not have."""
        return self._starter is not None and len(self.patches) > len(self._starter.patches)

    # -- what happens -----------------------------------------------------------------------------

    def begin(self, plan: Plan, starter: Starter, ring: Ring) -> list[tuple[int, float]]:
        """Send into a ring from now on; returns the rows' values at the beginning."""
        self._starter, self._ring = starter, ring
        self._rows = Rows(plan, self.clock, self._scheduler)
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
        """Let voices of another score sound too, if there are such in this one's program."""
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
        """The voices that start from one frame on and before another one, asked for once more."""
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
        for entry in self._scout.lasts:
            entry[1].clear()
        return sorted(found, key=lambda onset: onset.frame)

    def push(self, until: int) -> None:
        """Send all that is due before a frame, as far as there is room."""
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
            if not self._ring.send(event.words()):
                reached = min(reached, event.frame)
                break
            self._waiting.popleft()
            onset = self._voices.pop(id(event), None)
            if onset is not None:
                end = onset.frame + max(onset.frames, 1)
                self.lit.append(Lit(onset.frame, end, onset.spans, onset.stream.name))
        self._ring.publish()
        self.sent = max(self.sent, reached)

    def _due(self, until: int) -> list[Event]:
        """All events before a frame that have not been taken yet."""
        found: list[Event] = []
        found += self._sets(until)
        starts: list[Event] = []
        for cursor in self._all_cursors():
            for onset in self._taken(cursor, until):
                start = next(iter(self._starter.starts([onset])), None) if self._starter else None
                if start is not None:
                    self._voices[id(start)] = onset
                    starts.append(start)
        lasts = self._coming + self._lasts()  # of voices beyond, too: what is behind would wait
        found += (event for event in lasts if event.frame < until)
        self._coming = [event for event in lasts if event.frame >= until]
        found += sorted(starts, key=lambda event: event.frame)
        return sorted(found, key=lambda event: (event.frame, isinstance(event, Start)))

    def _all_cursors(self) -> Iterator[Cursor]:
        """The streams, also those that voices bring along while they are asked."""
        done: set[int] = set()
        while True:
            streams = [stream for key, stream in self._scheduler.streams.items() if key not in done]
            if not streams:
                return
            known = {name: place for place, name in enumerate(self.order)}
            stream = min(streams, key=lambda stream: known.get(stream.name, len(known)))
            done.add(id(stream))
            if id(stream) not in self._cursors:
                self._cursors[id(stream)] = Cursor(stream, floor(self.since))
            yield self._cursors[id(stream)]

    @property
    def asked(self) -> list[str]:
        """The names of the streams in the order in which they are asked."""
        return [cursor.stream.name for cursor in self._all_cursors()]

    def _taken(self, cursor: Cursor, until: int) -> Iterator[Onset]:
        """The voices of a stream before a frame."""
        while True:
            if cursor.next is None:
                cursor.next = self._next(cursor)
            if cursor.next is None:
                begin = Fraction(cursor.cycle)
                if self.clock.frame(begin) >= until:
                    return
                cursor.cycle += 1
                cursor.onsets = self._scheduler.onsets(
                    cursor.stream, begin, begin + 1, since=self.since
                )
            elif cursor.next.frame < until:
                yield cursor.next
                cursor.next = None
            else:
                return

    def _next(self, cursor: Cursor) -> Onset | None:
        try:
            return next(cursor.onsets, None)
        except Exception as error:  # noqa: BLE001 — patterns are anybody's functions
            self.problem = error
            cursor.onsets = iter(())
            return None

    def _lasts(self) -> list[Set]:
        """What events gave to the rows that follow them."""
        found = self._rows.lasts() if self._rows is not None else []
        for entry in self._scheduler.lasts:
            entry[1].clear()
        return found

    def _sets(self, until: int) -> Iterator[Set]:
        """What happens to rows before a frame."""
        while True:
            for number, way in enumerate(self._ways):
                head = self._heads[number] or self._following(way)
                while head is not None and head.frame < until:
                    yield head
                    head = self._following(way)
                self._heads[number] = head
            if self.clock.frame(self._asked) >= until:
                return
            for head in self._heads:
                if head is not None:
                    yield head
            self._ask()

    def _following(self, way: Iterator[Set]) -> Set | None:
        try:
            return next(way, None)
        except Exception as error:  # noqa: BLE001 — patterns are anybody's functions
            self.problem = error
            return None

    def _ask(self) -> None:
        if self._rows is None:
            return
        end = stretch(self.clock, self._asked)
        self._ways = self._rows.ways(self._asked, end, max(self.rows_since, self._asked))
        self._heads = [None] * len(self._ways)
        self._asked = end

    # -- what sounds ------------------------------------------------------------------------------

    def forget(self, frame: int) -> None:
        """Nobody will ask for what was over before a frame."""
        while self.lit and self.lit[0].begin < frame and self.lit[0].end < frame:
            self.lit.popleft()

    def last_values(self) -> dict[tuple[str, str], Last]:
        """The rows that follow events: (stream, control)."""
        return {(last.stream.name, last.control): last for last, _ in self._scheduler.lasts}
