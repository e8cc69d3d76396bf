"""Errors and warnings with their place in the source, and suggestions of similar words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `begin` up to, but not including, `end` of a source text."""

    begin: int
    end: int

    def shifted(self, offset: int) -> Span:
        """This span moved by `offset` characters."""
        return Span(self.begin + offset, self.end + offset)

    def joined(self, other: Span) -> Span:
        """The smallest span that covers both."""
        return Span(min(self.begin, other.begin), max(self.end, other.end))


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One message about a program; lines and columns count from 1, the end is exclusive."""

    message: str
    line: int
    column: int
    end_line: int
    end_column: int
    suggestions: tuple[str, ...] = ()
    severity: str = "error"

    @classmethod
    def at(
        cls,
        source: str,
        span: Span,
        message: str,
        suggestions: Iterable[str] = (),
        severity: str = "error",
    ) -> Diagnostic:
        """The diagnostic for `span` of `source`."""
        line, column = position(source, span.begin)
        end_line, end_column = position(source, max(span.end, span.begin))
        return cls(message, line, column, end_line, end_column, tuple(suggestions), severity)

    @property
    def placed(self) -> bool:
        """Whether it has a place in the program, not concerning all of it or a file."""
        return (self.line, self.column, self.end_line, self.end_column) != (1, 1, 1, 1)

    def __str__(self) -> str:
        text = f"{self.line}:{self.column}: {self.severity}: {self.message}"
        if self.suggestions:
            text += f" (did you mean {' or '.join(self.suggestions)}?)"
        return text


def position(source: str, offset: int) -> tuple[int, int]:
    """Line and column, both from 1, of a character offset."""
    offset = min(max(offset, 0), len(source))
    before = source[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1


class PhononError(Exception):
    """The error of a program, a file or a command, with its diagnostics."""

    def __init__(self, diagnostics: Iterable[Diagnostic] | str) -> None:
        if isinstance(diagnostics, str):
            diagnostics = [Diagnostic(diagnostics, 1, 1, 1, 1)]
        self.diagnostics: list[Diagnostic] = list(diagnostics)
        super().__init__("\n".join(str(diagnostic) for diagnostic in self.diagnostics))


class Fault(Exception):
    """A mistake at a span of the source; `diagnostic` adds line and column.

    `span` is None where a package below the language raises it (a value out of range, say); the
    language then adds the span.
    """

    def __init__(
        self, message: str, span: Span | None = None, suggestions: Iterable[str] = ()
    ) -> None:
        super().__init__(message)
        self.message = message
        self.span = span
        self.suggestions = tuple(suggestions)

    def placed(self, span: Span) -> Fault:
        """This fault, with `span` if it has none yet."""
        return self if self.span is not None else Fault(self.message, span, self.suggestions)

    def diagnostic(self, source: str) -> Diagnostic:
        """The diagnostic of this fault in `source`."""
        return Diagnostic.at(source, self.span or Span(0, 0), self.message, self.suggestions)


def nearest(word: str, names: Iterable[str], count: int = 3) -> tuple[str, ...]:
    """Up to `count` of `names` that are spelt like `word`, most similar first."""
    pool = {name.lower(): name for name in names}
    found = get_close_matches(word.lower(), pool, n=count, cutoff=0.6)
    return tuple(pool[name] for name in found)
