"""The diagnostics of the last evaluations, at the lines of the text that they belong to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from phonon.editor.statements import Region
from phonon.errors import Diagnostic


@dataclass(frozen=True, slots=True)
class LineDiagnostic:
    """A diagnostic at a line of the text (from 0); the caret covers `width` columns."""

    line: int
    column: int
    width: int
    text: str
    severity: str


class Diagnostics:
    """The diagnostics of one text; they move with their lines when it is edited."""

    def __init__(self) -> None:
        self.found: list[LineDiagnostic] = []
        self._lines: list[str] = []

    def by_line(self, line: int) -> list[LineDiagnostic]:
        """The diagnostics of a line."""
        return [one for one in self.found if one.line == line]

    def report(self, region: Region, diagnostics: Iterable[Diagnostic]) -> None:
        """Replace the diagnostics of an evaluated region; those of other lines stay."""
        kept = [one for one in self.found if not region.first <= one.line <= region.last]
        new = [_at_line(diagnostic, region.first) for diagnostic in diagnostics]
        self.found = sorted(kept + new, key=lambda one: (one.line, one.column))

    def clear(self) -> None:
        """Remove all diagnostics."""
        self.found = []

    def follow(self, text: str) -> None:
        """Move the diagnostics with their lines, after an edit that led to `text`."""
        lines = text.split("\n")
        old, self._lines = self._lines, lines
        if not self.found or len(old) == len(lines):
            return
        same = 0
        for before, after in zip(old, lines, strict=False):
            if before != after:
                break
            same += 1
        moved = len(lines) - len(old)
        first = same if moved > 0 else same - moved  # the first old line that has moved
        if moved > 0 and same < len(old) and lines[same + moved] != old[same]:
            first += 1  # broken in two: its diagnostic stays with the first half
        kept = [one for one in self.found if one.line < first and one.line < same + (moved > 0)]
        kept += [replace(one, line=one.line + moved) for one in self.found if one.line >= first]
        self.found = [one for one in kept if 0 <= one.line < len(lines)]


def _at_line(diagnostic: Diagnostic, first: int) -> LineDiagnostic:
    width = (
        diagnostic.end_column - diagnostic.column if (diagnostic.end_line == diagnostic.line) else 1
    )
    text = diagnostic.message
    if diagnostic.suggestions:
        text += f" - did you mean {' or '.join(diagnostic.suggestions)}?"
    text = " ".join(text.split())
    return LineDiagnostic(
        first + diagnostic.line - 1, diagnostic.column - 1, max(width, 1), text, diagnostic.severity
    )
