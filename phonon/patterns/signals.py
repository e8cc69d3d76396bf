"""Continuous patterns: a value at every instant, sampled where a query begins."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import cos, pi, sin
from typing import Any

from phonon.errors import Fault
from phonon.patterns.event import Raw
from phonon.patterns.operators import is_number
from phonon.patterns.pattern import NOTHING, Pattern, Traits
from phonon.patterns.registry import NumberPattern, transform
from phonon.patterns.rng import formula
from phonon.patterns.sequence import fastcat
from phonon.patterns.time import CYCLE, Ticks, over


def signal(function: Callable[[Ticks], Any], period: int = 0) -> Pattern:
    """The continuous pattern of a function of time in ticks, repeating after `period` cycles."""

    def query(begin: Ticks, end: Ticks) -> list[Raw]:
        return [(None, None, begin, end, function(begin), ())]

    return Pattern(query, Traits(discrete=False, period=period), remember=False)


def cyclic(shape: Callable[[float], float]) -> Pattern:
    """The continuous pattern of a function of the position in the cycle, 0 to 1."""
    return signal(lambda time: shape(time % CYCLE / CYCLE), 1)


def rand() -> Pattern:
    """A random number from 0 up to 1 for every instant."""
    return signal(formula().rand)


def perlin() -> Pattern:
    """Smooth noise: a random number per cycle, interpolated."""
    number = formula().rand

    def value(time: Ticks) -> float:
        start = time // CYCLE * CYCLE
        x = float((time - start) / CYCLE)
        first, last = number(start), number(start + CYCLE)
        # Perlin's quintic: first and second derivative are continuous between cycles.
        return first + (6 * x**5 - 15 * x**4 + 10 * x**3) * (last - first)

    return signal(value)


sine = cyclic(lambda position: (sin(2 * pi * position) + 1) / 2)
cosine = cyclic(lambda position: (cos(2 * pi * position) + 1) / 2)
saw = cyclic(lambda position: position)
isaw = cyclic(lambda position: 1 - position)
tri = fastcat([saw, isaw])
square = cyclic(lambda position: float(position >= 0.5))
env_l = signal(lambda time: min(max(time / CYCLE, 0.0), 1.0))
time = signal(lambda time: time / CYCLE)


# Computed from the time, not the position in the cycle: bit-equal to Tidal and Strudel.
sine2 = signal(lambda time: sin(2 * pi * (time / CYCLE)))
cosine2 = signal(lambda time: cos(2 * pi * (time / CYCLE)))


def _both_signs(pattern: Pattern) -> Pattern:
    return pattern.fmap(lambda value: value * 2 - 1)


def _wave(name: str, pattern: Pattern, both: Pattern, doc: str) -> None:
    """Register a continuous pattern and its bipolar version (`sine2`, from -1 to 1)."""

    def source() -> Pattern:
        return pattern

    def bipolar() -> Pattern:
        return both

    source.__doc__ = f'{doc}, from 0 to 1.\n\n>>> s "hh*8" # pan {name}'
    bipolar.__doc__ = f'{doc}, from -1 to 1.\n\n>>> s "hh*8" # speed {name}2'
    transform(name=name)(source)
    transform(name=f"{name}2")(bipolar)


_wave("sine", sine, sine2, "A sine wave, one per cycle")
_wave("cosine", cosine, cosine2, "A cosine wave, one per cycle, starting at its maximum")
_wave("saw", saw, _both_signs(saw), "A rising sawtooth, one per cycle")
_wave("isaw", isaw, _both_signs(isaw), "A falling sawtooth, one per cycle")
_wave("tri", tri, _both_signs(tri), "A triangle, one per cycle")
_wave("square", square, _both_signs(square), "A square wave, one per cycle: low, then high")


@transform(name="perlin")
def perlin_() -> Pattern:
    """Smooth noise from 0 to 1: a random number per cycle, interpolated.

    >>> s "hh*8" # pan perlin
    """
    return perlin()


@transform(name="envL")
def rise() -> Pattern:
    """Rises from 0 to 1 during the first cycle and stays at 1.

    >>> s "hh*8" # gain envL
    """
    return env_l


@transform(name="time")
def passing() -> Pattern:
    """The time in cycles, at every instant.

    >>> n (segment 1 time)
    """
    return time


def _varied(
    first: Pattern, last: Pattern, pattern: Pattern, scale: Callable[[Any, Any, Any], Any]
) -> Pattern:
    """`scale` of a pattern between two limits that are patterns; structure from all three."""
    if first.constant is not NOTHING and last.constant is not NOTHING:
        low, high = first.constant, last.constant
        return pattern.fmap(lambda value: scale(low, high, value), first.context + last.context)
    limits = first.app_both(last, lambda low, high: (low, high))
    return limits.app_both(pattern, lambda pair, value: scale(pair[0], pair[1], value))


def _each(value: Any, function: Callable[[Any], Any]) -> Any:
    """`function` of a number, or of all numbers of a control map."""
    if isinstance(value, dict):
        return {name: _each(item, function) for name, item in value.items()}
    return function(value) if is_number(value) else value


@transform(name="range")
def scaled_range(low: NumberPattern, high: NumberPattern, pattern: Pattern) -> Pattern:
    """Scale a pattern from 0 … 1 to `low` … `high`.

    >>> s "hh*8" # speed (range 1 2 sine)
    """
    return _varied(low, high, pattern, lambda a, b, value: _each(value, lambda x: a + (b - a) * x))


@transform()
def rangex(low: NumberPattern, high: NumberPattern, pattern: Pattern) -> Pattern:
    """Scale a pattern from 0 … 1 exponentially to `low` … `high`, both above 0: for frequencies.

    >>> s "hh*8" # lpf (rangex 100 4000 sine)
    """
    return _varied(
        low, high, pattern, lambda a, b, value: _each(value, lambda x: _exponential(a, b, x))
    )


def _exponential(low: float, high: float, position: float) -> float:
    if low <= 0 or high <= 0:
        raise Fault("rangex needs limits above 0")
    return float(low * (high / low) ** position)


@transform(name="range2")
def range_bipolar(low: NumberPattern, high: NumberPattern, pattern: Pattern) -> Pattern:
    """Scale a pattern from -1 … 1 to `low` … `high`.

    >>> s "hh*8" # speed (range2 1 2 sine2)
    """
    return _varied(
        low, high, pattern, lambda a, b, value: _each(value, lambda x: a + (b - a) * (x + 1) / 2)
    )


@transform()
def smooth(pattern: Pattern) -> Pattern:
    """Interpolate from each value to the next.

    >>> s "hh*16" # pan (smooth "0 1 0.5")
    """

    def query(begin: Ticks, end: Ticks) -> list[Raw]:
        middle = over(begin + end, 2)
        here = pattern.events(middle, middle)
        if not here:
            return []
        a, b, c, d, value, context = here[0]
        first, last = (c, d) if a is None else (a, b)
        later = pattern.events(last, last)
        if later and last > first and is_number(value) and is_number(later[0][4]):
            value += (later[0][4] - value) * float(Fraction(middle - first) / (last - first))
        return [(None, None, begin, end, value, context)]

    return Pattern(
        query, lambda: Traits(discrete=False, period=pattern.traits.period), remember=False
    )
