"""What was heard: the literals that lit, kept for a while for the roll and the event list."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from phonon.editor.lights import Light

KEPT = 400


@dataclass(slots=True)
class Happening:
    """A literal that sounded from cycle `begin` to `end`."""

    definition: str
    text: str
    begin: float
    end: float


class Happenings:
    """Takes in what is lit, frame by frame."""

    def __init__(self) -> None:
        self._past: deque[Happening] = deque(maxlen=KEPT)
        self._open: dict[Light, Happening] = {}

    def update(self, lit: set[Light], texts: Mapping[str, str], cycle: float) -> None:
        """These literals are lit at this cycle."""
        for light in self._open.keys() - lit:
            del self._open[light]
        for light in sorted(lit):
            known = self._open.get(light)
            if known is not None and cycle >= known.begin:
                known.end = cycle
                continue
            name, begin, end = light
            text = texts.get(name, "")[begin:end]
            self._open[light] = Happening(name, text, cycle, cycle)
            self._past.append(self._open[light])

    def newest(self, count: int) -> list[Happening]:
        """The last ones, newest first."""
        return list(self._past)[: -count - 1 : -1]

    def recent(self, begin: float) -> list[Happening]:
        """Those that sounded after a cycle."""
        return [one for one in self._past if one.end >= begin]
