"""The notes of the running program, cycle by cycle, worked out ahead on a thread of its own."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from phonon.editor.drawing import Note, notes
from phonon.errors import PhononError
from phonon.session import compile_source, heard_streams

if TYPE_CHECKING:
    from phonon.pattern import Pattern

AHEAD = 2  # cycles, this one and the next


class Coming:
    """Answers from what is known already; what is not known is there some frames later."""

    def __init__(self) -> None:
        self._worker = ThreadPoolExecutor(1, "roll")
        self._texts: dict[str, str] = {}
        self._version = 0
        self._compiled = 0
        self._patterns: list[Pattern] = []
        self._known: dict[int, tuple[int, list[Note]]] = {}  # by cycle, with their version
        self._asked: set[int] = set()

    def notes(self, definitions: Mapping[str, str], cycle: int) -> list[Note]:
        """The notes of a cycle; those of the program before, until the new one's are known."""
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
        return self._known.get(cycle, (0, []))[1]

    def _learn(self, texts: dict[str, str], version: int, cycle: int) -> None:
        if version != self._version:
            return
        if version != self._compiled:
            self._compiled = version
            score, _ = compile_source("\n".join(texts.values()))
            streams = heard_streams(score) if score is not None else []
            self._patterns = [stream.pattern for stream in streams]
        found = []
        for pattern in self._patterns:
            try:
                found += notes(pattern.query(cycle, cycle + 1))
            except PhononError:
                continue  # the engine leaves out such a stream as well
        self._known[cycle] = version, found
