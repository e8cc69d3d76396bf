"""Fixtures that build small patterns from words and list their events."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from phonon.patterns import Pattern, fastcat, find, pure, silence


def sequence(text: str) -> Pattern:
    """`a b ~ 3`: equal steps of one cycle; numbers are numbers, `~` is a rest."""

    def step(word: str) -> Pattern:
        return silence if word == "~" else pure(int(word) if word.lstrip("-").isdigit() else word)

    return fastcat([step(word) for word in text.split()])


def call(name: str, *arguments: Any) -> Pattern:
    """A transform by its name; strings stand for sequences."""
    transform = find(name)
    assert transform is not None, name
    ready = [sequence(item) if isinstance(item, str) else item for item in arguments]
    return transform.call(*ready)


def played(pattern: Pattern, begin: float = 0, end: float = 1) -> list[tuple[Fraction, Any]]:
    """Onsets and values, in order of time."""
    return sorted(
        ((event.part.begin, event.value) for event in pattern.query(begin, end) if event.has_onset),
        key=lambda onset: (onset[0], str(onset[1])),
    )


def values(pattern: Pattern, begin: float = 0, end: float = 1) -> list[Any]:
    """The values of the onsets, in order of time."""
    return [value for _, value in played(pattern, begin, end)]


@pytest.fixture
def seq() -> Callable[[str], Pattern]:
    return sequence


@pytest.fixture(name="call")
def transform_call() -> Callable[..., Pattern]:
    return call


@pytest.fixture(name="played")
def onsets() -> Callable[..., list[tuple[Fraction, Any]]]:
    return played


@pytest.fixture(name="values")
def onset_values() -> Callable[..., list[Any]]:
    return values
