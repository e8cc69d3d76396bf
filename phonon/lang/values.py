"""Values of expressions: numbers, patterns, streams, signals, functions."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

from phonon.dsp.registry import Unit
from phonon.errors import Span
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
    """A place besides the mix to which some events of a stream go.

    Either a mix effect inside a function, one instance into which the selected events are sent,
    or a send (`# delay 0.4`), whose `effect` is None: `port` names it.
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
    """A value that is a graph input already: a send's sound, a control of the latest event."""

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

    def as_stream(self) -> StreamValue | None:
        """The stream of controls that the function amounts to, None for most functions."""
        return None

    @property
    def voice_input(self) -> VoiceInput | None:
        """For a bare word such as `note` as an operand, the voice input that it means."""
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


def has_stream(value: Value | None) -> bool:
    """Whether there are events inside a signal."""
    if isinstance(value, UnitCall):
        return any(has_stream(item) for item in value.inputs)
    return isinstance(value, StreamValue)
