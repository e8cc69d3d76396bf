"""One running engine whose program changes: what a device plays and a session directs."""

from __future__ import annotations

import copy
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from phonon.engine import layout as at
from phonon.engine import liveout as live
from phonon.engine import telemetry
from phonon.engine.agenda import Starter
from phonon.engine.ahead import SCOUTED, Feed
from phonon.engine.arena import Arena
from phonon.engine.clock import Clock
from phonon.engine.console import Console
from phonon.engine.drift import Drift, drift
from phonon.engine.followers import Follower, Holder
from phonon.engine.handover import LONGEST_RING, Handover
from phonon.engine.lanes import Pool
from phonon.engine.program import Entry, Program, host_entries, needed
from phonon.engine.recordings import Recordings
from phonon.engine.ring import Ring
from phonon.engine.scheduler import Playable
from phonon.errors import Fault, PhononError, Span
from phonon.graph.node import Curve, Held, Last
from phonon.graph.plan import make_plan
from phonon.graph.voice import SampleSource
from phonon.kernel import library
from phonon.pattern import pure

Floats = NDArray[np.float32]
When = Literal["now", "beat", "cycle"]
Progress = Callable[[str, float, float], None]
MakeClock = Callable[[Clock, Fraction], Clock]

PARTS = {"beat": 4, "cycle": 1}  # of a cycle
STEP = 960  # frames between two looks ahead, where nobody else looks
AHEAD, FURTHEST = 0.15, 1.0  # seconds
LONGEST_LOOK = 0.1  # seconds of one look ahead
STILL = 0.1  # seconds without a call after which time stands still
ARMING, LONGEST_ARMING = 0.005, 0.25  # seconds that handing a program over is taken to need
SOON = 0.5  # seconds in which what lights up is told beforehand
MEMORY = 5.0  # seconds for which it is known what sounded
LOOK_BACK = 4.0  # seconds, of those, in which drift is looked for


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


class Player:
    """Plays scores, one after the other, without a gap.

    `callback` and `user` are for a device; `render` is the same without one. `pump` has to be
    called every 10 to 20 ms. Where `patient`, new kinds of voices are waited for: set it where
    time stands still while nobody calls. `record` is a buffer for telemetry, if it is to be
    elsewhere.
    """

    def __init__(
        self,
        sample_rate: int = 48_000,
        block: int = 64,
        voices: int = 256,
        samples: SampleSource | None = None,
        seed: int | None = None,
        ahead: float = AHEAD,
        record: Any = None,
    ) -> None:
        self.sample_rate = sample_rate
        self.patient = False
        self.progress: Progress | None = None
        self._block, self._voices = block, voices
        self._samples, self._seed = samples, seed
        self._least_ahead = self._ahead = ahead
        self._console = Console(sample_rate, block, voices, record)
        self._words = self._console.words
        self._pool = Pool(Arena(), block)
        self._recordings = Recordings()
        self._cuts: dict[Any, int] = {}
        self._lock = threading.RLock()
        self._swapping = threading.RLock()
        self._pumped = time.monotonic()
        self._numbers = 0
        self._waiting = False  # somebody, for the lock
        self._arming = ARMING
        self._own_calls = 0  # how many there were when `render` made the last one
        self._old: list[Piece] = []
        self._next: Piece | None = None
        self._growing: threading.Thread | None = None
        self._refused: set[Any] = set()
        self._problem: Exception | None = None
        self._now: Piece = self._nothing()
        self._words[at.PROGRAM] = self._now.program.address
        self._words[at.RING] = self._now.ring.address

    # -- sound ------------------------------------------------------------------------------------

    @property
    def callback(self) -> int:
        """The address of the compiled PortAudio callback."""
        return self._console.callback

    @property
    def user(self) -> int:
        """What it is given as its user data."""
        return self._console.address

    @property
    def record(self) -> NDArray[np.int64]:
        """The telemetry record; see `phonon.engine.telemetry`."""
        return self._console.record

    @property
    def frame(self) -> int:
        """The first frame of the next block."""
        return int(self._words[at.TIME])

    @property
    def cycle(self) -> float:
        """Where that is in the music."""
        with self._lock:
            return max(float(self._now.feed.clock.cycle(self.frame)), 0.0)

    def render(self, frames: int) -> Floats:
        """The next `frames` frames, shape (frames, 2), as a device would get them."""
        out = np.empty((frames, 2), np.float32)
        patient, self.patient = self.patient, True
        for done in range(0, frames, STEP):
            self.pump()
            self._console.play(out.ctypes.data + 8 * done, min(STEP, frames - done))
        self.patient = patient
        self._own_calls = self._console.calls
        return out

    # -- programs ---------------------------------------------------------------------------------

    def swap(self, score: Playable, when: When = "now", *, unhush: bool = True) -> Swap:
        """Let another score take over: at once, or with the next beat (of four) or cycle.

        It sounds even after `hush`, unless it is not to. Raises PhononError where it cannot be
        played; then nothing changes.
        """
        return self._change(
            score, when, lambda clock, cycle: clock.continued(score.cps, cycle), unhush=unhush
        )

    def tempo(self, cps: float) -> None:
        """Cycles per second from now on."""
        if not self._latest.number:
            return
        score = copy.copy(self._latest.score)
        score.cps = pure(cps)
        self._change(score, "now", lambda clock, cycle: clock.continued(score.cps, cycle))

    def nudge(self, cycles: float) -> None:
        """Move the phase of the music."""
        if not self._latest.number:
            return
        exact = Fraction(cycles).limit_denominator(1 << 20)
        self._change(
            self._latest.score,
            "now",
            lambda clock, cycle: clock.shifted(max(exact, -cycle), cycle),
        )

    # -- performance ------------------------------------------------------------------------------

    def hush(self) -> None:
        """Fade out in 20 ms; the clock runs on, and the next swap sounds again."""
        self._console.ask(0)

    def panic(self) -> None:
        """Silence at once: voices, tails, what is on its way."""
        self._console.ask(1)

    def unhush(self) -> None:
        """Sound again."""
        self._console.ask(2)

    def listen(self, requests: NDArray[np.int64]) -> None:
        """Let hush, panic and unhush be counters in memory that another process shares."""
        self._console.listen(requests)

    def mute(self, names: Iterable[str]) -> None:
        """These outputs are muted, and no others."""
        self._console.mute(names)

    def solo(self, names: Iterable[str]) -> None:
        """These outputs are soloed, and no others; that silences all that are not."""
        self._console.solo(names)

    def master(self, gain: float) -> None:
        """Linear gain of everything."""
        self._console.master(gain)

    # -- what there is to know --------------------------------------------------------------------

    def telemetry(self) -> telemetry.Telemetry:
        """What the engine tells; its `levels` are those of `outputs`. Extremes begin anew."""
        strips = tuple(self._console.meter(name) for name in self.outputs)
        found = telemetry.read(self.record, self.sample_rate, strips)
        telemetry.begin_anew(self.record)
        return found

    @property
    def outputs(self) -> list[str]:
        """The outputs that play, in order."""
        return list(self._now.program.plan.outputs)

    @property
    def target(self) -> float:
        """How many seconds ahead events are sent."""
        return self._ahead

    def scope(self) -> Floats:
        """The last 2048 frames that were heard, mono."""
        return telemetry.scope(self.record)

    def sounding(self, frame: int) -> list[tuple[int, int, tuple[Span, ...], str]]:
        """(begin, end, spans, output) of what sounds at a frame or begins within half a second."""
        soon = frame + int(SOON * self.sample_rate)
        with self._lock:
            found = []
            for piece in [*self._old, self._now]:
                outputs = self._console.outputs_of(piece.score)
                until = piece.feed.sent if piece is self._now else self._ended(piece)
                found += [
                    (lit.begin, lit.end, lit.spans, outputs.get(lit.stream, lit.stream))
                    for lit in piece.feed.lit
                    if lit.begin < min(soon, until) and lit.end > frame
                ]
            return found

    def drift(self) -> Drift:
        """The score's voices of the last seconds beside those that it asks for."""
        with self._lock:
            end = self.frame
            begin = max(end - int(LOOK_BACK * self.sample_rate), self._now.swap.frame or 0)
            started = []
            for piece in [*self._old, self._now]:
                until = end if piece is self._now else min(self._ended(piece), end)
                found = ((lit.begin, lit.stream) for lit in piece.feed.lit)
                started += [voice for voice in found if begin <= voice[0] < until]
            score = self._now.score
        return drift(score, started, begin, end, self.sample_rate, self._samples)

    def take_problem(self) -> Exception | None:
        """What went wrong while looking ahead, once."""
        found, self._problem = self._problem, None
        return found

    def close(self) -> None:
        """Let go of everything; no device may call any more."""
        with self._swapping, self._lock:
            self._old.clear()
            self._next = None

    # -- looking ahead ----------------------------------------------------------------------------

    def pump(self, now_frame: int | None = None) -> None:
        """Send what is going to sound, and clear up what is over."""
        with self._lock:
            self._adapt()
            self._settle()
            frame = self.frame if now_frame is None else now_frame
            reach = int(self._ahead * self.sample_rate)
        self._send(frame + reach)
        with self._lock:
            for piece in (self._now, self._next):
                if piece is None:
                    continue
                piece.feed.scout(frame + int(SCOUTED * self.sample_rate), most=1)
                self._note(piece.feed)
                piece.feed.forget(frame - int(MEMORY * self.sample_rate))
            if self._now.feed.missing and self._next is None:
                self._grow()
                self._now.feed.push(frame + reach)
            if self.patient:
                self._words[live.ENDED] = 0  # the thread that plays is at work here as well
            self._words[live.SENT] = self._now.feed.sent if self._now.number else frame + reach
            clock = self._now.feed.clock
            cycle = clock.cycle(frame)
            telemetry.write_anchor(self.record, frame, float(cycle), float(clock.cps(cycle)))
            clock.forget(cycle - 256)

    def _send(self, until: int) -> None:
        """Send what is due before a frame, a little at a time.

        Whoever changes the program waits for no more than that, even if the one that plays asks
        for more than there is time for.
        """
        deadline = time.monotonic() + LONGEST_LOOK
        going = True
        while going and (self.patient or time.monotonic() < deadline):
            if self._waiting:
                time.sleep(0.001)
            with self._lock:
                going = False
                for piece in (self._now, self._next):
                    sent = until if piece is None else piece.feed.sent
                    if piece is not None and sent < until:
                        piece.feed.push(min(sent + STEP, until))
                        going = going or sent < piece.feed.sent < until

    def _adapt(self) -> None:
        """Look further ahead where the looks are far apart, and less again by and by."""
        now = time.monotonic()
        gap, self._pumped = now - self._pumped, now
        chunk = int(self._words[live.CHUNK]) / self.sample_rate
        wanted = max(self._least_ahead, 3 * chunk if chunk < FURTHEST / 3 else FURTHEST)
        if not self.patient and 2 * gap > self._ahead:
            wanted = max(wanted, 3 * gap)
        self._ahead = min(max(wanted, self._ahead * 0.999), FURTHEST)

    def _note(self, feed: Feed) -> None:
        if feed.problem is not None:
            self._problem, feed.problem = feed.problem, None

    # -- changes ----------------------------------------------------------------------------------

    @property
    def _latest(self) -> Piece:
        return self._next or self._now

    def _change(
        self,
        score: Playable,
        when: When,
        make_clock: MakeClock,
        *,
        unhush: bool = False,
    ) -> Swap:
        with self._swapping:
            begun = time.perf_counter()
            with self._next_in_turn():
                self._settle()
                frame, cycle = self._moment(when)
                clock = make_clock(self._now.feed.clock, cycle)
                if not self._now.number:
                    clock, cycle = Clock(score.cps, self.sample_rate, 0, frame), Fraction(0)
            feed = self._feed(score, clock, cycle, cycle)
            feed.scout(frame + self.sample_rate // 2, most=4)
            feed.recall(self._now.program.playing)
            self._note(feed)
            plan = _planned(score, feed)
            told = None if self.progress is None else self._told
            kernels = library.load(needed(plan), told)
            with self._next_in_turn():
                self._take_back()
                swap = Swap(0.0)
                piece = self._piece(score, feed, plan, kernels, swap, make_clock)
                piece.unhush = unhush
                self._arm(piece, when)
                swap.milliseconds = 1_000 * (time.perf_counter() - begun)
                until = self.frame + int(self._ahead * self.sample_rate)
            self._send(until)
            return swap

    @contextmanager
    def _next_in_turn(self) -> Iterator[None]:
        """The lock, for which the thread that looks ahead makes way."""
        self._waiting = True
        with self._lock:
            self._waiting = False
            yield

    def _told(self, done: int, total: int) -> None:
        if self.progress is not None:
            self.progress("kernels", done, total)

    def _feed(
        self, score: Playable, clock: Clock, since: Fraction, rows_since: Fraction, **options: Any
    ) -> Feed:
        seed = score.seed if self._seed is None else self._seed
        times = since, rows_since
        options["order"] = self._now.feed.asked
        return Feed(score, clock, *times, self.sample_rate, self._samples, seed, **options)

    def _piece(
        self,
        score: Playable,
        feed: Feed,
        plan: Any,
        kernels: dict[Any, int],
        swap: Swap,
        make_clock: MakeClock,
    ) -> Piece:
        """A program beside the one that plays, ready to take over from it."""
        before = self._now.program
        guests = self._guests_of(before, [op.stream.name for op in plan.voices()])
        # outputs that stay keep their order, for even the order of a sum can be heard as a bit
        played = [name for name in before.strips or () if name in before.plan.outputs]
        names = [*played, *plan.outputs]
        program = Program(
            plan,
            Arena(),
            kernels,
            self.sample_rate,
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
        return [guest for guest in self._now.guests if guest[0].memory.busy] + leaving

    def _arm(self, piece: Piece, when: When) -> None:
        """Hand a piece to the audio side, with its events from a frame on that is still to come."""
        begun = time.perf_counter()
        border, cycle = self._moment(when)
        frame = border // self._block * self._block
        old = self._now
        clock = piece.make_clock(old.feed.clock, cycle)
        since, rows_since = (
            clock.at(Fraction(2 * border - 1, 2)),
            clock.at(Fraction(2 * frame - 1, 2)),
        )
        if not old.number:  # what plays first begins at its beginning
            clock = Clock(piece.score.cps, self.sample_rate, 0, frame)
            since = rows_since = Fraction(0)
        feed = self._feed(piece.score, clock, since, rows_since, patches=piece.feed.patches)
        piece.feed = feed
        feed.sent = frame
        plan, program = piece.program.plan, piece.program
        starter = Starter(plan, self.sample_rate, self._recordings, self._cuts)
        piece.ring = Ring(piece.arena, self._console.publish)
        for row, value in feed.begin(plan, starter, piece.ring):
            program.rows[row] = [value, 0.0, 0.0, 0.0]
        if frame < border:
            feed.add(old.feed.between(frame, border))
        feed.push(max(frame, self.frame) + int(self._least_ahead * self.sample_rate))
        self._note(feed)
        words = [0] * live.SWAP_WORDS
        words[live.SWAP_AT] = frame
        words[live.SWAP_PROGRAM] = program.address
        words[live.SWAP_RING] = piece.ring.address
        words[live.SWAP_NUMBER] = piece.number
        words[live.SWAP_UNHUSH] = int(piece.unhush)
        if old.number:  # what plays first sounds at once, as it does offline
            same, moved = _rows_compared(old, piece, frame)
            handover = piece.handover = Handover(old.program, program, moved)
            program.finish()
            words[live.SWAP_ROWS], words[live.SWAP_ROWS_END] = handover.rows(same)
            words[live.SWAP_FADE] = handover.fade
            if handover.ghost:
                until = frame + LONGEST_RING * self.sample_rate
                self._console.poke(handover.ghost, live.GHOST_UNTIL, until)
        piece.record = piece.arena.words(words)
        self._next = piece
        self._console.set(live.SWAP, piece.record)
        self._arming = max(time.perf_counter() - begun, 0.8 * self._arming)

    def _moment(self, when: When) -> tuple[int, Fraction]:
        """The frame from which the next program's voices sound, and the cycle that begins there.

        The program itself begins with the block: that is where no sound changes by itself, for
        not even rounding does.
        """
        words, clock = self._words, self._now.feed.clock
        frame = self.frame
        if self._running:
            frame += min(2 * int(words[live.CHUNK]), self.sample_rate // 40)
            frame += int(min(self._arming, LONGEST_ARMING) * self.sample_rate)
        if words[live.FADE]:
            frame = max(frame, int(words[live.FADE_FROM] + words[live.FADE_FRAMES]))
        frame = -(-frame // self._block) * self._block
        if when == "now" or not self._now.number:
            return frame, clock.at(frame)
        parts = PARTS[when]
        cycle = Fraction(ceil(clock.at(Fraction(2 * frame - 1, 2)) * parts), parts)
        return clock.frame(cycle), cycle

    @property
    def _running(self) -> bool:
        """Whether time goes on by itself."""
        console = self._console
        return not self.patient and console.calls != self._own_calls and console.since_call < STILL

    def _take_back(self) -> None:
        """The latest swap wins: one that waits is not carried out any more."""
        piece = self._next
        if piece is None:
            return
        self._console.set(live.SWAP, 0)
        self._console.wait_for_call()  # one that goes on may still carry it out, and looks at it
        if self._words[live.SWAP_DONE] == piece.number:
            self._settle()
        self._next = None

    def _settle(self) -> None:
        """See what the audio side has done."""
        words, piece = self._words, self._next
        if piece is not None and words[live.SWAP_DONE] == piece.number:
            piece.swap.frame = int(words[live.SWAP_FRAME])
            self._old.append(self._now)
            self._now, self._next = piece, None
        elif piece is not None and words[live.SWAP_MISSED] == piece.number:
            self._next = None
            self._numbers += 1
            piece.number = self._numbers
            self._arming *= 2
            self._arm(piece, "now")
        if not words[live.FADE]:
            self._free()

    def _free(self) -> None:
        """Let go of what nobody plays or shows any more."""
        ghosts = set(self._words[live.GHOSTS : live.GHOSTS + live.GHOST_COUNT].tolist()) - {0}
        before = self.frame - int(MEMORY * self.sample_rate)
        for piece in [*self._old, self._now]:
            if piece.handover is not None and piece.handover.ghost not in ghosts:
                piece.handover = None
        self._old = [
            piece
            for piece in self._old
            if piece.handover is not None or self._ended(piece) > before
        ]

    def _ended(self, piece: Piece) -> int:
        """The frame at which the piece after this one took over."""
        pieces = [*self._old, self._now]
        return pieces[pieces.index(piece) + 1].swap.frame or 0

    def _grow(self) -> None:
        """Make room for new kinds of voices; kernels that are not there are compiled beside."""
        piece = self._now
        try:
            plan = _planned(piece.score, piece.feed)
        except PhononError as error:
            self._problem = error
            return
        wanted = needed(plan)
        if not self.patient and not library.ready(wanted):
            if self._growing is None or not self._growing.is_alive():
                self._growing = threading.Thread(
                    target=library.load, args=(wanted,), name="kernels", daemon=True
                )
                self._growing.start()
            return
        kernels = library.load(wanted)
        grown = self._piece(
            piece.score, piece.feed, plan, kernels, Swap(0.0), lambda clock, _: clock
        )
        self._arm(grown, "now")

    def _nothing(self) -> Piece:
        """What plays before anything does."""
        from phonon.engine.console import Silence

        score = Silence()
        plan = make_plan({}, {}, [])
        program = Program(
            plan, Arena(), {}, self.sample_rate, self._block, self._voices, self._pool, None, {}
        )
        ring = Ring(program.arena, self._console.publish)
        clock = Clock(score.cps, self.sample_rate)
        nought = Fraction(0)
        feed = Feed(score, clock, nought, nought, self.sample_rate, None, 0)
        return Piece(score, feed, program, ring, Swap(0.0, 0), lambda clock, _: clock)


def _planned(score: Playable, feed: Feed) -> Any:
    try:
        return make_plan(score.outputs, score.buses, list(feed.patches.values()))
    except Fault as fault:
        raise PhononError(fault.message) from fault


def _rows_compared(old: Piece, new: Piece, frame: int) -> tuple[list[tuple[int, int]], set[str]]:
    """Rows whose value goes on, as far as can be seen, and the keys of those where it jumps."""
    clocks = old.feed.clock, new.feed.clock
    cycles = [clock.at(Fraction(2 * frame - 1, 2)) for clock in clocks]
    known = {row.key: (number, row.source) for number, row in enumerate(old.program.plan.rows)}
    same: list[tuple[int, int]] = []
    moved: set[str] = set()
    for number, row in enumerate(new.program.plan.rows):
        before, source = known.get(row.key, (0, None))
        if isinstance(row.source, Held) and isinstance(source, Held):
            holders = Holder(before, source, clocks[0]), Holder(number, row.source, clocks[1])
            first, then = _first_values(holders, cycles)
            if first != then:
                moved.add(row.key)
            elif not any(holder.found for holder in holders):
                same.append((before, number))  # what no event says only the row itself knows
        elif isinstance(row.source, Curve) and isinstance(source, Curve):
            curves = Follower(before, source, clocks[0]), Follower(number, row.source, clocks[1])
            first, then = _first_values(curves, cycles)
            if first != then:
                moved.add(row.key)
        elif isinstance(row.source, Last) and isinstance(source, Last):
            if _followed(source) == _followed(row.source):
                same.append((before, number))
            else:
                moved.add(row.key)
    return same, moved


def _first_values(
    sources: Sequence[Holder | Follower], cycles: Sequence[Fraction]
) -> list[float | None]:
    """What rows begin with, None where their pattern cannot be asked."""
    found: list[float | None] = []
    for source, cycle in zip(sources, cycles, strict=True):
        try:
            found.append(source.first(cycle))
        except Exception:  # noqa: BLE001 — patterns are anybody's functions
            found.append(None)
    return found


def _followed(last: Last) -> tuple[str, str]:
    return last.stream.name, last.control
