"""Detects that a file has been saved, by polling."""

from __future__ import annotations

import os
import time

Found = tuple[int, int, int]

REST = 0.03  # seconds without a change after which a save is over
CUT = 0.15  # where the last line has no end: there may be more to come
EMPTY = 1.0  # many editors empty a file before they write
GONE = 1.0  # an editor that puts another file in its place is faster


class Watched:
    """A file that is polled; `changed` is true once after every finished save."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._seen = self._look()
        self._moving: Found | None = None
        self._since = 0.0
        self._there = time.monotonic()
        self._told = False

    def changed(self) -> bool:
        """Whether it was saved since the last call; an unfinished save does not count yet."""
        now = self._look()
        if now is None:
            return False
        self._there, self._told = time.monotonic(), False
        if now == self._seen:
            self._moving = None
            return False
        if now != self._moving:
            self._moving, self._since = now, time.monotonic()
            return False
        if time.monotonic() - self._since < self._rest(now):
            return False
        self._seen = now
        return True

    def gone(self) -> bool:
        """Whether it is missing; true once."""
        if self._told or self._look() is not None or time.monotonic() - self._there < GONE:
            return False
        self._told = True
        return True

    def _rest(self, found: Found) -> float:
        """Seconds without a change after which a save counts as finished."""
        size = found[1]
        if size == 0:
            return EMPTY
        try:
            with open(self.name, "rb") as file:
                file.seek(size - 1)
                return REST if file.read(1) == b"\n" else CUT
        except OSError:
            return CUT

    def _look(self) -> Found | None:
        """State of the file that a save changes; None while the file is missing."""
        try:
            found = os.stat(self.name)
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino
