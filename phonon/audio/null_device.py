"""A device without sound: the clock is simulated, as fast as real time or as fast as it goes."""

from __future__ import annotations

import contextlib
import threading
import time

import numpy as np

from phonon.audio.callback_gate import OUTPUT_UNDERFLOW, CallbackGate, PlayerProtocol, RecordingRing
from phonon.audio.resample import Floats

SLACK = 0.25  # seconds: nobody hears this clock, and it has to share the interpreter
BEHIND = 0.05  # seconds after which the clock looks ahead itself
PUMP_FRAMES = 3840  # between two looks ahead when nobody else looks


class NullDevice:
    """Calls the player block by block, `speed` times as fast as real time.

    With `speed` None nothing runs by itself: `run` plays so many frames at once, and looks ahead
    for the player as the pump does otherwise. A clock that was held up for less than `slack`
    seconds catches up, as a device with so much in store would; what is more is an underrun.
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
        self.latency = 0.0
        self.missed = 0  # blocks that came later than a whole period
        self._player = player
        self._stall = 0.0
        self._thread: threading.Thread | None = None
        self._running = threading.Event()

    @property
    def active(self) -> bool:
        """Whether the clock runs by itself."""
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> None:
        """Let the clock run."""
        if self.speed is not None and not self.active:
            running = self._running = threading.Event()  # its own: one that hangs must not return
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
        """Stop the clock, and play no more."""
        self.stop()
        self.gate.shut()

    def renew(self, ring: RecordingRing | None) -> None:
        """Play again, after the gate was cut."""
        if not self.gate.on:
            self.gate = CallbackGate(self._player)
        self.gate.record_to(ring)

    def stall(self, seconds: float) -> None:
        """Hold the clock's thread up once (for tests of the underrun count)."""
        self._stall = seconds

    def run(self, frames: int) -> Floats:
        """Play so many frames now; shape (frames, 2)."""
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
        """One block per period; periods that were slept through count, as a device counts them."""
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
        """Who makes up for lost time needs what comes earlier than others may look for it."""
        with contextlib.suppress(Exception):  # whoever else looks ahead tells of it
            self._player.pump()
