"""Plays scores live, one after the other; a device calls it and a session directs it."""

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

from phonon.engine import telemetry
from phonon.engine.drift import Drift, drift
from phonon.engine.engine_memory import EngineMemory
from phonon.engine.live_layout import MeterRecord, TelemetryRecord
from phonon.engine.loaded_plan import needed
from phonon.engine.loaded_scores import MEMORY, LoadedScores, Swap, When, outputs_of_streams
from phonon.engine.lookahead import SCOUTED
from phonon.engine.scheduler import ScoreProtocol
from phonon.engine.score_draft import MakeClock
from phonon.errors import PhononError, Span
from phonon.graph.voice import SampleSource
from phonon.kernel import library
from phonon.kernel.library import KernelKey
from phonon.patterns import pure

Floats = NDArray[np.float32]
Progress = Callable[[str, float, float], None]

STEP = 960  # frames for which events are sent at a time
AHEAD, FURTHEST = 0.15, 1.0  # seconds
LONGEST_LOOK = 0.1  # seconds that one call of `pump` sends events, at most
STILL = 0.1  # seconds without a call after which time stands still
SOON = 0.5  # seconds by which `sounding` answers ahead
LOOK_BACK = 4.0  # seconds over which `drift` compares


class Player:
    """Plays scores, one after the other, without a gap.

    `callback` and `user` are for a device; `render` is the same without one. `pump` has to be
    called every 10 to 20 ms. With `wait_for_kernels`, a score that brings new kinds of voices
    waits until their kernels are compiled: set it where time stands still meanwhile. `record` is
    a buffer for telemetry, if it is to be elsewhere.
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
        *,
        wait_for_kernels: bool = False,
        progress: Progress | None = None,
    ) -> None:
        self.sample_rate = sample_rate
        self.wait_for_kernels = wait_for_kernels
        self._progress = progress
        self._samples = samples
        self._least_ahead = self._ahead = ahead
        self._memory = EngineMemory(sample_rate, block, voices, record)
        self._engine = self._memory.engine
        self._lock = threading.RLock()
        self._swapping = threading.RLock()
        self._pumped = time.monotonic()
        self._waiting = False  # somebody, for the lock
        self._own_calls = 0  # how many there were when `render` made the last one
        self._compiling: threading.Thread | None = None
        self._refused: set[KernelKey] = set()  # kernels that could not be compiled
        self._scores = LoadedScores(self._memory, samples, seed, ahead, self._running)

    # -- sound ------------------------------------------------------------------------------------

    @property
    def callback(self) -> int:
        """Return the address of the compiled PortAudio callback."""
        return self._memory.callback

    @property
    def user(self) -> int:
        """Return the address that the callback takes as its user data."""
        return self._memory.address

    @property
    def record(self) -> TelemetryRecord:
        """Return the telemetry record; `phonon.engine.telemetry` reads it."""
        return self._memory.record

    @property
    def frame(self) -> int:
        """Return the first frame of the next block."""
        return self._scores.frame

    @property
    def cycle(self) -> float:
        """Return the position of that frame in cycles."""
        with self._lock:
            return max(float(self._scores.clock.cycle(self.frame)), 0.0)

    def render(self, frames: int) -> Floats:
        """Render the next `frames` frames, shape (frames, 2), as a device would get them."""
        out = np.empty((frames, 2), np.float32)
        waits, self.wait_for_kernels = self.wait_for_kernels, True
        try:
            for done in range(0, frames, STEP):
                self.pump()
                self._memory.play(out.ctypes.data + 8 * done, min(STEP, frames - done))
        finally:
            self.wait_for_kernels = waits
            self._own_calls = self._memory.calls
        return out

    # -- plans -------------------------------------------------------------------------------------

    def swap(self, score: ScoreProtocol, when: When = "now", *, unhush: bool = True) -> Swap:
        """Switch to another score: at once, or at the next beat (of four to a cycle) or cycle.

        It ends a `hush` unless `unhush` is false. Raises PhononError where the score cannot be
        played; then nothing changes.
        """
        return self._change(
            score, when, lambda clock, cycle: clock.continued(score.cps, cycle), unhush=unhush
        )

    def tempo(self, cps: float) -> None:
        """Set the tempo in cycles per second."""
        score = copy.copy(self._scores.score)
        if score is not None:
            score.cps = pure(cps)
            tempo = score.cps
            self._change(score, "now", lambda clock, cycle: clock.continued(tempo, cycle))

    def nudge(self, cycles: float) -> None:
        """Shift the music by so many cycles; a negative number moves it back."""
        score = self._scores.score
        exact = Fraction(cycles).limit_denominator(1 << 20)
        if score is not None:
            self._change(score, "now", lambda clock, at: clock.shifted(max(exact, -at), at))

    def _change(
        self, score: ScoreProtocol, when: When, make_clock: MakeClock, *, unhush: bool = False
    ) -> Swap:
        """Prepare a score beside the one that plays, then hand it over."""
        with self._swapping:
            begun = time.perf_counter()
            with self._next_in_turn():
                draft = self._scores.draft(score, when, make_clock, unhush=unhush)
                sounding = self._scores.now.loaded_plan.playing
                soon = self._scores.moment(when)[0] + self.sample_rate // 2
            draft.prepare(soon, sounding, self._kernel_progress)
            with self._next_in_turn():
                swap = self._scores.load(draft, when)
                swap.milliseconds = 1_000 * (time.perf_counter() - begun)
                until = self.frame + int(self._ahead * self.sample_rate)
            self._send(until)
            return swap

    @contextmanager
    def _next_in_turn(self) -> Iterator[None]:
        """Hold the lock; the thread that sends events gives way to it."""
        self._waiting = True
        with self._lock:
            self._waiting = False
            yield

    @property
    def _kernel_progress(self) -> Callable[[int, int], None] | None:
        progress = self._progress
        return None if progress is None else lambda done, total: progress("kernels", done, total)

    def _running(self) -> bool:
        """Return whether a device calls the engine, so that time goes on while Python works."""
        memory = self._memory
        moves = memory.calls != self._own_calls and memory.since_call < STILL
        return moves and not self.wait_for_kernels

    # -- performance ------------------------------------------------------------------------------

    def hush(self) -> None:
        """Fade out in 20 ms; the clock runs on, and the next swap sounds again."""
        self._memory.ask(0)

    def panic(self) -> None:
        """Silence voices, tails and events already sent, at once."""
        self._memory.ask(1)

    def unhush(self) -> None:
        """End a hush or a panic."""
        self._memory.ask(2)

    def listen(self, requests: NDArray[np.int64]) -> None:
        """Read hush, panic and unhush from counters in memory that another process shares."""
        self._memory.listen(requests)

    def mute(self, names: Iterable[str]) -> None:
        """Mute these outputs, and no others."""
        self._memory.mute(names)

    def solo(self, names: Iterable[str]) -> None:
        """Solo these outputs, and no others: all outputs that are not soloed are silent."""
        self._memory.solo(names)

    def master(self, gain: float) -> None:
        """Set the linear gain of the whole mix."""
        self._memory.master(gain)

    # -- what there is to know --------------------------------------------------------------------

    def telemetry(self) -> TelemetryRecord:
        """A copy of the engine's figures; peaks and the least lead then begin anew."""
        found = telemetry.read(self.record)
        telemetry.begin_anew(self.record)
        return found

    def meters(self, found: TelemetryRecord, outputs: Iterable[str]) -> list[MeterRecord]:
        """Return the meters of some outputs in a copy of the figures, which must be kept."""
        return [found.meters[self._memory.meter(name)] for name in outputs]

    @property
    def outputs(self) -> list[str]:
        """Return the names of the outputs that play, in order."""
        return self._scores.outputs

    @property
    def seconds_ahead(self) -> float:
        """Return how many seconds ahead of the sound events are sent."""
        return self._ahead

    def scope(self) -> Floats:
        """Return the last 2048 frames that were heard, mono."""
        return telemetry.scope(self.record)

    def sounding(self, frame: int) -> list[tuple[int, int, tuple[Span, ...], str]]:
        """Return (begin, end, spans, output) of events that sound at a frame or soon."""
        soon = frame + int(SOON * self.sample_rate)
        outputs: dict[int, dict[str, str]] = {}
        found = []
        with self._lock:
            for loaded, event in self._scores.sounded():
                if event.begin < soon and event.end > frame:
                    if id(loaded) not in outputs:
                        outputs[id(loaded)] = outputs_of_streams(loaded.score)
                    output = outputs[id(loaded)].get(event.stream, event.stream)
                    found.append((event.begin, event.end, event.spans, output))
        return found

    def drift(self) -> Drift:
        """Compare the voices of the last seconds with those that the score asks for."""
        with self._lock:
            end, now = self.frame, self._scores.now
            begin = max(end - int(LOOK_BACK * self.sample_rate), now.swap.frame or 0)
            started = [
                (event.begin, event.stream)
                for _, event in self._scores.sounded()
                if begin <= event.begin < end
            ]
        return drift(now.score, started, begin, end, self.sample_rate, self._samples)

    def take_problem(self) -> Exception | None:
        """Return the latest exception that a pattern raised when it was queried, once."""
        return self._scores.take_problem()

    def close(self) -> None:
        """Free the scores; no device may call any more."""
        with self._swapping, self._lock:
            self._scores.old.clear()
            self._scores.next = None

    # -- looking ahead ----------------------------------------------------------------------------

    def pump(self, now_frame: int | None = None) -> None:
        """Send the events of the next moments, and free what is over."""
        with self._lock:
            self._adapt()
            self._scores.settle()
            frame = self.frame if now_frame is None else now_frame
            reach = int(self._ahead * self.sample_rate)
        self._send(frame + reach)
        with self._lock:
            now = self._scores.now
            for loaded in self._scores.current:
                loaded.feed.scout(frame + int(SCOUTED * self.sample_rate), most=1)
                loaded.feed.forget(frame - int(MEMORY * self.sample_rate))
            if self._scores.incomplete:
                self._grow()
                now.feed.push(frame + reach)
            if self.wait_for_kernels:
                self._engine.ended = 0  # the thread that plays is at work here as well
            self._engine.sent = now.feed.sent if now.number else frame + reach
            clock = self._scores.clock
            cycle = clock.cycle(frame)
            telemetry.write_anchor(self.record, frame, float(cycle), float(clock.cps(cycle)))
            clock.forget(cycle - 256)

    def _send(self, until: int) -> None:
        """Send the events before a frame, in steps.

        A thread that changes the plan waits for one step at most, even if the score that plays
        asks for more events than there is time for.
        """
        deadline = time.monotonic() + LONGEST_LOOK
        going = True
        while going and (self.wait_for_kernels or time.monotonic() < deadline):
            if self._waiting:
                time.sleep(0.001)
            with self._lock:
                going = False
                for loaded in self._scores.current:
                    sent = loaded.feed.sent
                    if sent < until:
                        loaded.feed.push(min(sent + STEP, until))
                        going = going or sent < loaded.feed.sent < until

    def _adapt(self) -> None:
        """Send further ahead where the calls of `pump` are far apart; shorten that again slowly."""
        now = time.monotonic()
        gap, self._pumped = now - self._pumped, now
        chunk = self._engine.chunk / self.sample_rate
        wanted = max(self._least_ahead, 3 * chunk if chunk < FURTHEST / 3 else FURTHEST)
        if not self.wait_for_kernels and 2 * gap > self._ahead:
            wanted = max(wanted, 3 * gap)
        self._ahead = min(max(wanted, self._ahead * 0.999), FURTHEST)

    def _grow(self) -> None:
        """Add new kinds of voices to the plan; missing kernels are compiled in another thread."""
        try:
            draft = self._scores.growing()
        except PhononError as error:
            self._scores.note_problem(error)
            return
        wanted = needed(draft.plan)
        if self.wait_for_kernels or library.ready(wanted):
            draft.load()
            self._scores.load(draft, "now")
        elif wanted != self._refused and (
            self._compiling is None or not self._compiling.is_alive()
        ):
            self._compiling = threading.Thread(
                target=self._compile, args=(wanted,), name="kernels", daemon=True
            )
            self._compiling.start()

    def _compile(self, wanted: set[KernelKey]) -> None:
        """Compile kernels in a thread; those that cannot be compiled are not tried again."""
        try:
            library.load(wanted)
        except PhononError as error:
            self._refused = wanted
            self._scores.note_problem(error)
