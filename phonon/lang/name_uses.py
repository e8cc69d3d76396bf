"""Finds the names that a statement uses, and the words of its strings that may be sounds.

`s "bass*2"` uses the instrument `bass`, `vowel "bass"` does not. Whether `~a: "bass"` does depends
on what is done with `~a`, and `f "bass"` on the function: so each name and word comes with its
receivers, the names that its value is given to. OWN stands for the statement's own value, SOUND
for the control `s`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from phonon.errors import Span
from phonon.lang import mini_syntax
from phonon.lang import syntax as ast
from phonon.lang.parser import parse_program
from phonon.score.controls import find

OWN = ""
SOUND = "control s"

Receivers = frozenset[str]


@dataclass(frozen=True, slots=True)
class Use:
    """A name or a word of a string, its span and its receivers."""

    name: str
    span: Span
    receivers: Receivers


@dataclass(slots=True)
class Uses:
    """What one statement uses: `names` are those of buses and functions (`~a`, `f`).

    `parameters` are the receivers of what the statement's parameters stand for, or of what it is
    applied to.
    """

    names: list[Use] = field(default_factory=list)
    words: list[Use] = field(default_factory=list)
    parameters: Receivers = frozenset()


@lru_cache(maxsize=512)
def uses(text: str) -> Uses:
    """What the statement `text` uses; nothing if it cannot be read."""
    statements, _ = parse_program(text)
    reader = _Reader(frozenset().union(*(each.locals() for each in statements)))
    for statement in statements:
        for node in ast.children(statement):
            given = reader.read(node, frozenset({OWN}))
            reader.found.parameters |= given - {OWN}
    return reader.found


class _Reader:
    """Walks through expressions; `local` are the parameters, which hide all other names."""

    def __init__(self, local: frozenset[str]) -> None:
        self.found = Uses()
        self._local = local

    def read(self, node: ast.Expression, receivers: Receivers) -> Receivers:
        """Collect the uses in `node`; returns the receivers of an argument of `node`."""
        match node:
            case ast.String():
                words = _words(node.body)
                self.found.words += [Use(word.text, word.span, receivers) for word in words]
            case ast.BusName():
                return self._named(f"~{node.name}", node.span, receivers)
            case ast.Name():
                return self._word(node, receivers)
            case ast.Apply():
                return self._apply(node, receivers)
            case ast.Dollar() | ast.Compose():
                for part in node.parts:
                    receivers = self.read(part, receivers)
            case _:
                for child in ast.children(node):
                    if not (isinstance(node, ast.Row) and isinstance(child, ast.Name)):
                        self.read(child, receivers)
        return receivers

    def _named(self, name: str, span: Span, receivers: Receivers) -> Receivers:
        self.found.names.append(Use(name, span, receivers))
        return receivers | {name}

    def _word(self, word: ast.Name, receivers: Receivers) -> Receivers:
        if word.name in self._local:
            self.found.parameters |= receivers
            return receivers
        control = find(word.name)
        if control is not None and control.name == "s":
            return frozenset({SOUND})
        given = self._named(word.name, word.span, receivers)
        return given if control is None else given - receivers

    def _apply(self, node: ast.Apply, receivers: Receivers) -> Receivers:
        given = self.read(node.function, receivers)
        for argument in (*node.arguments, *(keyword.value for keyword in node.keywords)):
            self.read(argument, given)
        return receivers if given == {SOUND} else given


def _words(node: mini_syntax.Mini) -> Iterator[mini_syntax.Word]:
    if isinstance(node, mini_syntax.Word):
        yield node
    for child in mini_syntax.children(node):
        yield from _words(child)
