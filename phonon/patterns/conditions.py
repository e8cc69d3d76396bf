"""Conditional transforms: in certain cycles, or where a boolean pattern is true."""

from __future__ import annotations

from phonon.patterns.joins import reset_join, restart_join
from phonon.patterns.pattern import Pattern, pure, silence
from phonon.patterns.registry import (
    Boolean,
    BooleanPattern,
    Function,
    Integer,
    Integers,
    Time,
    transform,
)
from phonon.patterns.rhythm import mask as masked
from phonon.patterns.rhythm import struct as structured
from phonon.patterns.selection import compressed_to, in_cycles
from phonon.patterns.sequence import stack


def _every(count: int, offset: int, function: Function, pattern: Pattern) -> Pattern:
    if count <= 0:
        return pattern
    return in_cycles(lambda cycle: cycle % count == offset, count, function(pattern), pattern)


@transform("firstOf")
def every(count: Integer, function: Function, pattern: Pattern) -> Pattern:
    """Apply a function to the first of every `count` cycles.

    >>> every "<2 3>" rev $ s "bd sn hh"
    """
    return _every(count, 0, function, pattern)


@transform()
def last_of(count: Integer, function: Function, pattern: Pattern) -> Pattern:
    """Apply a function to the last of every `count` cycles.

    >>> lastOf 4 (fast 2) $ s "bd sn"
    """
    return _every(count, count - 1, function, pattern)


@transform(name="every'")
def every_from(count: Integer, offset: Integer, function: Function, pattern: Pattern) -> Pattern:
    """Apply a function to every `count`th cycle, counted from `offset`.

    >>> every' 3 1 (fast 2) $ s "bd sn"
    """
    return _every(count, offset, function, pattern)


@transform()
def fold_every(counts: Integers, function: Function, pattern: Pattern) -> Pattern:
    """Apply `every` with each of several counts.

    >>> foldEvery [2, 3] (fast 2) $ s "bd sn"
    """
    for count in reversed(counts):
        pattern = _every(count, 0, function, pattern)
    return pattern


@transform("whenMod")
def whenmod(count: Integer, least: Integer, function: Function, pattern: Pattern) -> Pattern:
    """Apply a function in cycles whose number modulo `count` is at least `least`.

    >>> whenmod 4 2 (fast 2) $ s "bd sn"
    """
    if count <= 0:
        return pattern
    return in_cycles(lambda cycle: cycle % count >= least, count, function(pattern), pattern)


@transform()
def when(condition: Boolean, function: Function, pattern: Pattern) -> Pattern:
    """Apply a function while a boolean pattern is true.

    >>> when "<t f>" rev $ s "bd sn hh"
    """
    return function(pattern) if condition else pattern


@transform()
def while_(condition: BooleanPattern, function: Function, pattern: Pattern) -> Pattern:
    """Apply a function to the events where a boolean pattern is true.

    >>> while "1 0" (fast 4) $ s "bd sn hh cp"
    """
    return sew(condition, function(pattern), pattern)


@transform()
def sew(condition: BooleanPattern, first: Pattern, second: Pattern) -> Pattern:
    """Play one pattern where a boolean pattern is true, another where it is false.

    >>> sew "t f" (n "0*4") (n "1*8")
    """
    return stack([masked(condition, first), masked(inverted(condition), second)])


@transform()
def stitch(condition: BooleanPattern, first: Pattern, second: Pattern) -> Pattern:
    """A boolean rhythm whose true steps take values from one pattern, false ones from another.

    >>> stitch "t f t t" (s "bd") (s "sn")
    """
    return stack([structured(condition, first), structured(inverted(condition), second)])


@transform(name="struct")
def struct(rhythm: BooleanPattern, pattern: Pattern) -> Pattern:
    """Play the values of a pattern in the rhythm of the true steps of another.

    >>> struct "t ~ t(3,8)" $ s "bd"
    """
    return structured(rhythm, pattern)


@transform()
def substruct(rhythm: BooleanPattern, pattern: Pattern) -> Pattern:
    """Play a whole cycle of the pattern in every true step of a rhythm.

    >>> substruct "1 [1 1]" $ s "bd sn"
    """
    return compressed_to(rhythm.filter_values(bool), pattern)


@transform()
def mask(rhythm: BooleanPattern, pattern: Pattern) -> Pattern:
    """Silence a pattern where a boolean pattern is false.

    >>> mask "1 0 1 1" $ s "hh*8"
    """
    return masked(rhythm, pattern)


def inverted(rhythm: Pattern) -> Pattern:
    """The pattern with true and false swapped."""
    return rhythm.fmap(lambda value: not value)


@transform("inv")
def invert(rhythm: BooleanPattern) -> Pattern:
    """Swap true and false.

    >>> struct (inv "1 0 0 1") $ s "bd"
    """
    return inverted(rhythm)


def _triggered(rhythm: Pattern, pattern: Pattern) -> Pattern:
    return rhythm.fmap(lambda value: pattern if value else silence)


@transform()
def reset(rhythm: BooleanPattern, pattern: Pattern) -> Pattern:
    """Restart the current cycle at every true step.

    >>> reset "1 ~ 1" $ s "bd sn hh cp"
    """
    return reset_join(_triggered(rhythm, pattern))


@transform()
def restart(rhythm: BooleanPattern, pattern: Pattern) -> Pattern:
    """Restart the pattern from cycle 0 at every true step.

    >>> restart "1 ~ 1" $ n "<0 1 2>*4"
    """
    return restart_join(_triggered(rhythm, pattern))


@transform("rib")
def ribbon(begin: Time, length: Time, pattern: Pattern) -> Pattern:
    """Loop the `length` cycles from cycle `begin` on.

    >>> ribbon 8 2 $ n (segment 8 $ irand 12)
    """
    if length <= 0:
        return silence
    return restart(pure(True).slow(length), pattern.early(begin))
