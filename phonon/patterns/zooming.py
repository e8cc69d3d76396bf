"""Transforms of parts of a cycle: zoom, linger, compress, within, chunk, bite."""

from __future__ import annotations

from fractions import Fraction

from phonon.patterns.event import Raw
from phonon.patterns.joins import squeeze_bind
from phonon.patterns.pattern import Pattern, by_cycle, silence, traits_of
from phonon.patterns.registry import (
    Function,
    Integer,
    IntegerPattern,
    Time,
    TimePair,
    transform,
)
from phonon.patterns.selection import compressed, fast_gap, lingering, within_span, zoomed
from phonon.patterns.sequence import checked_count, slowcat, slowcat_prime
from phonon.patterns.time import CYCLE, ticks


@transform("zoomArc")
def zoom(span: TimePair, pattern: Pattern) -> Pattern:
    """Stretch a part of each cycle to a whole cycle.

    >>> zoom (0.25, 0.75) $ s "bd sn hh cp"
    """
    return zoomed(*span, pattern)


@transform()
def linger(length: Time, pattern: Pattern) -> Pattern:
    """Repeat the first `length` of each cycle, or the last if negative, to fill the cycle.

    >>> linger "<1 0.25>" $ n "0 1 2 3"
    """
    return lingering(length, pattern)


@transform()
def compress(span: TimePair, pattern: Pattern) -> Pattern:
    """Squeeze each cycle into a part of it, with silence around.

    >>> compress (0.25, 0.75) $ s "bd sn"
    """
    return compressed(*span, pattern)


@transform("densityGap", "fastgap")
def fast_gap_(factor: Time, pattern: Pattern) -> Pattern:
    """Speed each cycle up by `factor`, then silence for the rest of the cycle.

    >>> fastGap 2 $ s "bd sn"
    """
    return fast_gap(factor, pattern)


@transform()
def within(span: TimePair, function: Function, pattern: Pattern) -> Pattern:
    """Apply a function to a part of each cycle.

    >>> within (0, 0.5) (fast 2) $ s "bd sn hh cp"
    """
    return within_span(*span, function, pattern)


@transform("truncate")
def trunc(length: Time, pattern: Pattern) -> Pattern:
    """Cut each cycle off after `length`.

    >>> trunc 0.75 $ s "bd sn hh cp"
    """
    limit = ticks(length)
    if limit >= CYCLE:
        return pattern

    def query(begin: int, end: int) -> list[Raw]:
        stop = min(end, begin // CYCLE * CYCLE + limit)
        return pattern.events(begin, stop) if begin < stop else []

    return by_cycle(query, traits_of(pattern))


@transform()
def chunk(count: Integer, function: Function, pattern: Pattern) -> Pattern:
    """Apply a function to 1/`count` of the pattern, the next part in each cycle.

    >>> chunk 4 (hurry 2) $ s "bd sn hh cp"
    """
    return _chunks(abs(count), function, pattern, backwards=count < 0)


@transform("chunk'")
def chunk_back(count: Integer, function: Function, pattern: Pattern) -> Pattern:
    """Apply a function to 1/`count` of the pattern, the part before in each cycle.

    >>> chunkBack 4 (hurry 2) $ s "bd sn hh cp"
    """
    return _chunks(abs(count), function, pattern, backwards=count > 0)


def _chunks(count: int, function: Function, pattern: Pattern, *, backwards: bool) -> Pattern:
    chunks = [
        within_span(Fraction(place, count), Fraction(place + 1, count), function, pattern)
        for place in range(checked_count(count, "pieces"))
    ]
    if not chunks:
        return pattern
    # Forwards, every cycle is played `count` times, once with each chunk changed; backwards,
    # each cycle is played once (both as in Tidal).
    return slowcat_prime(chunks[::-1]) if backwards else slowcat(chunks)


@transform()
def bite(count: Integer, order: IntegerPattern, pattern: Pattern) -> Pattern:
    """Cut each cycle into `count` pieces and play them in the order of a pattern.

    >>> bite 4 "0 2*2 1 3" $ n "0 .. 7"
    """
    if count <= 0:
        return silence

    def piece(index: int) -> Pattern:
        place = int(index) % count
        return zoomed(Fraction(place, count), Fraction(place + 1, count), pattern)

    return squeeze_bind(order, piece)
