"""What is noted beside the text: errors, what was evaluated, what just flashed."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace

from phonon.editor.statements import Region, statements
from phonon.errors import Diagnostic

FLASH = 0.3  # seconds


@dataclass(frozen=True, slots=True)
class Mark:
    """A diagnostic at a line of the buffer (from 0); the caret covers `width` columns."""

    line: int
    column: int
    width: int
    text: str
    severity: str


class Marks:
    """The notes of one buffer; they move with the lines that they belong to."""

    def __init__(self) -> None:
        self.errors: list[Mark] = []
        self.evaluated: dict[str, str] = {}
        self.flash: Region | None = None
        self.failed = False
        self._until = 0.0
        self._lines: list[str] = []

    def begin_flash(self, region: Region, failed: bool = False) -> None:
        """SoundingSpan a region for a moment."""
        self.flash, self.failed = region, failed
        self._until = time.monotonic() + FLASH

    def flashing(self) -> Region | None:
        """The region that is lit now."""
        if self.flash is not None and time.monotonic() >= self._until:
            self.flash = None
        return self.flash

    def by_line(self, line: int) -> list[Mark]:
        """The errors of a line."""
        return [mark for mark in self.errors if mark.line == line]

    def report(self, region: Region, diagnostics: Iterable[Diagnostic]) -> None:
        """Take the diagnostics of an evaluated region in place of those that it had."""
        kept = [mark for mark in self.errors if not region.first <= mark.line <= region.last]
        found = [_mark(diagnostic, region.first) for diagnostic in diagnostics]
        self.errors = sorted(kept + found, key=lambda mark: (mark.line, mark.column))

    def edited(self, text: str) -> set[int]:
        """The head lines of statements whose text is not what was evaluated."""
        if not self.evaluated:
            return set()
        return {
            one.first
            for one in statements(text)
            if one.name and self.evaluated.get(one.name) != one.text
        }

    def follow(self, text: str) -> None:
        """Move the marks with the lines, after an edit."""
        lines = text.split("\n")
        old, self._lines = self._lines, lines
        if not self.errors or len(old) == len(lines):
            return
        same = 0
        for before, after in zip(old, lines, strict=False):
            if before != after:
                break
            same += 1
        moved = len(lines) - len(old)
        first = same if moved > 0 else same - moved  # the first old line that has moved
        if moved > 0 and same < len(old) and lines[same + moved] != old[same]:
            first += 1  # broken in two: its mark stays with the first half
        kept = [
            mark for mark in self.errors if mark.line < first and mark.line < same + (moved > 0)
        ]
        kept += [
            replace(mark, line=mark.line + moved) for mark in self.errors if mark.line >= first
        ]
        self.errors = [mark for mark in kept if 0 <= mark.line < len(lines)]


def _mark(diagnostic: Diagnostic, first: int) -> Mark:
    width = (
        diagnostic.end_column - diagnostic.column if (diagnostic.end_line == diagnostic.line) else 1
    )
    text = diagnostic.message
    if diagnostic.suggestions:
        text += f" - did you mean {' or '.join(diagnostic.suggestions)}?"
    text = " ".join(text.split())
    column = diagnostic.column - 1
    return Mark(first + diagnostic.line - 1, column, max(width, 1), text, diagnostic.severity)
