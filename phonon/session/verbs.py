"""Declares verbs: methods that a session answers whichever process its engine runs in.

A class lists its verbs as typed methods without a body under `@verb`. The rest follows from that
list: `forward` makes a class that hands every verb to one method (the remote session, the tests'
stub), and the engine's server looks verbs up in `verbs`.
"""

from __future__ import annotations

import abc
import functools
import typing
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, TypeVar

Route = Literal["quick", "slow", "background", "memory"]

Method = TypeVar("Method", bound=Callable[..., Any])
Kind = TypeVar("Kind", bound=type)


@dataclass(frozen=True)
class Verb:
    """One verb.

    `route` says how a session reaches an engine in another process, and so what the verb waits
    for. Requests on one route wait for each other: `quick` ones are answered at once, `slow` ones
    change the program or the recording, `background` ones read files or query patterns. `memory`
    waits for nothing, for it goes through the shared memory, where remote sessions carry it out
    themselves. `saves`: the engine then writes down what outlives a crash. `replaces`: the
    program before becomes garbage, so a collection is due.
    """

    method: Callable[..., Any]
    route: Route
    saves: bool
    replaces: bool

    @property
    def name(self) -> str:
        """Name of the method."""
        return self.method.__name__

    @cached_property
    def answer(self) -> Any:
        """Type of the answer."""
        return typing.get_type_hints(self.method)["return"]


def verb(
    *, route: Route = "quick", saves: bool = False, replaces: bool = False
) -> Callable[[Method], Method]:
    """Declare an abstract method to be a verb; the arguments are those of `Verb`."""

    def declare(method: Method) -> Method:
        vars(method)["verb"] = Verb(method, route, saves, replaces)
        return abc.abstractmethod(method)

    return declare


def verbs(kind: type) -> dict[str, Verb]:
    """Declared verbs of a class by name."""
    found = ((name, getattr(method, "verb", None)) for name, method in vars(kind).items())
    return {name: declared for name, declared in found if declared is not None}


def forward(declared: type) -> Callable[[Kind], Kind]:
    """Fill in the verbs that `declared` declares: each calls `call(verb, arguments, options)`."""

    def fill(kind: Kind) -> Kind:
        for name, declaration in verbs(declared).items():
            setattr(kind, name, _forwarding(declaration))
        abc.update_abstractmethods(kind)
        return kind

    return fill


def _forwarding(declaration: Verb) -> Callable[..., Any]:
    @functools.wraps(declaration.method)
    def method(self: Any, /, *arguments: Any, **options: Any) -> Any:
        return self.call(declaration, arguments, options)

    del vars(method)["verb"], vars(method)["__isabstractmethod__"]
    return method
