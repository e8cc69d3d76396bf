"""Lowers statements: one function for each kind, which adds it to the program and its score."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from phonon.errors import Fault
from phonon.graph.node import Const
from phonon.lang import syntax as ast
from phonon.lang.conversions import as_stream, build_pattern
from phonon.lang.graph_emitter import LOOK_AHEAD, reads_voice, soundless_fault
from phonon.lang.instruments import synth_instrument
from phonon.lang.statement_syntax import (
    BusDefinition,
    CommandStatement,
    FnDefinition,
    OutputDefinition,
    Rng,
    SynthDefinition,
    Tempo,
)
from phonon.lang.values import Function, NumberValue, PatternValue, is_signal
from phonon.patterns import Pattern, pure, with_rng
from phonon.patterns.operators import operate

if TYPE_CHECKING:
    from phonon.lang.program import Program

SLOWEST, FASTEST = 0.001, 1000.0  # cycles per second
SOUNDING = {"s", "note", "n", "freq"}  # the controls of which an event needs one to be heard

Lowering = Callable[["Program", ast.Statement], None]
S = TypeVar("S", bound=ast.Statement)
Registered = Callable[["Program", S], None]

DECLARATIONS: dict[str, Lowering] = {}
LOWERINGS: dict[str, Lowering] = {}


def declares(kind: str) -> Callable[[Registered[S]], Registered[S]]:
    """Register what a kind of statements does before any expression is worked out."""
    return _registering(DECLARATIONS, kind)


def lowers(kind: str) -> Callable[[Registered[S]], Registered[S]]:
    """Register what a kind of statements adds to the score."""
    return _registering(LOWERINGS, kind)


def _registering(where: dict[str, Lowering], kind: str) -> Callable[[Registered[S]], Registered[S]]:
    def register(function: Registered[S]) -> Registered[S]:
        where[kind] = function  # type: ignore[assignment]
        return function

    return register


@declares("rng")
def declare_rng(program: Program, rng: Rng) -> None:
    """Build all patterns of the program with the formula, unless another is imposed."""
    if program.rng is None:
        program.settings.enter_context(with_rng(rng.choice))


@declares("fn")
def declare_fn(program: Program, function: FnDefinition) -> None:
    """Make a function known; its body is evaluated where it is called."""
    program.words.functions[function.name] = function


@declares("synth")
def declare_synth(program: Program, synth: SynthDefinition) -> None:
    """Make the parameters of an instrument controls."""
    program.words.synth_controls.update(parameter.name for parameter in synth.parameters)


@declares("bus")
def declare_bus(program: Program, bus: BusDefinition) -> None:
    """Make a bus known; its value is worked out when it is first asked for."""
    program.buses[bus.name] = bus


@lowers("tempo")
def lower_tempo(program: Program, tempo: Tempo) -> None:
    """Set the cycles per second."""
    cps = build_pattern(program.evaluated(tempo.value), "number")
    if tempo.unit == "bpm":
        beats = pure(4)
        if tempo.beats is not None:
            beats = build_pattern(program.evaluated(tempo.beats), "number")
        cps = operate("|/", operate("|/", cps, pure(60)), beats)
    program.score.cps = _checked(cps, tempo)


def _checked(cps: Pattern, tempo: Tempo) -> Pattern:
    cps = cps.guarded(tempo.value.span)
    for event in cps.query(0, LOOK_AHEAD):
        if not isinstance(event.value, int | float):
            raise Fault("a tempo is one number", tempo.value.span)
        if not SLOWEST <= event.value <= FASTEST and event.whole is not None:
            raise Fault(
                f"a tempo of {event.value:g} cycles per second (at cycle "
                f"{event.part.begin}); {SLOWEST:g} to {FASTEST:g} will do",
                tempo.value.span,
            )
    return cps


@lowers("synth")
def lower_synth(program: Program, synth: SynthDefinition) -> None:
    """Add an instrument."""
    program.instruments[synth.name] = synth_instrument(synth, program.words, program.definition)


@lowers("bus")
def lower_bus(program: Program, bus: BusDefinition) -> None:
    """Add the graph of a bus that is a signal; of a pattern, find its mistakes."""
    value = program.definition(bus.name)
    if is_signal(value) and not reads_voice(value, program.definition):
        emitter = program.emitter(f"~{bus.name}", bus.value.span)
        program.score.buses[bus.name] = emitter.signal(value)
    elif isinstance(value, PatternValue):
        build_pattern(value, "auto").query(0, 1)


@lowers("output")
def lower_output(program: Program, output: OutputDefinition) -> None:
    """Add the graph of an output, which must sound."""
    outputs, place = program.score.outputs, output.value.span
    if isinstance(output.value, ast.Name) and output.value.name == "silence":
        outputs[output.name] = Const(0.0)
        return
    value = program.evaluated(output.value)
    if isinstance(value, NumberValue | PatternValue):
        build_pattern(value, "auto").guarded(place).query(0, 1)
        message = "a pattern of values makes no sound by itself; say what plays it"
        raise Fault(message, place, ("s", "note", "saw"))
    stream = as_stream(value)
    if stream is not None and not stream.names & SOUNDING:
        if isinstance(value, Function):
            raise soundless_fault(value)
        message = "nothing sounds here: these events have no sound and no note"
        raise Fault(message, place, ("s", "note", "n"))
    outputs[output.name] = program.emitter(output.name, place).signal(value)


@lowers("command")
def lower_command(program: Program, command: CommandStatement) -> None:
    """Add a command, for whoever plays the score to carry out."""
    program.score.commands.append((command.name, command.outputs))
