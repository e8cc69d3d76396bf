"""A device without sound: a thread keeps the time, or the caller does."""

from __future__ import annotations

import contextlib
import threading
import time

import numpy as np

from phonon.audio.callback_gate import OUTPUT_UNDERFLOW, CallbackGate, PlayerProtocol, RecordingRing
from phonon.audio.resample import Floats

SLACK = 0.25  # seconds; a clock in Python has to share the interpreter
BEHIND = 0.05  # seconds after which the clock plans ahead itself
PUMP_FRAMES = 3840  # between two calls of `pump` in `run`


class NullDevice:
    """Calls the player block by block, `speed` times as fast as real time.

    With `speed` None no thread runs: `run` plays as many frames as it is asked for, and plans
    ahead. After a stall of less than `slack` seconds the clock catches up, as a device with a
    buffer of that length would; a longer one is an underrun.
    """

    def __init__(
        self,
        player: PlayerProtocol,
        *,
        block: int = 256,
        speed: float | None = 1.0,
        slack: float = SLACK,
    ) -> None:
        self.gate = CallbackGate(player)
        self.block = block
        self.rate = player.sample_rate
        self.speed = speed
        self.slack = slack
        self.missed = 0  # blocks that came more than a period late
        self._player = player
        self._stall = 0.0
        self._thread: threading.Thread | None = None
        self._running = threading.Event()

    @property
    def active(self) -> bool:
        """Whether the clock runs by itself."""
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> None:
        """Start the clock."""
        if self.speed is not None and not self.active:
            running = self._running = threading.Event()  # of this thread
            running.set()
            self._thread = threading.Thread(
                target=self._keep_time, args=(running,), name="null", daemon=True
            )
            self._thread.start()

    def stop(self) -> None:
        """Stop the clock."""
        self._running.clear()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(timeout=2.0)
        self._thread = None

    def close(self) -> None:
        """Stop the clock and shut the gate."""
        self.stop()
        self.gate.shut()

    def renew(self, ring: RecordingRing | None) -> None:
        """Open the gate again, recording to a ring or to none."""
        if not self.gate.on:
            self.gate = CallbackGate(self._player)
        self.gate.record_to(ring)

    def stall(self, seconds: float) -> None:
        """Hold the clock's thread up once (for tests of the underrun count)."""
        self._stall = seconds

    def run(self, frames: int) -> Floats:
        """Play frames now, shape (frames, 2)."""
        out = np.empty((frames, 2), np.float32)
        done = 0
        while done < frames:
            self._player.pump()
            until = min(done + PUMP_FRAMES, frames)
            while done < until:
                count = min(self.block, until - done)
                self.gate.play(out.ctypes.data + 8 * done, count)
                done += count
        return out

    def _keep_time(self, running: threading.Event) -> None:
        """Play a block per period; periods that were missed are reported as underflows."""
        out = np.zeros((self.block, 2), np.float32)
        period = self.block / self.rate / (self.speed or 1.0)
        due = time.monotonic()
        late = 0
        while running.is_set():
            if self._stall:
                stall, self._stall = self._stall, 0.0
                time.sleep(stall)
            if time.monotonic() - due > BEHIND:
                self._look_ahead()
            self.gate.play(out.ctypes.data, self.block, OUTPUT_UNDERFLOW if late else 0)
            due += period
            wait = due - time.monotonic()
            late = 0
            if wait > 0:
                time.sleep(wait)
            elif wait < -max(self.slack, period):
                late = int(-wait / period)
                self.missed += late
                due += late * period

    def _look_ahead(self) -> None:
        """Plan ahead here: a clock that catches up may be faster than the pump's thread."""
        with contextlib.suppress(Exception):  # the pump's thread reports it
            self._player.pump()
