"""Functions of patterns as values: applied to every pattern inside a value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from phonon.errors import Fault
from phonon.lang.conversions import build_pattern
from phonon.lang.values import (
    BusUse,
    ComposedFunction,
    Function,
    ListValue,
    NumberValue,
    PairValue,
    PatternFunction,
    PatternValue,
    Route,
    StreamValue,
    UnitCall,
    Value,
    describe,
    has_stream,
)
from phonon.patterns import Pattern


@dataclass(frozen=True, eq=False)
class TransformFunction(Function):
    """A function of patterns, applied to every pattern inside a value."""

    name: str
    builder: Callable[[str], PatternFunction]
    inner: tuple[Route, ...] = ()
    adds: frozenset[str] = frozenset()  # controls that it may set
    expand: Callable[[str], Value] | None = None  # the definition of a bus

    def apply(self, value: Value) -> Value:
        return apply_to_patterns(value, self)

    def on_pattern(self, kind: str) -> PatternFunction:
        return self.builder(kind)

    @property
    def routes(self) -> tuple[Route, ...]:
        return self.inner


def apply_to_patterns(value: Value, function: TransformFunction) -> Value:
    """Apply a function of patterns to every pattern inside `value`.

    A stream keeps its mix effects, a sum is transformed term by term, a bus is replaced by a
    transformed copy of its definition, a signal has the patterns in its arguments transformed.
    """
    result = _reach(value, function)
    if result is None:
        raise Fault(
            f"{function.name} needs a pattern, and there is none in this signal", value.span
        )
    return result


def _reach(value: Value, function: TransformFunction) -> Value | None:
    match value:
        case NumberValue() | PatternValue():
            build = _builder(value)
            return PatternValue(lambda kind: function.on_pattern(kind)(build(kind)), value.span)
        case StreamValue():
            return replace(
                value,
                pattern=function.on_pattern("control")(value.pattern),
                routes=tuple(dict.fromkeys(value.routes + function.routes)),
                names=value.names | function.adds,
            )
        case Function():
            return ComposedFunction(value, function, span=value.span)
        case UnitCall():
            within = has_stream(value)
            inputs = [_reached_input(item, function, within) for item in value.inputs]
            if all(new is old for new, old in zip(inputs, value.inputs, strict=True)):
                return None
            return replace(value, inputs=tuple(inputs))
        case BusUse() if function.expand is not None:
            return _reach(function.expand(value.name), function)
        case ListValue() | PairValue():
            raise Fault(f"{function.name} cannot be applied to {describe(value)}", value.span)
    return None


def _reached_input(item: Value | None, function: TransformFunction, within: bool) -> Value | None:
    """An input of a unit after the function; `within` tells that the unit acts on a stream."""
    if item is None or isinstance(item, NumberValue):
        return item
    if within and isinstance(item, PatternValue):
        return _beside(item, function)
    return _reach(item, function) or item


def _beside(value: PatternValue, function: TransformFunction) -> PatternValue:
    """A pattern argument of a mix effect on a stream, transformed together with the stream.

    What acts on events only, `(# speed 2)`, leaves such an argument as it is.
    """
    build = _builder(value)

    def built(kind: str) -> Pattern:
        try:
            change = function.on_pattern(kind)
        except Fault:
            return build(kind)
        return change(build(kind))

    return PatternValue(built, value.span)


def _builder(value: NumberValue | PatternValue) -> Callable[[str], Pattern]:
    return lambda kind: build_pattern(value, kind)
