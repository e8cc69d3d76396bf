"""Writes a recording ring to WAV files while the music plays."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

from phonon.audio.callback_gate import RecordingRing
from phonon.audio.wav import WavWriter
from phonon.errors import PhononError

BUFFER_SECONDS = 40.0  # of audio that are kept while the disk stalls
LOOK = 0.02  # seconds between two reads of an empty ring
CHECKPOINT = 0.25  # seconds between two updates of the header, for a crash
STALLING = 0.25  # of the ring; a fuller one is reported
MOST = 1 << 16  # frames written at once

Tell = Callable[[str, str], None]
"""Takes a sentence and its severity."""


class Recorder:
    """Copies its ring to a WAV file in a thread, and to further files when one is full.

    Problems are reported to `tell` and never reach the audio thread.
    """

    def __init__(
        self,
        path: str | Path,
        rate: int,
        tell: Tell,
        *,
        bits: str = "32f",
        buffer: float = BUFFER_SECONDS,
    ) -> None:
        self.path = Path(path)
        self.ring = RecordingRing(buffer, rate)
        self.rate = rate
        self.failed = False
        self._told_lost = 0
        self._told_stall = False
        self._tell = tell
        self._telling = threading.Lock()
        self._bits = bits
        self._before = 0  # frames in files that are full
        self._parts = 0
        self._writer = self._open()  # closed by the thread
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)
        self._thread.start()

    @property
    def frames(self) -> int:
        """Number of frames written."""
        return self._before + self._writer.frames

    @property
    def seconds(self) -> float:
        """Seconds written."""
        return self.frames / self.rate

    def flush(self, patience: float = 60.0) -> None:
        """Wait until everything played so far is written (or the disk has failed)."""
        deadline = time.monotonic() + patience
        while self.ring.waiting and not self.failed and time.monotonic() < deadline:
            time.sleep(0.001)

    def check(self) -> None:
        """Report a stalled disk and lost frames.

        Other threads call it too, for the thread that writes may be waiting for the disk.
        """
        if self.failed:
            return
        with self._telling:
            waiting, lost = self.ring.waiting, self.ring.lost
            if waiting < STALLING * self.ring.size:
                self._told_stall = False
            elif not self._told_stall:
                self._told_stall = True
                room = (self.ring.size - waiting) / self.rate
                self._tell(
                    f"the disk stalls: {waiting / self.rate:.1f} s are waiting for {self.path}, "
                    f"{room:.1f} s more find room",
                    "warning",
                )
            if lost > self._told_lost:
                seconds = (lost - self._told_lost) / self.rate
                self._told_lost = lost
                self._tell(
                    f"the disk is too slow: {seconds:.2f} s are missing in {self.path}", "error"
                )

    def finish(self, patience: float = 60.0) -> None:
        """Write the rest and name the file; nothing may be written to the ring any more."""
        self._ending.set()
        self._thread.join(patience)
        if self._thread.is_alive():
            self._tell(f"{self.path} is still being written: the disk stalls", "warning")

    def _run(self) -> None:
        try:
            self._copy()
        except PhononError as error:
            self.failed = True
            self._tell(f"recording stopped: {error.diagnostics[0].message}", "error")
        try:
            self._writer.__exit__(None, None, None)
        except PhononError as error:
            self._tell(error.diagnostics[0].message, "error")
        else:
            self._tell(f"recorded {self.seconds:.1f} s to {self.path}", "note")

    def _open(self) -> WavWriter:
        """Open the next file."""
        self._parts += 1
        number = f"-{self._parts}" if self._parts > 1 else ""
        path = self.path.with_name(f"{self.path.stem}{number}{self.path.suffix}")
        return WavWriter(path, self.rate, bits=self._bits, kept=True).__enter__()

    def _turn(self) -> None:
        """Continue in another file, without a gap."""
        full = self._writer
        full.__exit__(None, None, None)
        following = self._open()
        self._before, self._writer = self.frames, following
        self._tell(f"{full.path} is full: recording goes on in {following.path}", "note")

    def _copy(self) -> None:
        checked = time.monotonic()
        while True:
            ending = self._ending.is_set()
            sound = self.ring.read(MOST)
            if len(sound):
                if not self._writer.has_room(len(sound)):
                    self._turn()
                self._writer.write(sound)
            elif ending:
                return
            else:
                self._ending.wait(LOOK)
            self.check()
            if time.monotonic() - checked > CHECKPOINT:
                self._writer.checkpoint()
                checked = time.monotonic()
