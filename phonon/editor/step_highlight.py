"""Finds the characters of the program that sound now, latency included."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from phonon.editor.statements import StatementLines, statements
from phonon.errors import PhononError

if TYPE_CHECKING:
    from phonon.session.protocol import Highlight, Session, Telemetry

PERIOD = 0.15  # seconds between two calls; each answer reaches half a second ahead

SoundingSpan = tuple[str, int, int]  # definition, begin and end in its text


def heard(telemetry: Telemetry) -> int:
    """The frame that is heard now: the rendered one less the latency."""
    return telemetry.frame - round(telemetry.latency_ms * telemetry.sample_rate / 1000)


class StepHighlight:
    """Loads the literals that sound next on a thread of its own, and picks those of a moment."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._lits: tuple[Highlight, ...] = ()
        self._texts: dict[str, str] = {}
        self._telemetry: Telemetry | None = None
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._load, name="steps", daemon=True)
        self.now: set[SoundingSpan] = set()
        self._key: tuple[object, ...] = ()
        self._answer: set[tuple[int, int]] = set()

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._end.set()

    def evaluated(self, texts: dict[str, str]) -> None:
        """Set the texts of the definitions that play."""
        self._texts = texts

    def update(self, telemetry: Telemetry) -> bool:
        """Set `now` to the spans that are heard at this frame; says whether they have changed."""
        self._telemetry = telemetry
        before = self.now
        if telemetry.hushed or not telemetry.playing:
            self.now = set()
            return before != self.now
        frame = heard(telemetry)
        silent = {one.name for one in telemetry.outputs if not one.audible or one.muted}
        self.now = {
            (lit.definition, begin, end)
            for lit in self._lits
            if lit.begin <= frame < lit.end and lit.output not in silent
            for begin, end in lit.spans
        }
        return before != self.now

    def places(self, source: str, first: int, last: int) -> set[tuple[int, int]]:
        """The characters (line, column) that are lit in lines `first` to `last` of a text."""
        if not self.now:
            return set()
        key = (frozenset(self.now), source, first, last, id(self._texts))
        if key != self._key:
            self._key, self._answer = key, self._places(source, first, last)
        return self._answer

    def _places(self, source: str, first: int, last: int) -> set[tuple[int, int]]:
        found: set[tuple[int, int]] = set()
        named = {one.name: one for one in statements(source) if one.name}
        for name, begin, end in self.now:
            statement = named.get(name)
            if statement is None or statement.last < first or statement.first > last:
                continue
            moved = _moved(self._texts.get(name, statement.text), statement, begin, end)
            if moved is not None:
                found |= _characters(statement, *moved)
        return found

    def _load(self) -> None:
        while not self._end.wait(PERIOD):
            telemetry = self._telemetry
            if telemetry is None or not telemetry.playing:
                continue
            try:
                self._lits = tuple(self._session.sounding(heard(telemetry)))
            except (OSError, PhononError):
                self._lits = ()


def _moved(
    evaluated: str, statement: StatementLines, begin: int, end: int
) -> tuple[int, int] | None:
    """Where a span of the evaluated text is in the edited statement; None if it was edited."""
    text = statement.text
    if text == evaluated:
        return begin, end
    if text[:end] == evaluated[:end]:
        return begin, end
    shift = len(text) - len(evaluated)
    if begin + shift >= 0 and text[begin + shift :] == evaluated[begin:]:
        return begin + shift, end + shift
    return None


def _characters(statement: StatementLines, begin: int, end: int) -> set[tuple[int, int]]:
    before = statement.text[:begin]
    line = statement.first + before.count("\n")
    column = begin - (before.rfind("\n") + 1)
    found = set()
    for character in statement.text[begin:end]:
        if character == "\n":
            line, column = line + 1, 0
        else:
            found.add((line, column))
            column += 1
    return found
