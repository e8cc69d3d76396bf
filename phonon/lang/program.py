"""Compiles the statements of one program to its score, reporting every mistake."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial

from phonon.errors import Diagnostic, Fault, Span, nearest
from phonon.lang import syntax as ast
from phonon.lang.evaluator import Evaluator
from phonon.lang.graph_emitter import GraphEmitter
from phonon.lang.instruments import Instruments
from phonon.lang.name_resolver import NameResolver
from phonon.lang.splitter import split
from phonon.lang.statement_kinds import BY_NAME, KINDS, LOWERING_ORDER, definition
from phonon.lang.statement_lowering import DECLARATIONS, LOWERINGS
from phonon.lang.statement_syntax import BusDefinition, CommandStatement
from phonon.lang.values import BusUse, ListValue, PairValue, RowValue, Value, describe, is_signal
from phonon.patterns import pure, with_rng
from phonon.patterns.query_budget import limited_query
from phonon.score import Score
from phonon.score.instrument import Instrument


class DependencyError(Exception):
    """A definition depends on one that failed, which has been reported."""


@dataclass(slots=True)
class Program:
    """The definitions of one program, and its score as far as it is made.

    `rng` overrides the program's own `rng:` statement. `settings` are left when the score is
    complete.
    """

    source: str
    statements: list[ast.Statement]
    diagnostics: list[Diagnostic]
    rng: str | None = None
    buses: dict[str, BusDefinition] = field(default_factory=dict)
    words: NameResolver = field(init=False)
    instruments: dict[str, Instrument] = field(default_factory=dict)
    score: Score = field(init=False)
    settings: ExitStack = field(default_factory=ExitStack)
    _values: dict[str, Value] = field(default_factory=dict)
    _failed: set[str] = field(default_factory=set)
    _open: list[str] = field(default_factory=list)
    _circles: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _emitters: dict[str, GraphEmitter] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.words = NameResolver(self)
        self.score = Score(pure(0.5))

    def compiled(self, *, require_output: bool) -> Score:
        """Everything that could be understood."""
        with self.settings:
            self.settings.enter_context(with_rng(self.rng or "precise"))
            self._declare()
            self._check_words()
            self._lower()
        if require_output:
            self._check_outputs()
            self._check_commands()
            self._check_settings()
        self.score.source = self.source
        return self.score

    def _declare(self) -> None:
        """Make all names known before anything is worked out."""
        taken: set[str] = set()
        for statement in self.statements:
            key = self._key(statement)
            if key and key in taken and BY_NAME[statement.kind].defines != "setting":
                name = key.rpartition(" ")[2]
                self.report(Fault(f"{name} is defined twice", statement.head))
            taken.add(key)
            if statement.kind in DECLARATIONS:
                DECLARATIONS[statement.kind](self, statement)
        # What could not be read has been reported; what depends on it is no second mistake.
        chunks = split(self.source) if self.diagnostics else []
        for found in (definition(chunk.text) for chunk in chunks):
            if found and found.kind.defines == "bus" and found.name[1:] not in self.buses:
                self._failed.add(found.name[1:])

    def _key(self, statement: ast.Statement) -> str:
        found = definition(self.source[statement.span.begin : statement.span.end])
        return found.key if found else ""

    def _check_words(self) -> None:
        """Report every word that stands for nothing, also behind other mistakes."""
        for statement in self.statements:
            for node in ast.children(statement):
                for fault in self.words.misspelt(node, statement.locals()):
                    self.report(fault)

    def _lower(self) -> None:
        """Put every statement into the score, those first that others may use."""
        self.score.instruments = Instruments(self.instruments, self._playable)
        for kind in sorted(KINDS, key=lambda kind: LOWERING_ORDER.index(kind.defines)):
            for statement in self.statements if kind.name in LOWERINGS else ():
                if statement.kind == kind.name:
                    self._try(statement, partial(LOWERINGS[kind.name], self, statement))

    def _try(self, statement: ast.Statement, work: Callable[[], None]) -> None:
        try:
            with limited_query():
                work()
        except Fault as fault:
            self.report(fault.placed(statement.span))
        except DependencyError:
            pass
        except RecursionError:
            self.report(Fault("this is nested too deeply", statement.span))

    # -- what statements are lowered with ---------------------------------------------------------

    def report(self, fault: Fault, severity: str = "error") -> None:
        """Add to the diagnostics, unless it is there."""
        diagnostic = replace(fault.diagnostic(self.source), severity=severity)
        if diagnostic not in self.diagnostics:
            self.diagnostics.append(diagnostic)

    def evaluated(self, node: ast.Expression) -> Value:
        """The value of an expression."""
        return Evaluator(self.words).value(node)

    def emitter(self, scope: str, place: Span) -> GraphEmitter:
        """The GraphEmitter of an output or a bus."""
        return self._emitters.setdefault(scope, GraphEmitter(self.definition, scope, place=place))

    # -- buses ----------------------------------------------------------------------------------

    def names(self) -> list[str]:
        return list(self.buses)

    def value(self, name: str, span: Span) -> Value:
        """The value of `~name` in an expression."""
        if name in self._failed:
            raise DependencyError
        if name not in self.buses:
            near = tuple(f"~{word}" for word in nearest(name, self.buses))
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
            raise DependencyError
        if name in self._open:
            raise self._circle(name)
        if name not in self._values:
            self._open.append(name)
            try:
                self._values[name] = self._bus_value(name)
            except Fault as fault:
                self._failed.add(name)
                self.report(fault.placed(self.buses[name].span))
                raise DependencyError from None
            except DependencyError:
                self._failed.add(name)
                raise
            finally:
                self._open.pop()
        return self._values[name]

    def _bus_value(self, name: str) -> Value:
        node = self.buses[name].value
        self._check_hollow(name)
        value = self.evaluated(node)
        if isinstance(value, ListValue | PairValue | RowValue):
            raise Fault(f"a bus cannot hold {describe(value)}", node.span)
        if name in self._circles and not is_signal(value):
            raise self._circle(name)
        return value

    def _check_hollow(self, name: str) -> None:
        """Refuse buses that are nothing but each other."""
        around = [name]
        node: ast.Expression = self.buses[name].value
        while isinstance(node, ast.BusName) and node.name in self.buses:
            if node.name in around:
                circle = " → ".join(f"~{bus}" for bus in (*around, node.name))
                message = f"these buses go round in a circle with nothing in it: {circle}"
                raise Fault(message, self.buses[name].value.span)
            around.append(node.name)
            node = self.buses[node.name].value

    def _circle(self, name: str) -> Fault:
        """The error of buses that need each other before any of them is a signal."""
        open_part = tuple(self._open[self._open.index(name) :]) if name in self._open else (name,)
        around = self._circles.get(name, open_part)
        circle = " → ".join(f"~{bus}" for bus in (*around, name))
        message = f"these buses go round in a circle without being signals: {circle}"
        return Fault(message, self.buses[name].value.span)

    def _playable(self, bus: str) -> Value | None:
        """The value of a bus that `s "~bus"` is to play, if it has one."""
        if bus not in self.buses:
            return None
        try:
            return self.definition(bus)
        except DependencyError:
            return None

    # -- what a whole program must have -----------------------------------------------------------

    def _check_outputs(self) -> None:
        defined = {BY_NAME[statement.kind].defines for statement in self.statements}
        if "output" in defined or self.diagnostics:
            return
        if self.buses:
            last = list(self.buses.values())[-1]
            message = f"nothing is heard: no output; add out: ~{last.name}"
            self.report(Fault(message, last.head, (f"out: ~{last.name}",)))
        elif "nothing" not in defined:
            message = "nothing is heard: this program has no output"
            self.report(Fault(message, Span(0, len(self.source)), ('out: s "bd sn"',)))

    def _check_commands(self) -> None:
        """Warn of commands to outputs that the program does not have."""
        outputs = self.score.outputs
        commands = [s for s in self.statements if isinstance(s, CommandStatement)]
        for statement in commands:
            for name in statement.outputs:
                if name not in outputs and not self.diagnostics:
                    message = f"{statement.name} {name}: this program has no output {name}"
                    self.report(Fault(message, statement.span, tuple(outputs)[:3]), "warning")

    def _check_settings(self) -> None:
        """Warn of a setting that is made more than once."""
        for kind in KINDS:
            again = [s for s in self.statements if s.kind == kind.name]
            if kind.defines == "setting" and len(again) > 1:
                message = f"the {kind.noun} is set {len(again)} times; this, the last one, counts"
                self.report(Fault(message, again[-1].span), "warning")
