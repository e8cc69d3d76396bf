"""Layers: copies of a pattern superimposed, delayed, panned, echoed."""

from __future__ import annotations

from fractions import Fraction

from phonon.errors import Fault
from phonon.patterns.operators import control, operate
from phonon.patterns.pattern import Pattern, pure
from phonon.patterns.registry import (
    Function,
    Functions,
    Integer,
    Number,
    NumberPattern,
    Time,
    TimePattern,
    find,
    transform,
)
from phonon.patterns.sequence import checked_count, stack

MOST_ECHOES = 256


def _echoes(count: int) -> int:
    if count > MOST_ECHOES:
        raise Fault(f"more than {MOST_ECHOES} echoes")
    return count


def _late(cycles: Pattern, pattern: Pattern) -> Pattern:
    late = find("late")
    return late.call(cycles, pattern) if late else pattern


@transform()
def superimpose(function: Function, pattern: Pattern) -> Pattern:
    """Play the pattern and a changed copy at once.

    >>> superimpose (fast 2) $ s "bd sn"
    """
    return stack([pattern, function(pattern)])


@transform()
def layer(functions: Functions, pattern: Pattern) -> Pattern:
    """Play several changed copies at once, without the original.

    >>> layer [rev, fast 2] $ s "bd sn hh"
    """
    return stack([function(pattern) for function in functions])


@transform()
def off(cycles: TimePattern, function: Function, pattern: Pattern) -> Pattern:
    """Play the pattern and a changed copy `cycles` later.

    >>> off 0.125 (|+ n 12) $ n "0 3 7"
    """
    return stack([pattern, function(_late(cycles, pattern))])


@transform()
def jux(function: Function, pattern: Pattern) -> Pattern:
    """Play the pattern on the left and a changed copy on the right.

    >>> jux rev $ s "bd sn hh"
    """
    return stack([control(pattern, ">", "pan", 0), function(control(pattern, ">", "pan", 1))])


@transform("juxby")
def jux_by(width: NumberPattern, function: Function, pattern: Pattern) -> Pattern:
    """Like `jux`, with the copies panned `width` apart.

    >>> juxBy 0.5 (fast 2) $ s "bd sn"
    """
    middle = control(pattern, "+", "pan", 0.5)
    half = width.fmap(lambda value: {"pan": value / 2})
    left, right = operate("|-", middle, half), operate("|+", middle, half)
    return stack([left, function(right)])


@transform(name="jux4")
def jux_four(function: Function, pattern: Pattern) -> Pattern:
    """Like `jux`, for four speakers in a ring.

    >>> jux4 (0.25 ~>) $ s "bd sn"
    """
    return stack(
        [control(pattern, ">", "pan", 0.625), function(control(pattern, ">", "pan", 0.125))]
    )


@transform()
def juxcut(function: Function, pattern: Pattern) -> Pattern:
    """Like `jux`, with a cut group for each side.

    >>> juxcut rev $ s "bd sn hh"
    """
    left = control(control(pattern, ">", "pan", 0), ">", "cut", -1)
    right = control(control(pattern, ">", "pan", 1), ">", "cut", -2)
    return stack([left, function(right)])


@transform("stutWith", "stutwith", "echowith")
def echo_with(count: Integer, cycles: Time, function: Function, pattern: Pattern) -> Pattern:
    """Play `count` copies, each `cycles` after the one before and changed once more.

    >>> echoWith 3 (1/8) (|+ n 2) $ n "0 4"
    """
    voices = [pattern]
    for _ in range(_echoes(count) - 1):
        voices.append(function(voices[-1].late(cycles)))
    return stack(voices)


@transform()
def echo(count: Integer, cycles: Time, feedback: Number, pattern: Pattern) -> Pattern:
    """Play `count` copies, `cycles` apart, each `feedback` times as loud as the one before.

    >>> echo 4 (1/8) 0.6 $ s "bd sn"
    """
    return echo_with(count, cycles, lambda echoes: control(echoes, "*", "gain", feedback), pattern)


@transform()
def stut(count: Integer, feedback: Number, cycles: Time, pattern: Pattern) -> Pattern:
    """Play `count` copies, `cycles` apart, whose gain falls evenly towards `feedback`.

    >>> stut 3 0.5 (1/8) $ s "bd sn"
    """
    voices = [pattern]
    for step in range(1, _echoes(count)):
        level = feedback + (1 - feedback) * (count - step) / count
        voices.append(control(pattern.late(step * cycles), "*", "gain", level))
    return stack(voices)


@transform()
def ghost_with(cycles: Time, function: Function, pattern: Pattern) -> Pattern:
    """Add changed copies 1.5 and 2.5 times `cycles` later.

    >>> ghostWith (1/16) (# speed 2) $ s "~ sn"
    """
    for halves in (3, 5):
        copy = function(pattern).late(Fraction(halves, 2) * cycles)
        pattern = stack([pattern, copy])
    return pattern


@transform()
def ghost(pattern: Pattern) -> Pattern:
    """Add quiet, short ghost notes after every event.

    >>> ghost $ s "~ sn"
    """

    def faint(notes: Pattern) -> Pattern:
        short = control(operate("|*|", notes, pure({"gain": 0.7})), ">", "end", 0.2)
        return operate("|*|", short, pure({"speed": 1.25}))

    return ghost_with(Fraction(1, 8), faint, pattern)


@transform()
def spin(count: Integer, pattern: Pattern) -> Pattern:
    """Play `count` copies at once, each shifted in time and panned around the listener.

    >>> spin 4 $ s "bd sn"
    """
    shares = [Fraction(place, count) for place in range(checked_count(count, "copies"))]
    return stack([control(pattern.early(share), ">", "pan", float(share)) for share in shares])
