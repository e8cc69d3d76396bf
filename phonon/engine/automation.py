"""Turns automation patterns into changes of rows: a step per event, or a curve in pieces."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise

from phonon.engine.clock import Clock
from phonon.engine.events import SetRow
from phonon.graph.node import Curve, Held
from phonon.patterns import Event

GRID = 64  # frames between two points of a curve
STRAIGHT = 1e-4  # how far a curve may be from its chord, as a part of its size
ROOM = 2048  # frames for which it is found out once whether a curve is rough
ROUGH = 0.02  # of its bend over a stretch, between neighbouring frames: no line through it helps
FINE = 32  # frames; in shorter stretches a smooth curve may look rough
BEYOND = 3e38  # what no float of 32 bits holds is no value
LOOK_BACK = (1, 4, 16, 64)  # cycles, to find the event that a held value comes from


@dataclass(slots=True)
class HeldAutomation:
    """Follows a `Held` pattern: sets the row wherever the value changes."""

    row: int
    held: Held
    clock: Clock
    found: bool = False  # whether any event has said what the value is
    _value: float = field(init=False)

    def __post_init__(self) -> None:
        self._value = self.held.default

    def first(self, begin: Fraction) -> float:
        """The value at `begin`, which an earlier event may have set."""
        self._value = self.held.default
        if not self.held.presence:
            for reach in LOOK_BACK:
                before = self._changes(max(begin - reach, Fraction(0)), begin)
                if before:
                    self._value = before[-1][1]
                    self.found = True
                    break
        for _, value in self._at([begin], self._events(begin, begin + 1)):
            self._value = value
            self.found = True
        return self._value

    def follow(self, begin: Fraction, end: Fraction, since: Fraction) -> Iterator[SetRow]:
        """The changes in a stretch of cycles, from `since` on."""
        begin = max(begin, since)
        for cycle, value in self._changes(begin, end):
            if value != self._value:
                self._value = value
                yield SetRow(self.clock.frame(cycle), self.row, value)

    def _events(self, begin: Fraction, end: Fraction) -> list[Event]:
        return [event for event in self.held.pattern.query(begin, end) if _number(event.value)]

    def _changes(self, begin: Fraction, end: Fraction) -> list[tuple[Fraction, float]]:
        events = self._events(begin, end)
        times = {event.part.begin for event in events if event.has_onset or event.whole is None}
        if self.held.presence:
            times |= {event.part.end for event in events if event.part.end < end}
            times.add(begin)
        return self._at(sorted(times), events)

    def _at(self, times: list[Fraction], events: list[Event]) -> list[tuple[Fraction, float]]:
        """(time, value) at each of `times` at which an event gives a value."""
        index = self.held.index
        found: list[tuple[Fraction, float]] = []
        for time in times:
            sounding = [event for event in events if event.part.begin <= time < event.part.end]
            if self.held.presence:
                found.append((time, float(len(sounding) > index)))
            elif len(sounding) > index:
                found.append((time, float(sounding[index].value)))
        return found


@dataclass(slots=True)
class CurveAutomation:
    """Follows a `Curve` pattern with straight pieces between the points of a grid of frames.

    Where the curve bends too much for a straight piece, the grid is halved; a jump falls between
    two frames. A pattern with another value at every frame (`rand`) is held from point to point.
    """

    row: int
    curve: Curve
    clock: Clock
    _last: tuple[int, float] = (-1, 0.0)  # where one stretch ends, the next begins
    _room: tuple[int, bool] = (-1, False)  # the last room asked about, and whether it is rough

    def first(self, begin: Fraction) -> float:
        """The value at `begin`."""
        return self._at(self.clock.frame(begin), 0.0)

    def follow(self, begin: Fraction, end: Fraction, since: Fraction) -> Iterator[SetRow]:
        """The changes in a stretch of cycles, from the piece that goes on at `since`."""
        past = self.clock.frame(since)
        first, last = self.clock.frame(begin), self.clock.frame(end)
        points = [first, *range(first - first % GRID + GRID, last, GRID), last]
        for start, stop in pairwise(points):
            if start < stop and past < stop:
                frame, value = self._last
                if frame != start:
                    value = self._at(start, value)
                if self._all_rough(start // ROOM):
                    self._last = start, value
                    yield SetRow(start, self.row, value)
                    continue
                self._last = stop, self._at(stop, value)
                yield from self._pieces(start, stop, value, self._last[1])

    def _at(self, frame: int, before: float) -> float:
        """The value at a frame; `before` where the pattern has none."""
        tick = self.clock.ticks(frame)
        for raw in self.curve.pattern.events(tick, tick):
            value = raw[4]
            if isinstance(value, float) and -BEYOND < value < BEYOND:
                return value
            if _number(value):
                return float(value)
        return before

    def _pieces(self, start: int, stop: int, first: float, last: float) -> Iterator[SetRow]:
        if stop - start == 1:
            yield SetRow(start, self.row, first)
            return
        middle = (start + stop) // 2
        value = self._at(middle, first)
        chord = first + (last - first) * (middle - start) / (stop - start)
        size = max(abs(first), abs(last), abs(value), 1e-3)
        if abs(value - chord) <= STRAIGHT * size:
            yield SetRow(start, self.row, first, (last - first) / (stop - start))
        elif stop - start >= FINE and self._rough(start, middle, first, value, last):
            yield SetRow(start, self.row, first)
        else:
            yield from self._pieces(start, middle, first, value)
            yield from self._pieces(middle, stop, value, last)

    def _all_rough(self, room: int) -> bool:
        """Whether a curve jitters from frame to frame at both ends of a room.

        The answer depends on nothing before the room, so that a render that begins later agrees.
        """
        if self._room[0] != room:
            places = (room * ROOM, room * ROOM + ROOM - GRID)
            self._room = room, all(map(self._rough_at, places))
        return self._room[1]

    def _rough_at(self, frame: int) -> bool:
        first = self._at(frame, 0.0)
        middle, last = self._at(frame + GRID // 2, first), self._at(frame + GRID, first)
        size = max(abs(first), abs(last), abs(middle), 1e-3)
        bend = abs(first - 2 * middle + last)
        return bend > STRAIGHT * size and self._jitters(frame, first, ROUGH * bend)

    def _rough(self, start: int, middle: int, first: float, value: float, last: float) -> bool:
        """Whether the curve jitters from frame to frame in two places of a stretch.

        A smooth curve bends a thousand times less there, and a jump is in one place only.
        """
        least = ROUGH * abs(first - 2 * value + last)
        return self._jitters(start, first, least) and self._jitters(middle, value, least)

    def _jitters(self, frame: int, value: float, least: float) -> bool:
        following = self._at(frame + 1, value)
        return abs(value - 2 * following + self._at(frame + 2, following)) >= least


def _number(value: object) -> bool:
    return isinstance(value, int | float | Fraction) and -BEYOND < value < BEYOND
