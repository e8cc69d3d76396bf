"""Exact time: fractions of cycles outside, integer ticks inside; usual divisions are whole."""

from __future__ import annotations

from fractions import Fraction
from math import inf, isfinite
from typing import TypeAlias

from phonon.errors import Fault

# One cycle in ticks. Divisions common in music (halves of halves, triplets, fives, sevens,
# elevens … and decimals to four places) come out whole, so that almost all sums and comparisons
# are of plain ints: 60 ns a group instead of the 3.8 µs of `fractions.Fraction`.
CYCLE = 2**20 * 3**6 * 5**4 * 7**2 * 11 * 13 * 17

# A time in ticks: an int, or a Fraction of a tick where a division does not come out whole.
# Both add, compare and divide with each other exactly; it is typed as the usual case.
Ticks: TypeAlias = int

Rational: TypeAlias = int | Fraction


def exact(number: float | Fraction) -> Rational:
    """A float as the nearest simple fraction: 0.1 is 1/10, 0.3333333333333333 is 1/3."""
    if isinstance(number, int):
        return int(number)
    if isinstance(number, float):
        if not isfinite(number):
            raise Fault(f"{'an infinite' if abs(number) == inf else 'an undefined'} time")
        if number.is_integer():
            return int(number)
        number = Fraction(repr(number))
        if number.denominator > 10_000_000:
            number = number.limit_denominator(10_000_000)
    return int(number) if number.denominator == 1 else number


def over(ticks: Ticks, divisor: int) -> Ticks:
    """`ticks / divisor`, exactly."""
    whole, rest = divmod(ticks, divisor)
    return whole if not rest else Fraction(ticks) / divisor  # type: ignore[return-value]


def scaled(ticks: Ticks, factor: Rational) -> Ticks:
    """`ticks * factor`, exactly."""
    return over(ticks * factor.numerator, factor.denominator)


def ticks(cycles: float | Fraction) -> Ticks:
    """Cycles as ticks."""
    return scaled(CYCLE, exact(cycles))


def cycles(ticks: Ticks) -> Fraction:
    """Ticks as cycles."""
    return Fraction(ticks, CYCLE)


def sam(ticks: Ticks) -> Ticks:
    """The start of the cycle that contains a time (Tidal's `sam`)."""
    return ticks // CYCLE * CYCLE
