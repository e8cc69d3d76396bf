"""Implicit conversions of values to patterns of numbers, words, notes, times …"""

from __future__ import annotations

from fractions import Fraction

from phonon.errors import Fault, Span
from phonon.lang import syntax as ast
from phonon.lang.mini_patterns import mini_pattern
from phonon.lang.mini_words import word_reader
from phonon.lang.values import (
    Function,
    ListValue,
    NumberValue,
    PairValue,
    PatternValue,
    RowValue,
    StreamValue,
    UnitCall,
    Value,
    describe,
    is_signal,
)
from phonon.patterns import NOTHING, Pattern, pure

# What a wanted kind is called in messages.
WANTED = {
    "number": "a number",
    "integer": "a whole number",
    "time": "a time such as 0.25 or 1/8",
    "boolean": "t or f (or 1 and 0)",
    "word": "a word",
    "note": "a note",
    "n": "a number or a note",
    "hz": "a frequency",
    "sound": "the name of a sound",
    "control": 'a stream of events, such as s "bd" or n "0"',
    "auto": "a pattern",
}


def string_pattern(node: ast.String) -> PatternValue:
    """A string as a pattern whose words are converted when it is built for a kind."""
    built: dict[str, Pattern] = {}

    def build(kind: str) -> Pattern:
        if kind not in built:
            if kind == "control":
                raise Fault(
                    f"this needs {WANTED['control']}; a string alone names no control",
                    node.span,
                    (f's "{node.text}"', f'n "{node.text}"'),
                )
            built[kind] = mini_pattern(node.body, word_reader(kind))
        return built[kind]

    return PatternValue(build, node.span)


def number(value: int | Fraction, kind: str) -> object:
    """An exact number as a value of `kind`."""
    if kind == "time":
        return value
    if kind == "boolean":
        return value != 0
    if kind == "integer":
        if value.denominator != 1:
            raise Fault(f"a whole number is wanted here, not {float(value):g}")
        return int(value)
    return int(value) if value.denominator == 1 else float(value)


def build_pattern(value: Value, kind: str) -> Pattern:
    """Convert `value` to a pattern of values of `kind`; raises a Fault that names the kind."""
    match value:
        case NumberValue():
            if kind in ("word", "sound"):
                kind = "auto"
            if kind == "control":
                raise Fault(f"this needs {WANTED['control']}, not a number", value.span)
            try:
                return pure(number(value.value, kind), (value.span,))
            except Fault as fault:
                raise fault.placed(value.span) from None
        case PatternValue():
            return value.build(kind)
        case StreamValue():
            if kind in ("control", "auto"):
                return value.pattern
            raise Fault(f"{WANTED[kind]} is wanted here, not a stream of events", value.span)
        case Function():
            stream = as_stream(value)
            if stream is not None and kind in ("control", "auto"):
                return stream.pattern
            raise Fault(f"{WANTED[kind]} is wanted here, not a function", value.span)
        case ListValue() | PairValue() | RowValue():
            raise Fault(f"{WANTED[kind]} is wanted here, not {describe(value)}", value.span)
        case _:
            raise Fault(*_signal_for_pattern(value, kind))


def _signal_for_pattern(value: Value, kind: str) -> tuple[str, Span, tuple[str, ...]]:
    message = f"{WANTED[kind]} is wanted here, not a signal: signals have no events"
    if isinstance(value, UnitCall) and value.unit.name in ("sine", "saw", "tri", "square", "isaw"):
        message += f"; the cycle-locked pattern is {value.unit.name} without a frequency"
        return message, value.span, (value.unit.name,)
    return message, value.span, ()


def as_stream(value: Value) -> StreamValue | None:
    """`value` as a stream of events, if it can be one."""
    if isinstance(value, StreamValue):
        return value
    return value.as_stream() if isinstance(value, Function) else None


def constant(value: Value | None, kind: str) -> object | None:
    """The value of a constant pattern or number, otherwise None."""
    if value is None or is_signal(value) or not isinstance(value, NumberValue | PatternValue):
        return None
    pattern = build_pattern(value, kind)
    return None if pattern.constant is NOTHING else pattern.constant
