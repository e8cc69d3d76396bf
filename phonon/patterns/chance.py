"""Random transforms: dropped events, random choices, shuffles, weights."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from phonon.patterns.event import Raw, moved
from phonon.patterns.joins import inner_join, remembered
from phonon.patterns.pattern import (
    Pattern,
    Traits,
    by_cycle,
    pure,
    sampling_traits,
    silence,
    traits_of,
)
from phonon.patterns.registry import (
    Function,
    Integer,
    Number,
    NumberPattern,
    Patterns,
    Values,
    WeightedPatterns,
    WeightedValues,
    transform,
)
from phonon.patterns.rng import formula
from phonon.patterns.sequence import checked_count, fast_from_list, slowcat, stack
from phonon.patterns.signals import rand
from phonon.patterns.time import CYCLE, Ticks, over, ticks


def drawn(pattern: Pattern, keep: Callable[[float], bool], offset: Ticks = 0) -> Pattern:
    """The events for which `keep` accepts the random number at their onset."""
    number = formula().rand
    events = pattern.events

    def query(begin: Ticks, end: Ticks) -> list[Raw]:
        return [
            event
            for event in events(begin, end)
            if keep(number((event[2] if event[0] is None else event[0]) + offset))
        ]

    return Pattern(query, sampling_traits(pattern, rand()))


def degrade_by(amount: float, pattern: Pattern, offset: Ticks = 0) -> Pattern:
    """Drop events with the probability `amount`."""
    if formula().keeps_equal:
        return drawn(pattern, lambda number: number >= amount, offset)
    return drawn(pattern, lambda number: number > amount, offset)


def retained_by(amount: float, pattern: Pattern) -> Pattern:
    """Exactly the events that `degrade_by` drops."""
    if formula().keeps_equal:
        return drawn(pattern, lambda number: number < amount)
    return drawn(pattern, lambda number: number <= amount)


def degrade_seeded(pattern: Pattern, amount: float, seed: int) -> Pattern:
    """The mini-notation's `?`; `seed` counts the random operators of a string."""
    return degrade_by(amount, pattern, ticks(formula().seed_step * seed))


def choose_by(chance: Pattern, values: Sequence[Any]) -> Pattern:
    """Each number of `chance`, 0 to 1, replaced by the value at that part of the list."""
    count = len(values)
    if not count:
        return silence
    return chance.fmap(lambda number: values[min(max(int(number * count), 0), count - 1)])


def choose_cycles_seeded(patterns: Sequence[Pattern], seed: int) -> Pattern:
    """The mini-notation's `|`: one of the patterns at random in each cycle."""
    chance = rand().early(formula().seed_step * seed)
    return inner_join(segment_one(choose_by(chance, patterns)))


def segment_one(pattern: Pattern) -> Pattern:
    """One event per cycle, with the value at its start."""
    return pure(None).app_left(pattern, lambda _, value: value)


def ordered(count: int) -> Pattern:
    """The numbers from 0 to `count` - 1 in a new random order every cycle."""
    if count <= 0:
        return silence
    checked_count(count, "pieces")
    numbers, drawn_at = formula().rands, formula().order_at

    def query(begin: Ticks, end: Ticks) -> list[Raw]:
        start = begin // CYCLE * CYCLE
        keys = numbers(start + drawn_at, count)
        order = fast_from_list(sorted(range(count), key=keys.__getitem__))
        return order.events(begin, end)

    return by_cycle(query, Traits(discrete=True, period=0))


@transform(name="degradeBy")
def degrade_by_(amount: Number, pattern: Pattern) -> Pattern:
    """Drop events at random, with probability `amount`.

    >>> degradeBy 0.25 $ s "hh*16"
    """
    return degrade_by(amount, pattern)


@transform()
def degrade(pattern: Pattern) -> Pattern:
    """Drop half of the events at random.

    >>> degrade $ s "hh*8"
    """
    return degrade_by(0.5, pattern)


@transform(name="unDegradeBy")
def retain_by(amount: Number, pattern: Pattern) -> Pattern:
    """Keep just the events that `degradeBy` of the same amount drops (Tidal's word).

    >>> unDegradeBy 0.25 $ s "hh*16"
    """
    return retained_by(amount, pattern)


@transform()
def undegrade_by(amount: Number, pattern: Pattern) -> Pattern:
    """Drop events with probability `amount`, others than `degradeBy` drops (Strudel's word).

    >>> undegradeBy 0.25 $ s "hh*16"
    """
    return drawn(pattern, lambda number: 1 - number > amount)


@transform()
def undegrade(pattern: Pattern) -> Pattern:
    """Keep the half of the events that `degrade` drops.

    >>> undegrade $ s "hh*8"
    """
    return undegrade_by(0.5, pattern)


@transform()
def sometimes_by(amount: Number, function: Function, pattern: Pattern) -> Pattern:
    """Apply a function to events at random, with probability `amount`.

    >>> sometimesBy 0.3 (# speed 2) $ s "hh*8"
    """
    return stack([degrade_by(amount, pattern), function(retained_by(amount, pattern))])


@transform()
def sometimes(function: Function, pattern: Pattern) -> Pattern:
    """Apply a function to half of the events.

    >>> sometimes (# speed 2) $ s "hh*8"
    """
    return sometimes_by(0.5, function, pattern)


@transform()
def often(function: Function, pattern: Pattern) -> Pattern:
    """Apply a function to three quarters of the events.

    >>> often (# speed 2) $ s "hh*8"
    """
    return sometimes_by(0.75, function, pattern)


@transform()
def rarely(function: Function, pattern: Pattern) -> Pattern:
    """Apply a function to a quarter of the events.

    >>> rarely (# speed 2) $ s "hh*8"
    """
    return sometimes_by(0.25, function, pattern)


@transform()
def almost_always(function: Function, pattern: Pattern) -> Pattern:
    """Apply a function to nine events of ten.

    >>> almostAlways (# speed 2) $ s "hh*8"
    """
    return sometimes_by(0.9, function, pattern)


@transform()
def almost_never(function: Function, pattern: Pattern) -> Pattern:
    """Apply a function to one event of ten.

    >>> almostNever (# speed 2) $ s "hh*8"
    """
    return sometimes_by(0.1, function, pattern)


@transform()
def always(function: Function, pattern: Pattern) -> Pattern:
    """Apply a function, always: for symmetry with `sometimes`.

    >>> always rev $ s "bd sn"
    """
    return function(pattern)


@transform()
def never(function: Function, pattern: Pattern) -> Pattern:
    """Never apply the function: for symmetry with `sometimes`.

    >>> never rev $ s "bd sn"
    """
    del function
    return pattern


@transform("somecyclesBy")
def some_cycles_by(amount: Number, function: Function, pattern: Pattern) -> Pattern:
    """Apply a function to whole cycles at random, with probability `amount`.

    >>> someCyclesBy 0.3 (fast 2) $ s "bd sn"
    """
    number = formula().rand
    changed = function(pattern)

    def query(begin: int, end: int) -> list[Raw]:
        chosen = number(begin // CYCLE * CYCLE) < amount
        return (changed if chosen else pattern).events(begin, end)

    return by_cycle(query, traits_of(changed, pattern, cycles=0))


@transform("somecycles")
def some_cycles(function: Function, pattern: Pattern) -> Pattern:
    """Apply a function to half of the cycles, at random.

    >>> someCycles (fast 2) $ s "bd sn"
    """
    return some_cycles_by(0.5, function, pattern)


@transform(name="rand")
def rand_() -> Pattern:
    """Random numbers from 0 to 1, a new one at every instant.

    >>> s "hh*8" # pan rand
    """
    return rand()


@transform()
def irand(limit: Integer) -> Pattern:
    """Random whole numbers from 0 to `limit` - 1, a new one at every instant.

    >>> n (segment 8 $ irand 8)
    """
    return rand().fmap(lambda number: int(number * limit))


@transform()
def brand_by(amount: Number) -> Pattern:
    """True or false at random, true with probability `amount`.

    >>> struct (segment 8 $ brandBy 0.7) $ s "hh"
    """
    return rand().fmap(lambda number: number < amount)


@transform()
def brand() -> Pattern:
    """True or false at random.

    >>> struct (segment 8 brand) $ s "hh"
    """
    return rand().fmap(lambda number: number < 0.5)


@transform()
def choose(values: Values) -> Pattern:
    """One of several values at random, a new choice at every instant.

    >>> n (segment 8 $ choose [0, 3, 7])
    """
    return choose_by(rand(), values)


@transform(name="chooseBy")
def choose_by_(chance: NumberPattern, values: Values) -> Pattern:
    """One of several values, chosen by a pattern from 0 to 1.

    >>> n (segment 8 $ chooseBy sine [0, 3, 7])
    """
    return choose_by(chance, values)


@transform()
def cycle_choose(values: Values) -> Pattern:
    """One of several values at random, a new choice every cycle.

    >>> n (cycleChoose [0, 3, 7])
    """
    return segment_one(choose_by(rand(), values))


@transform()
def choose_cycles(patterns: Patterns) -> Pattern:
    """One of several patterns at random, a new choice every cycle (as Strudel draws).

    >>> chooseCycles [s "bd*2", s "sn hh"]
    """
    return choose_cycles_seeded(patterns, 0)


@transform()
def randcat(patterns: Patterns) -> Pattern:
    """One of several patterns at random, a new choice every cycle (as Tidal draws).

    >>> randcat [s "bd*2", s "sn hh"]
    """
    alternating = slowcat(patterns)
    leaps = segment_one(irand(len(patterns)))
    return inner_join(leaps.fmap(remembered(alternating.early)))


def _weighted(chance: Pattern, weighted: Sequence[tuple[Any, float]]) -> Pattern:
    if not weighted:
        return silence
    total = sum(weight for _, weight in weighted)

    def pick(number: float) -> Any:
        reached = 0.0
        for value, weight in weighted:
            reached += weight
            if reached > number * total:
                return value
        return weighted[-1][0]

    return chance.fmap(pick)


@transform()
def wchoose(weighted: WeightedValues) -> Pattern:
    """One of several values at random, each with its weight, a new choice at every instant.

    >>> n (segment 8 $ wchoose [(0, 4), (7, 1)])
    """
    return _weighted(rand(), weighted)


@transform("wchooseCycles")
def wrandcat(weighted: WeightedPatterns) -> Pattern:
    """One of several patterns at random, each with its weight, a new choice every cycle.

    >>> wrandcat [(s "bd*2", 3), (s "sn", 1)]
    """
    return inner_join(segment_one(_weighted(rand(), weighted)))


@transform()
def randrun(count: Integer) -> Pattern:
    """The numbers from 0 to `count` - 1 in a new random order every cycle.

    >>> n (randrun 8)
    """
    return ordered(count)


def _pieces(count: int, order: Pattern, pattern: Pattern) -> Pattern:
    """Each cycle cut into `count` equal pieces, played in the order that `order` names."""

    def query(begin: Ticks, end: Ticks) -> list[Raw]:
        found: list[Raw] = []
        for a, _, c, d, place, _ in order.events(begin, end):
            offset = a - a // CYCLE * CYCLE - over(CYCLE * place, count)
            found += moved(pattern.events(c - offset, d - offset), offset)
        return found

    return by_cycle(query, traits_of(order, pattern))


@transform()
def shuffle(count: Integer, pattern: Pattern) -> Pattern:
    """Cut each cycle into `count` pieces and play each once, in random order.

    >>> shuffle 4 $ n "0 .. 7"
    """
    return _pieces(count, ordered(count), pattern)


@transform()
def scramble(count: Integer, pattern: Pattern) -> Pattern:
    """Cut each cycle into `count` pieces and play `count` of them, chosen at random.

    >>> scramble 4 $ n "0 .. 7"
    """
    chosen = pure(None).fast(count).app_left(irand(count), lambda _, index: index)
    return _pieces(count, chosen, pattern)
