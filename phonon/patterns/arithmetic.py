"""Arithmetic transforms: rounding, and the operators as words."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil as up
from math import floor as down
from typing import Any

from phonon.patterns.operators import is_number, operate
from phonon.patterns.pattern import Pattern
from phonon.patterns.registry import Number, ValuePattern, transform


def _numbers(function: Callable[[Any], Any], pattern: Pattern) -> Pattern:
    def change(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: change(item) for name, item in value.items()}
        return function(value) if is_number(value) else value

    return pattern.fmap(change)


@transform(name="round")
def rounded(pattern: Pattern) -> Pattern:
    """Round to the nearest whole number; halves go up.

    >>> n (round "0.5 1.2 2.7")
    """
    return _numbers(lambda value: down(value + 0.5), pattern)


@transform(name="floor")
def floored(pattern: Pattern) -> Pattern:
    """Round down to whole numbers.

    >>> n (floor "0.5 1.2 2.7")
    """
    return _numbers(down, pattern)


@transform("ceiling")
def ceil(pattern: Pattern) -> Pattern:
    """Round up to whole numbers.

    >>> n (ceil "0.5 1.2 2.7")
    """
    return _numbers(up, pattern)


@transform()
def quantise(count: Number, pattern: Pattern) -> Pattern:
    """Round to multiples of 1/`count`.

    >>> n (quantise 2 "0.3 1.4")
    """
    return _numbers(lambda value: round(value * count) / count if count else value, pattern)


@transform()
def add(other: ValuePattern, pattern: Pattern) -> Pattern:
    """Add to the last argument, keeping its structure: `|+`.

    >>> n (add "10 20" "0 1 2")
    """
    return operate("|+", pattern, other)


@transform("subtract")
def sub(other: ValuePattern, pattern: Pattern) -> Pattern:
    """Subtract from the last argument, keeping its structure: `|-`.

    >>> n (sub 1 "0 1 2")
    """
    return operate("|-", pattern, other)


@transform()
def mul(other: ValuePattern, pattern: Pattern) -> Pattern:
    """Multiply the last argument, keeping its structure: `|*`.

    >>> n (mul 2 "0 1 2")
    """
    return operate("|*", pattern, other)


@transform()
def div(other: ValuePattern, pattern: Pattern) -> Pattern:
    """Divide the last argument, keeping its structure: `|/`.

    >>> n (div 2 "0 1 2")
    """
    return operate("|/", pattern, other)


@transform()
def mod(other: ValuePattern, pattern: Pattern) -> Pattern:
    """The last argument modulo the first, with the structure of the last: `|%`.

    >>> n (mod 3 "0 .. 7")
    """
    return operate("|%", pattern, other)


@transform()
def pow_(other: ValuePattern, pattern: Pattern) -> Pattern:
    """Raise the last argument to a power, keeping its structure: `|**`.

    >>> n (pow 2 "0 1 2")
    """
    return operate("|**", pattern, other)
