"""Simplifies arithmetic: folds constants, removes neutral elements (x + 0, x * 1)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isfinite

_FOLDS: dict[str, Callable[[float, float], float]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
}
# unit → (neutral value, the inputs at which it is neutral)
_NEUTRAL: dict[str, tuple[float, tuple[int, ...]]] = {
    "add": (0.0, (0, 1)),
    "sub": (0.0, (1,)),
    "mul": (1.0, (0, 1)),
    "div": (1.0, (1,)),
}


def simplified(unit: str, constants: Sequence[float | None]) -> float | int | None:
    """The result of a unit: a number (float), one of its inputs (its index), or None if neither.

    `constants` has the value of every input that is a number, else None.
    """
    if unit not in _FOLDS or len(constants) != 2:
        return None
    left, right = constants
    if left is not None and right is not None:
        try:
            value = _FOLDS[unit](left, right)
        except (ZeroDivisionError, OverflowError):
            return None
        return value if isfinite(value) else None
    neutral, places = _NEUTRAL[unit]
    for place in places:
        if constants[place] == neutral:
            return 1 - place
    return None
