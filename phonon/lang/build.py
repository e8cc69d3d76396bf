"""Builds the syntax tree of programs while the grammar's tables run."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import Any, Literal, cast

from lark import Token, Transformer

from phonon.errors import Fault, Span, nearest
from phonon.lang import syntax as ast
from phonon.lang.minisyntax import Mini, Silence
from phonon.lang.numerals import exact_number
from phonon.lang.sections import right_section

OUTPUTS = 16
_OUTPUT = re.compile(r"(?:out|o|d)(\d*)")
_RNG = ("precise", "tidal", "strudel")


def output_name(text: str, span: Span) -> str:
    """`out` for `out`, `o1` for `o1`, `out1`, `d1` and `1`."""
    found = _OUTPUT.fullmatch(text)
    number = found[1] if found else text if text.isdecimal() else None
    if number is None:
        names = ["out", *(f"o{count}" for count in range(1, OUTPUTS + 1))]
        raise Fault(f"`{text}` is no output", span, nearest(text, names) or ("o1",))
    if not number:
        return "out"
    if len(number) > 3 or not 1 <= int(number) <= OUTPUTS:
        raise Fault(f"outputs are numbered from o1 to o{OUTPUTS}", span)
    return f"o{int(number)}"


class Builder(Transformer[Token, Any]):
    """One method per alternative of phonon.lark; each gets its parts in the order written.

    `start` is where the statement begins in the program, `bodies` what its strings parsed to.
    """

    def __init__(self) -> None:
        super().__init__()
        self.start = 0
        self.bodies: dict[int, Mini] = {}
        self.rows: dict[Span, ast.Row] = {}

    def begin(self, start: int, bodies: dict[int, Mini]) -> None:
        """Make ready for the next statement."""
        self.start, self.bodies = start, bodies
        self.rows = {}

    def span(self, token: Token) -> Span:
        """Where a token stands in the program."""
        begin = self.start + cast(int, token.start_pos)
        return Span(begin, begin + len(token))

    # -- atoms

    def number(self, parts: list[Token]) -> ast.Number:
        text, span = str(parts[0]), self.span(parts[0])
        return ast.Number(exact_number(text, span), text, span)

    def ratio(self, parts: list[Token]) -> ast.Number:
        text, span = str(parts[0]), self.span(parts[0])
        above, below = (int(exact_number(part, span)) for part in text.split("%"))
        return ast.Number(_divided(above, below, span), text, span)

    def string(self, parts: list[Token]) -> ast.String:
        span = self.span(parts[0])
        inner = Span(span.begin + 1, span.end - 1)
        return ast.String(parts[0][1:-1], self.bodies.get(span.begin, Silence(inner)), span)

    def name(self, parts: list[Token]) -> ast.Name:
        return ast.Name(str(parts[0]), self.span(parts[0]))

    def bus_name(self, parts: list[Token]) -> ast.BusName:
        return ast.BusName(parts[0][1:], self.span(parts[0]))

    # -- brackets

    def group(self, parts: list[Any]) -> ast.Expression:
        opening, inner, closing = parts
        span = self.span(opening).joined(self.span(closing))
        if isinstance(inner, ast.Binary):
            return replace(inner, span=span, grouped=True)
        if isinstance(inner, ast.Row):
            self.rows[span] = self.rows.pop(inner.span)
        return cast(ast.Expression, replace(inner, span=span))

    def pair(self, parts: list[Any]) -> ast.Tuple:
        span = self.span(parts[0]).joined(self.span(parts[-1]))
        return ast.Tuple(tuple(parts[1:-1:2]), span)

    def items(self, parts: list[Any]) -> ast.ListExpr:
        span = self.span(parts[0]).joined(self.span(parts[-1]))
        items = tuple(parts[1:-1:2])
        for item in items:
            if isinstance(item, ast.Row):
                self.rows.pop(item.span, None)
        return ast.ListExpr(items, span)

    # -- application

    def keyword(self, parts: list[Any]) -> ast.Keyword:
        span = self.span(parts[0])
        return ast.Keyword(parts[0][1:], parts[1], span, span.joined(parts[1].span))

    def apply(self, parts: list[Any]) -> ast.Expression:
        head, rest = parts[0], parts[1:]
        span = head.span.joined(rest[-1].span)
        keywords = tuple(part for part in rest if isinstance(part, ast.Keyword))
        arguments = tuple(part for part in rest if not isinstance(part, ast.Keyword))
        if isinstance(head, ast.Number | ast.Binary | ast.Negate) and not keywords:
            # A keyframe when directly inside a list, a mistake anywhere else.
            self.rows[span] = row = ast.Row((head, *arguments), span)
            return row
        _check_applied(head, rest[0])
        if isinstance(head, ast.Name) and head.name == "Arc" and len(rest) == len(arguments) == 2:
            return ast.Tuple(arguments, span)
        return ast.Apply(head, arguments, keywords, span)

    # -- operators

    def annotated(self, parts: list[Any]) -> ast.Expression:
        return cast(ast.Expression, parts[0])

    def dollar(self, parts: list[Any]) -> ast.Dollar:
        return ast.Dollar(tuple(parts[::2]), parts[0].span.joined(parts[-1].span))

    def compose(self, parts: list[Any]) -> ast.Compose:
        return ast.Compose(tuple(parts[::2]), parts[0].span.joined(parts[-1].span))

    def chain(self, parts: list[Any]) -> ast.Chain:
        left, operator, right = parts
        span = left.span.joined(right.span)
        return ast.Chain(left, str(operator), right, self.span(operator), span)

    def shift(self, parts: list[Any]) -> ast.Shift:
        left, operator, right = parts
        arrow = cast(Literal["<~", "~>"], str(operator))
        return ast.Shift(left, arrow, right, self.span(operator), left.span.joined(right.span))

    def binary(self, parts: list[Any]) -> ast.Expression:
        left, operator, right = parts
        span = left.span.joined(right.span)
        if operator == "%" and isinstance(left, ast.Number) and isinstance(right, ast.Number):
            text = f"{left.text}%{right.text}"
            return ast.Number(_divided(left.value, right.value, span), text, span)
        sign = cast(Literal["+", "-", "*", "/", "%"], str(operator))
        return ast.Binary(left, sign, right, self.span(operator), span)

    def negate(self, parts: list[Any]) -> ast.Expression:
        span = self.span(parts[0]).joined(parts[1].span)
        if isinstance(parts[1], ast.Number):
            return ast.Number(-parts[1].value, f"-{parts[1].text}", span)
        return ast.Negate(parts[1], span)

    # -- sections

    def section(
        self, parts: list[Any], left: ast.Expression | None, operator: Token
    ) -> ast.Section:
        span = self.span(parts[0]).joined(self.span(parts[-1]))
        return ast.Section(left, str(operator), None, self.span(operator), span)

    def right_section(self, parts: list[Any]) -> ast.Section | ast.Compose:
        opening, operator, right, closing = parts
        span = self.span(opening).joined(self.span(closing))
        return right_section(str(operator), right, self.span(operator), span)

    def left_section(self, parts: list[Any]) -> ast.Section:
        return self.section(parts, parts[1], parts[2])

    def bare_section(self, parts: list[Any]) -> ast.Section:
        return self.section(parts, None, parts[1])

    def dollar_section(self, parts: list[Any]) -> ast.Section:
        left = parts[1] if len(parts) == 4 else self.dollar(parts[1:-2])
        return self.section(parts, left, parts[-2])

    def dot_section(self, parts: list[Any]) -> ast.Section:
        left = parts[1] if len(parts) == 4 else self.compose(parts[1:-2])
        return self.section(parts, left, parts[-2])

    # -- statements

    def tempo(self, parts: list[Any]) -> ast.Tempo:
        head, value = self.span(parts[0]), parts[1]
        span = head.joined(value.span)
        if not parts[0].startswith("bpm"):
            return ast.Tempo("cps", value, None, head, span)
        if isinstance(value, ast.Row) and len(value.items) == 2:
            del self.rows[value.span]
            return ast.Tempo("bpm", value.items[0], value.items[1], head, span)
        return ast.Tempo("bpm", value, None, head, span)

    def rng(self, parts: list[Token]) -> ast.Rng:
        head, span = self.span(parts[0]), self.span(parts[1])
        choice = str(parts[1])
        if choice not in _RNG:
            message = f"`{choice}` is no random formula: precise, tidal or strudel is expected"
            raise Fault(message, span, nearest(choice, _RNG))
        literal = cast(Literal["precise", "tidal", "strudel"], choice)
        return ast.Rng(literal, head, head.joined(span))

    def bus_definition(self, parts: list[Any]) -> ast.BusDefinition:
        head, value = self.span(parts[0]), parts[1]
        operator = cast(Literal[":", "$", "#"], parts[0][-1])
        name = parts[0][1:-1].rstrip()
        head = Span(head.begin, head.begin + 1 + len(name))
        return ast.BusDefinition(name, operator, value, head, head.joined(value.span))

    def output(self, parts: list[Any]) -> ast.OutputDefinition:
        text = parts[0][:-1].rstrip()
        begin = self.span(parts[0]).begin
        head = Span(begin, begin + len(text))
        name = output_name(text, head)
        return ast.OutputDefinition(name, parts[1], head, head.joined(parts[1].span))

    def plain_parameter(self, parts: list[Token]) -> ast.Parameter:
        return ast.Parameter(str(parts[0]), None, self.span(parts[0]))

    def default_parameter(self, parts: list[Any]) -> ast.Parameter:
        span = self.span(parts[0]).joined(parts[2].span)
        return ast.Parameter(str(parts[0]), parts[2], span)

    def fn(self, parts: list[Any]) -> ast.FnDefinition:
        parameters = tuple(self.plain_parameter([part]) for part in parts[2:-2])
        span = self.span(parts[0]).joined(parts[-1].span)
        _check_distinct(parameters)
        return ast.FnDefinition(str(parts[1]), parameters, parts[-1], self.span(parts[1]), span)

    def synth(self, parts: list[Any]) -> ast.SynthDefinition:
        parameters = tuple(parts[2:-2])
        span = self.span(parts[0]).joined(parts[-1].span)
        _check_distinct(parameters)
        return ast.SynthDefinition(str(parts[1]), parameters, parts[-1], self.span(parts[1]), span)

    def command(self, parts: list[Token]) -> ast.Command:
        outputs = tuple(output_name(str(part), self.span(part)) for part in parts[1:])
        head = self.span(parts[0])
        if parts[0] in ("solo", "mute") and not outputs:
            raise Fault(f"`{parts[0]}` needs an output, such as `{parts[0]} o1`", head)
        return ast.Command(str(parts[0]), outputs, head, head.joined(self.span(parts[-1])))


def _divided(above: int | Fraction, below: int | Fraction, span: Span) -> Fraction:
    if below == 0:
        raise Fault("a ratio cannot have zero below", span)
    return Fraction(above) / below


def _check_distinct(parameters: tuple[ast.Parameter, ...]) -> None:
    seen: set[str] = set()
    for parameter in parameters:
        if parameter.name in seen:
            raise Fault(f"two parameters are named `{parameter.name}`", parameter.span)
        seen.add(parameter.name)


def _check_applied(head: ast.Expression, first: ast.Expression | ast.Keyword) -> None:
    """Raise the Fault for `head first …` when `head` can be no function."""
    match head:
        case ast.Number() | ast.Binary() | ast.Negate():
            raise not_applicable("a number", head, first)
        case ast.String():
            raise not_applicable("a string", head, first)
        case ast.ListExpr():
            raise not_applicable("a list", head, first)
        case ast.Tuple():
            raise not_applicable("a pair", head, first)
        case ast.Shift() | ast.Chain():
            raise not_applicable("a sounding value", head, first)


def row_fault(row: ast.Row) -> Fault:
    """The Fault for juxtaposed numbers outside a list of keyframes."""
    return not_applicable("a number", row.items[0], row.items[1])


def not_applicable(what: str, head: ast.Expression, first: ast.Expression | ast.Keyword) -> Fault:
    """The Fault for `2 -1` and its like, pointing at what follows the value."""
    if isinstance(first, ast.Number) and first.text.startswith("-"):
        text = head.text if isinstance(head, ast.Number) else "…"
        return Fault(
            f"{what} cannot be applied to `{first.text}`; to subtract, put a space after the `-`",
            first.span,
            (f"{text} - {first.text[1:]}",),
        )
    return Fault(f"{what} cannot be applied: an operator is missing before this", first.span)
