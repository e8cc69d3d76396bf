"""Converts values to nodes of the sound graph."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import combinations

from phonon.dsp.registry import Unit, units
from phonon.errors import Fault, Span
from phonon.graph import node as graph
from phonon.graph.spec import check_lines
from phonon.kernel.form import UnitParameter
from phonon.lang.conversions import as_stream, build_pattern
from phonon.lang.unit_calls import (
    PLAIN,
    ControlFunction,
    EffectCall,
    PartialCall,
    call_unit,
    check_words,
    parameter_kind,
)
from phonon.lang.values import (
    BusUse,
    Function,
    InputValue,
    NumberValue,
    PatternValue,
    Route,
    StreamValue,
    UnitCall,
    Value,
    VoiceInput,
    describe,
    is_signal,
)
from phonon.patterns import NOTHING, Pattern
from phonon.score.controls import SENDS

MOST_SIMULTANEOUS = 16  # values of one parameter that sound at once
LOOK_AHEAD = 16  # cycles that are searched for simultaneous values
MOST_ROUTES = 4
GIANT = 2**1023  # whole numbers beyond have no place in a float
ALWAYS = graph.Const(1.0)
LARGEST = 1e12  # of the numbers in a signal; their products have room above


@dataclass(slots=True)
class GraphEmitter:
    """Converts values to graph inputs; a value that is used twice is converted once.

    `definition` gives the value of a bus; a `voice` is what an instrument plays. A mistake that
    only events bring to light is at `place`.
    """

    definition: Callable[[str], Value]
    scope: str = ""
    voice: bool = False
    place: Span | None = None
    _made: dict[int, tuple[Value, graph.Input]] = field(default_factory=dict)
    _several: dict[int, tuple[Value, list[graph.Input]]] = field(default_factory=dict)
    _counts: dict[str, int] = field(default_factory=dict)
    _shared: dict[int, graph.SharedSignal] = field(default_factory=dict)
    _open: set[str] = field(default_factory=set)  # buses that a voice is being made of

    def signal(self, value: Value) -> graph.Input:
        """Convert `value` to sound or modulation."""
        known = self._made.get(id(value))
        if known is not None:
            return known[1]
        made = self._signal(value)
        self._made[id(value)] = (value, made)
        return made

    def _signal(self, value: Value) -> graph.Input:
        stream = as_stream(value)
        if stream is not None:
            return self.stream(stream)
        match value:
            case NumberValue():
                return graph.Const(_number(value.value, value.span))
            case PatternValue():
                return self.summed(self.held(value, "number", 0.0))
            case UnitCall():
                return self.unit(value)
            case BusUse():
                return self.bus(value)
            case VoiceInput():
                if not self.voice:
                    raise Fault(
                        f"{value.name} has a meaning inside an instrument only; "
                        'play it with s "name"',
                        value.span,
                    )
                return graph.Control(value.name, value.default)
            case InputValue():
                return value.input
        raise soundless_fault(value)

    def bus(self, value: BusUse) -> graph.Input:
        """A use of a bus; one that reads a voice's inputs is a Fault outside an instrument."""
        definition = self.definition(value.name)
        if not reads_voice(definition, self.definition):
            return graph.Bus(value.name)
        if value.name in self._open:
            raise Fault(f"~{value.name} feeds itself, which a voice cannot", value.span)
        if self.voice:
            self._open.add(value.name)
            made = self.signal(definition)
            self._open.remove(value.name)
            return made
        played = f's "~{value.name}"'
        message = f"~{value.name} reads the note of a voice; it sounds when {played} plays it"
        raise Fault(message, value.span, (played,))

    # -- units ----------------------------------------------------------------------------------

    def unit(self, call: UnitCall) -> graph.Input:
        """A call of a unit; simultaneous values of a parameter make one instance each, summed."""
        if self.voice and call.unit.scope == "mix":
            raise Fault(
                f"{call.unit.name} works on a mix, not inside each voice; "
                f'put it behind the stream: s "…" # {call.unit.name}',
                call.span,
            )
        first, *others = self.instances(call)
        gated = [
            graph.Node("mul", (node, _presence(node, index)))
            for index, node in enumerate(others, 1)
        ]
        return self.summed([first, *gated])

    def instances(self, call: UnitCall, *, apart: bool = False) -> list[graph.Input]:
        """One node for each simultaneous value of a parameter (and of a sound, if `apart`)."""
        choices = [
            self.choices(call.unit, index, value, apart=apart)
            for index, value in enumerate(call.inputs)
        ]
        key = self.key(call.unit)
        nodes: list[graph.Input] = []
        for index in range(max((len(choice) for choice in choices), default=1)):
            inputs = tuple(choice[min(index, len(choice) - 1)] for choice in choices)
            name = f"{key}/{index}" if key and index else key
            node = graph.Node(call.unit.name, inputs, call.data, name)
            try:
                check_lines(call.unit, node)
            except Fault as fault:
                raise fault.placed(call.span) from None
            nodes.append(node)
        return nodes

    def several(self, value: Value) -> list[graph.Input]:
        """One signal for each simultaneous value, two for `lag 0.02 "[55,82]"`."""
        if isinstance(value, PatternValue):
            return self.held(value, "number", 0.0)
        if not isinstance(value, UnitCall) or value.unit.family not in PLAIN:
            return [self.signal(value)]
        known = self._several.get(id(value))
        made = known[1] if known else self.instances(value, apart=True)
        self._several[id(value)] = (value, made)
        return made

    def choices(
        self, unit: Unit, index: int, value: Value | None, *, apart: bool
    ) -> list[graph.Input]:
        """Graph inputs for an input or parameter of a unit, one for each simultaneous value."""
        sounds = len(unit.inputs)
        if index < sounds:
            if value is not None:
                return self.several(value) if apart else [self.signal(value)]
            if self.voice and unit.inputs[index].name == "gate":
                return [graph.Control("gate", 1.0)]
            return [graph.Const(unit.inputs[index].default or 0.0)]
        parameter = unit.parameters[index - sounds]
        default = 0.0 if parameter.default is None else float(parameter.default)
        if value is None:
            return [graph.Const(default)]
        if isinstance(value, PatternValue) and parameter.words:
            return self.chosen(value, parameter, default)
        if isinstance(value, PatternValue):
            return self.held(value, parameter_kind(parameter.kind), default)
        return self.several(value)

    def chosen(
        self, value: PatternValue, parameter: UnitParameter, default: float
    ) -> list[graph.Input]:
        """A pattern of words as their positions in the list of the parameter."""

        def place(word: object) -> object:
            return parameter.words.index(word) if isinstance(word, str) else word

        words = build_pattern(value, "auto")
        numbers = check_words(words, parameter.name, parameter.words, value.span).fmap(place)
        return self.held(PatternValue(lambda _: numbers, value.span), "number", default)

    def held(self, value: PatternValue, kind: str, default: float) -> list[graph.Input]:
        """Held values, one for each simultaneous one; a curve if the pattern is continuous."""
        pattern = build_pattern(value, kind).guarded(value.span)
        if pattern.constant is not NOTHING:
            return [graph.Const(_number(pattern.constant, value.span))]
        events = pattern.query(Fraction(0), Fraction(1))
        for event in events:
            _number(event.value, value.span)
        if any(event.whole is None for event in events):
            return [graph.Curve(pattern)]
        count = count_simultaneous(pattern)
        if count > MOST_SIMULTANEOUS:
            raise Fault(f"more than {MOST_SIMULTANEOUS} values at once", value.span)
        return [graph.Held(pattern, default, index) for index in range(max(count, 1))]

    def summed(self, nodes: Iterable[graph.Input]) -> graph.Input:
        first, *rest = nodes
        for node in rest:
            first = graph.Node("add", (first, node))
        return first

    def key(self, unit: Unit) -> str:
        """A name that keeps two calls of a unit with random state apart."""
        if not unit.seeded:
            return ""
        self._counts[unit.name] = self._counts.get(unit.name, 0) + 1
        return f"{self.scope}/{unit.name}/{self._counts[unit.name]}"

    # -- streams --------------------------------------------------------------------------------

    def stream(self, value: StreamValue) -> graph.Input:
        """The mix of a stream's voices, with its sends and its routed effects."""
        if self.voice:
            raise Fault("a stream cannot play inside a voice of another", value.span)
        self._counts["stream"] = self._counts.get("stream", 0) + 1
        name = f"{self.scope}/{self._counts['stream']}"
        events = value.pattern.fmap(self.resolved).guarded(self.place or value.span)
        stream = graph.Stream(name, events)
        nodes: list[graph.Input] = [graph.Mix(stream)]
        effects = [route for route in value.routes if route.effect is not None]
        if len(effects) > MOST_ROUTES:
            raise Fault(f"more than {MOST_ROUTES} mix effects inside functions", value.span)
        for count in range(1, len(effects) + 1):
            chosen = combinations(effects, count)
            nodes += (self.routed(stream, some, value.span) for some in chosen)
        sends = (route.port for route in value.routes if route.effect is None)
        nodes += (self.signal(send(port, stream, value.span)) for port in sends)
        return self.summed(nodes)

    def routed(self, stream: graph.Stream, chosen: tuple[Route, ...], span: Span) -> graph.Input:
        port = "+".join(sorted(route.port for route in chosen))
        result: Value = InputValue(graph.Mix(stream, port), span)
        for route in chosen:
            if route.effect is not None:
                result = route.effect.apply(result)
        return self.signal(result)

    def resolved(self, controls: object) -> object:
        """The controls of an event, with signals converted to graph inputs."""
        if not isinstance(controls, dict):
            return controls
        if not any(is_signal(item) for item in controls.values()):
            return controls
        return {
            name: self.shared(name, item) if is_signal(item) else item
            for name, item in controls.items()
        }

    def shared(self, control: str, value: Value) -> graph.SharedSignal:
        """A signal that modulates all voices; its name identifies it across evaluations."""
        known = self._shared.get(id(value))
        if known is None:
            kind = f"{control} by a signal"
            self._counts[kind] = self._counts.get(kind, 0) + 1
            name = f"{self.scope}/{control}/{self._counts[kind]}"
            known = self._shared[id(value)] = graph.SharedSignal(self.signal(value), name)
        return known


def _presence(item: graph.Input, index: int) -> graph.Input:
    """An input that is 1 while the pattern has a value for instance `index`, otherwise 0."""
    if isinstance(item, graph.Held) and item.index == index:
        return replace(item, presence=True)
    if isinstance(item, graph.Node):
        found = (_presence(each, index) for each in item.inputs)
        return next((gate for gate in found if gate != ALWAYS), ALWAYS)
    return ALWAYS


def soundless_fault(value: Value) -> Fault:
    """The Fault for a value without sound, with a hint how to make one."""
    match value:
        case ControlFunction(spec=spec):
            return Fault(f'{spec.name} needs a value: {spec.name} "…"', value.span)
        case EffectCall(name=name):
            message = f'nothing sounds here: {name} changes a sound; s "bd" # {name} … has one'
            return Fault(message, value.span)
        case PartialCall(name=name):
            return Fault(f"{name} is a function that needs more arguments", value.span)
        case Function():
            return Fault('this is a function of patterns: give it one, … $ s "bd"', value.span)
    return Fault(f"sound is wanted here, not {describe(value)}", value.span)


def send(port: str, stream: graph.Stream, span: Span) -> Value:
    """The wet sound of a send, whose parameters the stream's latest event sets."""
    sent = SENDS[port]
    settings: dict[str, Value] = {
        parameter: InputValue(graph.Last(stream, spec.name, spec.default or 0.0), span)
        for parameter, spec in sent.settings.items()
    }
    sound = InputValue(graph.Mix(stream, port), span)
    return call_unit(
        units()[sent.unit], (sound,), (), {**settings, "mix": NumberValue(1, span)}, span
    )


def _number(value: object, span: Span) -> float:
    if isinstance(value, bool | int | float | Fraction):
        if not -LARGEST <= value <= LARGEST:
            shown = f"{float(value):g}" if -GIANT < value < GIANT else "this number"
            raise Fault(f"{shown} is more than a signal can hold", span)
        return float(value)
    raise Fault(f"a number is wanted here, not {value!r}", span)


def count_simultaneous(pattern: Pattern) -> int:
    """The largest number of simultaneous events in the first LOOK_AHEAD cycles."""
    most = 0
    for cycle in range(LOOK_AHEAD):
        edges = []
        for event in pattern.query(cycle, cycle + 1):
            edges.append((event.part.begin, 1))
            edges.append((event.part.end, -1))
        count = 0
        for _, change in sorted(edges):
            count += change
            most = max(most, count)
    return most


def reads_voice(value: Value | None, definition: Callable[[str], Value]) -> bool:
    """Whether a value reads the inputs of a voice (`freq`, `gate` …), itself or through buses."""
    return _reads_voice(value, definition, set())


def _reads_voice(value: Value | None, definition: Callable[[str], Value], seen: set[str]) -> bool:
    match value:
        case VoiceInput():
            return True
        case UnitCall():
            return any(_reads_voice(item, definition, seen) for item in value.inputs)
        case BusUse() if value.name not in seen:
            seen.add(value.name)
            return _reads_voice(definition(value.name), definition, seen)
        case Function():
            return False
    return False
