"""Euclidean rhythms, and rhythms from binary numbers and necklaces."""

from __future__ import annotations

from fractions import Fraction

from phonon.patterns.pattern import Pattern, pure, silence
from phonon.patterns.registry import Integer, Integers, transform
from phonon.patterns.rhythm import bjorklund, euclid_pattern, rotated, struct
from phonon.patterns.sequence import checked_count, fast_from_list, stack, timecat


@transform()
def euclid(pulses: Integer, steps: Integer, pattern: Pattern) -> Pattern:
    """Play `pulses` events spread over `steps` steps as evenly as possible.

    >>> euclid 3 8 $ s "bd"
    """
    return struct(euclid_pattern(pulses, steps), pattern)


@transform("euclidoff", "euclidRot", "eoff")
def euclid_off(pulses: Integer, steps: Integer, rotation: Integer, pattern: Pattern) -> Pattern:
    """Like `euclid`, rotated to the left by `rotation` steps.

    >>> euclidOff 3 8 2 $ s "bd"
    """
    return struct(euclid_pattern(pulses, steps, rotation), pattern)


@transform("euclidinv", "einv")
def euclid_inv(pulses: Integer, steps: Integer, pattern: Pattern) -> Pattern:
    """Play the steps that `euclid` leaves out.

    >>> euclidInv 3 8 $ s "hh"
    """
    return struct(_gaps(pulses, steps, 0), pattern)


@transform("euclidOffInv", "euclidoffinv", "eoffinv")
def euclid_rot_inv(pulses: Integer, steps: Integer, rotation: Integer, pattern: Pattern) -> Pattern:
    """Play the steps that `euclidOff` leaves out.

    >>> euclidOffInv 3 8 2 $ s "hh"
    """
    return struct(_gaps(pulses, steps, rotation), pattern)


@transform("euclidfull", "efull")
def euclid_full(pulses: Integer, steps: Integer, pattern: Pattern, other: Pattern) -> Pattern:
    """Play one pattern on the pulses and another on the steps between them.

    >>> euclidFull 3 8 (s "bd") (s "hh")
    """
    return euclid_off_full(pulses, steps, 0, pattern, other)


@transform("eoffull")
def euclid_off_full(
    pulses: Integer, steps: Integer, rotation: Integer, pattern: Pattern, other: Pattern
) -> Pattern:
    """Like `euclidFull`, rotated to the left by `rotation` steps.

    >>> euclidOffFull 3 8 2 (s "bd") (s "hh")
    """
    return stack(
        [
            struct(euclid_pattern(pulses, steps, rotation), pattern),
            struct(_gaps(pulses, steps, rotation), other),
        ]
    )


def _gaps(pulses: int, steps: int, rotation: int) -> Pattern:
    return fast_from_list([not pulse for pulse in rotated(pulses, steps, rotation)])


@transform()
def euclid_legato(pulses: Integer, steps: Integer, pattern: Pattern) -> Pattern:
    """Like `euclid`, every event held until the next.

    >>> euclidLegato 3 8 $ n "0 2"
    """
    rhythm = bjorklund(pulses, steps)
    onsets = [step for step, pulse in enumerate(rhythm) if pulse]
    if not onsets:
        return silence
    ends = [*onsets[1:], len(rhythm)]
    held = timecat([(end - onset, pure(True)) for onset, end in zip(onsets, ends, strict=True)])
    return struct(held, pattern)


@transform()
def euclid_legato_rot(
    pulses: Integer, steps: Integer, rotation: Integer, pattern: Pattern
) -> Pattern:
    """Like `euclidLegato`, played `rotation` steps later (Strudel's word).

    >>> euclidLegatoRot 3 8 2 $ n "0 2"
    """
    if steps <= 0:
        return silence
    return euclid_legato(pulses, steps, pattern).late(Fraction(rotation, steps))


@transform()
def binary_n(bits: Integer, number: Integer) -> Pattern:
    """The lowest `bits` of a number as a rhythm.

    >>> struct (binaryN 8 146) $ s "hh"
    """
    return fast_from_list(
        [bool(number >> place & 1) for place in reversed(range(checked_count(bits, "bits")))]
    )


@transform()
def binary(number: Integer) -> Pattern:
    """The bits of a number as a rhythm.

    >>> struct (binary 11) $ s "hh"
    """
    return binary_n(max(number.bit_length(), 1), number)


@transform()
def necklace(length: Integer, steps: Integers) -> Pattern:
    """A rhythm of `length` steps per cycle, with `steps` as the distances between its pulses.

    >>> struct (necklace 12 [4, 2]) $ s "bd"
    """
    rhythm: list[bool] = []
    for step in steps:
        rhythm += [True] + [False] * (checked_count(max(int(step), 1), "steps") - 1)
    if not rhythm or length <= 0:
        return silence
    return fast_from_list(rhythm).slow(Fraction(len(rhythm), length))
