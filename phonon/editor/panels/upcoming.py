"""The events of the running program, cycle by cycle, worked out ahead on a thread of its own."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from phonon.editor.drawing import ListedEvent, Note, listed_events, notes
from phonon.errors import PhononError
from phonon.session import compile_source, heard_streams

if TYPE_CHECKING:
    from phonon.patterns import Pattern

AHEAD = 2  # cycles, this one and the next


@dataclass(frozen=True, slots=True)
class UpcomingCycle:
    """What a version of the program plays in a cycle."""

    version: int = 0
    notes: tuple[Note, ...] = ()
    entries: tuple[ListedEvent, ...] = ()  # in the order in which they are heard


class Upcoming:
    """Answers from what is known already; what is not known is there some frames later."""

    def __init__(self) -> None:
        self._worker = ThreadPoolExecutor(1, "events")
        self._texts: dict[str, str] = {}
        self._version = 0
        self._compiled = 0
        self._streams: list[tuple[str, Pattern]] = []
        self._known: dict[int, UpcomingCycle] = {}
        self._asked: set[int] = set()

    def notes(self, definitions: Mapping[str, str], cycle: int) -> tuple[Note, ...]:
        """The notes of a cycle; those of the program before, until the new one's are known."""
        self._ask(definitions, cycle)
        return self._known.get(cycle, UpcomingCycle()).notes

    def listed_events(
        self, definitions: Mapping[str, str], cycle: int
    ) -> tuple[ListedEvent, ...] | None:
        """The events of a cycle, None until they are known."""
        self._ask(definitions, cycle)
        found = self._known.get(cycle)
        return found.entries if found is not None and found.version == self._version else None

    def _ask(self, definitions: Mapping[str, str], cycle: int) -> None:
        if definitions != self._texts:
            self._texts = dict(definitions)
            self._version += 1
            self._asked.clear()
        for wanted in range(cycle, cycle + AHEAD):
            if wanted not in self._asked:
                self._asked.add(wanted)
                self._worker.submit(self._learn, self._texts, self._version, wanted)
        for old in [one for one in list(self._known) if not cycle - 1 <= one < cycle + AHEAD]:
            self._known.pop(old)
            self._asked.discard(old)

    def _learn(self, texts: dict[str, str], version: int, cycle: int) -> None:
        if version != self._version:
            return
        if version != self._compiled:
            self._compiled = version
            score, _ = compile_source("\n".join(texts.values()))
            streams = heard_streams(score) if score is not None else []
            self._streams = [(one.name.partition("/")[0], one.pattern) for one in streams]
        played: list[Note] = []
        told: list[ListedEvent] = []
        for name, pattern in self._streams:
            try:
                events = pattern.query(cycle, cycle + 1)
                played += notes(events)
                told += listed_events(events, name)
            except PhononError:
                continue  # the engine leaves out such a stream as well
        told.sort(key=lambda entry: entry.cycle)
        self._known[cycle] = UpcomingCycle(version, tuple(played), tuple(told))
