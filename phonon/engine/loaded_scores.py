"""Loads scores into the engine's memory and switches from one to the next."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil
from typing import Any, Literal

from phonon.engine.arena import Arena
from phonon.engine.clock import DEFAULT_CPS, Clock
from phonon.engine.engine_memory import EngineMemory
from phonon.engine.event_ring import EventRing
from phonon.engine.live_layout import FadeRecord, SwapRecord, SwapRow
from phonon.engine.loaded_plan import LoadedPatch, LoadedPlan, host_patches
from phonon.engine.lookahead import EventFeed, SoundedEvent
from phonon.engine.patch_memory import LanePool
from phonon.engine.plan_layout import GroupEntry
from phonon.engine.row_matching import compare_rows
from phonon.engine.sample_memory import SampleMemory
from phonon.engine.scheduler import ScoreProtocol
from phonon.engine.score_draft import MakeClock, ScoreDraft
from phonon.engine.swap_plan import LONGEST_RING, SwapPlan
from phonon.engine.voice_starts import VoiceStarter
from phonon.graph.node import Bus, Input, Mix, Stream
from phonon.graph.plan import make_plan
from phonon.graph.table import leaves
from phonon.graph.voice import EventTiming, SampleSource, Voice
from phonon.patterns import Pattern, pure

When = Literal["now", "beat", "cycle"]

PARTS = {"beat": 4, "cycle": 1}  # of a cycle
ARMING, LONGEST_ARMING = 0.005, 0.25  # seconds that handing a plan over is taken to need
MEMORY = 5.0  # seconds for which it is known what sounded


@dataclass(slots=True)
class Swap:
    """A switch to another score: milliseconds it took to build, and its frame once it is done."""

    milliseconds: float
    frame: int | None = None


OrphanPatch = tuple[LoadedPatch, Arena]
"""A patch whose stream is gone but whose voices still sound, and its memory."""


@dataclass(slots=True, repr=False, eq=False)
class LoadedScore:
    """A score in the engine's memory: its plan, the events sent to it, and how it takes over.

    `number` counts loaded scores; 0 is the empty one that plays before any other.
    """

    score: ScoreProtocol
    feed: EventFeed
    loaded_plan: LoadedPlan
    ring: EventRing
    swap: Swap
    make_clock: MakeClock
    orphan_patches: Sequence[OrphanPatch] = ()
    swap_plan: SwapPlan | None = None
    number: int = 0
    unhush: bool = False
    begin: Fraction = Fraction(0)
    arena: Arena = field(default_factory=Arena)
    record: SwapRecord = field(default_factory=lambda: SwapRecord.at(0))


class EmptyScore:
    """The score that plays before the first one: silence."""

    def __init__(self) -> None:
        self.cps: Pattern = pure(DEFAULT_CPS)
        self.outputs: dict[str, Input] = {}
        self.buses: dict[str, Input] = {}
        self.seed = 0

    def voice(self, stream: Stream, value: Any, moment: EventTiming) -> Voice | None:
        return None


class LoadedScores:
    """Loads scores into the engine's memory and hands them over, one after the other.

    `ahead` is how many seconds of events are sent before a new score takes over; `running` tells
    whether time goes on while Python works. Callers hold a lock where several threads call.
    """

    def __init__(
        self,
        memory: EngineMemory,
        samples: SampleSource | None,
        seed: int | None,
        ahead: float,
        running: Callable[[], bool],
    ) -> None:
        self._memory, self._engine = memory, memory.engine
        self._samples, self._seed, self._ahead = samples, seed, ahead
        self._running = running
        self._pool = LanePool(Arena(), memory.block)
        self._recordings = SampleMemory()
        self._cuts: dict[Hashable, int] = {}
        self._numbers = 0
        self._arming = ARMING
        self._problem: Exception | None = None
        self.old: list[LoadedScore] = []
        self.next: LoadedScore | None = None
        self.now: LoadedScore = self._empty()
        self._engine.plan = self.now.loaded_plan.record
        self._engine.ring = self.now.ring.record

    # -- what plays -------------------------------------------------------------------------------

    @property
    def current(self) -> Iterator[LoadedScore]:
        """Yield the score that plays, and the next one if a swap is pending."""
        yield self.now
        if self.next is not None:
            yield self.next

    @property
    def latest(self) -> LoadedScore:
        """Return the score that plays when pending swaps are done."""
        return self.next or self.now

    @property
    def score(self) -> ScoreProtocol | None:
        """Return the score of `latest`; None before the first one."""
        return self.latest.score if self.latest.number else None

    @property
    def clock(self) -> Clock:
        """Return the clock of the score that plays."""
        return self.now.feed.clock

    @property
    def outputs(self) -> list[str]:
        """Return the outputs of the score that plays, in order."""
        return list(self.now.loaded_plan.plan.outputs)

    @property
    def frame(self) -> int:
        """Return the first frame of the next block."""
        return self._engine.time

    def take_problem(self) -> Exception | None:
        """Return the latest exception that a pattern raised when it was queried, once."""
        for loaded in self.current:
            self._collect_problem(loaded.feed)
        found, self._problem = self._problem, None
        return found

    def note_problem(self, problem: Exception) -> None:
        """Keep an exception for `take_problem`."""
        self._problem = problem

    def _collect_problem(self, feed: EventFeed) -> None:
        if feed.problem is not None:
            self._problem, feed.problem = feed.problem, None

    def sounded(self) -> Iterator[tuple[LoadedScore, SoundedEvent]]:
        """Yield the events of the last seconds, and those already sent, that are heard."""
        for loaded in [*self.old, self.now]:
            until = loaded.feed.sent if loaded is self.now else self.ended(loaded)
            for event in loaded.feed.sounded:
                if event.begin < until:
                    yield loaded, event

    # -- loading ----------------------------------------------------------------------------------

    def draft(
        self,
        score: ScoreProtocol,
        when: When,
        make_clock: MakeClock,
        *,
        unhush: bool = False,
        begin: Fraction = Fraction(0),
        **feed: Any,
    ) -> ScoreDraft:
        """Return a draft of a score; the `feed` options are those of `EventFeed`."""
        self.settle()
        frame, cycle = self.moment(when)
        if self.now.number:
            clock = make_clock(self.clock, cycle)
        else:
            clock, cycle = Clock(score.cps, self._memory.sample_rate, begin, frame), begin
        return ScoreDraft(
            score, self._feed(score, clock, cycle, cycle, **feed), make_clock, unhush, begin
        )

    @property
    def incomplete(self) -> bool:
        """Return whether the score that plays needs voices that its plan does not have."""
        return self.next is None and self.now.feed.incomplete

    def growing(self) -> ScoreDraft:
        """Return a draft of the score that plays, planned with all kinds of voices known now."""
        feed = self.now.feed
        return ScoreDraft(self.now.score, feed, plan=feed.plan())

    def load(self, draft: ScoreDraft, when: When) -> Swap:
        """Build a prepared draft in memory and schedule the switch to it."""
        self.take_back()
        loaded = self.build(draft)
        self.arm(loaded, when)
        return loaded.swap

    def _feed(
        self,
        score: ScoreProtocol,
        clock: Clock,
        since: Fraction,
        rows_since: Fraction,
        **options: Any,
    ) -> EventFeed:
        """Return the feed of a score: voices from one cycle on, rows from another."""
        seed = score.seed if self._seed is None else self._seed
        rate, order = self._memory.sample_rate, self.now.feed.asked
        return EventFeed(
            score, clock, since, rows_since, rate, self._samples, seed, order=order, **options
        )

    def build(self, draft: ScoreDraft) -> LoadedScore:
        """Build the plan of a draft in memory, beside the one that plays."""
        plan, before, memory = draft.plan, self.now.loaded_plan, self._memory
        orphans = self._orphans(before, [op.stream.name for op in plan.voices()])
        # outputs that stay keep their order, for even the order of a sum can be heard as a bit
        played = [name for name in before.strips if name in before.plan.outputs]
        names = [*played, *plan.outputs]
        loaded_plan = LoadedPlan(
            plan,
            Arena(),
            draft.kernels,
            memory.sample_rate,
            memory.block,
            memory.voices,
            self._pool,
            before,
            {name: memory.strip(name) for name in dict.fromkeys(names)},
            [
                GroupEntry(group=group, patch=entry.record)
                for entry, _ in orphans
                for group in entry.memory.groups
            ],
        )
        self._numbers += 1
        return LoadedScore(
            draft.score,
            draft.feed,
            loaded_plan,
            EventRing(loaded_plan.arena, memory.publish),
            Swap(0.0),
            draft.make_clock,
            orphans,
            number=self._numbers,
            unhush=draft.unhush,
            begin=draft.begin,
        )

    def _orphans(self, before: LoadedPlan, names: Sequence[str]) -> list[OrphanPatch]:
        """Return the patches whose streams are gone but whose voices still sound."""
        hosted = {entry.record.address for entries in host_patches(before, names).values()
                  for entry in entries}  # fmt: skip
        leaving = [
            (entry, before.arena)
            for entries in before.entries.values()
            for entry in entries
            if entry.record.address not in hosted
            and (entry.number is not None or entry.memory.busy)
        ]
        staying = [orphan for orphan in self.now.orphan_patches if orphan[0].memory.busy]
        return staying + leaving

    # -- handing over -----------------------------------------------------------------------------

    def arm(self, loaded: LoadedScore, when: When) -> None:
        """Schedule the switch to a score at a frame in the future, and send its first events."""
        begun = time.perf_counter()
        border, cycle = self.moment(when)
        frame = border // self._memory.block * self._memory.block
        self._begin_feed(loaded, frame, border, cycle)
        swap = SwapRecord(
            frame=frame,
            plan=loaded.loaded_plan.record,
            ring=loaded.ring.record,
            number=loaded.number,
            unhush=int(loaded.unhush),
            rows=loaded.arena.table(SwapRow, ()),
            fade=FadeRecord.at(0),
        )
        loaded.record = loaded.arena.put(swap)
        if self.now.number:  # what plays first sounds at once
            self._hand_over(loaded, frame)
        self.next = loaded
        self._memory.hand_over(loaded.record)
        self._arming = max(time.perf_counter() - begun, 0.8 * self._arming)

    def _begin_feed(self, loaded: LoadedScore, frame: int, border: int, cycle: Fraction) -> None:
        """Send a score's first events: rows from `frame` on, voices from `border` on."""
        old, score, rate = self.now, loaded.score, self._memory.sample_rate
        if old.number:
            clock = loaded.make_clock(old.feed.clock, cycle)
            since = clock.at(Fraction(2 * border - 1, 2))
            rows_since = clock.at(Fraction(2 * frame - 1, 2))
        else:
            clock = Clock(score.cps, rate, loaded.begin, frame)
            since = rows_since = loaded.begin
        known = loaded.feed
        self._collect_problem(known)
        feed = loaded.feed = self._feed(
            score,
            clock,
            since,
            rows_since,
            patches=known.patches,
            end=known.end,
            planned=known.planned,
        )
        feed.sent = frame
        plan = loaded.loaded_plan.plan
        starter = VoiceStarter(plan, rate, self._recordings, self._cuts)
        loaded.ring = EventRing(loaded.arena, self._memory.publish)
        for row, value in feed.begin(plan, starter, loaded.ring):
            loaded.loaded_plan.set_row(row, value)
        if frame < border:
            feed.add(old.feed.between(frame, border))
        feed.push(max(frame, self.frame) + int(self._ahead * rate))
        self._collect_problem(feed)

    def _hand_over(self, loaded: LoadedScore, frame: int) -> None:
        """Prepare what passes from the old plan to the new one: rows that stay, and the fade."""
        old, loaded_plan = self.now, loaded.loaded_plan
        clocks = old.feed.clock, loaded.feed.clock
        same, moved = compare_rows(old.loaded_plan.plan, loaded_plan.plan, clocks, frame)
        swap_plan = loaded.swap_plan = SwapPlan(old.loaded_plan, loaded_plan, moved)
        loaded_plan.finish()
        loaded.record.rows = swap_plan.rows(same)
        loaded.record.fade = swap_plan.fade
        if swap_plan.tail:
            swap_plan.tail.until = frame + LONGEST_RING * self._memory.sample_rate

    def moment(self, when: When) -> tuple[int, Fraction]:
        """Return the frame from which the next score's voices sound, and the cycle there.

        The plan itself takes over where that frame's block begins: a block cut in two could round
        differently, and change the sound of outputs that the edit did not touch.
        """
        engine, clock, block = self._engine, self.clock, self._memory.block
        frame = self.frame
        if self._running():
            rate = self._memory.sample_rate
            frame += min(2 * engine.chunk, rate // 40)
            frame += int(min(self._arming, LONGEST_ARMING) * rate)
        if engine.fade:
            frame = max(frame, engine.fade_from + engine.fade_frames)
        frame = -(-frame // block) * block
        if when == "now" or not self.now.number:
            return frame, clock.at(frame)
        parts = PARTS[when]
        cycle = Fraction(ceil(clock.at(Fraction(2 * frame - 1, 2)) * parts), parts)
        return clock.frame(cycle), cycle

    def take_back(self) -> None:
        """Cancel a pending swap: the latest one wins."""
        loaded = self.next
        if loaded is None:
            return
        self._memory.hand_over(SwapRecord.at(0))
        self._memory.wait_for_call()  # one that goes on may still carry it out, and looks at it
        if self._engine.swap_done == loaded.number:
            self.settle()
        self.next = None

    def settle(self) -> None:
        """Note the swap that the audio side has carried out; free scores that are over."""
        engine, loaded = self._engine, self.next
        if loaded is not None and engine.swap_done == loaded.number:
            loaded.swap.frame = engine.swap_frame
            self.old.append(self.now)
            self.now, self.next = loaded, None
        elif loaded is not None and engine.swap_missed == loaded.number:
            self.next = None
            self._numbers += 1
            loaded.number = self._numbers
            self._arming *= 2
            self.arm(loaded, "now")
        if not engine.fade:
            self._free()

    def _free(self) -> None:
        """Free scores that are neither heard nor shown any more."""
        ringing = {tail.address for tail in self._engine.tails if tail}
        before = self.frame - int(MEMORY * self._memory.sample_rate)
        for loaded in [*self.old, self.now]:
            if loaded.swap_plan is not None and loaded.swap_plan.tail.address not in ringing:
                loaded.swap_plan = None
        self.old = [
            loaded
            for loaded in self.old
            if loaded.swap_plan is not None or self.ended(loaded) > before
        ]

    def ended(self, loaded: LoadedScore) -> int:
        """Return the frame at which the score after this one took over."""
        all_scores = [*self.old, self.now]
        return all_scores[all_scores.index(loaded) + 1].swap.frame or 0

    def _empty(self) -> LoadedScore:
        """Load the empty score."""
        score, memory = EmptyScore(), self._memory
        plan = make_plan({}, {}, [])
        loaded_plan = LoadedPlan(
            plan,
            Arena(),
            {},
            memory.sample_rate,
            memory.block,
            memory.voices,
            self._pool,
            None,
            {},
        )
        clock = Clock(score.cps, memory.sample_rate)
        nought = Fraction(0)
        feed = EventFeed(score, clock, nought, nought, memory.sample_rate, None, 0)
        ring = EventRing(loaded_plan.arena, memory.publish)
        return LoadedScore(score, feed, loaded_plan, ring, Swap(0.0, 0), lambda clock, _: clock)


def outputs_of_streams(score: ScoreProtocol) -> dict[str, str]:
    """Return the first output at which each stream of a score is heard, by stream name."""
    found: dict[str, str] = {}
    for output, root in score.outputs.items():
        pending, seen = [root], set()
        while pending:
            for leaf in leaves([pending.pop()]):
                if isinstance(leaf, Mix):
                    found.setdefault(leaf.stream.name, output)
                elif isinstance(leaf, Bus) and leaf.name not in seen:
                    seen.add(leaf.name)
                    if leaf.name in score.buses:
                        pending.append(score.buses[leaf.name])
    return found
