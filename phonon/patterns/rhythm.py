"""Functions behind the rhythm transforms: Bjorklund's algorithm, struct, mask.

The words of the language are in `euclid` and `conditions`.
"""

from __future__ import annotations

from functools import lru_cache

from phonon.errors import Fault
from phonon.patterns.joins import inner_join, remembered, squeeze_join
from phonon.patterns.pattern import Pattern
from phonon.patterns.sequence import MOST_STEPS, fast_from_list


@lru_cache(maxsize=512)
def bjorklund(pulses: int, steps: int) -> tuple[bool, ...]:
    """`pulses` spread over `steps` as evenly as possible, beginning with a pulse."""
    if steps <= 0:
        return ()
    if steps > MOST_STEPS:
        raise Fault(f"a Euclidean rhythm of more than {MOST_STEPS} steps")
    if pulses < 0:
        return tuple(not pulse for pulse in bjorklund(-pulses, steps))
    if pulses == 0:
        return (False,) * steps
    if pulses >= steps:
        return (True,) * min(pulses, MOST_STEPS)
    heads: list[tuple[bool, ...]] = [(True,)] * pulses
    tails: list[tuple[bool, ...]] = [(False,)] * (steps - pulses)
    while len(tails) > 1:
        pairs = min(len(heads), len(tails))
        rest = heads[pairs:] or tails[pairs:]
        heads = [head + tail for head, tail in zip(heads, tails, strict=False)]
        tails = rest
    return tuple(pulse for group in heads + tails for pulse in group)


def rotated(pulses: int, steps: int, rotation: int = 0) -> tuple[bool, ...]:
    """A Euclidean rhythm, rotated to the left by `rotation` steps."""
    rhythm = bjorklund(pulses, steps)
    shift = rotation % len(rhythm) if rhythm else 0
    return rhythm[shift:] + rhythm[:shift]


def euclid_pattern(pulses: int, steps: int, rotation: int = 0) -> Pattern:
    """A Euclidean rhythm as a pattern of booleans."""
    return fast_from_list(rotated(pulses, steps, rotation))


def struct(rhythm: Pattern, pattern: Pattern) -> Pattern:
    """The values of a pattern in the structure of the rhythm's true steps."""
    return rhythm.filter_values(bool).app_left(pattern, lambda _, value: value)


def mask(rhythm: Pattern, pattern: Pattern) -> Pattern:
    """The events of a pattern where the rhythm is true."""
    kept = pattern.app_left(rhythm, lambda value, sounds: (value, sounds))
    return kept.filter_values(lambda pair: bool(pair[1])).fmap(lambda pair: pair[0])


def euclid_group(
    pattern: Pattern, pulses: Pattern, steps: Pattern, rotation: Pattern | None = None
) -> Pattern:
    """Squeeze a cycle of the pattern into every pulse; the numbers are patterns."""

    def rhythm(numbers: tuple[int, int, int]) -> Pattern:
        booleans = euclid_pattern(*numbers).filter_values(bool)
        return squeeze_join(booleans.fmap(lambda _: pattern))

    return inner_join(_numbers(pulses, steps, rotation).fmap(remembered(rhythm)))


def _numbers(pulses: Pattern, steps: Pattern, rotation: Pattern | None) -> Pattern:
    counts = pulses.app_left(steps, lambda k, n: (int(k), int(n), 0))
    if rotation is None:
        return counts
    return counts.app_left(rotation, lambda kn, r: (kn[0], kn[1], int(r)))
