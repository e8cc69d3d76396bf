"""Binds the arguments of units and controls.

Decides whether a call sets the controls of events, acts in each voice, or acts on the mix.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from phonon.dsp.registry import Unit
from phonon.errors import Fault, Span, nearest
from phonon.kernel.form import UnitParameter
from phonon.lang.conversions import as_stream, build_pattern
from phonon.lang.effect_routes import routed
from phonon.lang.values import (
    ComposedFunction,
    Function,
    ListValue,
    NumberValue,
    PairValue,
    PatternFunction,
    PatternValue,
    Route,
    RowValue,
    StreamValue,
    UnitCall,
    Value,
    VoiceInput,
    describe,
    is_signal,
    operand,
)
from phonon.patterns import NOTHING, Pattern, pure
from phonon.patterns.operators import operate
from phonon.score.controls import SEND_OF, SENDS, ControlSpec, VoiceEffect

Keywords = Mapping[str, Value]

# The families whose units may also be called as functions are: `lag 0.02 "55 110"`.
PLAIN = ("control", "mathematics")
# The controls that are read once, when an event begins.
AT_ONSET = {
    *("s", "n", "note", "octave", "velocity", "cut", "legato"),
    *("unit", "begin", "end", "loop", "accelerate"),
    *SEND_OF,
}
# The controls that the parts of `bd:3:0.5` set.
TAILS = {
    "s": ("s", "n", "gain"),
    "cutoff": ("cutoff", "resonance"),
    "hcutoff": ("hcutoff", "hresonance"),
    "bandf": ("bandf", "bandq"),
    **{send.name: tuple(spec.name for spec in send.controls) for send in SENDS.values()},
}


@dataclass(frozen=True, eq=False)
class ControlFunction(Function):
    """A control without its value, `n` or `s`: a function from patterns to streams."""

    spec: ControlSpec

    def apply(self, value: Value) -> Value:
        if as_stream(value) is not None:
            name = self.spec.name
            raise Fault(f'{name} needs a value: {name} "…"', self.span)
        return control_stream(self.spec, value, self.span)

    def on_pattern(self, kind: str) -> PatternFunction:
        raise Fault(f"{self.spec.name} needs a value before it can stand in a function", self.span)

    @property
    def voice_input(self) -> VoiceInput | None:
        return VoiceInput("note", 0.0, self.span) if self.spec.name == "note" else None


def control_stream(spec: ControlSpec, value: Value, span: Span) -> StreamValue:
    """`spec value`: a stream that sets one control (`s "bd:3"` sets n too)."""
    name = spec.name
    pattern: Pattern
    if is_signal(value):
        if name in AT_ONSET:
            raise Fault(f"{name} is read when an event begins; a signal cannot move it", value.span)
        pattern = pure({name: value}, (value.span,))
        return StreamValue(pattern, frozenset({name}), span)
    if isinstance(value, StreamValue | ListValue | PairValue | RowValue) or (
        isinstance(value, Function) and as_stream(value) is not None
    ):
        raise Fault(f"{name} takes a pattern, not {describe(value)}", value.span)
    values = build_pattern(value, spec.kind)
    values = check_words(values, spec.name, spec.words, value.span)
    tails = TAILS.get(name, (name,))
    pattern = values.fmap(
        lambda item: dict(zip(tails, item if isinstance(item, tuple) else (item,), strict=False))
    )
    names = {"s", "n", "gain"} if name == "s" else {name}
    routes = (Route(name),) if name in SENDS else ()
    return StreamValue(pattern, frozenset(names), span, routes)


def check_words(values: Pattern, name: str, words: Sequence[str], span: Span) -> Pattern:
    """A pattern whose words must be among `words`; a Fault marks any other where it stands."""

    def known(value: object, context: tuple[Span, ...]) -> bool:
        if isinstance(value, str) and value not in words:
            place = context[0] if context else span
            wanted = ", ".join(words)
            raise Fault(f"{name} is one of {wanted}, not {value}", place, nearest(value, words))
        return True

    if not words:
        return values
    if values.constant is not NOTHING:
        known(values.constant, values.context)
        return values
    return values.filter_events(lambda event: known(event[4], event[5]))


@dataclass(frozen=True, eq=False)
class EffectCall(Function):
    """A unit with an audio input, or a word that is a control too: waits for what is left of `#`.

    On a stream, a control sets the events, a voice effect becomes part of them, and a mix effect
    turns the stream into a signal; on a signal, the unit is applied.
    """

    name: str
    unit: Unit
    control: ControlSpec | None
    effect: VoiceEffect | None
    arguments: tuple[Value, ...]
    keywords: Keywords = field(default_factory=dict)

    @property
    def plain(self) -> bool:
        """Whether it reads as a control: one unnamed argument."""
        return self.control is not None and len(self.arguments) == 1 and not self.keywords

    def apply(self, value: Value) -> Value:
        stream = as_stream(value)
        mine = self.as_stream()
        if stream is not None and mine is not None:
            names = stream.names | mine.names
            routes = tuple(dict.fromkeys(stream.routes + mine.routes))
            pattern = operate("|>", stream.pattern, mine.pattern)
            return replace(stream, pattern=pattern, names=names, routes=routes, span=self.span)
        if isinstance(value, Function) and stream is None:
            return ComposedFunction(value, self, span=self.span)
        if (
            not isinstance(value, NumberValue | PatternValue)
            and not is_signal(value)
            and stream is None
        ):
            raise Fault(f"{self.name} cannot act on {describe(value)}", value.span)
        sound = (stream or value,)
        return call_unit(self.unit, sound, self.arguments, self.keywords, self.span)

    def on_pattern(self, kind: str) -> PatternFunction:
        return routed(self, kind, self.port)

    @property
    def _fed(self) -> bool:
        """Whether a named argument gives a second sound input, which an event cannot carry."""
        return any(signal.name in self.keywords for signal in self.unit.inputs[1:])

    @property
    def port(self) -> str:
        return f"{self.span.begin}:{self.span.end}"

    @property
    def routes(self) -> tuple[Route, ...]:
        mine = self.as_stream()
        return mine.routes if mine is not None else (Route(self.port, self),)

    def as_stream(self) -> StreamValue | None:
        """The stream of controls that the effect amounts to, None if it is a mix effect."""
        if self.plain and self.control is not None:
            return control_stream(self.control, self.arguments[0], self.span)
        if self.effect is None or self._fed:
            return None
        values = bind(self.effect.unit, self.arguments, self.keywords, self.span)
        parameters = self.effect.unit.parameters
        streams = [
            control_stream(control_of(key, parameter), value, value.span)
            for key, parameter, value in zip(self.effect.keys, parameters, values, strict=True)
            if value is not None
        ]
        if not streams or streams[0].names != {self.effect.primary}:
            default = pure({self.effect.primary: _first_default(self.effect.unit)}, (self.span,))
            streams.insert(0, StreamValue(default, frozenset({self.effect.primary}), self.span))
        result = streams[0]
        for stream in streams[1:]:
            pattern = operate("|>", result.pattern, stream.pattern)
            result = replace(result, pattern=pattern, names=result.names | stream.names)
        return replace(result, span=self.span)


def _first_default(unit: Unit) -> float:
    return (unit.parameters[0].default or 0.0) if unit.parameters else 1.0


def parameter_kind(kind: str) -> str:
    """The kind to which a unit's parameter converts words."""
    return {"hz": "hz", "choice": "word", "boolean": "boolean"}.get(kind, "number")


def control_of(key: str, parameter: UnitParameter) -> ControlSpec:
    """The control that sets a parameter of a voice effect."""
    return ControlSpec(key, parameter_kind(parameter.kind), words=parameter.words)


def bind(
    unit: Unit, arguments: tuple[Value, ...], keywords: Keywords, span: Span
) -> tuple[Value | None, ...]:
    """One value (or None) for each parameter of `unit`, from places and names."""
    parameters = unit.parameters
    names = [parameter.name for parameter in parameters]
    if len(arguments) > len(parameters):
        count = len(parameters)
        wanted = f"at most {count} argument{'s' * (count != 1)}: {' '.join(names)}"
        extra = arguments[len(parameters)]
        raise Fault(f"{unit.name} takes {wanted if count else 'no arguments'}", extra.span)
    bound = dict(zip(names, map(operand, arguments), strict=False))
    for name, value in keywords.items():
        if name not in names:
            raise Fault(
                f"{unit.name} has no parameter :{name}; it has {' '.join(names) or 'none'}",
                value.span,
                nearest(name, names),
            )
        if name in bound:
            raise Fault(f"{unit.name} has :{name} twice, by place and by name", value.span)
        bound[name] = operand(value)
    missing = [p.name for p in parameters if p.default is None and p.name not in bound]
    if missing:
        raise Fault(f"{unit.name} needs {' and '.join(missing)}", span)
    for value in bound.values():
        if isinstance(value, PartialCall):
            raise Fault(f"{value.name} needs another argument to be a value", value.span)
        if isinstance(value, Function) and as_stream(value) is None:
            raise Fault(f"{unit.name} takes values, not functions", value.span)
    return tuple(bound.get(name) for name in names)


def call_unit(
    unit: Unit,
    sound: tuple[Value, ...],
    arguments: tuple[Value, ...],
    keywords: Keywords,
    span: Span,
) -> UnitCall:
    """Bind audio inputs (further ones may be named) and arguments to a call of a unit."""
    further = [signal.name for signal in unit.inputs[len(sound) :]]
    rest = {name: value for name, value in keywords.items() if name not in further}
    sounds = *map(operand, sound), *(keywords.get(name) for name in further)
    return UnitCall(unit, sounds + bind(unit, arguments, rest, span), span)


@dataclass(frozen=True, eq=False)
class PartialCall(Function):
    """A name with fewer arguments than it takes; the next value is the next argument."""

    name: str
    complete: Callable[[tuple[Value, ...]], Value]
    arguments: tuple[Value, ...] = ()

    def apply(self, value: Value) -> Value:
        return self.complete((*self.arguments, value))

    def on_pattern(self, kind: str) -> PatternFunction:
        def call(pattern: Pattern) -> Pattern:
            value: Value
            if kind == "control":
                value = StreamValue(pattern, frozenset(), self.span)
            else:
                value = PatternValue(lambda _: pattern, self.span)
            return build_pattern(self.apply(value), kind)

        return call


def is_control(value: Value) -> bool:
    """Whether a function can be read as a stream that sets a named control."""
    return isinstance(value, EffectCall) and value.control is not None and value.plain
