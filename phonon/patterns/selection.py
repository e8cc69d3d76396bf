"""Functions on parts of cycles, from which the transforms in `zooming` and others are built."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from phonon.patterns.event import Raw, meet, moved, rescaled
from phonon.patterns.joins import squeezed
from phonon.patterns.pattern import Pattern, by_cycle, silence, traits_of
from phonon.patterns.sequence import stack
from phonon.patterns.time import CYCLE, Rational, Ticks, exact, over, ticks


def in_cycles(
    chosen: Callable[[int], bool], period: int, changed: Pattern, pattern: Pattern
) -> Pattern:
    """`changed` in the cycles that `chosen` accepts, `pattern` in the others."""

    def query(begin: Ticks, end: Ticks) -> list[Raw]:
        return (changed if chosen(begin // CYCLE) else pattern).events(begin, end)

    return by_cycle(query, traits_of(changed, pattern, cycles=period))


def _between(begin: float | Fraction, end: float | Fraction) -> Callable[[Raw], bool]:
    first, last = ticks(begin), ticks(end)
    return lambda event: first <= _begin(event) % CYCLE < last


def _begin(event: Raw) -> Ticks:
    return event[2] if event[0] is None else event[0]


def within_span(
    begin: float | Fraction,
    end: float | Fraction,
    function: Callable[[Pattern], Pattern],
    pattern: Pattern,
) -> Pattern:
    """`function` applied to the events with an onset between `begin` and `end` of each cycle."""
    inside = _between(begin, end)
    return stack(
        [
            function(pattern).filter_events(inside),
            pattern.filter_events(lambda event: not inside(event)),
        ]
    )


def fast_gap(factor: Rational, pattern: Pattern) -> Pattern:
    """Each cycle sped up by `factor`, then silence for the rest of the cycle."""
    if factor <= 0:
        return silence
    ratio = factor if factor > 1 else 1
    up, down = ratio.numerator, ratio.denominator

    def query(begin: Ticks, end: Ticks) -> list[Raw]:
        start = begin // CYCLE * CYCLE
        stop = start + CYCLE
        inner = [min(over((time - start) * up, down), CYCLE) + start for time in (begin, end)]
        if inner[0] >= stop:
            return []
        found: list[Raw] = []
        played = rescaled(moved(pattern.events(inner[0], inner[1]), -start), down, up, start)
        for a, b, c, d, value, context in played:
            part = meet(begin, end, c, d)
            if part:
                whole = (a, b) if a is None else (a, min(b, stop))
                found.append((*whole, *part, value, context))
        return found

    return by_cycle(query, traits_of(pattern))


def compressed(begin: Rational, end: Rational, pattern: Pattern) -> Pattern:
    """Each cycle squeezed between `begin` and `end`, with silence around it."""
    if not 0 <= begin < end <= 1:
        return silence
    return fast_gap(1 / (Fraction(end) - Fraction(begin)), pattern).late(begin)


def zoomed(begin: Rational, end: Rational, pattern: Pattern) -> Pattern:
    """The part from `begin` to `end` of each cycle, stretched to a whole cycle."""
    if begin >= end:
        return silence
    first, length = ticks(begin), exact(Fraction(end) - Fraction(begin))
    up, down = length.numerator, length.denominator

    def query(start: Ticks, stop: Ticks) -> list[Raw]:
        cycle = start // CYCLE * CYCLE
        shift = first + cycle
        events = pattern.events(
            over((start - cycle) * up, down) + shift, over((stop - cycle) * up, down) + shift
        )
        found = rescaled(moved(events, -shift), down, up, cycle)
        border = shift - first % CYCLE + CYCLE
        if not any(event[2] >= border for event in events):
            return found
        # Events that begin beyond the end of the cycle are placed by the position in their own
        # cycle, as in Tidal and Strudel: `leap` off the expected time for each cycle beyond.
        leap = CYCLE - over(CYCLE * down, up)
        late = [max(0, (_begin(event) - border) // CYCLE + 1) for event in events]
        return [moved([event], cycles * leap)[0] for event, cycles in zip(found, late, strict=True)]

    return by_cycle(query, traits_of(pattern))


def lingering(length: Rational, pattern: Pattern) -> Pattern:
    """The first `length` of each cycle, or the last if negative, repeated to fill it."""
    if not length:
        return silence
    share = abs(Fraction(length))
    stretch = zoomed(0, share, pattern) if length > 0 else zoomed(1 - share, 1, pattern)
    return stretch.fast(1 / share)


def compressed_to(rhythm: Pattern, pattern: Pattern) -> Pattern:
    """A cycle of the pattern squeezed into each event of the rhythm."""
    events = rhythm.events

    def query(begin: Ticks, end: Ticks) -> list[Raw]:
        found: list[Raw] = []
        for a, b, c, d, _, context in events(begin, end):
            first, last = (c, d) if a is None else (a, b)
            for a2, b2, c2, d2, value, own in squeezed(pattern, first, last, c, d):
                whole = (None, None) if a2 is None else meet(first, last, a2, b2)
                if whole:
                    found.append((*whole, c2, d2, value, own + context))
        return found

    return Pattern(query, traits_of(rhythm, pattern))
