"""Completion of heads, words, names of the program and sounds, each with its help."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from phonon.lang import lookup
from phonon.lang.statement_kinds import definitions, heads

if TYPE_CHECKING:
    from phonon.session.protocol import Session

_WORD = re.compile(r"~?[^\W\d]\w*$")
_SOUND = re.compile(r"(?:\bs|\bsound)\s+$")
USABLE = ("bus", "function", "instrument")  # what expressions may name
PLAYABLE = ("bus", "instrument")  # what `s` plays
_ENOUGH = 60  # more than that nobody looks through


class ProgramCompleter(Completer):
    """Completes words of the language, names of the program and sounds of the session."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._sounds: list[tuple[str, str]] = []
        self._question: tuple[str, int, bool] = ("", -1, False)
        self._answer: list[Completion] = []

    def load(self) -> None:
        """Read the list of sounds from the session, which may block."""
        self._sounds = [
            (bank.name, f"{len(bank.files)} files" if bank.files else "built in")
            for bank in self._session.samples()
        ]

    def get_completions(
        self, document: Document, complete_event: CompleteEvent
    ) -> Iterator[Completion]:
        yield from self.found(document, complete_event.completion_requested)

    def found(self, document: Document, asked: bool) -> list[Completion]:
        """The completions at the cursor; unasked, only for words of two characters or more."""
        question = (document.text, document.cursor_position, asked)
        if question != self._question:
            self._question, self._answer = question, self._find(document, asked)
        return self._answer

    def _find(self, document: Document, asked: bool) -> list[Completion]:
        before = document.current_line_before_cursor
        found = _WORD.search(before)
        word = found[0] if found else ""
        if (len(word) < 2 and not asked) or "--" in re.sub(r'"[^"]*"?', "", before):
            return []
        quote = _open_quote(before)
        if quote is None:
            candidates = self._words(document.text, word)
            if before == word:
                candidates = chain(_heads(), candidates)
            return _matching(candidates, word, asked)
        if _SOUND.search(before[:quote]):
            return _matching(self._banks(document.text), word, asked)
        return []

    def _words(self, text: str, word: str) -> Iterable[tuple[str, str]]:
        for found in definitions(text):
            if found.kind.defines in USABLE:
                yield found.name, f"{found.kind.noun} of this program"
        if word.startswith("~"):
            return
        for entry in lookup.entries():
            for name in (entry.name, *entry.aliases):
                yield name, f"{entry.sort}: {entry.summary}"

    def _banks(self, text: str) -> Iterable[tuple[str, str]]:
        for found in definitions(text):
            if found.kind.defines in PLAYABLE:
                yield found.name, f"{found.kind.noun} of this program"
        yield from self._sounds


def _heads() -> Iterable[tuple[str, str]]:
    """The heads of statements."""
    for kind, head in heads():
        for spelling in head.spellings:
            yield spelling, f"{kind.noun}: {head.help}"


def _matching(candidates: Iterable[tuple[str, str]], word: str, asked: bool) -> list[Completion]:
    low = word.lower()
    seen: set[str] = set()
    ranked = []
    for name, said in candidates:
        if name in seen or (name == word and not asked):
            continue
        seen.add(name)
        lower = name.lower()
        rank = 0 if lower.startswith(low) else 1 if low in lower else 2
        if rank < 2:
            ranked.append((rank, len(name), name, said))
    return [
        Completion(name, start_position=-len(word), display_meta=said[:60])
        for _, _, name, said in sorted(ranked)[:_ENOUGH]
    ]


def _open_quote(before: str) -> int | None:
    """The offset of the string that is open at the end of `before`, or None."""
    at = before.rfind('"')
    return at if before.count('"') % 2 else None
