"""The registry of units: `@unit` makes a function a unit of the language."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from phonon.kernel.form import Form, place, read

Scope = Literal["voice", "mix"]

_units: dict[str, Unit] = {}
_aliases: dict[str, str] = {}


@dataclass(frozen=True, eq=False)
class Unit(Form):
    """A unit of the language: its form, help and example.

    `scope` is "voice" where every voice may have its own (it can stand in a mix too), "mix" where
    it has a tail, a modulation that must not restart, or measures the sum. `hidden` units are for
    the compiler only.
    """

    scope: Scope = "voice"
    aliases: tuple[str, ...] = ()
    family: str = ""
    doc: str = ""
    example: str = ""
    hidden: bool = False

    @property
    def summary(self) -> str:
        """The first line of its documentation."""
        return self.doc.split("\n", 1)[0]

    @property
    def is_effect(self) -> bool:
        """Whether it has an audio input, so that it can stand right of `#`."""
        return bool(self.inputs)


def unit(
    *, scope: Scope = "voice", aliases: tuple[str, ...] = (), hidden: bool = False, name: str = ""
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register the decorated function as a unit.

    Its name is the word in the language (`name` where Python reserves that word, `aliases` for
    more words), its docstring the help, whose `>>>` lines are the example.
    """

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        form = read(function)
        word = name or form.name
        doc, example = _documentation(function)
        for taken in (word, *aliases):
            if taken in _units or taken in _aliases:
                raise TypeError(f"{place(function)}: there is a unit {taken!r} already")
        if form.mix_only and scope != "mix":
            raise TypeError(f"{place(function)}: banks and vectors need scope='mix'")
        made = Unit(
            word,
            function,
            form.inputs,
            form.parameters,
            form.states,
            scope,
            aliases,
            function.__module__.rsplit(".", 1)[-1],
            doc,
            example,
            hidden,
        )
        _units[word] = made
        _aliases.update(dict.fromkeys(aliases, word))
        return function

    return register


def _documentation(function: Callable[..., Any]) -> tuple[str, str]:
    """The docstring without its examples, and the examples."""
    text = inspect.cleandoc(function.__doc__ or "")
    if not text:
        raise TypeError(f"{place(function)}: {function.__name__} needs a docstring")
    prose, examples = [], []
    for line in text.splitlines():
        if line.startswith((">>> ", "... ")):
            examples.append(line[4:])
        else:
            prose.append(line)
    return "\n".join(prose).strip(), "\n".join(examples)


def units() -> Mapping[str, Unit]:
    """Every unit by its name, hidden ones too."""
    return MappingProxyType(_units)


def names() -> tuple[str, ...]:
    """All words that name a unit, aliases too, without hidden units."""
    return tuple(
        word for word in sorted((*_units, *_aliases)) if not _units[_aliases.get(word, word)].hidden
    )


def find(name: str) -> Unit | None:
    """The unit called `name`, which may be an alias, or None."""
    return _units.get(_aliases.get(name, name))
