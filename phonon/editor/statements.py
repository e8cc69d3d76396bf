"""Finds the statements and blocks of the editor's text, with their lines."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from phonon.lang.splitter import split
from phonon.lang.statement_kinds import definition


@dataclass(frozen=True, slots=True)
class Region:
    """Whole lines of a text, `first` to `last` (from 0, inclusive)."""

    first: int
    last: int

    def text(self, source: str) -> str:
        """The text of these lines."""
        return "\n".join(source.split("\n")[self.first : self.last + 1])


@dataclass(frozen=True, slots=True)
class StatementLines:
    """A statement with its offset and its lines in the text, which count from 0.

    `name` is that of the definition: `~bass`, `out`, `o1`, `fn wobble`, `synth bell`, `cps`. It is
    empty for commands and for text that is no statement.
    """

    name: str
    text: str
    begin: int
    first: int
    last: int


@lru_cache(maxsize=8)
def statements(source: str) -> tuple[StatementLines, ...]:
    """The statements of a text, in order."""
    found = []
    line, at = 0, 0
    for chunk in split(source):
        line += source.count("\n", at, chunk.span.begin)
        at = chunk.span.begin
        last = line + chunk.text.count("\n")
        defined = definition(chunk.text)
        name = defined.key if defined else ""
        found.append(StatementLines(name, chunk.text, at, line, last))
    return tuple(found)


def statement_at(source: str, line: int) -> StatementLines | None:
    """The statement that covers a line."""
    return next((one for one in statements(source) if one.first <= line <= one.last), None)


def block_at(source: str, line: int) -> Region | None:
    """The paragraph around a line, grown to whole statements; None on an empty line."""
    lines = source.split("\n")
    line = min(line, len(lines) - 1)
    inside = statement_at(source, line)
    if not lines[line].strip() and inside is None:
        return None
    found = Region(line, line)
    while (grown := _grown(source, lines, found)) != found:
        found = grown
    return found


def _grown(source: str, lines: list[str], region: Region) -> Region:
    """A region with the lines that touch it, and the statements that it touches."""
    first, last = region.first, region.last
    while first > 0 and lines[first - 1].strip():
        first -= 1
    while last + 1 < len(lines) and lines[last + 1].strip():
        last += 1
    touched = [one for one in statements(source) if one.first <= last and one.last >= first]
    return Region(
        min([first, *(one.first for one in touched)]), max([last, *(one.last for one in touched)])
    )


def blocks(source: str) -> list[Region]:
    """All blocks of a text, in order."""
    found: list[Region] = []
    for line, text in enumerate(source.split("\n")):
        if text.strip() and not (found and line <= found[-1].last):
            block = block_at(source, line)
            if block is not None:
                found.append(block)
    return found


@lru_cache(maxsize=8)
def head_lines(source: str) -> dict[str, int]:
    """The line of each definition's head, by name; the last one counts."""
    return {one.name: one.first for one in statements(source) if one.name}
