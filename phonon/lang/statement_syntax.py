"""The syntax of statements: a class for each kind, which reads itself from the grammar's parts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar, cast

from phonon.errors import Fault, Span, nearest
from phonon.lang.statement_kinds import output_name
from phonon.lang.syntax import Expression, ParameterSyntax, Row, Statement

if TYPE_CHECKING:
    from lark import Token

RNG_FORMULAS = ("precise", "tidal", "strudel")


class Source(Protocol):
    """The text that is being read."""

    def span(self, token: Token) -> Span:
        """Where a token stands in the program."""
        ...

    def accept_row(self, row: Row) -> None:
        """Allow juxtaposed numbers, which are a mistake elsewhere."""
        ...


class Readable(Protocol):
    """A class of statements: `read` makes one of what the grammar found, the head first."""

    def read(self, source: Source, parts: list[Any]) -> Statement: ...


SYNTAX: dict[str, Readable] = {}

S = TypeVar("S", bound=Statement)


def syntax_of(kind: str) -> Callable[[type[S]], type[S]]:
    """Make a class the syntax of a kind of statements."""

    def register(cls: type[S]) -> type[S]:
        cls.kind = kind
        SYNTAX[kind] = cast(Readable, cls)
        return cls

    return register


@syntax_of("tempo")
@dataclass(frozen=True, slots=True, eq=False)
class Tempo(Statement):
    """`cps: value` (also `tempo:`, `setcps value`) or `bpm: value beats`.

    `beats` is the beats per cycle of `bpm: 90 3`, None where not given.
    """

    unit: Literal["cps", "bpm"]
    value: Expression
    beats: Expression | None
    head: Span
    span: Span

    @classmethod
    def read(cls, source: Source, parts: list[Any]) -> Tempo:
        head, value = source.span(parts[0]), parts[1]
        span = head.joined(value.span)
        if not parts[0].startswith("bpm"):
            return cls("cps", value, None, head, span)
        if isinstance(value, Row) and len(value.items) == 2:
            source.accept_row(value)
            return cls("bpm", value.items[0], value.items[1], head, span)
        return cls("bpm", value, None, head, span)


@syntax_of("rng")
@dataclass(frozen=True, slots=True, eq=False)
class Rng(Statement):
    """`rng: precise`, `tidal` or `strudel` (checked)."""

    choice: Literal["precise", "tidal", "strudel"]
    head: Span
    span: Span

    @classmethod
    def read(cls, source: Source, parts: list[Token]) -> Rng:
        head, span = source.span(parts[0]), source.span(parts[1])
        choice = str(parts[1])
        if choice not in RNG_FORMULAS:
            message = f"`{choice}` is no random formula: precise, tidal or strudel is expected"
            raise Fault(message, span, nearest(choice, RNG_FORMULAS))
        literal = cast(Literal["precise", "tidal", "strudel"], choice)
        return cls(literal, head, head.joined(span))


@syntax_of("bus")
@dataclass(frozen=True, slots=True, eq=False)
class BusDefinition(Statement):
    """`~name: value`, `~name $ value`, `~name # value`; `name` is without the tilde.

    With `operator` "#" the value is an effect: what follows the first `#`.
    """

    name: str
    operator: Literal[":", "$", "#"]
    value: Expression
    head: Span
    span: Span

    @classmethod
    def read(cls, source: Source, parts: list[Any]) -> BusDefinition:
        word, head = _word(source, parts[0])
        operator = cast(Literal[":", "$", "#"], parts[0][-1])
        return cls(word[1:], operator, parts[1], head, source.span(parts[0]).joined(parts[1].span))


@syntax_of("output")
@dataclass(frozen=True, slots=True, eq=False)
class OutputDefinition(Statement):
    """`out: value`, `o1 $ value`, `d1 $ value` …; `name` is `out` or `o1` … `o16`."""

    name: str
    value: Expression
    head: Span
    span: Span

    @classmethod
    def read(cls, source: Source, parts: list[Any]) -> OutputDefinition:
        word, head = _word(source, parts[0])
        return cls(output_name(word, head), parts[1], head, head.joined(parts[1].span))


@syntax_of("fn")
@dataclass(frozen=True, slots=True, eq=False)
class FnDefinition(Statement):
    """`fn name a b = value`; `head` covers the name."""

    name: str
    parameters: tuple[ParameterSyntax, ...]
    value: Expression
    head: Span
    span: Span

    @classmethod
    def read(cls, source: Source, parts: list[Any]) -> FnDefinition:
        names = (ParameterSyntax(str(part), None, source.span(part)) for part in parts[2:-2])
        parameters = _distinct(tuple(names))
        span = source.span(parts[0]).joined(parts[-1].span)
        return cls(str(parts[1]), parameters, parts[-1], source.span(parts[1]), span)


@syntax_of("synth")
@dataclass(frozen=True, slots=True, eq=False)
class SynthDefinition(Statement):
    """`synth name freq cutoff=900 = value`; `head` covers the name."""

    name: str
    parameters: tuple[ParameterSyntax, ...]
    value: Expression
    head: Span
    span: Span

    @classmethod
    def read(cls, source: Source, parts: list[Any]) -> SynthDefinition:
        parameters = _distinct(tuple(parts[2:-2]))
        span = source.span(parts[0]).joined(parts[-1].span)
        return cls(str(parts[1]), parameters, parts[-1], source.span(parts[1]), span)


@syntax_of("command")
@dataclass(frozen=True, slots=True, eq=False)
class CommandStatement(Statement):
    """`hush`, `hush o2`, `unhush o2`, `solo o3`, `panic` …

    `outputs` are normalised names (`out`, `o2`), none where the command is meant for everything.
    """

    name: str
    outputs: tuple[str, ...]
    head: Span
    span: Span

    @classmethod
    def read(cls, source: Source, parts: list[Token]) -> CommandStatement:
        outputs = tuple(output_name(str(part), source.span(part)) for part in parts[1:])
        head = source.span(parts[0])
        if parts[0] in ("solo", "mute") and not outputs:
            raise Fault(f"`{parts[0]}` needs an output, such as `{parts[0]} o1`", head)
        return cls(str(parts[0]), outputs, head, head.joined(source.span(parts[-1])))


def _word(source: Source, head: Token) -> tuple[str, Span]:
    """The word of a head without its ending, and where it stands."""
    word = head[:-1].rstrip()
    begin = source.span(head).begin
    return word, Span(begin, begin + len(word))


def _distinct(parameters: tuple[ParameterSyntax, ...]) -> tuple[ParameterSyntax, ...]:
    seen: set[str] = set()
    for parameter in parameters:
        if parameter.name in seen:
            raise Fault(f"two parameters are named `{parameter.name}`", parameter.span)
        seen.add(parameter.name)
    return parameters
