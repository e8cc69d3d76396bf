"""Schedules Python's garbage collector for moments in which nothing waits.

A replaced program is thousands of objects in reference cycles, and so is each screen that
prompt_toolkit draws. Left alone, Python collects those of many programs or screens at once and at
any moment: 30 to 150 ms in which neither events are sent nor keys answered.
"""

from __future__ import annotations

import gc
import time
from typing import Self

NEVER = 1 << 30
INTERVAL = 60.0  # seconds between two full collections that nobody has requested
YOUNG = 5_000  # new objects that are worth a young collection, some milliseconds


class GarbageSchedule:
    """Decides when garbage is collected between `begin` and `end`; usable with `with`.

    The owner calls `collect_if_due` where a pause does no harm, and `request` after it has dropped
    something large. With `young`, Python's own young collections stop too and happen there as
    well: for an owner that calls several times a second and leaves much garbage behind (the
    editor). Without, Python goes on with them: for one that calls seldom (the engine).
    """

    def __init__(self, *, young: bool = False) -> None:
        self._young = young
        self._thresholds = gc.get_threshold()
        self._due = 0.0

    def __enter__(self) -> Self:
        self.begin()
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def begin(self) -> None:
        """Exempt all present objects from collection and take over the schedule."""
        gc.collect()
        gc.freeze()
        if self._young:
            gc.disable()
        young, middle, _ = self._thresholds
        gc.set_threshold(young, middle, NEVER)
        self._due = time.monotonic() + INTERVAL

    def request(self) -> None:
        """Make a full collection due at once."""
        self._due = 0.0

    def collect_if_due(self) -> bool:
        """Collect what is due; returns whether it was a full collection."""
        full = time.monotonic() >= self._due
        if full:
            self._due = time.monotonic() + INTERVAL
            gc.collect()
        elif self._young and gc.get_count()[0] >= YOUNG:
            gc.collect(0)
        return full

    def end(self) -> None:
        """Give the schedule back to Python."""
        gc.unfreeze()
        gc.set_threshold(*self._thresholds)
        if self._young:
            gc.enable()
