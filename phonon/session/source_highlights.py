"""Finds the source text of the events that sound, for highlighting."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Protocol

from phonon.errors import Span
from phonon.session.definitions import Layout
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
        self._layouts: deque[tuple[PlannedSwap, Layout]] = deque(maxlen=REMEMBERED)

    def add(self, swap: PlannedSwap, layout: Layout) -> None:
        """Remember the layout of the program that starts with a swap."""
        self._layouts.append((swap, layout))

    def of(self, sounding: Iterable[tuple[int, int, tuple[Span, ...], str]]) -> list[Highlight]:
        """Highlights for sounding events, given as (begin, end, spans, output)."""
        found = []
        for begin, end, spans, output in sounding:
            layout = self._layout_at(begin)
            if layout is None:
                continue
            places: dict[str, list[tuple[int, int]]] = {}
            for span in spans:
                place = layout.find(span.begin)
                if place is not None:
                    piece, at = place
                    length = span.end - span.begin
                    if piece.name and at + length <= len(piece.text):
                        places.setdefault(piece.name, []).append((at, at + length))
            found += [Highlight(begin, end, name, tuple(at), output) for name, at in places.items()]
        return found

    def _layout_at(self, frame: int) -> Layout | None:
        """Layout of the program that played at a frame."""
        for swap, layout in reversed(self._layouts):
            carried_out = swap.frame
            if carried_out is not None and carried_out <= frame:
                return layout
        return self._layouts[-1][1] if self._layouts else None
