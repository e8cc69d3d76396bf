"""Finds the source text of the events that sound, for highlighting."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Protocol

from phonon.errors import Span
from phonon.session.definitions import SourceMap
from phonon.session.protocol import Highlight

REMEMBERED = 8  # programs whose events may still sound


class PlannedSwap(Protocol):
    """A change of programs that takes place at a frame."""

    @property
    def frame(self) -> int | None:
        """Frame of the change, None before it."""


class SourceHighlights:
    """Maps spans of the last programs' sources to spans of single definitions."""

    def __init__(self) -> None:
        self._source_maps: deque[tuple[PlannedSwap, SourceMap]] = deque(maxlen=REMEMBERED)

    def add(self, swap: PlannedSwap, source_map: SourceMap) -> None:
        """Remember the source map of the program that starts with a swap."""
        self._source_maps.append((swap, source_map))

    def of(self, sounding: Iterable[tuple[int, int, tuple[Span, ...], str]]) -> list[Highlight]:
        """Highlights for sounding events, given as (begin, end, spans, output)."""
        found = []
        for begin, end, spans, output in sounding:
            source_map = self._source_map_at(begin)
            if source_map is None:
                continue
            places: dict[str, list[tuple[int, int]]] = {}
            for span in spans:
                place = source_map.find(span.begin)
                if place is not None:
                    statement, at = place
                    length = span.end - span.begin
                    if statement.name and at + length <= len(statement.text):
                        places.setdefault(statement.name, []).append((at, at + length))
            found += [Highlight(begin, end, name, tuple(at), output) for name, at in places.items()]
        return found

    def _source_map_at(self, frame: int) -> SourceMap | None:
        """Source map of the program that played at a frame."""
        for swap, source_map in reversed(self._source_maps):
            carried_out = swap.frame
            if carried_out is not None and carried_out <= frame:
                return source_map
        return self._source_maps[-1][1] if self._source_maps else None
