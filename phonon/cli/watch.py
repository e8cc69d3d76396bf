"""Notices that a file has been saved, by looking."""

from __future__ import annotations

import os
import time


class Watched:
    """A file; `changed` is true once after every save, when the file has come to rest."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._seen = self._look()
        self._moving: tuple[int, int, int] | None = None
        self._since = 0.0

    def changed(self, rest: float = 0.03) -> bool:
        """Whether it was saved since; a save that is going on is waited for."""
        now = self._look()
        if now is None or now == self._seen:
            return False
        if now != self._moving:
            self._moving, self._since = now, time.monotonic()
            return False
        if time.monotonic() - self._since < rest:
            return False
        self._seen = now
        return True

    def _look(self) -> tuple[int, int, int] | None:
        """What changes with a save; None while an editor puts the new file in its place."""
        try:
            found = os.stat(self.name)
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino
