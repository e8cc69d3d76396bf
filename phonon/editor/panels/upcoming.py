"""Loads the coming events in the background, a cycle at a time, for the roll and the event list."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from phonon.errors import PhononError
from phonon.session.protocol import UpcomingEvent

AHEAD = 2  # cycles, this one and the next
RETRY = 1.0  # seconds until a refused request is sent again

Load = Callable[[float, float], Sequence[UpcomingEvent]]  # of `Session.upcoming`


class Upcoming:
    """Returns the events that have been loaded, and loads those that have not in the background."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._worker = ThreadPoolExecutor(1, "upcoming")
        self._playing: dict[str, str] = {}
        self._version = 0
        self._loaded: dict[int, tuple[int, Sequence[UpcomingEvent]]] = {}  # version, by cycle
        self._requested: set[int] = set()
        self._closed = threading.Event()

    def events(self, playing: Mapping[str, str], cycle: int) -> Sequence[UpcomingEvent] | None:
        """The events of a cycle, None until they are loaded.

        `playing` are the texts of the running definitions: when they change, all is loaded anew.
        """
        self._request(playing, cycle)
        version, found = self._loaded.get(cycle, (0, ()))
        return found if version == self._version else None

    def last_known(self, playing: Mapping[str, str], cycle: int) -> Sequence[UpcomingEvent]:
        """The events of a cycle; those of the program before until the new ones are loaded."""
        self._request(playing, cycle)
        return self._loaded.get(cycle, (0, ()))[1]

    def _request(self, playing: Mapping[str, str], cycle: int) -> None:
        if playing != self._playing:
            self._playing = dict(playing)
            self._version += 1
            self._requested.clear()
        for wanted in range(cycle, cycle + AHEAD):
            if self._playing and wanted not in self._requested and not self._closed.is_set():
                self._requested.add(wanted)
                self._worker.submit(self._fetch, self._version, wanted)
        for old in [one for one in list(self._loaded) if not cycle - 1 <= one < cycle + AHEAD]:
            self._loaded.pop(old)
            self._requested.discard(old)

    def _fetch(self, version: int, cycle: int) -> None:
        if version != self._version:
            return
        try:
            self._loaded[cycle] = version, self._load(cycle, cycle + 1)
        except (OSError, PhononError):
            self._closed.wait(RETRY)  # the engine does not answer, or refuses
            self._requested.discard(cycle)  # the next frame asks again

    def close(self) -> None:
        """Drop the requests that have not begun; nothing is requested after that."""
        self._closed.set()
        self._worker.shutdown(wait=False, cancel_futures=True)
