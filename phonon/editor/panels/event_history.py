"""The events that were heard while the panel of events was open."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from math import floor

from phonon.editor.panels.upcoming import Upcoming
from phonon.session.protocol import UpcomingEvent

KEPT = 400
_BEFORE = 1e-9  # cycles; the event at the beginning of a cycle belongs to it


@dataclass(slots=True)
class EventHistory:
    """The last events that were heard, oldest first: upcoming ones become past ones."""

    events: deque[UpcomingEvent] = field(default_factory=lambda: deque(maxlen=KEPT))
    _until: float | None = None  # the cycle up to which everything has been taken

    def advance(
        self,
        upcoming: Upcoming,
        playing: Mapping[str, str],
        cycle: float,
        silent: Collection[str] = (),
    ) -> None:
        """Take the events that began since the last call, but not those of `silent` outputs."""
        here = floor(cycle)
        until = self._until
        if until is None or not here - 1 <= until <= cycle:
            until = here - _BEFORE  # the panel was closed, or the clock was set
        for number in range(floor(until + 2 * _BEFORE), here + 1):
            found = upcoming.events(playing, number)
            if found is None:
                return  # not loaded: the next frame takes them
            self.events += [
                event
                for event in found
                if until < event.begin <= cycle and event.output not in silent
            ]
            self._until = until = min(cycle, number + 1 - _BEFORE)

    def pause(self, cycle: float) -> None:
        """Take nothing up to `cycle`: nothing is heard."""
        self._until = cycle
