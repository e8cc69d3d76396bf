"""Continuous patterns: values at every instant, read where a question begins."""

from __future__ import annotations

from collections.abc import Callable
from math import cos, pi, sin
from typing import Any

from phonon.pattern.event import Raw
from phonon.pattern.pattern import Pattern
from phonon.pattern.rng import formula
from phonon.pattern.time import CYCLE, Ticks


def signal(function: Callable[[Ticks], Any], period: int = 0) -> Pattern:
    """The continuous pattern of a function of time in ticks, repeating after `period` cycles."""

    def query(begin: Ticks, end: Ticks) -> list[Raw]:
        return [(None, None, begin, end, function(begin), ())]

    return Pattern(query, (False, period), remember=False)


def cyclic(shape: Callable[[float], float]) -> Pattern:
    """The continuous pattern of a function of the position in the cycle, 0 to 1."""
    return signal(lambda time: shape(time % CYCLE / CYCLE), 1)


sine = cyclic(lambda position: (sin(2 * pi * position) + 1) / 2)
cosine = cyclic(lambda position: (cos(2 * pi * position) + 1) / 2)
saw = cyclic(lambda position: position)
isaw = cyclic(lambda position: 1 - position)
tri = cyclic(lambda position: 2 * position if position < 0.5 else 2 - 2 * position)
square = cyclic(lambda position: float(position >= 0.5))


def rand() -> Pattern:
    """A random number from 0 up to 1 for every instant."""
    return signal(formula().rand)


def perlin() -> Pattern:
    """Random numbers, one per cycle, joined smoothly."""
    number = formula().rand

    def value(time: Ticks) -> float:
        start = time // CYCLE * CYCLE
        x = float((time - start) / CYCLE)
        first, last = number(start), number(start + CYCLE)
        # Perlin's quintic: no step in speed or acceleration where cycles meet.
        return first + (6 * x**5 - 15 * x**4 + 10 * x**3) * (last - first)

    return signal(value)
