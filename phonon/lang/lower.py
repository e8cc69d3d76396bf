"""From a program's text to its score: every statement by itself, every mistake reported."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

from phonon.errors import Diagnostic, Fault, PhononError, Span, nearest
from phonon.graph.node import Const
from phonon.lang import syntax as ast
from phonon.lang.convert import as_stream, build_pattern
from phonon.lang.emit import LOOK_AHEAD, Emitter, soundless, voiced
from phonon.lang.evaluate import Evaluator
from phonon.lang.instruments import Instruments, synth_instrument
from phonon.lang.names import Names
from phonon.lang.parser import parse_expression, parse_program
from phonon.lang.splitter import split
from phonon.lang.values import (
    BusUse,
    Function,
    ListValue,
    Num,
    PairValue,
    Pat,
    RowValue,
    Value,
    describe,
    is_signal,
)
from phonon.patterns import Pattern, pure, with_rng
from phonon.patterns.operators import operate
from phonon.patterns.work import limited
from phonon.score import Score
from phonon.score.instrument import Instrument

_BUS_HEAD = re.compile(r"~([^\W\d]\w*)")

SLOWEST, FASTEST = 0.001, 1000.0  # cycles per second
SOUNDING = {"s", "note", "n", "freq"}  # the controls of which an event needs one to be heard


def compile_program(
    source: str, *, rng: str | None = None, whole: bool = True
) -> tuple[Score, list[Diagnostic]]:
    """The score of a program, and everything that is wrong with it.

    The score holds what could be understood; with any diagnostic of severity "error" it is not
    what was written. `rng` overrides the program's own `rng:` statement. A `whole` program must
    have an output; what a performer has evaluated so far need not.
    """
    statements, diagnostics = parse_program(source)
    chosen = next((s.choice for s in reversed(statements) if isinstance(s, ast.Rng)), "precise")
    with with_rng(rng or chosen):
        program = Program(source, statements, diagnostics)
        score = program.score(whole=whole)
    diagnostics.sort(key=lambda diagnostic: (diagnostic.line, diagnostic.column))
    return score, diagnostics


def compile_pattern(source: str, *, rng: str = "precise") -> Pattern:
    """The pattern of one expression, or of mini-notation that stands there without quotes.

    Raises PhononError.
    """
    with with_rng(rng):
        if '"' in source:
            return _meaning(source, parse_expression(source))
        try:
            node = parse_expression(source)
        except PhononError:
            return _unquoted_pattern(source)
        try:
            if any(letter.isalpha() for letter in source):
                return _meaning(source, node)
        except PhononError as error:
            try:
                return _unquoted_pattern(source)
            except PhononError:
                raise error from None
        return _unquoted_pattern(source)


def _unquoted_pattern(source: str) -> Pattern:
    quoted = f'"{source}"'
    try:
        return _meaning(quoted, parse_expression(quoted))
    except PhononError as error:
        raise PhononError([_unquoted(d) for d in error.diagnostics]) from None


def _meaning(source: str, node: ast.Expression) -> Pattern:
    try:
        value = Evaluator(Names(_NoBuses())).value(node)
        if is_signal(value):
            raise Fault("a signal has no events", node.span)
        return build_pattern(value, "auto")
    except Fault as fault:
        raise PhononError([fault.placed(node.span).diagnostic(source)]) from None


def _unquoted(diagnostic: Diagnostic) -> Diagnostic:
    """The same place in the text without the quote that was put before it."""
    shift = 1 if diagnostic.line == 1 else 0
    end_shift = 1 if diagnostic.end_line == 1 else 0
    return Diagnostic(
        diagnostic.message,
        diagnostic.line,
        max(diagnostic.column - shift, 1),
        diagnostic.end_line,
        max(diagnostic.end_column - end_shift, 1),
        diagnostic.suggestions,
        diagnostic.severity,
    )


class _NoBuses:
    """The buses of an expression that stands alone: none."""

    def value(self, name: str, span: Span) -> Value:
        raise Fault(f"there is no bus ~{name} here", span)

    def definition(self, name: str) -> Value:
        raise Fault(f"there is no bus ~{name} here")

    def names(self) -> list[str]:
        return []


class _Depends(Exception):
    """A definition rests on one that failed, which has been reported."""


@dataclass(slots=True)
class Program:
    """The definitions of one program while they are given their meanings."""

    source: str
    statements: list[ast.Statement]
    diagnostics: list[Diagnostic]
    _buses: dict[str, ast.BusDefinition] = field(default_factory=dict)
    _values: dict[str, Value] = field(default_factory=dict)
    _failed: set[str] = field(default_factory=set)
    _open: list[str] = field(default_factory=list)
    _circles: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _names: Names = field(init=False)
    _emitters: dict[str, Emitter] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._names = Names(self)
        for statement in self.statements:
            match statement:
                case ast.BusDefinition():
                    self._unique(statement, f"~{statement.name}", statement.name in self._buses)
                    self._buses[statement.name] = statement
                case ast.FnDefinition():
                    functions = self._names.functions
                    self._unique(statement, statement.name, statement.name in functions)
                    functions[statement.name] = statement
                case ast.SynthDefinition():
                    self._names.synth_controls.update(p.name for p in statement.parameters)

        chunks = split(self.source) if self.diagnostics else []
        heads = (_BUS_HEAD.match(chunk.text) for chunk in chunks)
        # What could not be read has been reported; what rests on it is no second mistake.
        self._failed.update(head[1] for head in heads if head and head[1] not in self._buses)

    def _unique(self, statement: ast.Statement, name: str, taken: bool) -> None:
        if taken:
            self._report(Fault(f"{name} is defined twice", statement.head))

    def _report(self, fault: Fault) -> None:
        diagnostic = fault.diagnostic(self.source)
        if diagnostic not in self.diagnostics:
            self.diagnostics.append(diagnostic)

    def _check_words(self) -> None:
        """Report every word that stands for nothing, also behind other mistakes."""
        for statement in self.statements:
            local: frozenset[str] = frozenset()
            if isinstance(statement, ast.FnDefinition | ast.SynthDefinition):
                local = frozenset(parameter.name for parameter in statement.parameters)
            for node in ast.children(statement):
                for fault in self._names.misspelt(node, local):
                    self._report(fault)

    # -- buses ----------------------------------------------------------------------------------

    def names(self) -> list[str]:
        return list(self._buses)

    def value(self, name: str, span: Span) -> Value:
        """What a use of `~name` stands for."""
        if name in self._failed:
            raise _Depends
        if name not in self._buses:
            near = tuple(f"~{word}" for word in nearest(name, self._buses))
            raise Fault(f"there is no bus ~{name}", span, near)
        if name in self._open:
            at = self._open.index(name)
            for place in range(at, len(self._open)):
                around = (*self._open[place:], *self._open[at:place])
                self._circles.setdefault(self._open[place], around)
            return BusUse(name, span)
        value = self.definition(name)
        return BusUse(name, span) if is_signal(value) else value

    def definition(self, name: str) -> Value:
        """The value of a bus, worked out once."""
        if name in self._failed:
            raise _Depends
        if name in self._open:
            raise self._circle(name)
        if name not in self._values:
            self._open.append(name)
            try:
                self._values[name] = self._bus_value(name)
            except Fault as fault:
                self._failed.add(name)
                self._report(fault.placed(self._buses[name].span))
                raise _Depends from None
            except _Depends:
                self._failed.add(name)
                raise
            finally:
                self._open.pop()
        return self._values[name]

    def _bus_value(self, name: str) -> Value:
        node = self._buses[name].value
        self._check_hollow(name)
        value = Evaluator(self._names).value(node)
        if isinstance(value, ListValue | PairValue | RowValue):
            raise Fault(f"a bus cannot hold {describe(value)}", node.span)
        if name in self._circles and not is_signal(value):
            raise self._circle(name)
        return value

    def _check_hollow(self, name: str) -> None:
        """Refuse buses that are nothing but each other."""
        around = [name]
        node: ast.Expression = self._buses[name].value
        while isinstance(node, ast.BusName) and node.name in self._buses:
            if node.name in around:
                circle = " → ".join(f"~{bus}" for bus in (*around, node.name))
                message = f"these buses go round in a circle with nothing in it: {circle}"
                raise Fault(message, self._buses[name].value.span)
            around.append(node.name)
            node = self._buses[node.name].value

    def _circle(self, name: str) -> Fault:
        """The error of buses that need each other before any of them is a signal."""
        open_part = tuple(self._open[self._open.index(name) :]) if name in self._open else (name,)
        around = self._circles.get(name, open_part)
        circle = " → ".join(f"~{bus}" for bus in (*around, name))
        message = f"these buses go round in a circle without being signals: {circle}"
        return Fault(message, self._buses[name].value.span)

    # -- the score ------------------------------------------------------------------------------

    def score(self, *, whole: bool = True) -> Score:
        """Everything that could be understood; a whole program must have an output."""
        self._check_words()
        instruments = self._instruments()
        score = Score(self._tempo(), instruments=instruments)
        for name, bus in self._buses.items():
            self._try(bus, partial(self._bus, name, score))
        outputs = [s for s in self.statements if isinstance(s, ast.OutputDefinition)]
        for output in outputs:
            self._unique(output, output.name, output.name in score.outputs)
            self._try(output, partial(self._output, output, score))
        for statement in self.statements:
            if isinstance(statement, ast.Command):
                score.commands.append((statement.name, statement.outputs))
        if whole:
            self._check_outputs(outputs)
            self._check_commands(score)
        score.source = self.source
        return score

    def _try(self, statement: ast.Statement, work: Callable[[], None]) -> None:
        try:
            with limited():
                work()
        except Fault as fault:
            self._report(fault.placed(statement.span))
        except _Depends:
            pass
        except RecursionError:
            self._report(Fault("this is nested too deeply", statement.span))

    def _emitter(self, scope: str, place: Span) -> Emitter:
        return self._emitters.setdefault(scope, Emitter(self.definition, scope, place=place))

    def _bus(self, name: str, score: Score) -> None:
        value = self.definition(name)
        if is_signal(value) and not voiced(value, self.definition):
            place = self._buses[name].value.span
            score.buses[name] = self._emitter(f"~{name}", place).signal(value)
        elif isinstance(value, Pat):
            build_pattern(value, "auto").query(0, 1)

    def _output(self, output: ast.OutputDefinition, score: Score) -> None:
        if isinstance(output.value, ast.Name) and output.value.name == "silence":
            score.outputs[output.name] = Const(0.0)
            return
        value = Evaluator(self._names).value(output.value)
        if isinstance(value, Num | Pat):
            build_pattern(value, "auto").guarded(output.value.span).query(0, 1)
            raise Fault(
                "a pattern of values makes no sound by itself; say what plays it",
                output.value.span,
                ("s", "note", "saw"),
            )
        stream = as_stream(value)
        if stream is not None and not stream.names & SOUNDING:
            if isinstance(value, Function):
                raise soundless(value)
            raise Fault(
                "nothing sounds here: these events have no sound and no note",
                output.value.span,
                ("s", "note", "n"),
            )
        emitter = self._emitter(output.name, output.value.span)
        score.outputs[output.name] = emitter.signal(value)

    def _check_outputs(self, outputs: list[ast.OutputDefinition]) -> None:
        if outputs or self.diagnostics:
            return
        if self._buses:
            last = list(self._buses.values())[-1]
            message = f"nothing is heard: no output; add out: ~{last.name}"
            self._report(Fault(message, last.head, (f"out: ~{last.name}",)))
        elif not any(isinstance(s, ast.Command) for s in self.statements):
            message = "nothing is heard: this program has no output"
            self._report(Fault(message, Span(0, len(self.source)), ('out: s "bd sn"',)))

    def _check_commands(self, score: Score) -> None:
        """Warn of what a whole program says twice, or to outputs that it does not have."""
        for statement in self.statements:
            if not isinstance(statement, ast.Command):
                continue
            for name in statement.outputs:
                if name not in score.outputs and not self.diagnostics:
                    message = f"{statement.name} {name}: this program has no output {name}"
                    near = tuple(score.outputs)[:3]
                    self._warn(Fault(message, statement.span, near))
        for kind, what in ((ast.Tempo, "the tempo"), (ast.Rng, "the random formula")):
            again = [s for s in self.statements if isinstance(s, kind)]
            if len(again) > 1:
                message = f"{what} is set {len(again)} times; this, the last one, counts"
                self._warn(Fault(message, again[-1].span))

    def _warn(self, fault: Fault) -> None:
        self.diagnostics.append(replace(fault.diagnostic(self.source), severity="warning"))

    def _tempo(self) -> Pattern:
        cps = pure(0.5)
        for statement in self.statements:
            if isinstance(statement, ast.Tempo):
                try:
                    cps = self._cps(statement)
                except Fault as fault:
                    self._report(fault.placed(statement.span))
                except _Depends:
                    pass
        return cps

    def _cps(self, tempo: ast.Tempo) -> Pattern:
        evaluator = Evaluator(self._names)
        cps = build_pattern(evaluator.value(tempo.value), "number")
        if tempo.unit == "bpm":
            beats = pure(4)
            if tempo.beats is not None:
                beats = build_pattern(evaluator.value(tempo.beats), "number")
            cps = operate("|/", operate("|/", cps, pure(60)), beats)
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

    def _instruments(self) -> Instruments:
        own: dict[str, Instrument] = {}
        for statement in self.statements:
            if isinstance(statement, ast.SynthDefinition):
                self._try(statement, partial(self._synth, statement, own))
        return Instruments(own, self._playable)

    def _synth(self, synth: ast.SynthDefinition, own: dict[str, Instrument]) -> None:
        self._unique(synth, synth.name, synth.name in own)
        own[synth.name] = synth_instrument(synth, self._names, self.definition)

    def _playable(self, bus: str) -> Value | None:
        """The value of a bus that `s "~bus"` is to play, if it has one."""
        if bus not in self._buses:
            return None
        try:
            return self.definition(bus)
        except _Depends:
            return None
