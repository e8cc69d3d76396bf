"""Operators on values: arithmetic, `#`, and the operators that take structure from one side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from phonon.dsp.registry import units
from phonon.errors import Fault, Span
from phonon.lang.conversions import as_stream, build_pattern
from phonon.lang.transform_function import TransformFunction, apply_to_patterns
from phonon.lang.values import (
    BusUse,
    ComposedFunction,
    Function,
    NumberValue,
    PatternFunction,
    PatternValue,
    StreamValue,
    UnitCall,
    Value,
    describe,
    has_stream,
    is_signal,
    operand,
)
from phonon.patterns import Pattern, stack, transforms
from phonon.patterns.operators import operate

SIGNAL_UNITS = {"+": "add", "-": "sub", "*": "mul", "/": "div", "%": "mod", "**": "pow"}
EXACT: dict[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "%": lambda a, b: a % b,
}


def arithmetic(operator: str, left: Value, right: Value, span: Span) -> Value:
    """`left operator right` for `+ - * / %` on numbers, patterns, streams and signals."""
    left, right = operand(left), operand(right)
    if isinstance(left, NumberValue) and isinstance(right, NumberValue):
        return _exact(operator, left, right, span)
    if is_signal(left) or is_signal(right):
        return _signal(operator, left, right, span)
    streams = as_stream(left), as_stream(right)
    if streams[0] is not None or streams[1] is not None:
        return _streams(operator, streams[0] or left, streams[1] or right, span)
    for side in (left, right):
        if not isinstance(side, NumberValue | PatternValue):
            raise Fault(f"`{operator}` calculates; {describe(side)} is no operand", side.span)
    return _patterns(operator, left, right, span)


def _exact(operator: str, left: NumberValue, right: NumberValue, span: Span) -> NumberValue:
    a, b = Fraction(left.value), Fraction(right.value)
    if operator in "/%" and not b:
        raise Fault("this divides by zero", right.span)
    return NumberValue(EXACT[operator](a, b), span)


def _signal(operator: str, left: Value, right: Value, span: Span) -> UnitCall:
    for side in (left, right):
        if isinstance(side, Function) and as_stream(side) is None:
            raise Fault(f"`{operator}` calculates; {describe(side)} is no operand", side.span)
    return unit_call(SIGNAL_UNITS[operator], (left, right), span)


def unit_call(name: str, inputs: tuple[Value | None, ...], span: Span) -> UnitCall:
    """A call of a unit of the library that is known to exist."""
    unit = units()[name]
    missing = len(unit.inputs) + len(unit.parameters) - len(inputs)
    return UnitCall(unit, inputs + (None,) * missing, span)


def _streams(operator: str, left: Value, right: Value, span: Span) -> StreamValue:
    if isinstance(left, StreamValue) and isinstance(right, StreamValue):
        if operator == "+" and left.sounds and right.sounds:
            return joined([left, right], span, stack)
        return merged(operator, left, right, span)
    stream, other = (left, right) if isinstance(left, StreamValue) else (right, left)
    if not isinstance(stream, StreamValue) or not isinstance(other, NumberValue | PatternValue):
        raise Fault(f"`{operator}` calculates; {describe(other)} is no operand", other.span)
    values = build_pattern(other, "number")
    if not stream.sounds:
        swapped = stream is right

        pair = (values, stream.pattern) if swapped else (stream.pattern, values)
        return replace(stream, pattern=operate(operator, *pair), span=span)
    if operator == "*" or (operator == "/" and stream is left):
        levels = values.fmap(lambda level: {"gain": level})
        loud = stream.pattern.fmap(lambda controls: {**controls, "gain": controls.get("gain", 1)})
        pattern = operate(f"|{operator}", loud, levels)
        return replace(stream, pattern=pattern, names=stream.names | {"gain"}, span=span)
    raise Fault(
        f"`{operator}` with a number has no meaning for a sounding stream; name the control",
        span,
        (f"|{operator} n", f"|{operator} note", f"|{operator} speed"),
    )


def joined(
    streams: list[StreamValue], span: Span, combine: Callable[[list[Pattern]], Pattern]
) -> StreamValue:
    """Several streams as one."""
    return StreamValue(
        combine([stream.pattern for stream in streams]),
        frozenset().union(*(stream.names for stream in streams)),
        span,
        tuple(dict.fromkeys(route for stream in streams for route in stream.routes)),
    )


def merged(operator: str, left: StreamValue, right: StreamValue, span: Span) -> StreamValue:
    """Two streams under an operator of patterns: the union of their controls."""
    return joined([left, right], span, lambda pair: operate(operator, pair[0], pair[1]))


def _patterns(operator: str, left: Value, right: Value, span: Span) -> PatternValue:
    return PatternValue(
        lambda kind: operate(operator, build_pattern(left, kind), build_pattern(right, kind)), span
    )


def negate(value: Value, span: Span) -> Value:
    """`-value`."""
    if isinstance(value, NumberValue):
        return NumberValue(-value.value, span)
    return arithmetic("*", value, NumberValue(-1, span), span)


def chain(operator: str, left: Value, right: Value, span: Span) -> Value:
    """`left # right`, and `left |+ right` with its relatives."""
    if operator == "#" and isinstance(right, Function):
        return _fed(left, right, span)
    if isinstance(left, Function) and as_stream(left) is None:
        return ComposedFunction(left, section(operator, None, right, span), span=span)
    stream, other = as_stream(left), as_stream(right)
    if stream is not None and other is not None:
        if operator == "#":
            return merged("|>", stream, other, span)
        return merged(operator, stream, other, span)
    if is_signal(left) or is_signal(right):
        return _chained_signal(operator, left, right, span)
    if stream is not None or other is not None:
        return _stream_with_pattern(operator, stream or left, other or right, span)
    for side in (left, right):
        if not isinstance(side, NumberValue | PatternValue):
            raise Fault(f"`{operator}` takes patterns; this is {describe(side)}", side.span)
    return _patterns("|>" if operator == "#" else operator, left, right, span)


def _fed(left: Value, right: Function, span: Span) -> Value:
    """`left # effect`."""
    if isinstance(left, Function) and as_stream(left) is None:
        return ComposedFunction(left, right, span=span)
    if isinstance(left, Function) and as_stream(right) is None:
        return ComposedFunction(left, right, span=span)
    return right.apply(left)


def _chained_signal(operator: str, left: Value, right: Value, span: Span) -> Value:
    other = as_stream(right)
    if other is not None:
        # A mix effect stands between: the controls are meant for the stream behind it.
        function = TransformFunction(
            operator,
            lambda kind: (
                lambda pattern: operate(
                    "|>" if operator == "#" else operator, pattern, other.pattern
                )
            ),
            span=span,
        )
        if not has_stream(left):
            name = "s" if other.sounds else " and ".join(sorted(other.names))
            raise Fault(f"{name} is for events, and there are none in this signal", right.span)
        return apply_to_patterns(left, function)
    symbol = operator.strip("|")
    if operator == "#":
        what = f"~{right.name} is a signal" if isinstance(right, BusUse) else "this makes a sound"
        raise Fault(f"{what}; right of `#` stands an effect or a control", right.span, ("+", "*"))
    if symbol not in SIGNAL_UNITS:
        raise Fault(f"`{operator}` has no meaning for signals", span, ("+", "*"))
    return _signal(symbol, left, right, span)


def _stream_with_pattern(operator: str, left: Value, right: Value, span: Span) -> Value:
    """Tidal reads a plain value beside controls as meant for all numeric controls."""
    if operator == "#":
        wrong = right if isinstance(left, StreamValue) else left
        raise Fault(
            "`#` takes a control or an effect, not a plain pattern; say which control is meant",
            wrong.span,
            ("n", "note", "speed"),
        )
    names = left.names if isinstance(left, StreamValue) else frozenset()
    routes = left.routes if isinstance(left, StreamValue) else ()
    if isinstance(right, StreamValue):
        names, routes = right.names, right.routes
    patterns = [
        side.pattern if isinstance(side, StreamValue) else build_pattern(side, "number")
        for side in (left, right)
    ]
    return StreamValue(operate(operator, patterns[0], patterns[1]), names, span, routes)


def shift(operator: str, left: Value, right: Value, span: Span) -> Value:
    """`time <~ x` and `time ~> x`; with the operands the other way round if `x` comes first."""
    return shifted(operator, left, span).apply(right)


def shifted(operator: str, time: Value, span: Span) -> TransformFunction:
    """`(time <~)`."""
    name = "early" if operator == "<~" else "late"

    def builder(kind: str) -> PatternFunction:
        del kind
        cycles = build_pattern(time, "time")
        return lambda pattern: transforms()[name].call(cycles, pattern)

    return TransformFunction(operator, builder, span=span)


@dataclass(frozen=True, eq=False)
class OperatorFunction(Function):
    """A section: an operator that waits for one operand."""

    operator: str
    operand: Value
    on_left: bool

    def apply(self, value: Value) -> Value:
        left, right = (self.operand, value) if self.on_left else (value, self.operand)
        if self.operator in ("+", "-", "*", "/", "%"):
            return arithmetic(self.operator, left, right, self.span)
        return chain(self.operator, left, right, self.span)

    def on_pattern(self, kind: str) -> PatternFunction:
        wanted = kind
        if kind == "control" and as_stream(self.operand) is None:
            wanted = "number"
        operand = build_pattern(self.operand, wanted)
        operator = "|>" if self.operator == "#" else self.operator
        if self.on_left:
            return lambda pattern: operate(operator, operand, pattern)
        return lambda pattern: operate(operator, pattern, operand)


@dataclass(frozen=True, eq=False)
class BareOperator(Function):
    """An operator without operands, `(+)` or `(#)`: a function of two."""

    operator: str

    def apply(self, value: Value) -> Value:
        return section(self.operator, value, None, self.span)

    def on_pattern(self, kind: str) -> PatternFunction:
        raise Fault(f"`({self.operator})` needs an operand before it is a transform", self.span)


@dataclass(frozen=True, eq=False)
class Application(Function):
    """`($ x)`: applies what it is given to `x`. `($)` is plain application."""

    argument: Value | None

    def apply(self, value: Value) -> Value:
        if not isinstance(value, Function):
            raise Fault(f"`$` applies functions; this is {describe(value)}", value.span)
        return value if self.argument is None else value.apply(self.argument)

    def on_pattern(self, kind: str) -> PatternFunction:
        raise Fault("`($ x)` is a function of functions, not of patterns", self.span)


def section(operator: str, left: Value | None, right: Value | None, span: Span) -> Function:
    """An operator with a missing operand."""
    if operator == "$":
        if isinstance(left, Function):
            return left
        return Application(right, span=span)
    operand = right if left is None else left
    if operand is None:
        return BareOperator(operator, span=span)
    if operator in ("<~", "~>"):
        if left is not None:
            return shifted(operator, left, span)
        return _shift_of(operator, operand, span)
    if operator == ".":
        return _composition(operand, left is not None, span)
    return OperatorFunction(operator, operand, left is not None, span=span)


def _shift_of(operator: str, pattern: Value, span: Span) -> Function:
    """`(<~ x)`: waits for the time."""

    @dataclass(frozen=True, eq=False)
    class ShiftOf(Function):
        def apply(self, value: Value) -> Value:
            return shift(operator, value, pattern, span)

        def on_pattern(self, kind: str) -> PatternFunction:
            raise Fault(f"`({operator} x)` waits for a time", span)

    return ShiftOf(span=span)


def _composition(operand: Value, on_left: bool, span: Span) -> Function:
    if not isinstance(operand, Function):
        raise Fault("`.` composes functions", span)
    fixed = operand

    @dataclass(frozen=True, eq=False)
    class Composition(Function):
        def apply(self, value: Value) -> Value:
            if not isinstance(value, Function):
                raise Fault(f"`.` composes functions; this is {describe(value)}", value.span)
            first, second = (value, fixed) if on_left else (fixed, value)
            return ComposedFunction(first, second, span=span)

        def on_pattern(self, kind: str) -> PatternFunction:
            raise Fault("`(. f)` is a function of functions, not of patterns", span)

    return Composition(span=span)
