"""From what sounds to the places in the definitions where it is written."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Protocol

from phonon.errors import Span
from phonon.session.definitions import Layout
from phonon.session.protocol import Highlight

REMEMBERED = 8  # programs whose events may still sound


class Carried(Protocol):
    """A swap of programs."""

    @property
    def frame(self) -> int | None:
        """The frame at which it was carried out, None as long as it waits."""


class SourceHighlights:
    """The layouts of the last programs, and from which frame on each played."""

    def __init__(self) -> None:
        self._layouts: deque[tuple[Carried, Layout]] = deque(maxlen=REMEMBERED)

    def add(self, swap: Carried, layout: Layout) -> None:
        """A program takes over with a swap."""
        self._layouts.append((swap, layout))

    def lit(self, sounding: Iterable[tuple[int, int, tuple[Span, ...], str]]) -> list[Highlight]:
        """SourceHighlights with their places in the definition that they are part of."""
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
        """The layout of the program that played at a frame."""
        for swap, layout in reversed(self._layouts):
            carried_out = swap.frame
            if carried_out is not None and carried_out <= frame:
                return layout
        return self._layouts[-1][1] if self._layouts else None
