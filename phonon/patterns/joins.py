"""Joins: a pattern of patterns flattened into one; they differ in which wholes are kept."""

from __future__ import annotations

from collections.abc import Callable
from math import lcm
from typing import Any

from phonon.patterns.event import Raw, meet, moved, rescaled
from phonon.patterns.pattern import (
    CONTINUOUS,
    LONGEST_PERIOD,
    NOTHING,
    Pattern,
    Traits,
    check_count,
)
from phonon.patterns.time import CYCLE, Ticks, over, sam

INSPECTED_CYCLES = 64  # of an outer pattern, to find the traits of its inner patterns


def _join_traits(outer: Pattern, restarted: bool = False) -> Callable[[], Traits]:
    """The traits of a join, from those of the outer pattern and of all inner patterns.

    If inner patterns restart with every outer event, only the outer period counts.
    """

    def traits() -> Traits:
        discrete, period = outer.traits
        if not discrete or not 0 < period <= INSPECTED_CYCLES:
            return CONTINUOUS
        for event in outer.events(0, outer.traits.period * CYCLE):
            is_discrete, its_period = event[4].traits
            discrete = discrete and is_discrete
            period = period if restarted else lcm(period, its_period)
        return Traits(discrete, period if period <= LONGEST_PERIOD else 0)

    return traits


def inner_join(outer: Pattern) -> Pattern:
    """Keep the wholes of the inner patterns."""
    if outer.constant is not NOTHING:
        chosen: Pattern = outer.constant  # type: ignore[assignment]
        return chosen.with_context(outer.context)
    patterns = outer.events

    def query(begin: Ticks, end: Ticks) -> list[Raw]:
        found: list[Raw] = []
        for _, _, c, d, pattern, context in patterns(begin, end):
            events = pattern.events(c, d)
            if context:
                events = [(*event[:5], event[5] + context) for event in events]
            found += events
            check_count(found)
        return found

    return Pattern(query, _join_traits(outer))


def outer_join(outer: Pattern) -> Pattern:
    """Keep the wholes of the outer pattern; inner patterns are sampled at its onsets."""
    patterns = outer.events

    def query(begin: Ticks, end: Ticks) -> list[Raw]:
        found: list[Raw] = []
        for a, b, c, d, pattern, context in patterns(begin, end):
            at = c if a is None else a
            found += [
                (a, b, c, d, event[4], event[5] + context) for event in pattern.events(at, at)
            ]
        return found

    def traits() -> Traits:
        return Traits(outer.traits.discrete, _join_traits(outer)().period)

    return Pattern(query, traits)


def bind_join(outer: Pattern) -> Pattern:
    """Wholes are the intersections of outer and inner wholes."""
    patterns = outer.events

    def query(begin: Ticks, end: Ticks) -> list[Raw]:
        found: list[Raw] = []
        for a, b, c, d, pattern, context in patterns(begin, end):
            for a2, b2, c2, d2, value, context2 in pattern.events(c, d):
                whole = (None, None) if a is None or a2 is None else meet(a, b, a2, b2)
                if whole:
                    found.append((*whole, c2, d2, value, context2 + context))
            check_count(found)
        return found

    return Pattern(query, _join_traits(outer))


def squeeze_join(outer: Pattern) -> Pattern:
    """Squeeze a cycle of the inner pattern into every outer event: the cycle of its onset."""
    patterns = outer.events

    def query(begin: Ticks, end: Ticks) -> list[Raw]:
        found: list[Raw] = []
        for a, b, c, d, pattern, context in patterns(begin, end):
            first, last = (c, d) if a is None else (a, b)
            for a2, b2, c2, d2, value, context2 in squeezed(pattern, first, last, c, d):
                whole = (None, None) if a2 is None else meet(first, last, a2, b2)
                if whole:
                    found.append((*whole, c2, d2, value, context2 + context))
            check_count(found)
        return found

    return Pattern(query, _join_traits(outer))


def squeezed(pattern: Pattern, a: Ticks, b: Ticks, c: Ticks, d: Ticks) -> list[Raw]:
    """The events of `c` … `d` when the cycle that `a` is in is mapped onto `a` … `b`."""
    length = b - a
    if pattern.constant is not NOTHING:
        return [(a, b, c, d, pattern.constant, pattern.context)]
    start = sam(a)
    if length == CYCLE:
        return moved(pattern.events(start + c - a, start + d - a), a - start)
    up, down = length.numerator, CYCLE * length.denominator
    events = pattern.events(start + over((c - a) * down, up), start + over((d - a) * down, up))
    return rescaled(moved(events, -start), up, down, a)


def _restarted(
    outer: Pattern, origin: Callable[[Ticks], Ticks], restarted: bool = False
) -> Pattern:
    """Inner patterns start at time `origin` of their own with every outer event."""
    patterns = outer.events

    def query(begin: Ticks, end: Ticks) -> list[Raw]:
        found: list[Raw] = []
        for a, b, c, d, pattern, context in patterns(begin, end):
            first, last = (c, d) if a is None else (a, b)
            offset = origin(first)
            for a2, b2, c2, d2, value, context2 in moved(
                pattern.events(c - offset, d - offset), offset
            ):
                whole = (None, None) if a2 is None else meet(first, last, a2, b2)
                if whole:
                    found.append((*whole, c2, d2, value, context2 + context))
            check_count(found)
        return found

    return Pattern(query, _join_traits(outer, restarted))


def reset_join(outer: Pattern) -> Pattern:
    """Inner patterns restart the current cycle at every outer event."""
    return _restarted(outer, lambda begin: begin - sam(begin))


def restart_join(outer: Pattern) -> Pattern:
    """Inner patterns restart from cycle 0 at every outer event."""
    return _restarted(outer, lambda begin: begin, restarted=True)


def inner_bind(pattern: Pattern, function: Callable[[Any], Pattern]) -> Pattern:
    """`inner_join` of the patterns that `function` makes of the values."""
    return inner_join(pattern.fmap(remembered(function)))


def squeeze_bind(pattern: Pattern, function: Callable[[Any], Pattern]) -> Pattern:
    """`squeeze_join` of the patterns that `function` makes of the values."""
    return squeeze_join(pattern.fmap(remembered(function)))


def remembered(function: Callable[[Any], Pattern]) -> Callable[[Any], Pattern]:
    """The function with a cache of 64 results, by value."""
    made: dict[Any, Pattern] = {}

    def make(value: Any) -> Pattern:
        try:
            known = made.get((type(value), value))
        except TypeError:  # a control map, say, cannot be a key
            return function(value)
        if known is None:
            if len(made) >= 64:
                made.clear()
            known = made[(type(value), value)] = function(value)
        return known

    return make
