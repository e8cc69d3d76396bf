"""A pattern: a question about a stretch of time, answered with events."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from math import lcm
from typing import Any, TypeAlias

from phonon.errors import Fault, Span
from phonon.patterns.event import (
    Context,
    Event,
    Raw,
    Table,
    at_word,
    clipped,
    joined,
    meet,
    moved,
    public,
    rescaled,
)
from phonon.patterns.time import CYCLE, Ticks, exact, over, sam, ticks
from phonon.patterns.work import CYCLE_COST, WORK, limited, too_much

Query: TypeAlias = Callable[[Ticks, Ticks], list[Raw]]

# What is known of a pattern before it is asked. Discrete: a question about part of a span gets
# the clipped events of the whole span (not so where a continuous value is read at the question's
# begin). Period: after so many cycles everything repeats; 0 if unknown or never.
Nature: TypeAlias = tuple[bool, int]

CONTINUOUS: Nature = (False, 0)

LONGEST_PERIOD = 256  # cycles; what repeats later than this counts as never repeating
MOST_CYCLES = 20_000  # of one pattern within one cycle of another
MOST_EVENTS = 20_000  # in one cycle
KEPT_EVENTS = 20_000  # in one pattern's memory
KEPT_CYCLES = 16  # of a pattern that does not repeat


class _Nothing:
    """The constant of patterns that are not constant."""


NOTHING = _Nothing()


def natures(*patterns: Pattern, cycles: int = 1) -> Callable[[], Nature]:
    """The nature of what is built from `patterns` and repeats itself in `cycles`."""

    def nature() -> Nature:
        discrete, period = True, cycles
        for pattern in patterns:
            is_discrete, its_period = pattern.nature
            discrete = discrete and is_discrete
            period = lcm(period, its_period)
        return discrete, period if period <= LONGEST_PERIOD else 0

    return nature


class Pattern:
    """A function from a span of time to the events in it; transforms make new patterns.

    What a discrete pattern answers is remembered per cycle, so that a pattern used twice, or
    asked about each of its events one by one, is worked out once.
    """

    __slots__ = ("_nature", "_size", "_tables", "constant", "context", "raw")

    def __init__(
        self,
        raw: Query,
        nature: Nature | Callable[[], Nature] = CONTINUOUS,
        *,
        constant: object = NOTHING,
        context: Context = (),
        remember: bool = True,
    ) -> None:
        WORK.left -= 1
        if WORK.left < 0:
            raise too_much()
        self.raw = raw
        self.constant = constant
        self.context = context
        self._nature = nature
        self._size = 0
        self._tables: dict[int, Table] | None = {} if remember else None

    @property
    def nature(self) -> Nature:
        """Whether this pattern is discrete, and its period in cycles."""
        nature = self._nature
        if not isinstance(nature, tuple):
            nature = self._nature = nature()
        return nature

    def query(self, begin: float | Fraction, end: float | Fraction) -> list[Event]:
        """The events, or parts of events, from `begin` up to `end`, both in cycles."""
        first, last = ticks(begin), ticks(end)
        try:
            if last <= sam(first) + CYCLE or not self.nature[0]:
                return [public(raw) for raw in self.events(first, last)]
            return [public(raw) for raw in joined(self._cycles(first, last))]
        except RecursionError:
            raise Fault("a pattern of too many transforms one inside another") from None

    def events(self, begin: Ticks, end: Ticks) -> list[Raw]:
        """The events of a span as tuples; the list is shared and must not be changed."""
        tables = self._tables
        if tables is None:
            return self.raw(begin, end)
        nature = self._nature
        if not isinstance(nature, tuple):
            nature = self.nature
        discrete, period = nature
        if not discrete:
            self._tables = None
            return self.raw(begin, end)
        cycle = begin // CYCLE
        start = cycle * CYCLE
        stop = start + CYCLE
        if end > stop:
            if end - begin > MOST_CYCLES * CYCLE:
                raise Fault(f"a pattern sped up to more than {MOST_CYCLES} cycles per cycle")
            return joined(self._cycles(begin, end), MOST_EVENTS)
        table = tables.get(cycle % period if period else cycle)
        if table is None:
            table = self._learn(tables, cycle, period)
        if begin == start and end == stop:
            if not (period and start):
                return table
            return [
                (a + start, b + start, c + start, d + start, value, context)
                for a, b, c, d, value, context in table
            ]
        return clipped(table, begin, end, start if period else 0)

    def _cycles(self, begin: Ticks, end: Ticks) -> Iterator[tuple[Ticks, Ticks, list[Raw]]]:
        """The events of a span over cycles' borders, cycle by cycle."""
        stop = sam(begin) + CYCLE
        while begin < end:
            WORK.left -= CYCLE_COST
            if WORK.left < 0:
                raise too_much()
            border = stop if stop < end else end
            yield begin, border, self.events(begin, border)
            begin = stop
            stop += CYCLE

    def _learn(self, tables: dict[int, Table], cycle: int, period: int) -> Table:
        """Ask for one cycle and remember it, relative to its start if it will come again."""
        start = cycle * CYCLE
        events = self.raw(start, start + CYCLE)
        check_count(events)
        table = Table(moved(events, -start) if period and start else events)
        self._size += len(table)
        if self._size > KEPT_EVENTS:
            tables.clear()
            self._size = len(table)
        elif not period and len(tables) >= KEPT_CYCLES:
            tables.clear()
        tables[cycle % period if period else cycle] = table
        return table

    # -- values -------------------------------------------------------------------------------

    def fmap(self, function: Callable[[Any], Any], context: Context = ()) -> Pattern:
        """Every value changed by `function`; `context` is added to every event's."""
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
            except Fault:  # again, to find the word
                return [(*event[:4], at_word(function, *event[4:]), event[5]) for event in found]

        return Pattern(query, natures(self))

    def with_context(self, context: Context) -> Pattern:
        """The same events, coming also from `context`."""
        return self.fmap(_same, context) if context else self

    def filter_values(self, keep: Callable[[Any], bool]) -> Pattern:
        """Only the events whose value `keep` accepts."""
        return self.filter_events(lambda event: keep(event[4]))

    def filter_events(self, keep: Callable[[Raw], bool], cycles: int = 1) -> Pattern:
        """Only the events that `keep` accepts; 0 `cycles` if it depends on the time for ever."""
        events = self.events
        return Pattern(
            lambda begin, end: [event for event in events(begin, end) if keep(event)],
            natures(self, cycles=cycles),
        )

    # -- time ---------------------------------------------------------------------------------

    def fast(self, factor: float | Fraction) -> Pattern:
        """`factor` cycles in one; 0 is silence, a negative factor plays backwards."""
        ratio = exact(factor)
        if ratio <= 0:
            return self.fast(-ratio).rev() if ratio else silence
        if ratio == 1:
            return self
        up, down = ratio.numerator, ratio.denominator
        events, inherited = self.events, self

        def query(begin: Ticks, end: Ticks) -> list[Raw]:
            return rescaled(events(over(begin * up, down), over(end * up, down)), down, up)

        def nature() -> Nature:
            discrete, period = inherited.nature
            # After k cycles k * up / down inner ones have passed: a whole number of periods.
            period = lcm(period * down, up) // up
            return discrete, period if period <= LONGEST_PERIOD else 0

        return Pattern(query, nature)

    def slow(self, factor: float | Fraction) -> Pattern:
        """One cycle in `factor`."""
        ratio = exact(factor)
        return self.fast(Fraction(1, 1) / ratio) if ratio else silence

    def early(self, cycles: float | Fraction) -> Pattern:
        """Everything `cycles` sooner."""
        return self.shifted(-ticks(cycles))

    def late(self, cycles: float | Fraction) -> Pattern:
        """Everything `cycles` later."""
        return self.shifted(ticks(cycles))

    def shifted(self, offset: Ticks) -> Pattern:
        """Everything `offset` ticks later."""
        if not offset:
            return self
        events = self.events
        return Pattern(
            lambda begin, end: moved(events(begin - offset, end - offset), offset),
            natures(self),
        )

    def guarded(self, span: Span) -> Pattern:
        """This pattern, whose mistakes that only a question brings to light are at `span`."""
        if self.constant is not NOTHING:
            return self
        events = self.events

        def query(begin: Ticks, end: Ticks) -> list[Raw]:
            try:
                with limited():
                    return events(begin, end)
            except Fault as fault:
                raise fault.placed(span) from None
            except RecursionError:
                raise Fault("too many transforms one inside another", span) from None
            except ArithmeticError:
                raise Fault("these numbers are too large to calculate with", span) from None
            except (TypeError, ValueError):  # `0:1` where one number is wanted, say
                raise Fault("these values cannot be calculated with", span) from None

        return Pattern(query, natures(self), remember=False)

    def rev(self) -> Pattern:
        """Every cycle backwards."""
        events = self.events

        def query(begin: Ticks, end: Ticks) -> list[Raw]:
            mirror = 2 * (begin // CYCLE * CYCLE) + CYCLE
            return [
                (a if a is None else mirror - b, b if a is None else mirror - a, mirror - d,
                 mirror - c, value, context)
                for a, b, c, d, value, context in events(mirror - end, mirror - begin)
            ]  # fmt: skip

        return by_cycle(query, natures(self))

    # -- two patterns -------------------------------------------------------------------------

    def app_left(self, other: Pattern, function: Callable[[Any, Any], Any]) -> Pattern:
        """`function` of both values; structure from this pattern."""
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

        return Pattern(query, led(self, other))

    def app_right(self, other: Pattern, function: Callable[[Any, Any], Any]) -> Pattern:
        """`function` of both values; structure from the other pattern."""
        return other.app_left(self, lambda right, left: function(left, right))

    def app_both(self, other: Pattern, function: Callable[[Any, Any], Any]) -> Pattern:
        """`function` of both values; an event wherever two overlap."""
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

        return Pattern(query, natures(self, other))

    def __repr__(self) -> str:
        begins = ", ".join(
            f"{event.whole_or_part.begin}: {event.value!r}" for event in self.query(0, 1)[:16]
        )
        return f"Pattern({begins})"


def check_count(events: list[Raw]) -> None:
    """Refuse what would grow without end before it has."""
    if len(events) > MOST_EVENTS:
        raise Fault(f"more than {MOST_EVENTS} events at a time")


def _same(value: Any) -> Any:
    return value


def led(left: Pattern, right: Pattern) -> Callable[[], Nature]:
    """The nature of `right` sampled by the events of `left`: discrete as soon as `left` is."""

    def nature() -> Nature:
        discrete, period = left.nature
        period = lcm(period, right.nature[1])
        return discrete, period if period <= LONGEST_PERIOD else 0

    return nature


def by_cycle(query: Query, nature: Nature | Callable[[], Nature]) -> Pattern:
    """A pattern from a query that is only ever asked within one cycle."""

    def split(begin: Ticks, end: Ticks) -> list[Raw]:
        stop = begin // CYCLE * CYCLE + CYCLE
        if end <= stop:
            return query(begin, end)
        if end - begin > MOST_CYCLES * CYCLE:
            raise Fault(f"a pattern sped up to more than {MOST_CYCLES} cycles per cycle")
        found: list[Raw] = []
        while begin < end:
            WORK.left -= CYCLE_COST
            if WORK.left < 0:
                raise too_much()
            found += query(begin, stop if stop < end else end)
            begin = stop
            stop += CYCLE
        return found

    return Pattern(split, nature)


def pure(value: object, context: Context = ()) -> Pattern:
    """`value` once per cycle."""

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

    return Pattern(query, (True, 1), constant=value, context=context, remember=False)


silence = Pattern(lambda _begin, _end: [], (True, 1), remember=False)
