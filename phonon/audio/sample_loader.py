"""Loads samples in the background; a sound is silent until it is loaded."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from phonon.audio.samples import SampleLibrary
from phonon.graph.voice import SampleData

Tell = Callable[[str, str], None]

IDLE = 1.0  # seconds after which a thread with nothing to read ends

# Plays in place of a sound that is not loaded yet: one silent frame.
UNREAD = SampleData((np.zeros(1, np.float32),))


class SampleLoader:
    """Finds sounds of a library without waiting; a thread decodes the files.

    With `wait_for_samples`, `find` returns the sound itself and not silence until it is read: for
    a clock that stands still meanwhile.
    """

    def __init__(self, library: SampleLibrary, tell: Tell) -> None:
        self.library = library
        self.wait_for_samples = False
        self._tell = tell
        self._ready: dict[Path, SampleData | None] = {}
        self._asked: set[Path] = set()
        self._told_banks: set[str] = set()
        self._told_problems = 0
        self._waiting: queue.SimpleQueue[tuple[str, int, Path]] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def find(self, bank: str, n: int) -> SampleData | None:
        """Sound number `n` (modulo the bank's size) of a bank; silence until it is loaded."""
        files = self.library.files(bank)
        if not files:
            return None
        path = files[n % len(files)]
        if path in self._ready:
            return self._ready[path]
        if self.wait_for_samples:
            return self._read(bank, n, path)
        with self._lock:
            if path not in self._asked:
                self._asked.add(path)
                self._waiting.put((bank, n, path))
                self._say(bank)
                self._work()
        return UNREAD

    @property
    def pending(self) -> int:
        """Number of sounds that are not loaded yet."""
        return sum(path not in self._ready for path in list(self._asked))

    def wait(self, patience: float) -> None:
        """Wait until all requested sounds are loaded, at most `patience` seconds."""
        deadline = time.monotonic() + patience
        while self.pending and time.monotonic() < deadline:
            time.sleep(0.002)

    def _say(self, bank: str) -> None:
        if bank not in self._told_banks:
            self._told_banks.add(bank)
            self._tell(f"{bank} is being read, and silent until then", "note")

    def _work(self) -> None:
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._run, name="samples", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while True:
            try:
                wanted = self._waiting.get(timeout=IDLE)
            except queue.Empty:
                with self._lock:  # `find` holds it, too
                    if self._waiting.empty():
                        self._thread = None
                        return
            else:
                self._read(*wanted)

    def _read(self, bank: str, n: int, path: Path) -> SampleData | None:
        sound = self._ready[path] = self.library.find(bank, n)
        for problem in self.library.problems[self._told_problems :]:
            self._told_problems += 1
            self._tell(problem, "warning")
        return sound
