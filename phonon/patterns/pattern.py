"""The pattern type: a function from a time span to events."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from math import lcm
from typing import Any, NamedTuple, TypeAlias

from phonon.errors import Fault, Span
from phonon.patterns.event import (
    Context,
    CycleEvents,
    Event,
    Raw,
    at_word,
    clipped,
    joined,
    meet,
    moved,
    public,
    rescaled,
)
from phonon.patterns.query_budget import BUDGET, CYCLE_COST, limited_query, too_much
from phonon.patterns.time import CYCLE, Ticks, exact, over, sam, ticks

Query: TypeAlias = Callable[[Ticks, Ticks], list[Raw]]


class Traits(NamedTuple):
    """Properties of a pattern that are known before a query.

    `discrete`: a query of part of a span gives the clipped events of the whole span (a continuous
    pattern is sampled where the query begins). `period`: everything repeats after so many cycles;
    0 if that is unknown or never.
    """

    discrete: bool
    period: int


CONTINUOUS = Traits(discrete=False, period=0)
STEADY = Traits(discrete=True, period=1)

LONGEST_PERIOD = 256  # cycles; a longer period counts as none
MOST_CYCLES = 20_000  # of an inner pattern within one cycle of the outer
MOST_EVENTS = 20_000  # in one cycle
KEPT_EVENTS = 20_000  # in the cache of one pattern
KEPT_CYCLES = 16  # in the cache of a pattern without period


class _Nothing:
    """The type of NOTHING, which stands in `constant` of patterns that are not constant."""


NOTHING = _Nothing()


def traits_of(*patterns: Pattern, cycles: int = 1) -> Callable[[], Traits]:
    """The traits of a combination of `patterns` that itself repeats every `cycles`."""

    def traits() -> Traits:
        discrete, period = True, cycles
        for pattern in patterns:
            is_discrete, its_period = pattern.traits
            discrete = discrete and is_discrete
            period = lcm(period, its_period)
        return Traits(discrete, period if period <= LONGEST_PERIOD else 0)

    return traits


class Pattern:
    """A function from a time span to the events in it.

    The events of a discrete pattern are cached per cycle, so that a pattern which is used twice,
    or queried event by event, is computed once. `constant` is the value of `pure`, or NOTHING.
    """

    __slots__ = ("_known_cycles", "_size", "_traits", "constant", "context", "raw")

    def __init__(
        self,
        raw: Query,
        traits: Traits | Callable[[], Traits] = CONTINUOUS,
        *,
        constant: object = NOTHING,
        context: Context = (),
        remember: bool = True,
    ) -> None:
        BUDGET.left -= 1
        if BUDGET.left < 0:
            raise too_much()
        self.raw = raw
        self.constant = constant
        self.context = context
        self._traits = traits
        self._size = 0
        self._known_cycles: dict[int, CycleEvents] | None = {} if remember else None

    @property
    def traits(self) -> Traits:
        """Whether the pattern is discrete, and its period in cycles."""
        traits = self._traits
        if not isinstance(traits, tuple):
            traits = self._traits = traits()
        return traits

    def query(self, begin: float | Fraction, end: float | Fraction) -> list[Event]:
        """The events, or parts of events, from `begin` up to `end`, both in cycles."""
        first, last = ticks(begin), ticks(end)
        try:
            if last <= sam(first) + CYCLE or not self.traits.discrete:
                return [public(raw) for raw in self.events(first, last)]
            return [public(raw) for raw in joined(self._cycles(first, last))]
        except RecursionError:
            raise Fault("a pattern of too many transforms one inside another") from None

    def events(self, begin: Ticks, end: Ticks) -> list[Raw]:
        """The events of a span as tuples; the list is shared and must not be changed."""
        known = self._known_cycles
        if known is None:
            return self.raw(begin, end)
        traits = self._traits
        if not isinstance(traits, tuple):
            traits = self.traits
        discrete, period = traits
        if not discrete:
            self._known_cycles = None
            return self.raw(begin, end)
        cycle = begin // CYCLE
        start = cycle * CYCLE
        stop = start + CYCLE
        if end > stop:
            if end - begin > MOST_CYCLES * CYCLE:
                raise Fault(f"a pattern sped up to more than {MOST_CYCLES} cycles per cycle")
            return joined(self._cycles(begin, end), MOST_EVENTS)
        kept = known.get(cycle % period if period else cycle)
        if kept is None:
            kept = self._learn(known, cycle, period)
        if begin == start and end == stop:
            if not (period and start):
                return kept
            return [
                (a + start, b + start, c + start, d + start, value, context)
                for a, b, c, d, value, context in kept
            ]
        return clipped(kept, begin, end, start if period else 0)

    def _cycles(self, begin: Ticks, end: Ticks) -> Iterator[tuple[Ticks, Ticks, list[Raw]]]:
        """The events of a span over cycles' borders, cycle by cycle."""
        stop = sam(begin) + CYCLE
        while begin < end:
            BUDGET.left -= CYCLE_COST
            if BUDGET.left < 0:
                raise too_much()
            border = stop if stop < end else end
            yield begin, border, self.events(begin, border)
            begin = stop
            stop += CYCLE

    def _learn(self, known: dict[int, CycleEvents], cycle: int, period: int) -> CycleEvents:
        """Query one cycle and cache it, relative to its start if it is periodic."""
        start = cycle * CYCLE
        events = self.raw(start, start + CYCLE)
        check_count(events)
        kept = CycleEvents(moved(events, -start) if period and start else events)
        self._size += len(kept)
        if self._size > KEPT_EVENTS:
            known.clear()
            self._size = len(kept)
        elif not period and len(known) >= KEPT_CYCLES:
            known.clear()
        known[cycle % period if period else cycle] = kept
        return kept

    # -- values -------------------------------------------------------------------------------

    def fmap(self, function: Callable[[Any], Any], context: Context = ()) -> Pattern:
        """`function` of every value; `context` is added to the context of every event."""
        if self.constant is not NOTHING:
            return pure(at_word(function, self.constant, self.context), self.context + context)
        events = self.events

        def query(begin: Ticks, end: Ticks) -> list[Raw]:
            found = events(begin, end)
            try:
                if not context:
                    return [(a, b, c, d, function(value), own) for a, b, c, d, value, own in found]
                return [
                    (a, b, c, d, function(value), own + context) for a, b, c, d, value, own in found
                ]
            except Fault:  # once more, to locate the word
                return [(*event[:4], at_word(function, *event[4:]), event[5]) for event in found]

        return Pattern(query, traits_of(self))

    def with_context(self, context: Context) -> Pattern:
        """The same events, with `context` added to theirs."""
        return self.fmap(_same, context) if context else self

    def filter_values(self, keep: Callable[[Any], bool]) -> Pattern:
        """Only the events whose value `keep` accepts."""
        return self.filter_events(lambda event: keep(event[4]))

    def filter_events(self, keep: Callable[[Raw], bool], cycles: int = 1) -> Pattern:
        """Only the events that `keep` accepts; `cycles` is the period of `keep`, 0 for none."""
        events = self.events
        return Pattern(
            lambda begin, end: [event for event in events(begin, end) if keep(event)],
            traits_of(self, cycles=cycles),
        )

    # -- time ---------------------------------------------------------------------------------

    def fast(self, factor: float | Fraction) -> Pattern:
        """The pattern sped up by `factor`; 0 is silence, a negative factor reverses."""
        ratio = exact(factor)
        if ratio <= 0:
            return self.fast(-ratio).rev() if ratio else silence
        if ratio == 1:
            return self
        up, down = ratio.numerator, ratio.denominator
        events, inherited = self.events, self

        def query(begin: Ticks, end: Ticks) -> list[Raw]:
            return rescaled(events(over(begin * up, down), over(end * up, down)), down, up)

        def traits() -> Traits:
            discrete, period = inherited.traits
            # After k cycles k * up / down inner ones have passed: a whole number of periods.
            period = lcm(period * down, up) // up
            return Traits(discrete, period if period <= LONGEST_PERIOD else 0)

        return Pattern(query, traits)

    def slow(self, factor: float | Fraction) -> Pattern:
        """The pattern slowed down by `factor`."""
        ratio = exact(factor)
        return self.fast(Fraction(1, 1) / ratio) if ratio else silence

    def early(self, cycles: float | Fraction) -> Pattern:
        """The pattern shifted `cycles` earlier."""
        return self.shifted(-ticks(cycles))

    def late(self, cycles: float | Fraction) -> Pattern:
        """The pattern shifted `cycles` later."""
        return self.shifted(ticks(cycles))

    def shifted(self, offset: Ticks) -> Pattern:
        """The pattern shifted `offset` ticks later."""
        if not offset:
            return self
        events = self.events
        return Pattern(
            lambda begin, end: moved(events(begin - offset, end - offset), offset),
            traits_of(self),
        )

    def guarded(self, span: Span) -> Pattern:
        """The pattern, with errors of its queries raised as a Fault located at `span`."""
        if self.constant is not NOTHING:
            return self
        events = self.events

        def query(begin: Ticks, end: Ticks) -> list[Raw]:
            try:
                with limited_query():
                    return events(begin, end)
            except Fault as fault:
                raise fault.placed(span) from None
            except RecursionError:
                raise Fault("too many transforms one inside another", span) from None
            except ArithmeticError:
                raise Fault("these numbers are too large to calculate with", span) from None
            except (TypeError, ValueError):  # `0:1` where one number is wanted, say
                raise Fault("these values cannot be calculated with", span) from None

        return Pattern(query, traits_of(self), remember=False)

    def rev(self) -> Pattern:
        """Every cycle reversed."""
        events = self.events

        def query(begin: Ticks, end: Ticks) -> list[Raw]:
            mirror = 2 * (begin // CYCLE * CYCLE) + CYCLE
            return [
                (a if a is None else mirror - b, b if a is None else mirror - a, mirror - d,
                 mirror - c, value, context)
                for a, b, c, d, value, context in events(mirror - end, mirror - begin)
            ]  # fmt: skip

        return by_cycle(query, traits_of(self))

    # -- two patterns -------------------------------------------------------------------------

    def app_left(self, other: Pattern, function: Callable[[Any, Any], Any]) -> Pattern:
        """`function` of both values; the structure is that of this pattern."""
        if other.constant is not NOTHING:
            right = other.constant
            return self.fmap(lambda value: function(value, right), other.context)
        events, others = self.events, other.events

        def query(begin: Ticks, end: Ticks) -> list[Raw]:
            found: list[Raw] = []
            for a, b, c, d, value, context in events(begin, end):
                for _, _, c2, d2, value2, context2 in others(c, d) if a is None else others(a, b):
                    part = meet(c, d, c2, d2)
                    if part:
                        found.append((a, b, *part, function(value, value2), context + context2))
                check_count(found)
            return found

        return Pattern(query, sampling_traits(self, other))

    def app_right(self, other: Pattern, function: Callable[[Any, Any], Any]) -> Pattern:
        """`function` of both values; the structure is that of the other pattern."""
        return other.app_left(self, lambda right, left: function(left, right))

    def app_both(self, other: Pattern, function: Callable[[Any, Any], Any]) -> Pattern:
        """`function` of both values; the wholes are the intersections."""
        events, others = self.events, other.events

        def query(begin: Ticks, end: Ticks) -> list[Raw]:
            found: list[Raw] = []
            for a, b, c, d, value, context in events(begin, end):
                for a2, b2, c2, d2, value2, context2 in others(c, d) if a is None else others(a, b):
                    part = meet(c, d, c2, d2)
                    whole = (None, None) if a is None or a2 is None else meet(a, b, a2, b2)
                    if part and whole:
                        merged = context + context2
                        found.append((*whole, *part, function(value, value2), merged))
                check_count(found)
            return found

        return Pattern(query, traits_of(self, other))

    def __repr__(self) -> str:
        begins = ", ".join(
            f"{event.whole_or_part.begin}: {event.value!r}" for event in self.query(0, 1)[:16]
        )
        return f"Pattern({begins})"


def check_count(events: list[Raw]) -> None:
    """Raise a Fault where a query gives more than MOST_EVENTS."""
    if len(events) > MOST_EVENTS:
        raise Fault(f"more than {MOST_EVENTS} events at a time")


def _same(value: Any) -> Any:
    return value


def sampling_traits(left: Pattern, right: Pattern) -> Callable[[], Traits]:
    """The traits of `right` sampled by the events of `left`: discrete if `left` is."""

    def traits() -> Traits:
        discrete, period = left.traits
        period = lcm(period, right.traits.period)
        return Traits(discrete, period if period <= LONGEST_PERIOD else 0)

    return traits


def by_cycle(query: Query, traits: Traits | Callable[[], Traits]) -> Pattern:
    """A pattern from a query function that is called for spans within one cycle only."""

    def split(begin: Ticks, end: Ticks) -> list[Raw]:
        stop = begin // CYCLE * CYCLE + CYCLE
        if end <= stop:
            return query(begin, end)
        if end - begin > MOST_CYCLES * CYCLE:
            raise Fault(f"a pattern sped up to more than {MOST_CYCLES} cycles per cycle")
        found: list[Raw] = []
        while begin < end:
            BUDGET.left -= CYCLE_COST
            if BUDGET.left < 0:
                raise too_much()
            found += query(begin, stop if stop < end else end)
            begin = stop
            stop += CYCLE
        return found

    return Pattern(split, traits)


def pure(value: object, context: Context = ()) -> Pattern:
    """A pattern of one event per cycle, with `value`."""

    def query(begin: Ticks, end: Ticks) -> list[Raw]:
        start = begin // CYCLE * CYCLE
        stop = start + CYCLE
        if end <= stop:
            return [(start, stop, begin, end, value, context)]
        if end - begin > MOST_CYCLES * CYCLE:
            raise Fault(f"a pattern sped up to more than {MOST_CYCLES} cycles per cycle")
        found: list[Raw] = []
        while begin < end:
            found.append((start, stop, begin, stop if stop < end else end, value, context))
            start = begin = stop
            stop += CYCLE
        return found

    return Pattern(query, STEADY, constant=value, context=context, remember=False)


silence = Pattern(lambda _begin, _end: [], STEADY, remember=False)
