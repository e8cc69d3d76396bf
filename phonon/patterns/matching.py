"""`fix`, `unfix` and `contrast`: transform only the events that have certain controls."""

from __future__ import annotations

from typing import Any

from phonon.patterns.pattern import NOTHING, Pattern
from phonon.patterns.registry import Function, transform
from phonon.patterns.sequence import stack


def _fits(value: Any, wanted: Any) -> bool:
    """Whether a value equals `wanted`, or contains all controls of it."""
    if isinstance(wanted, dict):
        return isinstance(value, dict) and all(
            name in value and _fits(value[name], item) for name, item in wanted.items()
        )
    return bool(value == wanted)


@transform()
def contrast(function: Function, other: Function, wanted: Pattern, pattern: Pattern) -> Pattern:
    """Apply one function to the events that have certain controls, another to all others.

    >>> contrast (# speed 2) (# speed 0.5) (n "1") $ n "0 1" # s "drum"
    """
    if wanted.constant is not NOTHING:
        value = wanted.constant
        chosen = pattern.filter_values(lambda own: _fits(own, value))
        others = pattern.filter_values(lambda own: not _fits(own, value))
        return stack([function(chosen), other(others)])
    pairs = pattern.app_both(wanted, lambda own, value: (own, _fits(own, value)))
    fitting = pairs.filter_values(lambda pair: pair[1]).fmap(lambda pair: pair[0])
    others = pairs.filter_values(lambda pair: not pair[1]).fmap(lambda pair: pair[0])
    return stack([function(fitting), other(others)])


@transform()
def fix(function: Function, wanted: Pattern, pattern: Pattern) -> Pattern:
    """Apply a function to the events that have certain controls.

    >>> fix (# crush 4) (n 1) $ s "drum*4" # n "0 1"
    """
    return contrast(function, lambda others: others, wanted, pattern)


@transform()
def unfix(function: Function, wanted: Pattern, pattern: Pattern) -> Pattern:
    """Apply a function to the events that do not have certain controls.

    >>> unfix (# crush 4) (n 1) $ s "drum*4" # n "0 1"
    """
    return contrast(lambda chosen: chosen, function, wanted, pattern)
