"""Splits a program into statements, so that an error in one leaves the others.

A statement begins at column 0. It goes on over indented lines, over lines that begin with an
operator, and as long as a bracket or a quote is open; but a statement's head at column 0 always
begins a new one, so that an unclosed bracket or quote costs one statement.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from phonon.errors import Span
from phonon.lang.statement_kinds import NAME, heads

# Any `name:` begins a statement: a misspelt head is one too.
_HEAD = re.compile("|".join([rf"{NAME}[ \t]*:(?!:)", *(head.start for _, head in heads())]))
# What begins a line that goes on with the statement above. `-` begins no such line.
_CONTINUES = re.compile(r"[ \t\f\v]|<~|~>|\|[|+*/%<>\-]|[-+*/%<>]{1,2}\||[#$+*/%.,:=)\]}]")
_SPECIAL = re.compile(r'--|["()\[\]{}]')
_BLANK = re.compile(r"[ \t\f\v\r]*(?:--.*)?$")


@dataclass(frozen=True, slots=True)
class Chunk:
    """The text of one statement, without the comments and blank lines after it."""

    text: str
    span: Span


@dataclass(slots=True)
class _State:
    """What is open at the end of a line."""

    depth: int = 0
    quoted: bool = False

    @property
    def open(self) -> bool:
        return self.depth > 0 or self.quoted

    def read(self, line: str) -> None:
        """Step over one more line."""
        at = 0
        while at < len(line):
            if self.quoted:
                closing = line.find('"', at)
                if closing < 0:
                    return
                self.quoted, at = False, closing + 1
                continue
            found = _SPECIAL.search(line, at)
            if found is None or found[0] == "--":
                return
            at = found.end()
            if found[0] == '"':
                self.quoted = True
            else:
                self.depth = max(0, self.depth + (1 if found[0] in "([{" else -1))


def split(source: str) -> list[Chunk]:
    """The statements of `source`, in order."""
    chunks: list[Chunk] = []
    begin = end = 0
    state = _State()
    offset = 0
    for line in source.split("\n"):
        text = line.rstrip("\r")
        here, offset = offset, offset + len(line) + 1
        if _BLANK.match(text) and not state.quoted:
            continue
        if end > begin and not _begins(text, state):
            state.read(text)
        else:
            if end > begin:
                chunks.append(Chunk(source[begin:end], Span(begin, end)))
            begin, state = here, _State()
            state.read(text)
        end = here + len(text)
    if end > begin:
        chunks.append(Chunk(source[begin:end], Span(begin, end)))
    return chunks


def _begins(line: str, state: _State) -> bool:
    """Whether a line at this state begins a new statement."""
    return begins_statement(line) or not (state.open or _CONTINUES.match(line))


def begins_statement(line: str) -> bool:
    """Whether a line begins a statement whatever is open before it."""
    return _HEAD.match(line) is not None
