"""Transforms that build patterns: sequences, stacks, number runs, picks from lists."""

from __future__ import annotations

from collections.abc import Hashable
from math import floor
from typing import Any

from phonon.patterns.chance import segment_one
from phonon.patterns.joins import inner_bind, inner_join, remembered, squeeze_bind
from phonon.patterns.pattern import Pattern, pure, silence
from phonon.patterns.registry import (
    FunctionOf,
    Functions,
    Integer,
    IntegerPattern,
    NamedPatterns,
    NumberPattern,
    Patterns,
    Time,
    Value,
    ValuePattern,
    Values,
    Weighted,
    transform,
)
from phonon.patterns.selection import compressed
from phonon.patterns.sequence import (
    checked_count,
    fast_from_list,
    fastcat,
    from_list,
    slowcat,
    stack,
    timecat,
)
from phonon.patterns.signals import signal
from phonon.patterns.time import CYCLE


@transform(name="pure")
def pure_(value: Value) -> Pattern:
    """A value once per cycle.

    >>> n (pure 3)
    """
    return pure(value)


@transform(name="silence")
def silence_() -> Pattern:
    """A pattern without events.

    >>> stack [s "bd", silence]
    """
    return silence


@transform("polyrhythm", name="stack")
def stack_(patterns: Patterns) -> Pattern:
    """Play several patterns at once.

    >>> stack [s "bd*2", s "hh*4"]
    """
    return stack(patterns)


@transform()
def const(other: Pattern, pattern: Pattern) -> Pattern:
    """Replace the pattern by another.

    >>> every 4 (const $ s "cp*4") $ s "bd sn"
    """
    del pattern
    return other


@transform()
def overlay(first: Pattern, second: Pattern) -> Pattern:
    """Two patterns at once.

    >>> overlay (s "bd*2") (s "hh*4")
    """
    return stack([first, second])


@transform("slowcat", name="cat")
def cat(patterns: Patterns) -> Pattern:
    """Several patterns in turn, one per cycle.

    >>> cat [s "bd*2", s "sn"]
    """
    return slowcat(patterns)


@transform("fastCat", "seq", "sequence", name="fastcat")
def fastcat_(patterns: Patterns) -> Pattern:
    """Several patterns one after the other, all in one cycle.

    >>> fastcat [s "bd*2", s "sn"]
    """
    return fastcat(patterns)


@transform("timeCat", "stepcat", name="timecat")
def timecat_(weighted: Weighted) -> Pattern:
    """Several patterns one after the other in one cycle, each as long as its number says.

    >>> timecat [(3, s "bd*4"), (1, s "sn")]
    """
    return timecat(weighted)


@transform("slowAppend")
def append(first: Pattern, second: Pattern) -> Pattern:
    """Two patterns in turn, one per cycle.

    >>> append (s "bd*2") (s "sn")
    """
    return slowcat([first, second])


@transform("fastappend")
def fast_append(first: Pattern, second: Pattern) -> Pattern:
    """Two patterns, one after the other, in one cycle.

    >>> fastAppend (s "bd*2") (s "sn")
    """
    return fastcat([first, second])


@transform(name="fromList")
def from_list_(values: Values) -> Pattern:
    """One value per cycle, in turn.

    >>> n (fromList [0, 3, 7])
    """
    return from_list(values)


@transform("listToPat")
def fast_from_list_(values: Values) -> Pattern:
    """All values in one cycle.

    >>> n (fastFromList [0, 3, 7])
    """
    return fast_from_list(values)


@transform()
def run(count: Integer) -> Pattern:
    """The numbers from 0 to `count` - 1 in one cycle.

    >>> n (run 4)
    """
    return fast_from_list(range(checked_count(count, "steps")))


@transform()
def scan(count: Integer) -> Pattern:
    """`run 1`, `run 2` and so on up to `run count`, one per cycle.

    >>> n (scan 4)
    """
    return slowcat([run(length + 1) for length in range(checked_count(count, "steps"))])


@transform()
def wedge(share: Time, first: Pattern, second: Pattern) -> Pattern:
    """Squeeze one pattern into the first `share` of each cycle and another into the rest.

    >>> wedge 0.25 (s "bd*4") (s "sn*3")
    """
    if share <= 0:
        return second
    if share >= 1:
        return first
    return stack([compressed(0, share, first), compressed(share, 1, second)])


@transform("slowspread")
def spread(function: FunctionOf, values: Values, pattern: Pattern) -> Pattern:
    """Apply a function with another argument in every cycle, in turn.

    >>> spread fast [1, 2, 0.5] $ s "bd sn"
    """
    return slowcat([function(value)(pattern) for value in values])


@transform("fastSpread")
def fastspread(function: FunctionOf, values: Values, pattern: Pattern) -> Pattern:
    """Apply a function with several arguments, one after the other in each cycle.

    >>> fastspread fast [1, 2] $ s "bd sn"
    """
    return fastcat([function(value)(pattern) for value in values])


def _place(number: Any, count: int) -> int:
    place: int = floor(number)
    return place % count


@transform()
def select(position: NumberPattern, patterns: Patterns) -> Pattern:
    """One of several patterns, selected by a number from 0 to 1.

    >>> select "<0 0.5>" [s "bd*4", s "sn*3"]
    """
    count = len(patterns)
    if not count:
        return silence
    return inner_bind(position, lambda number: patterns[_place(number * (count - 1), count)])


@transform(name="selectF")
def select_function(position: NumberPattern, functions: Functions, pattern: Pattern) -> Pattern:
    """Apply one of several functions, selected by a number from 0 to 1.

    >>> selectF "<0 0.5>" [rev, fast 2] $ s "bd sn hh"
    """
    return select(position, [function(pattern) for function in functions])


@transform(name="pickF")
def pick_function(place: IntegerPattern, functions: Functions, pattern: Pattern) -> Pattern:
    """Apply one of several functions, picked by its number.

    >>> pickF "<0 1>" [rev, fast 2] $ s "bd sn hh"
    """
    changed = [function(pattern) for function in functions]
    if not changed:
        return silence
    return inner_bind(place, lambda number: changed[_place(number, len(changed))])


@transform()
def pick(place: IntegerPattern, patterns: Patterns) -> Pattern:
    """One of several patterns, picked by its number; numbers beyond the list pick the last.

    >>> pick "<0 1>" [s "bd*4", s "sn*3"]
    """
    last = len(patterns) - 1
    if last < 0:
        return silence
    return inner_bind(place, lambda number: patterns[min(max(floor(number), 0), last)])


@transform()
def squeeze(place: IntegerPattern, patterns: Patterns) -> Pattern:
    """Squeeze a cycle of the pattern with that number into every event.

    >>> squeeze "0 1 0" [s "bd*2", s "sn*3"]
    """
    if not patterns:
        return silence
    return squeeze_bind(place, lambda number: patterns[_place(number, len(patterns))])


@transform()
def inhabit(named: NamedPatterns, names: ValuePattern) -> Pattern:
    """Squeeze a cycle of the pattern with that name into every event.

    >>> inhabit [("a", s "bd*2"), ("b", s "sn")] "a [b a]"
    """
    known = dict(named)
    return squeeze_bind(names.filter_values(_is_key), lambda name: known.get(name, silence))


def _is_key(value: Any) -> bool:
    """Whether a value can be looked up: a control map cannot."""
    return isinstance(value, Hashable)


@transform()
def fit(step: Integer, values: Values, places: IntegerPattern) -> Pattern:
    """Values by their place in a list, which moves on by `step` every cycle.

    >>> n (fit 1 [0, 2, 4, 7] "0 1 2")
    """
    if not values:
        return silence
    count = len(values)

    def shifted(cycle: int) -> Pattern:
        return places.fmap(lambda place: values[(floor(place) + cycle * step) % count])

    turns = signal(lambda time: time // CYCLE % count, count)
    return inner_join(segment_one(turns).fmap(remembered(shifted)))
