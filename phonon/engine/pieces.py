"""The pieces that play, one after the other: what is built, when it takes over, what is let go."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil
from typing import Any, Literal

from phonon.engine import layout as at
from phonon.engine import liveout as live
from phonon.engine.agenda import Starter
from phonon.engine.ahead import Feed
from phonon.engine.arena import Arena
from phonon.engine.clock import Clock
from phonon.engine.compare import rows_compared
from phonon.engine.console import Console, Silence
from phonon.engine.handover import LONGEST_RING, Handover
from phonon.engine.lanes import Pool
from phonon.engine.program import Entry, Program, host_entries
from phonon.engine.recordings import Recordings
from phonon.engine.ring import Ring
from phonon.engine.scheduler import Playable
from phonon.graph.plan import make_plan
from phonon.graph.voice import SampleSource

When = Literal["now", "beat", "cycle"]
MakeClock = Callable[[Clock, Fraction], Clock]

PARTS = {"beat": 4, "cycle": 1}  # of a cycle
ARMING, LONGEST_ARMING = 0.005, 0.25  # seconds that handing a program over is taken to need
MEMORY = 5.0  # seconds for which it is known what sounded


@dataclass(slots=True)
class Swap:
    """A change of program: how long it took to build, and the frame when it was carried out."""

    milliseconds: float
    frame: int | None = None


Guest = tuple[Entry, Arena]  # a patch of a stream that is gone, and where it lies


@dataclass(slots=True, repr=False, eq=False)
class Piece:
    """A score in play: its program, what is sent to it, how it took over."""

    score: Playable
    feed: Feed
    program: Program
    ring: Ring
    swap: Swap
    make_clock: MakeClock
    guests: Sequence[Guest] = ()
    handover: Handover | None = None
    number: int = 0
    unhush: bool = False
    arena: Arena = field(default_factory=Arena)
    record: int = 0


class Pieces:
    """The piece that plays now, the one that is next, and old ones that are still heard or shown.

    `running` tells whether time goes on by itself. Nothing here is locked: the player does that.
    """

    def __init__(
        self,
        console: Console,
        sample_rate: int,
        block: int,
        voices: int,
        samples: SampleSource | None,
        seed: int | None,
        ahead: float,
        running: Callable[[], bool],
    ) -> None:
        self._console, self._words = console, console.words
        self._sample_rate, self._block, self._voices = sample_rate, block, voices
        self._samples, self._seed, self._ahead = samples, seed, ahead
        self._running = running
        self._pool = Pool(Arena(), block)
        self._recordings = Recordings()
        self._cuts: dict[Any, int] = {}
        self._numbers = 0
        self._arming = ARMING
        self.problem: Exception | None = None
        self.old: list[Piece] = []
        self.next: Piece | None = None
        self.now: Piece = self._nothing()
        self._words[at.PROGRAM] = self.now.program.address
        self._words[at.RING] = self.now.ring.address

    @property
    def latest(self) -> Piece:
        """The one that plays in the end, if nothing else comes."""
        return self.next or self.now

    def note(self, feed: Feed) -> None:
        """Keep what went wrong while a feed looked ahead."""
        if feed.problem is not None:
            self.problem, feed.problem = feed.problem, None

    @property
    def frame(self) -> int:
        """The first frame of the next block."""
        return int(self._words[at.TIME])

    def feed(
        self, score: Playable, clock: Clock, since: Fraction, rows_since: Fraction, **options: Any
    ) -> Feed:
        """What a score asks for from cycles on: voices from the first, rows from the second."""
        seed = score.seed if self._seed is None else self._seed
        times = since, rows_since
        options["order"] = self.now.feed.asked
        return Feed(score, clock, *times, self._sample_rate, self._samples, seed, **options)

    def build(
        self,
        score: Playable,
        feed: Feed,
        plan: Any,
        kernels: dict[Any, int],
        swap: Swap,
        make_clock: MakeClock,
    ) -> Piece:
        """A program beside the one that plays, ready to take over from it."""
        before = self.now.program
        guests = self._guests_of(before, [op.stream.name for op in plan.voices()])
        # outputs that stay keep their order, for even the order of a sum can be heard as a bit
        played = [name for name in before.strips or () if name in before.plan.outputs]
        names = [*played, *plan.outputs]
        program = Program(
            plan,
            Arena(),
            kernels,
            self._sample_rate,
            self._block,
            self._voices,
            self._pool,
            before,
            {name: self._console.strip(name) for name in dict.fromkeys(names)},
            [(group, entry.address) for entry, _ in guests for group in entry.memory.groups],
        )
        self._numbers += 1
        ring = Ring(program.arena, self._console.publish)
        return Piece(score, feed, program, ring, swap, make_clock, guests, number=self._numbers)

    def _guests_of(self, before: Program, names: Sequence[str]) -> list[Guest]:
        """Patches whose streams are gone, as long as their voices sound."""
        hosted = {entry.address for entries in host_entries(before, names).values()
                  for entry in entries}  # fmt: skip
        leaving = [
            (entry, before.arena)
            for entries in before.entries.values()
            for entry in entries
            if entry.address not in hosted and (entry.number is not None or entry.memory.busy)
        ]
        return [guest for guest in self.now.guests if guest[0].memory.busy] + leaving

    def arm(self, piece: Piece, when: When) -> None:
        """Hand a piece to the audio side, with its events from a frame on that is still to come."""
        begun = time.perf_counter()
        border, cycle = self.moment(when)
        frame = border // self._block * self._block
        old = self.now
        clock = piece.make_clock(old.feed.clock, cycle)
        since, rows_since = (
            clock.at(Fraction(2 * border - 1, 2)),
            clock.at(Fraction(2 * frame - 1, 2)),
        )
        if not old.number:  # what plays first begins at its beginning
            clock = Clock(piece.score.cps, self._sample_rate, 0, frame)
            since = rows_since = Fraction(0)
        feed = self.feed(piece.score, clock, since, rows_since, patches=piece.feed.patches)
        piece.feed = feed
        feed.sent = frame
        plan, program = piece.program.plan, piece.program
        starter = Starter(plan, self._sample_rate, self._recordings, self._cuts)
        piece.ring = Ring(piece.arena, self._console.publish)
        for row, value in feed.begin(plan, starter, piece.ring):
            program.rows[row] = [value, 0.0, 0.0, 0.0]
        if frame < border:
            feed.add(old.feed.between(frame, border))
        feed.push(max(frame, self.frame) + int(self._ahead * self._sample_rate))
        self.note(feed)
        words = [0] * live.SWAP_WORDS
        words[live.SWAP_AT] = frame
        words[live.SWAP_PROGRAM] = program.address
        words[live.SWAP_RING] = piece.ring.address
        words[live.SWAP_NUMBER] = piece.number
        words[live.SWAP_UNHUSH] = int(piece.unhush)
        if old.number:  # what plays first sounds at once, as it does offline
            same, moved = rows_compared(old, piece, frame)
            handover = piece.handover = Handover(old.program, program, moved)
            program.finish()
            words[live.SWAP_ROWS], words[live.SWAP_ROWS_END] = handover.rows(same)
            words[live.SWAP_FADE] = handover.fade
            if handover.ghost:
                until = frame + LONGEST_RING * self._sample_rate
                self._console.poke(handover.ghost, live.GHOST_UNTIL, until)
        piece.record = piece.arena.words(words)
        self.next = piece
        self._console.set(live.SWAP, piece.record)
        self._arming = max(time.perf_counter() - begun, 0.8 * self._arming)

    def moment(self, when: When) -> tuple[int, Fraction]:
        """The frame from which the next program's voices sound, and the cycle that begins there.

        The program itself begins with the block: that is where no sound changes by itself, for
        not even rounding does.
        """
        words, clock = self._words, self.now.feed.clock
        frame = self.frame
        if self._running():
            frame += min(2 * int(words[live.CHUNK]), self._sample_rate // 40)
            frame += int(min(self._arming, LONGEST_ARMING) * self._sample_rate)
        if words[live.FADE]:
            frame = max(frame, int(words[live.FADE_FROM] + words[live.FADE_FRAMES]))
        frame = -(-frame // self._block) * self._block
        if when == "now" or not self.now.number:
            return frame, clock.at(frame)
        parts = PARTS[when]
        cycle = Fraction(ceil(clock.at(Fraction(2 * frame - 1, 2)) * parts), parts)
        return clock.frame(cycle), cycle

    def take_back(self) -> None:
        """The latest swap wins: one that waits is not carried out any more."""
        piece = self.next
        if piece is None:
            return
        self._console.set(live.SWAP, 0)
        self._console.wait_for_call()  # one that goes on may still carry it out, and looks at it
        if self._words[live.SWAP_DONE] == piece.number:
            self.settle()
        self.next = None

    def settle(self) -> None:
        """See what the audio side has done."""
        words, piece = self._words, self.next
        if piece is not None and words[live.SWAP_DONE] == piece.number:
            piece.swap.frame = int(words[live.SWAP_FRAME])
            self.old.append(self.now)
            self.now, self.next = piece, None
        elif piece is not None and words[live.SWAP_MISSED] == piece.number:
            self.next = None
            self._numbers += 1
            piece.number = self._numbers
            self._arming *= 2
            self.arm(piece, "now")
        if not words[live.FADE]:
            self._free()

    def _free(self) -> None:
        """Let go of what nobody plays or shows any more."""
        ghosts = set(self._words[live.GHOSTS : live.GHOSTS + live.GHOST_COUNT].tolist()) - {0}
        before = self.frame - int(MEMORY * self._sample_rate)
        for piece in [*self.old, self.now]:
            if piece.handover is not None and piece.handover.ghost not in ghosts:
                piece.handover = None
        self.old = [
            piece for piece in self.old if piece.handover is not None or self.ended(piece) > before
        ]

    def ended(self, piece: Piece) -> int:
        """The frame at which the piece after this one took over."""
        pieces = [*self.old, self.now]
        return pieces[pieces.index(piece) + 1].swap.frame or 0

    def _nothing(self) -> Piece:
        """What plays before anything does."""
        score = Silence()
        plan = make_plan({}, {}, [])
        program = Program(
            plan, Arena(), {}, self._sample_rate, self._block, self._voices, self._pool, None, {}
        )
        ring = Ring(program.arena, self._console.publish)
        clock = Clock(score.cps, self._sample_rate)
        nought = Fraction(0)
        feed = Feed(score, clock, nought, nought, self._sample_rate, None, 0)
        return Piece(score, feed, program, ring, Swap(0.0, 0), lambda clock, _: clock)
