"""Transforms of time: faster, later, backwards, zoomed, swung."""

from __future__ import annotations

from phonon.pattern.pattern import Pattern
from phonon.pattern.registry import Time, transform


@transform("density")
def fast(factor: Time, pattern: Pattern) -> Pattern:
    """Play `factor` cycles in one.

    >>> fast 2 $ s "bd sn"
    """
    return pattern.fast(factor)


@transform("sparsity")
def slow(factor: Time, pattern: Pattern) -> Pattern:
    """Stretch one cycle over `factor`.

    >>> slow 2 $ s "bd sn"
    """
    return pattern.slow(factor)


@transform("<~", "rotL")
def early(cycles: Time, pattern: Pattern) -> Pattern:
    """Play everything `cycles` sooner.

    >>> 0.25 <~ s "bd sn"
    """
    return pattern.early(cycles)


@transform("~>", "rotR")
def late(cycles: Time, pattern: Pattern) -> Pattern:
    """Play everything `cycles` later.

    >>> 0.25 ~> s "bd sn"
    """
    return pattern.late(cycles)


@transform()
def rev(pattern: Pattern) -> Pattern:
    """Play every cycle backwards.

    >>> rev $ s "bd sn hh"
    """
    return pattern.rev()
