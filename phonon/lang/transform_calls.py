"""Calls of transforms: converts each argument to the kind of its parameter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from phonon.errors import Fault, Span
from phonon.lang.conversions import as_stream, build_pattern, constant
from phonon.lang.operators import arithmetic
from phonon.lang.transform_function import TransformFunction
from phonon.lang.unit_calls import PartialCall
from phonon.lang.values import (
    Function,
    ListValue,
    PairValue,
    PatternFunction,
    PatternValue,
    Route,
    StreamValue,
    Value,
    describe,
    is_signal,
)
from phonon.patterns import Pattern, Transform, pure
from phonon.patterns.operators import operate

Expand = Callable[[str], Value]

# The kind of word that each kind of parameter reads; "" is whatever the result is to be.
READS = {
    "Number": "number",
    "Integer": "number",
    "Time": "time",
    "Boolean": "boolean",
    "Word": "word",
    "Value": "",
    "NumberPattern": "number",
    "IntegerPattern": "number",
    "TimePattern": "time",
    "BooleanPattern": "boolean",
    "WordPattern": "word",
    "ValuePattern": "",
    "Pattern": "",
}
CARRIERS = {"Pattern", "Patterns", "Weighted", "WeightedPatterns", "NamedPatterns", "ValuePattern"}


def call_transform(
    transform: Transform, arguments: tuple[Value, ...], span: Span, expand: Expand
) -> Value:
    """`transform` with all its arguments, or the function that waits for the rest."""
    parameters = transform.parameters
    if len(arguments) > len(parameters):
        names = " ".join(parameter.name for parameter in parameters)
        raise Fault(
            f"{transform.name} takes {len(parameters)} arguments: {names}",
            arguments[len(parameters)].span,
        )
    missing = len(parameters) - len(arguments)
    if missing == 1 and parameters[-1].kind == "Pattern":
        return without_pattern(transform, arguments, span, expand)
    if missing:
        return PartialCall(
            transform.name,
            lambda values: call_transform(transform, values, span, expand),
            arguments,
            span=span,
        )
    if parameters and parameters[-1].kind == "Pattern":
        return without_pattern(transform, arguments[:-1], span, expand).apply(arguments[-1])
    return call_source(transform, arguments, span)


def without_pattern(
    transform: Transform, arguments: tuple[Value, ...], span: Span, expand: Expand
) -> TransformFunction:
    """A transform with all its other arguments: a function that waits for its pattern."""
    kinds = [parameter.kind for parameter in transform.parameters]

    def builder(kind: str) -> PatternFunction:
        ready = [
            convert_argument(value, own, kind) for value, own in zip(arguments, kinds, strict=False)
        ]
        return lambda pattern: transform.call(*ready, pattern)

    routes = tuple(route for value in arguments for route in routes_of(value))
    names = frozenset().union(*(names_of(value) for value in arguments))
    for value, own in zip(arguments, kinds, strict=False):
        _check(value, own)
    return TransformFunction(transform.name, builder, routes, names, expand, span=span)


def _check(value: Value, kind: str) -> None:
    """Raise a Fault for an argument that cannot be converted, before any pattern is queried."""
    if kind in READS and READS[kind] and not isinstance(value, PairValue):
        build_pattern(value, READS[kind])
    if kind in ("Function", "FunctionOf") and not isinstance(value, Function):
        raise Fault(
            f"a function is wanted here, such as rev or (# speed 2), not {describe(value)}",
            value.span,
        )


def call_source(transform: Transform, arguments: tuple[Value, ...], span: Span) -> Value:
    """A call whose result is a pattern, or a stream if any of its patterns is one."""
    parts = [
        part
        for value, parameter in zip(arguments, transform.parameters, strict=True)
        if parameter.kind in CARRIERS or parameter.kind.endswith("Pattern")
        for part in _parts(value)
    ]
    if any(is_signal(part) for part in parts):
        return _mixed(transform, parts, span)
    kinds = [parameter.kind for parameter in transform.parameters]
    streams = [stream for part in parts if (stream := as_stream(part)) is not None]

    def build(kind: str) -> Pattern:
        if kind not in built:
            ready = [
                convert_argument(v, own, kind) for v, own in zip(arguments, kinds, strict=True)
            ]
            built[kind] = (
                transform.call(*ready).with_context((span,))
                if not ready
                else (transform.call(*ready))
            )
        return built[kind]

    built: dict[str, Pattern] = {}
    if not streams:
        return PatternValue(build, span)
    if kinds[-1] in READS and READS[kinds[-1]] and streams[-1] is as_stream(arguments[-1]):
        return _on_notes(transform, arguments[:-1], streams[-1], span)
    routes = tuple(dict.fromkeys(r for value in arguments for r in routes_of(value)))
    names = frozenset().union(*(names_of(value) for value in arguments))
    return StreamValue(build("control"), names, span, routes)


def _on_notes(
    transform: Transform, arguments: tuple[Value, ...], stream: StreamValue, span: Span
) -> StreamValue:
    """A transform of numbers (`scale`) given a stream acts on the notes of its events."""
    control = next((name for name in ("note", "n") if name in stream.names), None)
    if control is None:
        raise Fault(
            f"{transform.name} acts on notes, and this stream has none", span, ("n", "note")
        )
    kinds = [parameter.kind for parameter in transform.parameters]
    ready = [convert_argument(v, own, "note") for v, own in zip(arguments, kinds, strict=False)]
    numbers = stream.pattern.filter_values(lambda event: control in event)
    notes = transform.call(*ready, numbers.fmap(lambda event: event[control]))
    pattern = operate("|>", numbers, notes.fmap(lambda note: {"note": note}))
    return StreamValue(pattern, stream.names | {"note"}, span, stream.routes)


def _mixed(transform: Transform, parts: list[Value], span: Span) -> Value:
    """Signals in a call of `stack` are summed; other transforms refuse them."""
    if transform.name not in ("stack", "overlay"):
        raise Fault(
            f"{transform.name} arranges patterns; a signal has no events to arrange",
            next(part.span for part in parts if is_signal(part)),
            ("stack",),
        )
    result = parts[0]
    for part in parts[1:]:
        result = arithmetic("+", result, part, span)
    return result


def _parts(value: Value) -> Sequence[Value]:
    if isinstance(value, ListValue):
        return [part for item in value.items for part in _parts(item)]
    return value.items if isinstance(value, PairValue) else [value]


def routes_of(value: Value) -> tuple[Route, ...]:
    """The shared effects that a value brings along."""
    match value:
        case StreamValue() | Function():
            return value.routes
        case ListValue() | PairValue():
            return tuple(route for item in value.items for route in routes_of(item))
    return ()


def names_of(value: Value) -> frozenset[str]:
    """The controls that a value may set."""
    stream = as_stream(value)
    if stream is not None:
        return stream.names
    if isinstance(value, ListValue | PairValue):
        return frozenset().union(*(names_of(item) for item in value.items))
    return value.adds if isinstance(value, TransformFunction) else frozenset()


def convert_argument(value: Value, own: str, kind: str) -> Any:
    """`value` for a parameter of kind `own`; `kind` is the kind of the transform's result."""
    if own == "TimePair":
        items = _items(value, PairValue, "a pair such as (0, 0.5)")
        if len(items) != 2:
            raise Fault("a pair such as (0, 0.5) is wanted here", value.span)
        return tuple(build_pattern(item, "time") for item in items)
    if own in READS:
        return build_pattern(value, READS[own] or _free(value, own, kind))
    if own == "Patterns":
        items = _items(value, ListValue, 'a list such as [s "bd", s "sn"]')
        return [build_pattern(item, kind) for item in items]
    if own in ("Numbers", "Integers", "Values"):
        return [_constant(item, kind, own) for item in _items(value, ListValue, "a list")]
    if own in ("Weighted", "WeightedValues", "WeightedPatterns", "NamedPatterns"):
        return _pairs(value, own, kind)
    if own == "Function":
        return _function(value).on_pattern(kind)
    if own == "Functions":
        items = _items(value, ListValue, "a list of functions such as [rev, fast 2]")
        return [_function(item).on_pattern(kind) for item in items]
    if own == "FunctionOf":
        return _function_of(_function(value), kind)
    raise AssertionError(own)


def _free(value: Value, own: str, kind: str) -> str:
    """The kind of an argument that may be anything: a name or index, beside events, is plain."""
    plain = kind == "control" and own != "Pattern" and as_stream(value) is None
    return "auto" if plain else kind


def _items(value: Value, wanted: type[ListValue | PairValue], words: str) -> tuple[Value, ...]:
    if isinstance(value, wanted):
        return value.items
    raise Fault(f"{words} is wanted here, not {describe(value)}", value.span)


def _function(value: Value) -> Function:
    if isinstance(value, Function):
        return value
    raise Fault(
        f"a function is wanted here, such as rev or (# speed 2), not {describe(value)}", value.span
    )


def _constant(value: Value, kind: str, own: str) -> Any:
    if isinstance(value, Function) and own == "Values":
        return value
    found = constant(value, "number" if own != "Values" else _free(value, own, kind))
    if found is None:
        raise Fault("a list of plain numbers or words is wanted here", value.span)
    if own == "Integers" and found != int(found):  # type: ignore[call-overload]
        raise Fault("a list of whole numbers is wanted here", value.span)
    return int(found) if own == "Integers" else found  # type: ignore[call-overload]


def _pairs(value: Value, own: str, kind: str) -> list[tuple[Any, Any]]:
    pairs: list[tuple[Any, Any]] = []
    for place, item in enumerate(_items(value, ListValue, "a list of pairs")):
        if not isinstance(item, PairValue) or len(item.items) != 2:
            if own != "NamedPatterns":
                raise Fault("a pair such as (3, x) is wanted here", item.span)
            pairs.append((place, build_pattern(item, kind)))
            continue
        first, second = item.items
        if own == "Weighted":
            weight = constant(first, "time")
            if weight is None:
                raise Fault("a weight is a plain number", first.span)
            pairs.append((weight, build_pattern(second, kind)))
        elif own == "WeightedPatterns":
            pairs.append((build_pattern(first, kind), _constant(second, kind, "Numbers")))
        elif own == "NamedPatterns":
            pairs.append((_constant(first, "auto", "Values"), build_pattern(second, kind)))
        else:
            pairs.append((_constant(first, kind, "Values"), _constant(second, kind, "Numbers")))
    return pairs


def _function_of(function: Function, kind: str) -> Callable[[Any], PatternFunction]:
    def made(argument: Any) -> PatternFunction:
        value: Value = argument
        if not isinstance(argument, Function):
            value = PatternValue(lambda _: pure(argument), function.span)
        return _function(function.apply(value)).on_pattern(kind)

    return made
