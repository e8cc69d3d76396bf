"""Collects garbage soon after what leaves it, not in the middle of what is waited for.

A program that was replaced is thousands of objects in circles. Python would take those of many
programs away at once, at any moment: 150 ms in which neither events are sent nor keys answered.
"""

from __future__ import annotations

import gc
import time
from typing import Self

NEVER = 1 << 30
SELDOM = 60.0  # seconds between two collections where nothing is replaced


class Tidying:
    """Takes over the slow part of Python's collector; `look` has to be called now and then."""

    def __init__(self) -> None:
        self._before = gc.get_threshold()
        self._due = 0.0

    def __enter__(self) -> Self:
        self.begin()
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def begin(self) -> None:
        """What is loaded now stays; from now on only `look` collects what has grown old."""
        gc.collect()
        gc.freeze()
        young, middle, _ = self._before
        gc.set_threshold(young, middle, NEVER)
        self._due = time.monotonic() + SELDOM

    def soon(self) -> None:
        """Something has been replaced."""
        self._due = 0.0

    def look(self) -> bool:
        """Collect, if it is time; says whether it was."""
        if time.monotonic() < self._due:
            return False
        self._due = time.monotonic() + SELDOM
        gc.collect()
        return True

    def end(self) -> None:
        """Python collects by itself again."""
        gc.unfreeze()
        gc.set_threshold(*self._before)
