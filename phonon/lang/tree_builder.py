"""Builds the syntax tree of programs from the reductions of the parser."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import Any, Literal, cast

from lark import Token, Transformer

from phonon.errors import Fault, Span
from phonon.lang import syntax as ast
from phonon.lang.mini_syntax import Mini, Silence
from phonon.lang.numerals import exact_number
from phonon.lang.sections import right_section
from phonon.lang.statement_kinds import KINDS
from phonon.lang.statement_syntax import SYNTAX


class TreeBuilder(Transformer[Token, Any]):
    """One method per alternative of phonon.lark; each gets its parts in the order written.

    Statements are read by the classes of their kinds.

    `start` is where the statement begins in the program, `bodies` what its strings parsed to.
    """

    def __init__(self) -> None:
        super().__init__()
        self.start = 0
        self.bodies: dict[int, Mini] = {}
        self.rows: dict[Span, ast.Row] = {}
        for kind in KINDS:
            setattr(self, kind.rule, partial(SYNTAX[kind.name].read, self))

    def begin(self, start: int, bodies: dict[int, Mini]) -> None:
        """Reset for the next statement."""
        self.start, self.bodies = start, bodies
        self.rows = {}

    def span(self, token: Token) -> Span:
        """Where a token stands in the program."""
        begin = self.start + cast(int, token.start_pos)
        return Span(begin, begin + len(token))

    def accept_row(self, row: ast.Row) -> None:
        """Allow juxtaposed numbers, which are a mistake except in a list of keyframes."""
        del self.rows[row.span]

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

    # -- parameters

    def plain_parameter(self, parts: list[Token]) -> ast.ParameterSyntax:
        return ast.ParameterSyntax(str(parts[0]), None, self.span(parts[0]))

    def default_parameter(self, parts: list[Any]) -> ast.ParameterSyntax:
        span = self.span(parts[0]).joined(parts[2].span)
        return ast.ParameterSyntax(str(parts[0]), parts[2], span)


def _divided(above: int | Fraction, below: int | Fraction, span: Span) -> Fraction:
    if below == 0:
        raise Fault("a ratio cannot have zero below", span)
    return Fraction(above) / below


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
