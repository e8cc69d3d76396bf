"""Merges evaluated text into the running program; a definition that fails keeps its old version."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from phonon.errors import Diagnostic, Span, nearest
from phonon.session.dependencies import Dependencies
from phonon.session.protocol import EvaluationScope

if TYPE_CHECKING:
    from phonon.score import Score

OutputCommand = tuple[str, tuple[str, ...]]

ROUNDS = 8  # of putting statements back; then all are put back


@dataclass(frozen=True, slots=True)
class NamedStatement:
    """The text of a statement and the name of what it defines.

    `begin` is its offset in the evaluated text, None for a statement that was evaluated before.
    Commands, and text that is no statement at all, have an empty name.
    """

    name: str
    text: str
    begin: int | None = None


@dataclass(frozen=True, slots=True)
class SourceMap:
    """Statements joined into one program, and the way back from its offsets to theirs."""

    statements: tuple[NamedStatement, ...]

    @property
    def source(self) -> str:
        """The program."""
        return "\n".join(statement.text for statement in self.statements)

    def find(self, offset: int) -> tuple[NamedStatement, int] | None:
        """The statement at an offset of the program, and the offset in its text."""
        begin = 0
        found = None
        for statement in self.statements:
            if offset < begin and found is not None:
                break
            found = statement, offset - begin
            begin += len(statement.text) + 1
        return found


@dataclass(frozen=True, slots=True)
class Change:
    """The result of an evaluation, which has no effect until `Definitions.keep`.

    `defined`, `kept` and `removed` are names: of statements that were taken over, of those that
    failed and stay as they were, and of those that are gone. `commands` are to be carried out;
    `file_commands` are all commands of the text if it is a whole file, None for a block.
    """

    score: Score
    source_map: SourceMap
    diagnostics: list[Diagnostic]
    defined: list[str]
    kept: list[str]
    removed: list[str]
    commands: list[OutputCommand]
    file_commands: list[OutputCommand] | None
    has_definitions: bool

    @property
    def ok(self) -> bool:
        """Whether no statement failed."""
        return not any(found.severity == "error" for found in self.diagnostics)

    @property
    def sets_tempo(self) -> bool:
        """Whether the text sets the tempo."""
        return "cps" in self.defined


@dataclass(slots=True)
class Definitions:
    """The statements of the running program by name, in their order."""

    texts: dict[str, str] = field(default_factory=dict)
    source_map: SourceMap = SourceMap(())
    _file_commands: list[OutputCommand] = field(default_factory=list)

    def evaluate(self, text: str, scope: EvaluationScope) -> Change:
        """Merge a text: a file replaces all definitions, a block adds to them and replaces some.

        A statement that fails keeps its old version, as do changed statements that depend on it.
        Commands of a file are carried out when they are new in it, those of a block every time.
        """
        return _Evaluation(self.texts, text, scope, self._file_commands).change()

    def keep(self, change: Change) -> None:
        """Make a change the running program."""
        self.source_map = change.source_map
        statements = change.source_map.statements
        self.texts = {each.name: each.text for each in statements if each.name}
        if change.file_commands is not None:
            self._file_commands = change.file_commands


def named_statements(text: str) -> list[NamedStatement]:
    """The statements of a text with their names."""
    from phonon.lang.splitter import split

    return [
        NamedStatement(name_of(chunk.text), chunk.text, chunk.span.begin) for chunk in split(text)
    ]


def name_of(statement: str) -> str:
    """Name of the definition: `~bass`, `out`, `o1`, `fn f`, `synth bell`, `cps`, `rng` or ""."""
    from phonon.lang.statement_kinds import definition

    found = definition(statement)
    return found.key if found else ""


class _Evaluation:
    """Compiles a text with the definitions that exist, again and again until nothing fails.

    After each round the statements that failed, and those that depend on them, are put back to
    their old versions (`kept`).
    """

    def __init__(
        self,
        old: Mapping[str, str],
        text: str,
        scope: EvaluationScope,
        file_commands: list[OutputCommand],
    ) -> None:
        self.old = old
        self.text = text
        self.scope = scope
        self.file_commands = file_commands
        self.statements = named_statements(text)
        self.new = {statement.name: statement for statement in self.statements if statement.name}
        self.kept: dict[str, None] = {}  # in the order in which they failed
        self.round = 0
        self.diagnostics: list[Diagnostic] = []

    def change(self) -> Change:
        """The definitions that compile, and the diagnostics of the others."""
        source_map = SourceMap(tuple(self._program()))
        score, found = _compiled(source_map)
        commands = list(score.commands)
        while self._put_back_failed(source_map, found):
            self.round += 1
            if self.round == ROUNDS:
                self.kept = dict.fromkeys((*self.new, *self.old))
            elif self.round > ROUNDS:
                break
            source_map = SourceMap(tuple(self._program()))
            score, found = _compiled(source_map)
        self._check_output(score)
        self._check_commands(commands, score)
        source_map = SourceMap(
            tuple(statement for statement in source_map.statements if statement.name)
        )
        names = [statement.name for statement in source_map.statements]
        self.diagnostics.sort(key=lambda found: (found.line, found.column))
        return Change(
            score,
            source_map,
            self.diagnostics,
            defined=[name for name in self.new if name not in self.kept],
            kept=list(self.kept),
            removed=[name for name in self.old if name not in names],
            commands=self._new_commands(commands),
            file_commands=commands if self.scope == "file" else None,
            has_definitions=bool(self.new) or self.scope == "file",
        )

    # -- the program of one round -----------------------------------------------------------------

    def _program(self) -> Iterator[NamedStatement]:
        """The statements to compile: new ones, except that `kept` names have their old versions."""
        rest = dict(self.old) if self.scope == "block" else {}
        given: set[str] = set()
        for name in rest:
            if name not in self.new or name in self.kept:
                given.add(name)
                yield NamedStatement(name, rest[name])
            else:
                given.add(name)
                yield from (statement for statement in self.statements if statement.name == name)
        for statement in self.statements:
            if not statement.name:  # a command or a mistake: compiled in the first round only
                if self.round == 0:
                    yield statement
            elif statement.name in given:
                continue
            elif statement.name not in self.kept:
                yield statement
            elif statement.name in self.old:
                given.add(statement.name)
                yield NamedStatement(statement.name, self.old[statement.name])
        for name in self._needed_by_kept():
            if name not in given and name not in self.new:
                given.add(name)
                yield NamedStatement(name, self.old[name])

    def _needed_by_kept(self) -> Iterator[str]:
        """Old definitions that kept ones depend on, also when the text no longer has them."""
        for name in self.kept:
            if name in self.old:
                yield from Dependencies(self.old).of(name)

    # -- which statements failed ------------------------------------------------------------------

    def _put_back_failed(self, source_map: SourceMap, found: list[Diagnostic]) -> bool:
        """Put back every statement that an error names; whether another round is needed."""
        before, first = len(self.kept), self.round == 0
        failed = []
        source = source_map.source
        for diagnostic in found:
            place = source_map.find(_offset(source, diagnostic.line, diagnostic.column))
            statement, at = place or (NamedStatement("", "", 0), 0)
            if first and statement.begin is not None:
                end = _offset(source, diagnostic.end_line, diagnostic.end_column)
                begin = _offset(source, diagnostic.line, diagnostic.column)
                self._report(statement.begin + at, end - begin, diagnostic)
            if diagnostic.severity != "error":
                continue
            failed.append((statement, diagnostic))
        for statement, diagnostic in failed:
            self._put_back(statement, diagnostic, reported=first and statement.begin is not None)
        self._put_back_dependents()
        nameless = first and any(not statement.name for statement, _ in failed)
        return len(self.kept) > before or nameless

    def _put_back(
        self, statement: NamedStatement, diagnostic: Diagnostic, *, reported: bool
    ) -> None:
        if not statement.name:
            return
        if statement.begin is not None and statement.name in self.kept:
            return  # another error of a statement that is put back already
        changed = [name for name in self._changed() if name not in self.kept]
        if statement.begin is not None and statement.name in changed:
            self.kept[statement.name] = None
            if not reported:
                self._report(statement.begin, len(statement.text), diagnostic)
            return
        # Its text is the old one, so a definition that it depends on must have changed.
        culprits = [
            name for name in Dependencies(self._texts()).of(statement.name) if name in changed
        ]
        if statement.name in self.kept and not culprits:
            culprits = changed
        for name in culprits:
            self.kept[name] = None
            if not reported:
                message = f"{statement.name} would fail with this {name}: {diagnostic.message}"
                new = self.new[name]
                self._report(new.begin or 0, len(name), diagnostic, message)
        if statement.name in self.old:
            self.kept[statement.name] = None
            if not culprits:
                self._report_at_uses(statement.name, changed, diagnostic)

    def _report_at_uses(self, name: str, changed: list[str], diagnostic: Diagnostic) -> None:
        """Report the error of an old definition at its uses in the text."""
        dependencies = Dependencies(self._texts())
        for user in changed:
            if name in dependencies.of(user):
                place = dependencies.place(user, name) or Span(0, len(user))
                begin = (self.new[user].begin or 0) + place.begin
                message = f"{name} does not work here: {diagnostic.message}"
                self._report(begin, place.end - place.begin, diagnostic, message)

    def _put_back_dependents(self) -> None:
        """Put back changed statements that depend on kept ones."""
        dependencies = Dependencies(self._texts())
        for name in self._changed() if self.kept else ():
            if any(other in self.kept for other in dependencies.of(name)):
                self.kept[name] = None

    def _changed(self) -> list[str]:
        return [
            name for name, statement in self.new.items() if self.old.get(name) != statement.text
        ]

    def _texts(self) -> dict[str, str]:
        return {**self.old, **{name: statement.text for name, statement in self.new.items()}}

    def _report(
        self, begin: int, length: int, diagnostic: Diagnostic, message: str | None = None
    ) -> None:
        span = Span(begin, begin + max(length, 1))
        reported = Diagnostic.at(
            self.text,
            span,
            message or diagnostic.message,
            diagnostic.suggestions,
            diagnostic.severity,
        )
        if reported not in self.diagnostics:
            self.diagnostics.append(reported)

    # -- outputs and commands ---------------------------------------------------------------------

    def _check_output(self, score: Score) -> None:
        """Report that a whole file has no output, as `phonon check` does."""
        if self.scope == "file" and not score.outputs and not self.diagnostics:
            from phonon.lang.compiler import compile_program

            self.diagnostics += compile_program(self.text)[1]

    def _check_commands(self, commands: list[OutputCommand], score: Score) -> None:
        """Warn of commands to outputs that the program does not have."""
        there = tuple(score.outputs)
        missing = [(one, out) for one, outputs in commands for out in outputs if out not in there]
        for command, output in missing:
            begins = [one.begin for one in self.statements if one.text.startswith(f"{command} ")]
            begin = (begins[0] if begins else None) or 0
            found = Diagnostic.at(
                self.text,
                Span(begin, begin + len(command)),
                f"{command} {output}: there is no output {output}",
                nearest(output, there) or there[:3],
                "warning",
            )
            self.diagnostics.append(found)

    def _new_commands(self, commands: list[OutputCommand]) -> list[OutputCommand]:
        if self.scope == "block":
            return commands
        before = Counter(self.file_commands)
        acting = []
        for command in commands:
            if before[command]:
                before[command] -= 1
            else:
                acting.append(command)
        return acting


def _compiled(source_map: SourceMap) -> tuple[Score, list[Diagnostic]]:
    from phonon.lang.compiler import compile_program

    return compile_program(source_map.source, require_output=False)


def _offset(source: str, line: int, column: int) -> int:
    """The character offset of a line and a column, both from 1."""
    begin = 0
    for _ in range(line - 1):
        begin = source.find("\n", begin) + 1
    return begin + column - 1
