"""One running engine whose program changes: what a device plays and a session directs."""

from __future__ import annotations

import copy
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from phonon.engine import liveout as live
from phonon.engine import telemetry
from phonon.engine.ahead import SCOUTED, Feed
from phonon.engine.clock import Clock
from phonon.engine.console import Console
from phonon.engine.drift import Drift, drift
from phonon.engine.pieces import MEMORY, MakeClock, Pieces, Swap, When
from phonon.engine.program import needed
from phonon.engine.scheduler import Playable
from phonon.errors import Fault, PhononError, Span
from phonon.graph.plan import make_plan
from phonon.graph.voice import SampleSource
from phonon.kernel import library
from phonon.patterns import pure

Floats = NDArray[np.float32]
Progress = Callable[[str, float, float], None]

STEP = 960  # frames between two looks ahead, where nobody else looks
AHEAD, FURTHEST = 0.15, 1.0  # seconds
LONGEST_LOOK = 0.1  # seconds of one look ahead
STILL = 0.1  # seconds without a call after which time stands still
SOON = 0.5  # seconds in which what lights up is told beforehand
LOOK_BACK = 4.0  # seconds, of those, in which drift is looked for


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
        self._samples = samples
        self._least_ahead = self._ahead = ahead
        self._console = Console(sample_rate, block, voices, record)
        self._words = self._console.words
        self._lock = threading.RLock()
        self._swapping = threading.RLock()
        self._pumped = time.monotonic()
        self._waiting = False  # somebody, for the lock
        self._own_calls = 0  # how many there were when `render` made the last one
        self._growing: threading.Thread | None = None
        self._pieces = Pieces(
            self._console, sample_rate, block, voices, samples, seed, ahead, self._running
        )

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
        return self._pieces.frame

    @property
    def cycle(self) -> float:
        """Where that is in the music."""
        with self._lock:
            return max(float(self._pieces.now.feed.clock.cycle(self.frame)), 0.0)

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
        if not self._pieces.latest.number:
            return
        score = copy.copy(self._pieces.latest.score)
        score.cps = pure(cps)
        self._change(score, "now", lambda clock, cycle: clock.continued(score.cps, cycle))

    def nudge(self, cycles: float) -> None:
        """Move the phase of the music."""
        if not self._pieces.latest.number:
            return
        exact = Fraction(cycles).limit_denominator(1 << 20)
        self._change(
            self._pieces.latest.score,
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
        return list(self._pieces.now.program.plan.outputs)

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
            for piece in [*self._pieces.old, self._pieces.now]:
                outputs = self._console.outputs_of(piece.score)
                until = piece.feed.sent if piece is self._pieces.now else self._pieces.ended(piece)
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
            begin = max(end - int(LOOK_BACK * self.sample_rate), self._pieces.now.swap.frame or 0)
            started = []
            for piece in [*self._pieces.old, self._pieces.now]:
                until = end if piece is self._pieces.now else min(self._pieces.ended(piece), end)
                found = ((lit.begin, lit.stream) for lit in piece.feed.lit)
                started += [voice for voice in found if begin <= voice[0] < until]
            score = self._pieces.now.score
        return drift(score, started, begin, end, self.sample_rate, self._samples)

    def take_problem(self) -> Exception | None:
        """What went wrong while looking ahead, once."""
        found, self._pieces.problem = self._pieces.problem, None
        return found

    def close(self) -> None:
        """Let go of everything; no device may call any more."""
        with self._swapping, self._lock:
            self._pieces.old.clear()
            self._pieces.next = None

    # -- looking ahead ----------------------------------------------------------------------------

    def pump(self, now_frame: int | None = None) -> None:
        """Send what is going to sound, and clear up what is over."""
        with self._lock:
            self._adapt()
            self._pieces.settle()
            frame = self.frame if now_frame is None else now_frame
            reach = int(self._ahead * self.sample_rate)
        self._send(frame + reach)
        with self._lock:
            for piece in (self._pieces.now, self._pieces.next):
                if piece is None:
                    continue
                piece.feed.scout(frame + int(SCOUTED * self.sample_rate), most=1)
                self._pieces.note(piece.feed)
                piece.feed.forget(frame - int(MEMORY * self.sample_rate))
            if self._pieces.now.feed.missing and self._pieces.next is None:
                self._grow()
                self._pieces.now.feed.push(frame + reach)
            if self.patient:
                self._words[live.ENDED] = 0  # the thread that plays is at work here as well
            self._words[live.SENT] = (
                self._pieces.now.feed.sent if self._pieces.now.number else frame + reach
            )
            clock = self._pieces.now.feed.clock
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
                for piece in (self._pieces.now, self._pieces.next):
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

    # -- changes ----------------------------------------------------------------------------------

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
                self._pieces.settle()
                frame, cycle = self._pieces.moment(when)
                clock = make_clock(self._pieces.now.feed.clock, cycle)
                if not self._pieces.now.number:
                    clock, cycle = Clock(score.cps, self.sample_rate, 0, frame), Fraction(0)
            feed = self._pieces.feed(score, clock, cycle, cycle)
            feed.scout(frame + self.sample_rate // 2, most=4)
            feed.recall(self._pieces.now.program.playing)
            self._pieces.note(feed)
            plan = _planned(score, feed)
            told = None if self.progress is None else self._told
            kernels = library.load(needed(plan), told)
            with self._next_in_turn():
                self._pieces.take_back()
                swap = Swap(0.0)
                piece = self._pieces.build(score, feed, plan, kernels, swap, make_clock)
                piece.unhush = unhush
                self._pieces.arm(piece, when)
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

    def _running(self) -> bool:
        """Whether time goes on by itself."""
        console = self._console
        return not self.patient and console.calls != self._own_calls and console.since_call < STILL

    def _grow(self) -> None:
        """Make room for new kinds of voices; kernels that are not there are compiled beside."""
        piece = self._pieces.now
        try:
            plan = _planned(piece.score, piece.feed)
        except PhononError as error:
            self._pieces.problem = error
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
        grown = self._pieces.build(
            piece.score, piece.feed, plan, kernels, Swap(0.0), lambda clock, _: clock
        )
        self._pieces.arm(grown, "now")


def _planned(score: Playable, feed: Feed) -> Any:
    try:
        return make_plan(score.outputs, score.buses, list(feed.patches.values()))
    except Fault as fault:
        raise PhononError(fault.message) from fault
