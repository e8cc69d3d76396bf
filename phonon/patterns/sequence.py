"""Sequences: patterns in turn, at once, weighted, in polymeter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from phonon.errors import Fault
from phonon.patterns.event import Raw, moved, rescaled
from phonon.patterns.joins import bind_join, remembered, squeeze_bind
from phonon.patterns.pattern import (
    LONGEST_PERIOD,
    NOTHING,
    Pattern,
    Traits,
    by_cycle,
    check_count,
    pure,
    silence,
    traits_of,
)
from phonon.patterns.time import CYCLE, Rational, Ticks, exact, over

MOST_STEPS = 4096


def checked_count(count: int, things: str) -> int:
    """`count`; raises Fault where it is more than MOST_STEPS."""
    if count > MOST_STEPS:
        raise Fault(f"more than {MOST_STEPS} {things}")
    return count


def stack(patterns: Sequence[Pattern]) -> Pattern:
    """All patterns at once."""
    if len(patterns) == 1:
        return patterns[0]
    if not patterns:
        return silence
    queries = [pattern.events for pattern in patterns]

    def query(begin: Ticks, end: Ticks) -> list[Raw]:
        found: list[Raw] = []
        for events in queries:
            found += events(begin, end)
            check_count(found)
        return found

    return Pattern(query, traits_of(*patterns))


def slowcat(patterns: Sequence[Pattern]) -> Pattern:
    """One pattern per cycle, in turn; each continues where it stopped (Tidal's `cat`)."""
    if len(patterns) == 1:
        return patterns[0]
    if not patterns:
        return silence
    count = len(patterns)

    def query(begin: Ticks, end: Ticks) -> list[Raw]:
        cycle = begin // CYCLE
        offset = (cycle - cycle // count) * CYCLE
        return moved(patterns[cycle % count].events(begin - offset, end - offset), offset)

    return by_cycle(query, _alternating(patterns, count))


def slowcat_prime(patterns: Sequence[Pattern]) -> Pattern:
    """One pattern per cycle, in turn; each plays the current cycle (Strudel's `slowcatPrime`)."""
    count = len(patterns)

    def query(begin: Ticks, end: Ticks) -> list[Raw]:
        return patterns[begin // CYCLE % count].events(begin, end)

    return by_cycle(query, traits_of(*patterns, cycles=count))


def _alternating(patterns: Sequence[Pattern], times: int) -> Callable[[], Traits]:
    """The traits of patterns of which each cycle takes `times` cycles."""

    def traits() -> Traits:
        discrete, period = traits_of(*patterns)()
        period *= times
        return Traits(discrete, period if period <= LONGEST_PERIOD else 0)

    return traits


def fastcat(patterns: Sequence[Pattern]) -> Pattern:
    """All patterns, one after another, in one cycle."""
    return timecat([(1, pattern) for pattern in patterns])


def timecat(parts: Sequence[tuple[float | Fraction, Pattern]]) -> Pattern:
    """Patterns one after the other in one cycle, each as long as its weight says."""
    weighted = [(exact(weight), pattern) for weight, pattern in parts if weight > 0]
    if len(weighted) == 1:
        return weighted[0][1]
    if not weighted:
        return silence
    total = exact(Fraction(sum(weight for weight, _ in weighted)))
    places: list[tuple[Ticks, Ticks, Pattern]] = []
    passed: Rational = 0
    for weight, pattern in weighted:
        first = passed
        passed += weight
        places.append((_place(first, total), _place(passed, total), pattern))

    def query(begin: Ticks, end: Ticks) -> list[Raw]:
        start = begin // CYCLE * CYCLE
        found: list[Raw] = []
        for from_start, to_start, pattern in places:
            first = start + from_start
            last = start + to_start
            c = begin if begin > first else first
            d = end if end < last else last
            if c < d or (c == d == begin and begin == end and c < last):
                found += placed(pattern, start, first, last, c, d)
                check_count(found)
        return found

    return by_cycle(query, traits_of(*(pattern for _, pattern in weighted)))


def _place(passed: Rational, total: Rational) -> Ticks:
    if isinstance(passed, int) and isinstance(total, int):
        return over(CYCLE * passed, total)
    share = Fraction(passed) / total
    return over(CYCLE * share.numerator, share.denominator)


def placed(
    pattern: Pattern, start: Ticks, first: Ticks, last: Ticks, c: Ticks, d: Ticks
) -> list[Raw]:
    """The events of `c` … `d` when the cycle at `start` is mapped onto `first` … `last`."""
    if pattern.constant is not NOTHING:
        return [(first, last, c, d, pattern.constant, pattern.context)]
    length = last - first
    up, down = length.numerator, CYCLE * length.denominator
    events = pattern.events(
        start + over((c - first) * down, up), start + over((d - first) * down, up)
    )
    return rescaled(moved(events, -start) if start else events, up, down, first)


def polymeter(
    voices: Sequence[tuple[float | Fraction, Pattern]], steps: float | Fraction
) -> Pattern:
    """Voices of (step count, pattern) at once, each playing `steps` of its steps per cycle."""
    rate = Fraction(exact(steps))
    return stack([pattern.fast(rate / exact(count)) for count, pattern in voices if count > 0])


def repeat_cycles(pattern: Pattern, count: int) -> Pattern:
    """Every cycle played `count` times before the next."""
    if count <= 0:
        return silence

    def query(begin: Ticks, end: Ticks) -> list[Raw]:
        cycle = begin // CYCLE
        offset = (cycle - cycle // count) * CYCLE
        return moved(pattern.events(begin - offset, end - offset), offset)

    return by_cycle(query, _alternating([pattern], count))


def from_list(values: Sequence[Any]) -> Pattern:
    """One value per cycle."""
    return slowcat([pure(value) for value in values])


def fast_from_list(values: Sequence[Any]) -> Pattern:
    """All values in one cycle."""
    checked_count(len(values), "steps")
    return fastcat([pure(value) for value in values])


def range_pattern(first: Pattern, last: Pattern) -> Pattern:
    """The mini-notation's `..`: all numbers from one to the other, squeezed into one step."""

    def numbers(begin: Any, end: Any) -> Pattern:
        count = int(abs(end - begin)) + 1
        step = 1 if end >= begin else -1
        return fast_from_list([begin + step * i for i in range(checked_count(count, "numbers"))])

    return squeeze_bind(
        first, lambda begin: bind_join(last.fmap(remembered(lambda end: numbers(begin, end))))
    )
