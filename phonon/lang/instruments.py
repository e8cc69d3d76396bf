"""Builds instruments: the program's synths, buses that `s` plays, and built-in ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from phonon.errors import Fault
from phonon.lang import kit
from phonon.lang.conversions import constant
from phonon.lang.evaluator import Evaluator
from phonon.lang.graph_emitter import LARGEST, GraphEmitter, reads_voice
from phonon.lang.name_resolver import VOICE_INPUTS, NameResolver
from phonon.lang.operators import arithmetic
from phonon.lang.statement_syntax import SynthDefinition
from phonon.lang.values import (
    BusUse,
    ListValue,
    UnitCall,
    Value,
    VoiceInput,
    describe,
    is_signal,
)
from phonon.score.instrument import MIDDLE_C, Instrument

BusValue = Callable[[str], Value]


class Instruments(Mapping[str, Instrument]):
    """The instruments that `s` can play, by name; each is built at its first use.

    `own` are the program's synths, which come before sample banks of the same name; they may be
    added later.
    """

    def __init__(self, own: dict[str, Instrument], bus: Callable[[str], Value | None]) -> None:
        self.own = own
        self._bus = bus
        self._built: dict[str, Instrument] = {}

    def __getitem__(self, name: str) -> Instrument:
        if name in self.own:
            return self.own[name]
        if name not in self._built:
            if name.startswith("~"):
                value = self._bus(name[1:])
                if value is None:
                    raise KeyError(name)
                if not is_signal(value):
                    raise Fault(f"{name} holds {describe(value)}; only a sound can be played by s")
                self._built[name] = bus_instrument(name, value, self._definition)
            else:
                self._built[name] = kit.instrument(name)
        return self._built[name]

    def _definition(self, name: str) -> Value:
        value = self._bus(name)
        if value is None:
            raise Fault(f"~{name} cannot be played")
        return value

    def __iter__(self) -> Iterator[str]:
        yield from self.own
        yield from (name for name in kit.names() if name not in self.own)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def synth_instrument(
    synth: SynthDefinition, names: NameResolver, definition: BusValue
) -> Instrument:
    """Build the instrument of a `synth` statement; raises a Fault for a mistake in it."""
    evaluator = Evaluator(names)
    inputs: dict[str, Value] = {}
    defaults: dict[str, float] = {}
    variants: dict[str, tuple[float, ...]] = {}
    for parameter in synth.parameters:
        if parameter.name == "s":
            raise Fault("s names what sounds and cannot be a parameter", parameter.span)
        default = VOICE_INPUTS.get(parameter.name, 0.0)
        if parameter.default is not None:
            default, *others = _defaults(evaluator.value(parameter.default))
            defaults[parameter.name] = default
            if others:
                variants[parameter.name] = (default, *others)
        elif parameter.name not in VOICE_INPUTS and parameter.name != "n":
            raise Fault(f"{parameter.name} needs a default: {parameter.name}=0.5", parameter.span)
        inputs[parameter.name] = VoiceInput(parameter.name, default, parameter.span)
    value = evaluator.within(inputs).value(synth.value)
    graph = GraphEmitter(definition, synth.name, voice=True).signal(value)
    return Instrument(synth.name, graph, defaults, variants=variants)


def _defaults(given: Value) -> list[float]:
    """The default of a parameter, or the list of those among which `n` chooses."""
    items = given.items if isinstance(given, ListValue) else (given,)
    numbers = [constant(item, "number") for item in items]
    defaults = [float(number) for number in numbers if isinstance(number, int | float)]
    if len(defaults) < len(items) or not defaults:
        message = "a default is a plain number, or a list of them among which n chooses"
        raise Fault(message, given.span)
    if max(map(abs, defaults)) > LARGEST:
        raise Fault("this default is more than a signal can hold", given.span)
    return defaults


def bus_instrument(name: str, value: Value, definition: BusValue) -> Instrument:
    """Build an instrument from a bus; if it reads no input of a voice, the note transposes it."""
    if not reads_voice(value, definition):
        value = transposed(value, definition, set())
    return Instrument(name, GraphEmitter(definition, name, voice=True).signal(value))


def transposed(value: Value, definition: BusValue, seen: set[str]) -> Value:
    """A copy of a signal with the frequency of every generator multiplied by the note's ratio."""
    if isinstance(value, BusUse) and value.name not in seen:
        return transposed(definition(value.name), definition, seen | {value.name})
    if not isinstance(value, UnitCall):
        return value
    inputs = [item if item is None else transposed(item, definition, seen) for item in value.inputs]
    unit = value.unit
    if not unit.is_effect and unit.parameters and unit.parameters[0].kind == "hz":
        note = VoiceInput("transpose", 1.0, value.span)
        first = inputs[0] or VoiceInput("freq", MIDDLE_C, value.span)
        inputs[0] = arithmetic("*", first, note, value.span)
    return replace(value, inputs=tuple(inputs))
