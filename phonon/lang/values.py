"""Values of expressions: numbers, patterns, streams, signals, functions."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction

from phonon.dsp.registry import Unit
from phonon.errors import Fault, Span
from phonon.graph import node as graph
from phonon.patterns import Pattern

PatternFunction = Callable[[Pattern], Pattern]


@dataclass(frozen=True, slots=True, eq=False)
class NumberValue:
    """A number literal, or arithmetic on such: exact."""

    value: int | Fraction
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class PatternValue:
    """A pattern of plain values.

    Words become values only when a consumer says what it wants: `build("note")` is the pattern
    read as notes.
    """

    build: Callable[[str], Pattern]
    span: Span


@dataclass(frozen=True, slots=True)
class Route:
    """A port of a stream besides its mix, and the shared effect that the port feeds.

    Either a mix effect inside a function, one instance into which the selected events are sent,
    or a send (`# delay 0.4`), whose `effect` is None: the port's name says which.
    """

    port: str
    effect: Function | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, eq=False)
class StreamValue:
    """A pattern of control maps; `names` are the controls that some event may set."""

    pattern: Pattern
    names: frozenset[str]
    span: Span
    routes: tuple[Route, ...] = ()

    @property
    def sounds(self) -> bool:
        """Whether the control `s` is set."""
        return "s" in self.names

    def mapped(self, function: TransformFunction) -> StreamValue:
        """This stream with its pattern transformed."""
        return replace(
            self,
            pattern=function.on_pattern("control")(self.pattern),
            routes=tuple(dict.fromkeys(self.routes + function.routes)),
            names=self.names | function.adds,
        )


@dataclass(frozen=True, slots=True, eq=False)
class UnitCall:
    """A unit with all its inputs and parameters in order; None takes the parameter's default."""

    unit: Unit
    inputs: tuple[Value | None, ...]
    span: Span
    data: tuple[tuple[float, ...], ...] = ()
    key: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class BusUse:
    """A signal bus, used unchanged."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class VoiceInput:
    """`freq`, `note`, `gate`, `velocity` or a synth's own control, inside an instrument."""

    name: str
    default: float
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class InputValue:
    """A ready-made graph input (a send's mix, a stream's latest control)."""

    input: graph.Input
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class ListValue:
    """`[a, b]`; an argument only."""

    items: tuple[Value, ...]
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class PairValue:
    """`(a, b)`; an argument only."""

    items: tuple[Value, ...]
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class RowValue:
    """`4 2000 exp`, a keyframe: the numbers and words of a row; an argument only."""

    items: tuple[Value | str, ...]
    span: Span


@dataclass(frozen=True, eq=False)
class Function:
    """Something that is applied to a value: a transform, an effect, a section, a composition."""

    span: Span = field(kw_only=True)

    @abstractmethod
    def apply(self, value: Value) -> Value:
        """The function's result for `value`."""

    @abstractmethod
    def on_pattern(self, kind: str) -> PatternFunction:
        """The function on patterns whose values are of `kind`."""

    @property
    def routes(self) -> tuple[Route, ...]:
        """The shared mix effects to which the function sends events."""
        return ()

    @property
    def voice_input(self) -> VoiceInput | None:
        """The voice input that the bare word is as an operand, None for most functions."""
        return None


@dataclass(frozen=True, eq=False)
class ComposedFunction(Function):
    """`first`, then `second`."""

    first: Function
    second: Function

    def apply(self, value: Value) -> Value:
        return self.second.apply(self.first.apply(value))

    def on_pattern(self, kind: str) -> PatternFunction:
        first, second = self.first.on_pattern(kind), self.second.on_pattern(kind)
        return lambda pattern: second(first(pattern))

    @property
    def routes(self) -> tuple[Route, ...]:
        return self.first.routes + self.second.routes


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


Signal = UnitCall | BusUse | VoiceInput | InputValue
Listed = ListValue | PairValue | RowValue
Value = NumberValue | PatternValue | StreamValue | Signal | Listed | Function


def describe(value: Value) -> str:
    """Description of a value for error messages."""
    match value:
        case NumberValue():
            return "a number"
        case PatternValue():
            return "a pattern"
        case StreamValue():
            return "a stream of events"
        case ListValue():
            return "a list"
        case PairValue():
            return "a pair"
        case RowValue():
            return "a keyframe"
        case Function():
            return "a function"
        case _:
            return "a signal"


def is_signal(value: Value) -> bool:
    """Whether `value` is sound or modulation at audio rate."""
    return isinstance(value, UnitCall | BusUse | VoiceInput | InputValue)


def operand(value: Value) -> Value:
    """`value` as an operand or an input of a unit, where a bare `note` is the voice's note."""
    return (value.voice_input or value) if isinstance(value, Function) else value


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
            return value.mapped(function)
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


def has_stream(value: Value | None) -> bool:
    """Whether there are events inside a signal."""
    if isinstance(value, UnitCall):
        return any(has_stream(item) for item in value.inputs)
    return isinstance(value, StreamValue)


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
    from phonon.lang.conversions import build_pattern

    return lambda kind: build_pattern(value, kind)
