"""Collects garbage when nobody waits.

Every screen that prompt_toolkit draws leaves 15,000 objects in circles behind. Python would take
them away in the middle of drawing another one: 30 to 100 ms in which a key waits.
"""

from __future__ import annotations

import gc

ENOUGH = 5_000  # new objects that are worth a look, some milliseconds
OLDER = 300  # looks at the new ones for one at those that survived
ALL = 10  # of these for one at everything


class Garbage:
    """Takes over from Python's own collector between `begin` and `end`."""

    def __init__(self) -> None:
        self._looks = 0

    def begin(self) -> None:
        """What is loaded now stays; from now on only `look` collects."""
        gc.collect()
        gc.freeze()
        gc.disable()

    def look(self) -> None:
        """A moment in which nobody waits."""
        if gc.get_count()[0] < ENOUGH:
            return
        self._looks += 1
        if self._looks % (OLDER * ALL) == 0:
            gc.collect()
        else:
            gc.collect(1 if self._looks % OLDER == 0 else 0)

    def end(self) -> None:
        """Python collects by itself again."""
        gc.unfreeze()
        gc.enable()
