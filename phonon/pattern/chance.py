"""Chance: events dropped, patterns chosen, as the formula of the moment decides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from phonon.pattern.event import Raw
from phonon.pattern.joins import inner_join
from phonon.pattern.pattern import Pattern, led, pure, silence
from phonon.pattern.rng import formula
from phonon.pattern.signals import rand
from phonon.pattern.time import Ticks, ticks


def drawn(pattern: Pattern, keep: Callable[[float], bool], offset: Ticks = 0) -> Pattern:
    """The events for which `keep` accepts the random number at their beginning."""
    number = formula().rand
    events = pattern.events

    def query(begin: Ticks, end: Ticks) -> list[Raw]:
        return [
            event
            for event in events(begin, end)
            if keep(number((event[2] if event[0] is None else event[0]) + offset))
        ]

    return Pattern(query, led(pattern, rand()), steps=pattern.steps)


def degrade_by(amount: float, pattern: Pattern, offset: Ticks = 0) -> Pattern:
    """Drop events with the probability `amount`."""
    if formula().keeps_equal:
        return drawn(pattern, lambda number: number >= amount, offset)
    return drawn(pattern, lambda number: number > amount, offset)


def undegrade_by(amount: float, pattern: Pattern) -> Pattern:
    """Keep with the probability `amount` the events that `degradeBy (1 - amount)` drops."""
    if formula().keeps_equal:
        return drawn(pattern, lambda number: number < amount)
    return drawn(pattern, lambda number: 1 - number >= amount)


def degrade_seeded(pattern: Pattern, amount: float, seed: int) -> Pattern:
    """The mini-notation's `?`: `seed` is its number in its string."""
    return degrade_by(amount, pattern, ticks(formula().seed_step * seed))


def choose_by(chance: Pattern, values: Sequence[Any]) -> Pattern:
    """One of `values` for every number from 0 to 1 of `chance`."""
    count = len(values)
    if not count:
        return silence
    return chance.fmap(lambda number: values[min(max(int(number * count), 0), count - 1)])


def choose_cycles_seeded(patterns: Sequence[Pattern], seed: int) -> Pattern:
    """The mini-notation's `|`: one of the patterns for every cycle, by chance."""
    chance = rand().early(formula().seed_step * seed)
    return inner_join(segment_one(choose_by(chance, patterns)))


def segment_one(pattern: Pattern) -> Pattern:
    """The pattern as it is at the start of every cycle."""
    return pure(None).app_left(pattern, lambda _, value: value)
