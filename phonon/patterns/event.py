"""Events: the whole, the part that a query gives, the value, the source."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

from phonon.errors import Fault, Span
from phonon.patterns.time import Ticks, cycles, over

Context: TypeAlias = tuple[Span, ...]

# An event inside this package: whole begin and end (None where continuous), part begin and end,
# value, context. A plain tuple is built five times faster than any object.
Raw: TypeAlias = tuple[Any, Any, Ticks, Ticks, Any, Context]

MANY = 12  # events in a cycle; from here on a binary search is faster than a scan


class TimeSpan(NamedTuple):
    """From `begin` up to, but not including, `end`, in cycles."""

    begin: Fraction
    end: Fraction


@dataclass(frozen=True, slots=True)
class Event:
    """A value with its time. `whole` is None in a continuous pattern."""

    whole: TimeSpan | None
    part: TimeSpan
    value: Any
    context: Context = ()

    @property
    def has_onset(self) -> bool:
        """Whether this part contains the onset of the event; only such parts start a voice."""
        return self.whole is not None and self.whole.begin == self.part.begin

    @property
    def whole_or_part(self) -> TimeSpan:
        """The whole, or for a continuous event the part."""
        return self.whole or self.part


def public(raw: Raw) -> Event:
    """A raw event as the object that users get."""
    begin, end, part_begin, part_end, value, context = raw
    whole = None if begin is None else TimeSpan(cycles(begin), cycles(end))
    return Event(whole, TimeSpan(cycles(part_begin), cycles(part_end)), value, context)


def at_word(function: Callable[[Any], Any], value: Any, context: Context) -> Any:
    """`function(value)`; a Fault is located at the word that the value came from."""
    try:
        return function(value)
    except Fault as fault:
        raise fault.placed(context[0]) if context else fault from None


def meet(begin: Ticks, end: Ticks, begin2: Ticks, end2: Ticks) -> tuple[Ticks, Ticks] | None:
    """The intersection of two spans, if any.

    A common instant counts only if it is not the (excluded) end of a span that has a length.
    """
    first = begin if begin > begin2 else begin2
    last = end if end < end2 else end2
    if first < last:
        return first, last
    if first > last or (first == end and begin < end) or (first == end2 and begin2 < end2):
        return None
    return first, last


def moved(events: list[Raw], offset: Ticks) -> list[Raw]:
    """The events, `offset` ticks later."""
    return [
        (a if a is None else a + offset, b if b is None else b + offset, c + offset, d + offset,
         value, context)
        for a, b, c, d, value, context in events
    ]  # fmt: skip


class CycleEvents(list[Raw]):
    """The events of a cycle, found by binary search where they are many and in order."""

    __slots__ = ("ends", "starts")

    def __init__(self, events: list[Raw]) -> None:
        super().__init__(events)
        self.starts: list[Ticks] = []
        self.ends: list[Ticks] = []
        if len(events) > MANY:
            starts, ends = [event[2] for event in events], [event[3] for event in events]
            if starts == sorted(starts) and ends == sorted(ends):
                self.starts, self.ends = starts, ends


def clipped(kept: CycleEvents, begin: Ticks, end: Ticks, offset: Ticks) -> list[Raw]:
    """The events of a cycle, moved `offset` ticks later and clipped to a span."""
    first, last = begin - offset, end - offset
    events: list[Raw] = kept
    if kept.starts:
        events = kept[bisect_right(kept.ends, first) : bisect_right(kept.starts, last)]
    if first == last:
        return [
            (a + offset, b + offset, begin, begin, value, context)
            for a, b, c, d, value, context in events
            if c <= first < d
        ]
    return [
        (
            a + offset,
            b + offset,
            (c if c > first else first) + offset,
            (d if d < last else last) + offset,
            value,
            context,
        )
        for a, b, c, d, value, context in events
        if c < last and first < d
    ]


def rescaled(events: list[Raw], up: int, down: int, shift: Ticks = 0) -> list[Raw]:
    """The events with every time multiplied by `up / down` and `shift` added."""
    found: list[Raw] = []
    for a, b, c, d, value, context in events:
        first, rest = divmod(c * up, down)
        if rest:
            first = over(c * up, down)
        last, rest = divmod(d * up, down)
        if rest:
            last = over(d * up, down)
        first += shift
        last += shift
        if a is None:
            found.append((None, None, first, last, value, context))
        else:
            found.append(
                (
                    first if a == c else over(a * up, down) + shift,
                    last if b == d else over(b * up, down) + shift,
                    first,
                    last,
                    value,
                    context,
                )
            )
    return found


def joined(pieces: Iterable[tuple[Ticks, Ticks, list[Raw]]], most: int | None = None) -> list[Raw]:
    """The events of adjacent spans (begin, end, events); parts of one event are merged again.

    Otherwise every shift of a pattern would cut long events once more.
    """
    found: list[Raw] = []
    cut: dict[tuple[Ticks, Ticks], list[int]] = {}
    for begin, end, events in pieces:
        if cut:
            size = len(found)
            for event in events:
                places = cut.get(event[:2]) if event[2] == begin else None
                place = _continued(found, places, event) if places else None
                if place is None:
                    found.append(event)
                else:
                    found[place] = (*found[place][:3], *event[3:])
            mended = [place for places in cut.values() for place in places]
            reaching = [
                *(place for place in mended if found[place][3] == end),
                *range(size, len(found)),
            ]
        else:
            size = len(found)
            found += events
            reaching = list(range(size, len(found)))
        cut = {}
        for place in reaching:
            a, b, _, d, _, _ = found[place]
            if d == end and b > end:
                cut.setdefault((a, b), []).append(place)
        if most is not None and len(found) > most:
            raise Fault(f"more than {most} events at a time")
    return found


def _continued(found: list[Raw], places: list[int], event: Raw) -> int | None:
    for place in places:
        before = found[place]
        if before[3] == event[2] and before[4] == event[4] and before[5] == event[5]:
            return place
    return None
