"""Operators on two patterns: a calculation and an alignment, which decides the structure."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, TypeAlias

from phonon.patterns.joins import reset_join, restart_join, squeeze_join
from phonon.patterns.pattern import Pattern

Calculation: TypeAlias = Callable[[Any, Any], Any]


def _divide(left: Any, right: Any) -> Any:
    # A running pattern must not fail: a division by zero gives 0.
    return left / right if right else 0


def _modulo(left: Any, right: Any) -> Any:
    return left % right if right else 0


def _power(left: Any, right: Any) -> Any:
    try:
        # Exact powers may have millions of digits.
        exact = isinstance(left, int) and abs(left) < 1e9 and abs(right) <= 64
        result = (left if exact else float(left)) ** right
    except (OverflowError, ZeroDivisionError):
        return 0
    return 0 if isinstance(result, complex) else result


def is_number(value: object) -> bool:
    """Whether a value is a number."""
    return isinstance(value, (int, float, Fraction))


def _numeric(function: Calculation) -> Calculation:
    """`function` of two numbers, or of the numbers of control maps; other values stay."""

    def calculate(left: Any, right: Any) -> Any:
        if isinstance(left, dict):
            if isinstance(right, dict):
                merged = dict(left)
                for name, value in right.items():
                    merged[name] = calculate(left[name], value) if name in left else value
                return merged
            return {name: calculate(value, right) for name, value in left.items()}
        if isinstance(right, dict):
            return {name: calculate(left, value) for name, value in right.items()}
        if is_number(left) and is_number(right):
            return function(left, right)
        return left

    return calculate


def _joined_words(left: Any, right: Any) -> Any:
    if isinstance(left, dict) and isinstance(right, dict):
        shared = {name: _joined_words(left[name], right[name]) for name in left if name in right}
        return {**left, **right, **shared}
    return left + right if isinstance(left, str) and isinstance(right, str) else left


def merge(left: Any, right: Any) -> Any:
    """The right value; of two control maps their union, where the right one wins."""
    if isinstance(left, dict) and isinstance(right, dict):
        return {**left, **right}
    return right


def _kept(left: Any, right: Any) -> Any:
    if isinstance(left, dict) and isinstance(right, dict):
        return {**left, **right, **left}
    return left


CALCULATIONS: dict[str, Calculation] = {
    "+": _numeric(lambda left, right: left + right),
    "-": _numeric(lambda left, right: left - right),
    "*": _numeric(lambda left, right: left * right),
    "/": _numeric(_divide),
    "%": _numeric(_modulo),
    "**": _numeric(_power),
    "<": _kept,
    ">": merge,
    "++": _joined_words,
}


def _in(left: Pattern, right: Pattern, calculate: Calculation) -> Pattern:
    return left.app_left(right, calculate)


def _out(left: Pattern, right: Pattern, calculate: Calculation) -> Pattern:
    return left.app_right(right, calculate)


def _mix(left: Pattern, right: Pattern, calculate: Calculation) -> Pattern:
    return left.app_both(right, calculate)


def _nested(left: Pattern, right: Pattern, calculate: Calculation) -> Pattern:
    return left.fmap(lambda one: right.fmap(lambda other: calculate(one, other)))


def _squeeze(left: Pattern, right: Pattern, calculate: Calculation) -> Pattern:
    return squeeze_join(_nested(left, right, calculate))


def _reset(left: Pattern, right: Pattern, calculate: Calculation) -> Pattern:
    return reset_join(_nested(left, right, calculate))


def _restart(left: Pattern, right: Pattern, calculate: Calculation) -> Pattern:
    return restart_join(_nested(left, right, calculate))


ALIGNMENTS = {
    "in": _in,
    "out": _out,
    "mix": _mix,
    "squeeze": _squeeze,
    "reset": _reset,
    "restart": _restart,
}


def _spelled() -> dict[str, tuple[str, str]]:
    found = {"#": (">", "in")}
    for symbol in CALCULATIONS:
        found[f"|{symbol}"] = symbol, "in"
        found[f"{symbol}|"] = symbol, "out"
        found[f"|{symbol}|"] = symbol, "mix"
        found[f"||{symbol}"] = symbol, "squeeze"
        if symbol not in "<>":
            found[symbol] = symbol, "mix"
    return found


# Calculation and alignment of every operator.
OPERATORS = _spelled()


def aligned(symbol: str, alignment: str, left: Pattern, right: Pattern) -> Pattern:
    """The calculation `symbol` of both patterns, aligned by one of ALIGNMENTS."""
    return ALIGNMENTS[alignment](left, right, CALCULATIONS[symbol])


def operate(operator: str, left: Pattern, right: Pattern) -> Pattern:
    """`left operator right` for an operator such as `+`, `|+`, `+|`, `|+|`, `||+`, `#`."""
    symbol, alignment = OPERATORS[operator]
    return aligned(symbol, alignment, left, right)


def control(pattern: Pattern, operator: str, name: str, value: object) -> Pattern:
    """`pattern operator name value` for one fixed value, such as `|* speed 2`."""
    calculate = CALCULATIONS[operator]
    addition = {name: value}
    return pattern.fmap(
        lambda controls: calculate(controls, addition) if isinstance(controls, dict) else controls
    )
