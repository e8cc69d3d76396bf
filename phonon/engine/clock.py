"""Converts cycles to frames and back, in exact rationals, under a tempo that may change."""

from __future__ import annotations

from bisect import bisect_right
from fractions import Fraction
from math import floor, isfinite, lcm
from numbers import Real
from typing import NamedTuple

from phonon.patterns import Pattern
from phonon.patterns.time import CYCLE

DEFAULT_CPS = Fraction(1, 2)
SLOWEST, FASTEST = Fraction(1, 1000), Fraction(1000)
FINEST = 1 << 64  # parts of a frame
PAST = 4096  # changes of tempo that are over and may be remembered
STEPS = 64  # a continuous tempo pattern is read this often per cycle


def tempo(value: object) -> Fraction | None:
    """`value` as cycles per second within the limits, or None if it is not a number."""
    if not isinstance(value, Real) or not isfinite(value):
        return None
    exact = value if isinstance(value, Fraction) else Fraction(float(value))
    # 130 / 60 / 4 is meant to be 13/24, not the nearest binary fraction
    return min(max(exact.limit_denominator(1_000_000), SLOWEST), FASTEST)


class TempoLine(NamedTuple):
    """A piece of constant tempo: from `first` to `last`, (frame * rise + offset) // run ticks."""

    first: int
    last: int
    rise: int
    offset: int
    run: int


class Clock:
    """Maps cycles to frames: frame `frame` is cycle `origin`, then the tempo pattern decides."""

    def __init__(
        self,
        cps: Pattern,
        sample_rate: int,
        origin: Fraction | int = Fraction(0),
        frame: int = 0,
    ) -> None:
        self._pattern = cps
        self._rate = sample_rate
        self.origin = Fraction(origin)
        self._begun = self.origin  # where its pattern was first asked
        self._cycles = [self.origin]  # where each piece begins, in cycles
        self._frames = [Fraction(frame)]  # and in frames
        self._tempi = [self._tempo_before(self.origin)]
        self._rounds: list[tuple[int, int, int]] = []  # the pieces, as `frame` uses them
        self._known = self.origin
        self._ends: Fraction | None = None  # the frame there, once it was asked for
        self._line = TempoLine(0, 0, 0, 0, 1)

    def continued(self, cps: Pattern, cycle: Fraction) -> Clock:
        """A clock that follows this one up to a cycle, and another tempo pattern from there.

        Where that is the same tempo, no frame moves.
        """
        now = self.cps(cycle)
        frame = self.exact(cycle)
        other = Clock(cps, self._rate, cycle)
        chosen = other._tempi[0]
        for begin, value in other._changes(cycle, Fraction(floor(cycle) + 1)):
            if begin == cycle:
                chosen = value
        keep = bisect_right(self._cycles, cycle)
        other.origin = self.origin
        other._cycles = self._cycles[:keep]
        other._frames = self._frames[:keep]
        other._tempi = self._tempi[:keep]
        if chosen != now:
            other._cycles.append(cycle)
            other._frames.append(_near(frame))
            other._tempi.append(chosen)
        return other

    def shifted(self, cycles: Fraction, cycle: Fraction) -> Clock:
        """A clock that agrees with this one, but jumps by some cycles at `cycle`."""
        other = Clock(self._pattern, self._rate, cycle)
        other.origin = self.origin + cycles
        other._cycles = [begin + cycles for begin in self._cycles]
        other._frames, other._tempi = self._frames[:], self._tempi[:]
        other._known = Fraction(floor(cycle + cycles) + 1)
        return other.continued(self._pattern, cycle + cycles)

    def forget(self, cycle: Fraction) -> None:
        """Forget tempo changes before a cycle."""
        past = bisect_right(self._cycles, cycle) - 1
        if past > PAST:
            del self._cycles[:past], self._frames[:past], self._tempi[:past], self._rounds[:past]

    def exact(self, cycle: Fraction) -> Fraction:
        """The frame at which `cycle` falls, not rounded."""
        self._extend(cycle)
        piece = max(bisect_right(self._cycles, cycle) - 1, 0)
        frames = (cycle - self._cycles[piece]) * self._rate / self._tempi[piece]
        return self._frames[piece] + frames

    def frame(self, cycle: Fraction) -> int:
        """The frame nearest to `cycle`, in whole numbers, as every event asks for one."""
        self._extend(cycle)
        piece = max(bisect_right(self._cycles, cycle) - 1, 0)
        while len(self._rounds) <= piece:
            self._rounds.append(self._rounding(len(self._rounds)))
        rise, offset, run = self._rounds[piece]
        return (cycle.numerator * rise + offset * cycle.denominator) // (cycle.denominator * run)

    def _rounding(self, piece: int) -> tuple[int, int, int]:
        """A piece as (rise, offset, run): frame = floor((cycle · rise + offset) / run)."""
        slope = self._rate / self._tempi[piece]
        start = self._frames[piece] - self._cycles[piece] * slope + Fraction(1, 2)
        run = lcm(slope.denominator, start.denominator)
        return (
            slope.numerator * (run // slope.denominator),
            start.numerator * (run // start.denominator),
            run,
        )

    def cycle(self, frame: Fraction | int) -> Fraction:
        """The cycle position of a frame."""
        while self._end() <= frame:
            self._extend(self._known)
        piece = max(bisect_right(self._frames, frame) - 1, 0)
        return self._cycles[piece] + (frame - self._frames[piece]) * self._tempi[piece] / self._rate

    def at(self, frame: Fraction | int) -> Fraction:
        """The cycle position of a frame, or the origin before it."""
        return max(self.cycle(frame), self.origin)

    def ticks(self, frame: int) -> int:
        """The position of a frame in ticks; agrees with `cycle` and is twenty times faster."""
        line = self._line
        if not line.first <= frame < line.last:
            line = self._line = self._line_at(frame)
        return (frame * line.rise + line.offset) // line.run

    def _line_at(self, frame: int) -> TempoLine:
        """The piece of constant tempo around a frame, in whole numbers."""
        origin = self.cycle(frame) * CYCLE
        piece = max(bisect_right(self._frames, frame) - 1, 0)
        slope = self._tempi[piece] * CYCLE / self._rate
        start = origin - frame * slope
        run = lcm(slope.denominator, start.denominator)
        ends = self._frames[piece + 1 : piece + 2] or [self._end()]
        return TempoLine(
            frame,
            max(floor(ends[0]), frame + 1),
            slope.numerator * (run // slope.denominator),
            start.numerator * (run // start.denominator),
            run,
        )

    def cps(self, cycle: Fraction) -> Fraction:
        """The tempo at `cycle`."""
        self._extend(cycle)
        return self._tempi[max(bisect_right(self._cycles, cycle) - 1, 0)]

    def _extend(self, cycle: Fraction) -> None:
        while self._known <= cycle:
            end = Fraction(floor(self._known) + 1)
            for begin, cps in self._changes(self._known, end):
                self._change(begin, cps)
            self._known, self._ends = end, None

    def _end(self) -> Fraction:
        """The frame up to which the tempo is known; does not query the pattern."""
        if self._ends is None:
            frames = (self._known - self._cycles[-1]) * self._rate / self._tempi[-1]
            self._ends = self._frames[-1] + frames
        return self._ends

    def _change(self, cycle: Fraction, cps: Fraction) -> None:
        if cps == self._tempi[-1]:
            return
        if cycle == self._cycles[-1]:
            self._tempi[-1] = cps
            del self._rounds[len(self._cycles) - 1 :]
            return
        frames = (cycle - self._cycles[-1]) * self._rate / self._tempi[-1]
        self._frames.append(_near(self._frames[-1] + frames))
        self._cycles.append(cycle)
        self._tempi.append(cps)

    def _changes(self, begin: Fraction, end: Fraction) -> list[tuple[Fraction, Fraction]]:
        """The tempo changes of a stretch of the pattern; rests keep the tempo."""
        changes = []
        for event in self._pattern.query(begin, end):
            if event.whole is None:
                changes += self._sampled(begin, end)
                break
            value = tempo(event.value)
            if value is not None and (event.has_onset or event.part.begin == self._begun):
                changes.append((event.part.begin, value))
        return sorted(changes, key=lambda change: change[0])

    def _sampled(self, begin: Fraction, end: Fraction) -> list[tuple[Fraction, Fraction]]:
        width = (end - begin) / STEPS
        samples = []
        for step in range(STEPS):
            at = begin + step * width
            for event in self._pattern.query(at, at + width):
                value = tempo(event.value)
                if value is not None:
                    samples.append((at, value))
                break
        return samples

    def _tempo_before(self, cycle: Fraction) -> Fraction:
        """The tempo that an event before `cycle` left behind, or the default."""
        begun = [
            (event.part.begin, value)
            for event in self._pattern.query(Fraction(max(floor(cycle) - 1, 0)), cycle)
            if (value := tempo(event.value)) is not None
        ]
        return max(begun, key=lambda change: change[0])[1] if begun else DEFAULT_CPS


def _near(frame: Fraction) -> Fraction:
    """A frame rounded to a fraction of bounded size; every change of tempo adds digits."""
    if frame.denominator < FINEST:
        return frame
    return Fraction(floor(frame * FINEST), FINEST)


def frames_of_cycles(
    cps: Pattern, begin: Fraction | int, end: Fraction | int, sample_rate: int = 48_000
) -> int:
    """The frames from cycle `begin` to cycle `end`, rounded."""
    return Clock(cps, sample_rate, begin).frame(Fraction(end))
