"""Recording while playing: the audio thread fills a ring, a thread of its own writes the file."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

from phonon.audio.resample import Floats
from phonon.audio.tap import Tape
from phonon.audio.wav import WavWriter
from phonon.errors import PhononError

BUFFER_SECONDS = 40.0  # what a stalled disk may cost without losing anything
LOOK = 0.02  # seconds between two looks at the ring
CHECKPOINT = 2.0  # seconds between two headers: what a crash leaves can be played
MOST = 1 << 16  # frames written at once

Tell = Callable[[str, str], None]
"""Takes a sentence and its severity."""


class Recorder:
    """Writes what a tape holds to a WAV file, as it was: 32-bit floats.

    The tape is the audio side's; `tell` hears of everything that goes wrong, and nothing that
    does reaches the audio side.
    """

    def __init__(
        self, path: str | Path, rate: int, tell: Tell, *, buffer: float = BUFFER_SECONDS
    ) -> None:
        self.path = Path(path)
        self.tape = Tape(buffer, rate)
        self.rate = rate
        self.frames = 0
        self.failed = False
        self._told_lost = 0
        self._tell = tell
        self._writer = WavWriter(path, rate, bits="32f")
        self._writer.__enter__()  # closed by the thread
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)
        self._thread.start()

    @property
    def seconds(self) -> float:
        """How much has been written."""
        return self.frames / self.rate

    def flush(self, patience: float = 60.0) -> None:
        """Wait until everything that was played so far is written (or the disk has failed)."""
        deadline = time.monotonic() + patience
        while self.tape.waiting and not self.failed and time.monotonic() < deadline:
            time.sleep(0.001)

    def finish(self, patience: float = 60.0) -> None:
        """Write the rest, and give the file its name. Nobody may write to the tape any more."""
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

    def _copy(self) -> None:
        checked = time.monotonic()
        while True:
            ending = self._ending.is_set()
            sound = self.tape.read(MOST)
            if len(sound):
                self._write(sound)
            elif ending:
                return
            else:
                self._ending.wait(LOOK)
            self._look_for_losses()
            if time.monotonic() - checked > CHECKPOINT:
                self._writer.checkpoint()
                checked = time.monotonic()

    def _write(self, sound: Floats) -> None:
        try:
            self._writer.write(sound)
        except PhononError:
            self._writer.frames = self.frames  # what came before is kept
            raise
        self.frames += len(sound)

    def _look_for_losses(self) -> None:
        lost = self.tape.lost
        if lost > self._told_lost:
            seconds = (lost - self._told_lost) / self.rate
            self._told_lost = lost
            self._tell(f"the disk is too slow: {seconds:.2f} s are missing in {self.path}", "error")
