"""Transforms of time: speed, shift, reversal, repetition, swing."""

from __future__ import annotations

from fractions import Fraction

from phonon.patterns.joins import squeeze_join
from phonon.patterns.operators import control
from phonon.patterns.pattern import Pattern, pure, silence
from phonon.patterns.registry import Function, Integer, Time, transform
from phonon.patterns.selection import compressed, in_cycles, within_span
from phonon.patterns.sequence import checked_count, fastcat, repeat_cycles, slowcat, stack


@transform("density")
def fast(factor: Time, pattern: Pattern) -> Pattern:
    """Speed up by `factor`.

    >>> fast 2 $ s "bd sn"
    """
    return pattern.fast(factor)


@transform("sparsity")
def slow(factor: Time, pattern: Pattern) -> Pattern:
    """Slow down by `factor`.

    >>> slow 2 $ s "bd sn"
    """
    return pattern.slow(factor)


@transform()
def hurry(factor: Time, pattern: Pattern) -> Pattern:
    """Speed up by `factor`, samples too.

    >>> hurry "<1 2>" $ s "bd sn"
    """
    return control(pattern.fast(factor), "*", "speed", _plain(factor))


def _plain(number: Time) -> int | float:
    return number if isinstance(number, int) else float(number)


@transform("<~", "rotL")
def early(cycles: Time, pattern: Pattern) -> Pattern:
    """Shift to earlier by `cycles`.

    >>> 0.25 <~ s "bd sn"
    """
    return pattern.early(cycles)


@transform("~>", "rotR")
def late(cycles: Time, pattern: Pattern) -> Pattern:
    """Shift to later by `cycles`.

    >>> 0.25 ~> s "bd sn"
    """
    return pattern.late(cycles)


@transform()
def rev(pattern: Pattern) -> Pattern:
    """Reverse every cycle.

    >>> rev $ s "bd sn hh"
    """
    return pattern.rev()


@transform()
def palindrome(pattern: Pattern) -> Pattern:
    """Play each cycle forwards, then reversed.

    >>> palindrome $ n "0 1 2 3"
    """
    return slowcat([pattern, pattern.rev()])


@transform()
def iter_(count: Integer, pattern: Pattern) -> Pattern:
    """Rotate the pattern to the left by 1/`count` of a cycle more every cycle.

    >>> iter 4 $ s "bd sn hh cp"
    """
    return _rounds(count, pattern, 1)


@transform("iter'")
def iter_back(count: Integer, pattern: Pattern) -> Pattern:
    """Rotate the pattern to the right by 1/`count` of a cycle more every cycle.

    >>> iterBack 4 $ s "bd sn hh cp"
    """
    return _rounds(count, pattern, -1)


def _rounds(count: int, pattern: Pattern, direction: int) -> Pattern:
    if count < 0:
        count, direction = -count, -direction
    if not count:
        return pattern
    steps = range(checked_count(count, "steps"))
    return slowcat([pattern.early(Fraction(direction * step, count)) for step in steps])


@transform(name="repeatCycles")
def repeat(count: Integer, pattern: Pattern) -> Pattern:
    """Play every cycle `count` times before the next.

    >>> repeatCycles 2 $ n "<0 1 2>"
    """
    return repeat_cycles(pattern, count)


@transform()
def ply(factor: Time, pattern: Pattern) -> Pattern:
    """Repeat every event `factor` times within its own length.

    >>> ply 3 $ s "bd sn"
    """
    return squeeze_join(pattern.fmap(lambda value: pure(value).fast(factor)))


@transform("plywith")
def ply_with(count: Integer, function: Function, pattern: Pattern) -> Pattern:
    """Repeat every event `count` times within its own length, changed once more each time.

    >>> plyWith 3 (|+ n 12) $ n "0 4"
    """
    checked_count(count, "repetitions")

    def repeated(value: object) -> Pattern:
        steps = [pure(value)]
        for _ in range(count - 1):
            steps.append(function(steps[-1]))
        return fastcat(steps[:count])

    return squeeze_join(pattern.fmap(repeated))


@transform("discretise", "seg")
def segment(count: Time, pattern: Pattern) -> Pattern:
    """Sample the pattern `count` times per cycle.

    >>> segment 4 $ range 1 5 saw
    """
    return pure(None).fast(count).app_left(pattern, lambda _, value: value)


@transform()
def inside(factor: Time, function: Function, pattern: Pattern) -> Pattern:
    """Apply a function as if the cycle were `factor` times as long.

    >>> inside 2 rev $ n "0 1 2 3"
    """
    return function(pattern.slow(factor)).fast(factor)


@transform()
def outside(factor: Time, function: Function, pattern: Pattern) -> Pattern:
    """Apply a function to `factor` cycles at once.

    >>> outside 4 rev $ cat [s "bd*2", s "sn", s "hh*3", s "cp"]
    """
    return function(pattern.fast(factor)).slow(factor)


@transform()
def swing_by(amount: Time, count: Time, pattern: Pattern) -> Pattern:
    """Cut the cycle into `count` pieces and delay their second halves by `amount` of a piece.

    >>> swingBy (1/3) 4 $ s "hh*8"
    """
    piece = within_span(0.5, 1, lambda half: half.late(amount), pattern.slow(count))
    return piece.fast(count)


@transform()
def swing(count: Time, pattern: Pattern) -> Pattern:
    """Swing by a third: `swingBy (1/3)`.

    >>> swing 4 $ s "hh*8"
    """
    return swing_by(Fraction(1, 3), count, pattern)


@transform()
def press_by(amount: Time, pattern: Pattern) -> Pattern:
    """Delay every onset by `amount` of the event's length.

    >>> pressBy "<0 0.5>" $ s "bd sn"
    """
    return squeeze_join(pattern.fmap(lambda value: compressed(amount, 1, pure(value))))


@transform()
def press(pattern: Pattern) -> Pattern:
    """Syncopate: delay every onset by half of the event's length.

    >>> press $ s "bd sn"
    """
    return press_by(Fraction(1, 2), pattern)


@transform()
def brak(pattern: Pattern) -> Pattern:
    """Squeeze every other cycle into half a cycle, a quarter late, as a breakbeat.

    >>> brak $ s "bd sn hh cp"
    """
    broken = fastcat([pattern, silence]).late(Fraction(1, 4))
    return in_cycles(lambda cycle: cycle % 2 == 1, 2, broken, pattern)


@transform("stut'", "stutter'")
def stutter(count: Integer, cycles: Time, pattern: Pattern) -> Pattern:
    """Play `count` copies of every event, `cycles` apart.

    >>> stutter 4 (1/16) $ s "bd sn"
    """
    return stack([pattern.late(step * cycles) for step in range(checked_count(count, "repeats"))])
