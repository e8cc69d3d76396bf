"""What has been heard while somebody was looking: events go from the coming ones to the past."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from math import floor

from phonon.editor.drawing import ListedEvent
from phonon.editor.panels.upcoming import Upcoming

KEPT = 400
_BEFORE = 1e-9  # cycles; the event at the beginning of a cycle belongs to it


@dataclass(slots=True)
class EventHistory:
    """The last events that were heard, oldest first."""

    entries: deque[ListedEvent] = field(default_factory=lambda: deque(maxlen=KEPT))
    _until: float | None = None  # the cycle up to which everything has been taken

    def hear(
        self,
        coming: Upcoming,
        definitions: Mapping[str, str],
        cycle: float,
        silent: Collection[str] = (),
    ) -> None:
        """Take what has begun since the last time; nobody hears those that are `silent`."""
        here = floor(cycle)
        until = self._until
        if until is None or not here - 1 <= until <= cycle:
            until = here - _BEFORE  # nobody looked, or the clock was set
        for number in range(floor(until + 2 * _BEFORE), here + 1):
            found = coming.listed_events(definitions, number)
            if found is None:
                return  # later
            self.entries += [
                entry
                for entry in found
                if until < entry.cycle <= cycle and entry.name not in silent
            ]
            self._until = until = min(cycle, number + 1 - _BEFORE)

    def pause(self, cycle: float) -> None:
        """Nothing is heard now."""
        self._until = cycle
