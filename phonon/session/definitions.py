"""The running program as a performer leaves it: definitions by name, old versions of what fails."""

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

Command = tuple[str, tuple[str, ...]]

ROUNDS = 8  # of taking back what does not fit; then everything is taken back


@dataclass(frozen=True, slots=True)
class Piece:
    """One statement; `begin` is its place in the evaluated text, None for an older one.

    Commands, and what is no statement at all, have no name.
    """

    name: str
    text: str
    begin: int | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """Pieces joined to one program, and the way back from its places to theirs."""

    pieces: tuple[Piece, ...]

    @property
    def source(self) -> str:
        """The program."""
        return "\n".join(piece.text for piece in self.pieces)

    def find(self, offset: int) -> tuple[Piece, int] | None:
        """The piece at a place of the program, and where that is in it."""
        begin = 0
        found = None
        for piece in self.pieces:
            if offset < begin and found is not None:
                break
            found = piece, offset - begin
            begin += len(piece.text) + 1
        return found


@dataclass(frozen=True, slots=True)
class Change:
    """What an evaluation makes of the definitions; nothing is changed until it is kept."""

    score: Score
    layout: Layout
    diagnostics: list[Diagnostic]
    defined: list[str]
    kept: list[str]
    removed: list[str]
    commands: list[Command]
    file_commands: list[Command] | None
    has_definitions: bool

    @property
    def ok(self) -> bool:
        """Whether nothing failed."""
        return not any(found.severity == "error" for found in self.diagnostics)

    @property
    def sets_tempo(self) -> bool:
        """Whether the text itself says how fast it is."""
        return "cps" in self.defined


@dataclass(slots=True)
class Definitions:
    """The statements of the running program, by name, in order."""

    texts: dict[str, str] = field(default_factory=dict)
    layout: Layout = Layout(())
    _file_commands: list[Command] = field(default_factory=list)

    def evaluate(self, text: str, scope: EvaluationScope) -> Change:
        """What the definitions become: a file makes them equal to it, a block adds and replaces.

        What fails keeps its old version, and so does what is new and rests on it. Commands of a
        file act when they are new in it, those of a block every time.
        """
        return _Evaluation(self.texts, text, scope, self._file_commands).change()

    def keep(self, change: Change) -> None:
        """Take a change over."""
        self.texts = {piece.name: piece.text for piece in change.layout.pieces if piece.name}
        self.layout = change.layout
        if change.file_commands is not None:
            self._file_commands = change.file_commands


def read_pieces(text: str) -> list[Piece]:
    """The statements of a text with their names."""
    from phonon.lang.splitter import split

    return [Piece(name_of(chunk.text), chunk.text, chunk.span.begin) for chunk in split(text)]


def name_of(statement: str) -> str:
    """What a statement defines: `~bass`, `out`, `o1`, `fn f`, `synth bell`, `cps`, `rng` or ""."""
    from phonon.lang.statement_kinds import definition

    found = definition(statement)
    return found.key if found else ""


class _Evaluation:
    """One text against the definitions that there are."""

    def __init__(
        self,
        old: Mapping[str, str],
        text: str,
        scope: EvaluationScope,
        file_commands: list[Command],
    ) -> None:
        self.old = old
        self.text = text
        self.scope = scope
        self.file_commands = file_commands
        self.pieces = read_pieces(text)
        self.new = {piece.name: piece for piece in self.pieces if piece.name}
        self.kept: dict[str, None] = {}  # in the order in which they failed
        self.turn = 0
        self.diagnostics: list[Diagnostic] = []

    def change(self) -> Change:
        """The definitions that work, and what there is to say about the others."""
        layout = Layout(tuple(self._candidate()))
        score, found = _compiled(layout)
        commands = list(score.commands)
        while self._blamed(layout, found):
            self.turn += 1
            if self.turn == ROUNDS:
                self.kept = dict.fromkeys((*self.new, *self.old))
            elif self.turn > ROUNDS:
                break
            layout = Layout(tuple(self._candidate()))
            score, found = _compiled(layout)
        self._must_sound(score)
        self._must_be_there(commands, score)
        layout = Layout(tuple(piece for piece in layout.pieces if piece.name))
        names = [piece.name for piece in layout.pieces]
        self.diagnostics.sort(key=lambda found: (found.line, found.column))
        return Change(
            score,
            layout,
            self.diagnostics,
            defined=[name for name in self.new if name not in self.kept],
            kept=list(self.kept),
            removed=[name for name in self.old if name not in names],
            commands=self._acting(commands),
            file_commands=commands if self.scope == "file" else None,
            has_definitions=bool(self.new) or self.scope == "file",
        )

    # -- what is tried ----------------------------------------------------------------------------

    def _candidate(self) -> Iterator[Piece]:
        """The pieces as they would be, with the old versions of what is kept."""
        rest = dict(self.old) if self.scope == "block" else {}
        given: set[str] = set()
        for name in rest:
            if name not in self.new or name in self.kept:
                given.add(name)
                yield Piece(name, rest[name])
            else:
                given.add(name)
                yield from (piece for piece in self.pieces if piece.name == name)
        for piece in self.pieces:
            if not piece.name:  # a command, or a mistake: they are read once
                if self.turn == 0:
                    yield piece
            elif piece.name in given:
                continue
            elif piece.name not in self.kept:
                yield piece
            elif piece.name in self.old:
                given.add(piece.name)
                yield Piece(piece.name, self.old[piece.name])
        for name in self._missed():
            if name not in given and name not in self.new:
                given.add(name)
                yield Piece(name, self.old[name])

    def _missed(self) -> Iterator[str]:
        """Old definitions that what is kept rests on, whether or not they are still written."""
        for name in self.kept:
            if name in self.old:
                yield from Dependencies(self.old).of(name)

    # -- whose fault it is ------------------------------------------------------------------------

    def _blamed(self, layout: Layout, found: list[Diagnostic]) -> bool:
        """Keep the old versions of what failed; whether there is anything to try again."""
        before, first = len(self.kept), self.turn == 0
        failed = []
        source = layout.source
        for diagnostic in found:
            place = layout.find(_offset(source, diagnostic.line, diagnostic.column))
            piece, at = place or (Piece("", "", 0), 0)
            if first and piece.begin is not None:
                end = _offset(source, diagnostic.end_line, diagnostic.end_column)
                begin = _offset(source, diagnostic.line, diagnostic.column)
                self._tell(piece.begin + at, end - begin, diagnostic)
            if diagnostic.severity != "error":
                continue
            failed.append((piece, diagnostic))
        for piece, diagnostic in failed:
            self._fail(piece, diagnostic, told=first and piece.begin is not None)
        self._keep_dependents()
        nameless = first and any(not piece.name for piece, _ in failed)
        return len(self.kept) > before or nameless

    def _fail(self, piece: Piece, diagnostic: Diagnostic, *, told: bool) -> None:
        if not piece.name:
            return
        changed = [name for name in self._changed() if name not in self.kept]
        if piece.begin is not None and piece.name in changed:
            self.kept[piece.name] = None
            if not told:
                self._tell(piece.begin, len(piece.text), diagnostic)
            return
        # Its text is the old one, so something that it rests on does not fit any more.
        culprits = [name for name in Dependencies(self._now()).of(piece.name) if name in changed]
        if piece.name in self.kept and not culprits:
            culprits = changed
        for name in culprits:
            self.kept[name] = None
            if not told:
                message = f"{piece.name} would fail with this {name}: {diagnostic.message}"
                new = self.new[name]
                self._tell(new.begin or 0, len(name), diagnostic, message)
        if piece.name in self.old:
            self.kept[piece.name] = None
            if not culprits:
                self._tell_users(piece.name, changed, diagnostic)

    def _tell_users(self, name: str, changed: list[str], diagnostic: Diagnostic) -> None:
        """Say what is wrong with an old definition where the text makes use of it."""
        dependencies = Dependencies(self._now())
        for user in changed:
            if name in dependencies.of(user):
                place = dependencies.place(user, name) or Span(0, len(user))
                begin = (self.new[user].begin or 0) + place.begin
                message = f"{name} does not work here: {diagnostic.message}"
                self._tell(begin, place.end - place.begin, diagnostic, message)

    def _keep_dependents(self) -> None:
        """What is new and rests on what is kept is kept as well."""
        dependencies = Dependencies(self._now())
        for name in self._changed() if self.kept else ():
            if any(other in self.kept for other in dependencies.of(name)):
                self.kept[name] = None

    def _changed(self) -> list[str]:
        return [name for name, piece in self.new.items() if self.old.get(name) != piece.text]

    def _now(self) -> dict[str, str]:
        return {**self.old, **{name: piece.text for name, piece in self.new.items()}}

    def _tell(
        self, begin: int, length: int, diagnostic: Diagnostic, message: str | None = None
    ) -> None:
        span = Span(begin, begin + max(length, 1))
        told = Diagnostic.at(
            self.text,
            span,
            message or diagnostic.message,
            diagnostic.suggestions,
            diagnostic.severity,
        )
        if told not in self.diagnostics:
            self.diagnostics.append(told)

    # -- what else there is -----------------------------------------------------------------------

    def _must_sound(self, score: Score) -> None:
        """A whole file without an output says so, as `phonon check` does."""
        if self.scope == "file" and not score.outputs and not self.diagnostics:
            from phonon.lang.compiler import compile_program

            self.diagnostics += compile_program(self.text)[1]

    def _must_be_there(self, commands: list[Command], score: Score) -> None:
        """Warn of commands to outputs that do not play."""
        there = tuple(score.outputs)
        missing = [(one, out) for one, outputs in commands for out in outputs if out not in there]
        for command, output in missing:
            begins = [one.begin for one in self.pieces if one.text.startswith(f"{command} ")]
            begin = (begins[0] if begins else None) or 0
            found = Diagnostic.at(
                self.text,
                Span(begin, begin + len(command)),
                f"{command} {output}: there is no output {output}",
                nearest(output, there) or there[:3],
                "warning",
            )
            self.diagnostics.append(found)

    def _acting(self, commands: list[Command]) -> list[Command]:
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


def _compiled(layout: Layout) -> tuple[Score, list[Diagnostic]]:
    from phonon.lang.compiler import compile_program

    return compile_program(layout.source, require_output=False)


def _offset(source: str, line: int, column: int) -> int:
    """The character offset of a line and a column, both from 1."""
    begin = 0
    for _ in range(line - 1):
        begin = source.find("\n", begin) + 1
    return begin + column - 1
