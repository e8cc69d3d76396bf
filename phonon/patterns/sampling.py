"""Transforms of samples: cut into parts, stretched over cycles."""

from __future__ import annotations

from fractions import Fraction
from math import floor
from typing import Any

from phonon.patterns.event import Raw, meet
from phonon.patterns.joins import squeeze_bind
from phonon.patterns.operators import control, is_number, operate
from phonon.patterns.pattern import Pattern, check_count, pure, silence, traits_of
from phonon.patterns.registry import Integer, IntegerPattern, Integers, Number, Time, transform
from phonon.patterns.selection import zoomed
from phonon.patterns.sequence import checked_count, fastcat, slowcat
from phonon.patterns.time import CYCLE, Ticks, over


def _part(controls: Any, begin: float, end: float) -> Any:
    """The controls for the part `begin` to `end` of the part that they play already."""
    if not isinstance(controls, dict):
        return controls
    first, last = controls.get("begin", 0), controls.get("end", 1)
    if not (is_number(first) and is_number(last)):
        return controls
    length = last - first
    return {**controls, "begin": first + begin * length, "end": first + end * length}


@transform()
def chop(count: Integer, pattern: Pattern) -> Pattern:
    """Cut every event into `count` parts of its sample; a negative `count` plays them backwards.

    >>> chop 4 $ s "bd sn"
    """
    if not count:
        return silence
    size = checked_count(abs(count), "parts")
    parts = [(place / size, (place + 1) / size) for place in range(size)]
    if count < 0:
        parts.reverse()

    def query(begin: Ticks, end: Ticks) -> list[Raw]:
        found: list[Raw] = []
        for a, b, c, d, controls, context in pattern.events(begin, end):
            first, last = (c, d) if a is None else (a, b)
            for place, (start, stop) in enumerate(parts):
                begins = first + over((last - first) * place, size)
                ends = first + over((last - first) * (place + 1), size)
                part = meet(begins, ends, c, d)
                if part:
                    value = _part(controls, start, stop)
                    found.append((begins, ends, *part, value, context))
            check_count(found)
        return found

    return Pattern(query, traits_of(pattern))


@transform()
def striate(count: Integer, pattern: Pattern) -> Pattern:
    """Play the pattern `count` times in a cycle, each time the next part of every sample.

    >>> striate 4 $ s "bd sn"
    """
    if count <= 0:
        return silence
    return _striped(count, 1 / count, 1 / count, pattern)


@transform()
def striate_by(count: Integer, length: Number, pattern: Pattern) -> Pattern:
    """Like `striate`, with parts that are `length` of their sample long.

    >>> striateBy 4 0.25 $ s "bd sn"
    """
    if count <= 0:
        return silence
    return _striped(count, length, (1 - length) / (count - 1) if count > 1 else 0, pattern)


def _striped(count: int, length: float, step: float, pattern: Pattern) -> Pattern:
    def stripe(place: int) -> Pattern:
        begin, end = place * step, place * step + length
        return pattern.fmap(lambda controls: _part(controls, begin, end))

    return fastcat([stripe(place) for place in range(checked_count(count, "parts"))])


def _slices(counts: Pattern, places: Pattern) -> Pattern:
    def part(place: Any, count: Any) -> dict[str, Any]:
        return {"begin": place / count, "end": (place + 1) / count} if count else {}

    return places.app_left(counts, part)


@transform()
def slice_(counts: IntegerPattern, places: IntegerPattern, pattern: Pattern) -> Pattern:
    """Cut a sample into parts and play the parts that a pattern names.

    >>> slice 4 "0 2 1 3" $ s "bd"
    """
    return operate("#", _slices(counts, places), pattern)


@transform()
def splice(count: Integer, places: IntegerPattern, pattern: Pattern) -> Pattern:
    """Like `slice`, with each part sped up or slowed down to fill its event.

    >>> splice 4 "0 2 1 3" $ s "bd"
    """
    if not count:
        return silence
    sliced = slice_(pure(count), places, pattern)
    events = sliced.events

    def query(begin: Ticks, end: Ticks) -> list[Raw]:
        found: list[Raw] = []
        for a, b, c, d, controls, context in events(begin, end):
            if not isinstance(controls, dict):
                continue
            length = (d - c if a is None else b - a) / CYCLE
            own = controls.get("speed", 1)
            speed = (own if is_number(own) else 1) / (count * float(length))
            found.append((a, b, c, d, {**controls, "speed": speed, "unit": "c"}, context))
        return found

    return Pattern(query, traits_of(sliced))


@transform("loopat")
def loop_at(cycles: Time, pattern: Pattern) -> Pattern:
    """Stretch every sample over `cycles`.

    >>> loopAt 2 $ s "bd"
    """
    if not cycles:
        return silence
    speed = float(1 / Fraction(cycles))
    stretched = control(pattern.slow(cycles), "*", "speed", speed)
    return control(stretched, ">", "unit", "c")


@transform()
def smash(count: Integer, factors: Integers, pattern: Pattern) -> Pattern:
    """`striate`, slowed down by one of several factors in each cycle, in turn.

    >>> smash 3 [2, 3, 4] $ s "bd sn"
    """
    striped = striate(count, pattern)
    return slowcat([striped.slow(factor) for factor in factors])


@transform()
def chew(count: Integer, order: IntegerPattern, pattern: Pattern) -> Pattern:
    """Like `bite`, with samples sped up or slowed down like their pieces.

    >>> chew 4 "0 [2 1] 3" $ s "bd sn hh cp"
    """
    if count <= 0:
        return silence
    places = order.events

    def query(begin: Ticks, end: Ticks) -> list[Raw]:
        found: list[Raw] = []
        for a, b, c, d, place, context in places(begin, end):
            length = CYCLE if a is None else b - a
            speed = float(Fraction(CYCLE) / (count * length))
            found.append((a, b, c, d, (floor(place) % count, speed), context))
        return found

    def piece(choice: tuple[int, float]) -> Pattern:
        place, speed = choice
        stretch = zoomed(Fraction(place, count), Fraction(place + 1, count), pattern)
        return control(stretch, "*", "speed", speed)

    return squeeze_bind(Pattern(query, traits_of(order)), piece)
