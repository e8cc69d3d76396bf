"""Every transform with odd arguments: it gives events or raises a Fault, in bounded time."""

from __future__ import annotations

from contextlib import suppress
from random import Random
from time import thread_time
from typing import Any

import pytest

from phonon.errors import Fault
from phonon.patterns import Pattern, fastcat, find, pure, silence, stack, transforms

NUMBERS = [0, -1, 0.5, 1.5, 3, -0.25, 1e9, 1e-9, -1e9, 7]
COUNTS = [0, -1, 1, 2, 3, 8, -4, 10**9, 100]


def waves() -> Pattern:
    sine = find("sine")
    assert sine is not None
    return sine.call()


def numbers() -> list[Pattern]:
    return [
        *map(pure, COUNTS),
        fastcat([pure(1), pure(0.5), pure(-2)]),
        waves(),
        silence,
    ]


def patterns() -> list[Pattern]:
    return [
        pure({"s": "bd", "n": 1}),
        fastcat([pure(0), pure(1.5), silence]),
        fastcat([pure("a"), pure({"note": 2})]).slow(3),
        stack([pure(0), pure(4)]),
        waves(),
        silence,
    ]


def possible(kind: str) -> list[Any]:
    choices: dict[str, list[Any]] = {
        "Integer": COUNTS,
        "Boolean": [True, False],
        "Word": ["maj", "zz", "up"],
        "Value": [1, "a"],
        "TimePair": [(0, 0.5), (0.75, 0.25), (-1, 2), (0.5, 1e9), (0, 0)],
        "Function": [Pattern.rev, lambda pattern: pattern.fast(2), lambda pattern: silence],
        "Functions": [[], [Pattern.rev]],
        "FunctionOf": [lambda value: Pattern.rev],
        "Patterns": [[], [pure(1)], patterns()],
        "Weighted": [[], [(1, pure(1)), (0, pure(2))], [(-1, pure(1))]],
        "WeightedValues": [[], [("a", 1)], [(1, 0)]],
        "WeightedPatterns": [[], [(pure(1), 1)], [(pure(1), 0)]],
        "NamedPatterns": [[], [("a", pure(1))]],
        "WordPattern": [pure("minor"), fastcat([pure("major"), pure("up")])],
        "Pattern": patterns(),
        "ValuePattern": patterns(),
    }
    if kind in choices:
        return choices[kind]
    if kind in ("Numbers", "Integers", "Values"):
        return [[], [0], [1, 2, 3], [-1, 0]]
    return numbers() if kind.endswith("Pattern") else NUMBERS


@pytest.mark.parametrize("name", transforms())
def test_odd_arguments_neither_crash_nor_hang(name: str) -> None:
    random = Random(name)
    found = transforms()[name]
    for _ in range(25):
        arguments = [random.choice(possible(parameter.kind)) for parameter in found.parameters]
        begun = thread_time()
        with suppress(Fault):
            events = found.call(*arguments).query(0, 2.5)
            assert all(event.part.begin <= event.part.end for event in events)
        assert thread_time() - begun < 5
