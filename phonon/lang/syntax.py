"""The syntax tree of expressions: frozen nodes, each with its exact place in the source.

A parenthesised expression is its inner node with `span` widened over the parentheses. The tree
says what was written, not what it means: `f x` is an Apply whatever `f` turns out to be. Nodes
are compared by identity: no two stand at the same place (and making the classes takes half the
time, which every start of the program pays).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import ClassVar, Literal

from phonon.errors import Span
from phonon.lang.mini_syntax import Mini


@dataclass(frozen=True, slots=True, eq=False)
class Number:
    """A number literal, exact: `2` is an int, `0.1` is Fraction(1, 10), `1%8` Fraction(1, 8).

    A negative literal (`-0.5` after a space or bracket) is one Number too.
    """

    value: int | Fraction
    text: str
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class String:
    """Mini-notation between quotes; `text` is what stands between them, `span` covers the quotes.

    `body` has spans in the whole program. Hand it to `phonon.lang.mini_patterns.mini_pattern`.
    """

    text: str
    body: Mini
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Name:
    """A word: a unit, transform, source, control, function or parameter. May end in `'`."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class BusName:
    """`~name`; `name` is without the tilde."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Keyword:
    """`:name value` in an application; `name_span` covers `:name`."""

    name: str
    value: Expression
    name_span: Span
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Apply:
    """`function argument …`: at least one argument or keyword.

    The function is a Name, a BusName or something parenthesised (never a Number or String: that
    is an error of the parser).
    """

    function: Expression
    arguments: tuple[Expression, ...]
    keywords: tuple[Keyword, ...]
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
    """`left # right`, `left |+ right` …: left-nested, `operator` as written (`#`, `|+|`, `||<` …).

    `right` is everything down to the next such operator: in `s "x" # n "0" + n "1"` it is the
    Binary `n "0" + n "1"` (its `grouped` tells whether it was parenthesised).
    """

    left: Expression
    operator: str
    right: Expression
    operator_span: Span
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Dollar:
    """`a $ b $ c`, flat and in the order written: at least two parts.

    A parenthesised part that is a Dollar itself stays nested.
    """

    parts: tuple[Expression, ...]
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Shift:
    """`left <~ right` or `left ~> right` (grouping to the right): `left` is the time."""

    left: Expression
    operator: Literal["<~", "~>"]
    right: Expression
    operator_span: Span
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Binary:
    """Plain arithmetic, `operator` one of `+ - * / %`; `grouped` if it stood in parentheses."""

    left: Expression
    operator: Literal["+", "-", "*", "/", "%"]
    right: Expression
    operator_span: Span
    span: Span
    grouped: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Negate:
    """`-x` of something that is not a number literal."""

    operand: Expression
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Compose:
    """`a . b . c`, flat: applied from right to left, at least two parts."""

    parts: tuple[Expression, ...]
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """An operator with an operand missing, in parentheses.

    `(# speed 2)`, `(|+ n 7)`, `(~> x)`, `(+ n 1)`, `($ x)`, `(. f)`: `right` only. With more
    operations after it, as in `(|+ n 7 |* n 2)`, it is a Compose of such sections.
    `(0.25 ~>)`, `(x #)`, `(f $)`, `(1 +)`: `left` only.
    `(+)`, `(#)`, `(<~)`: neither.
    """

    left: Expression | None
    operator: str
    right: Expression | None
    operator_span: Span
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class ListExpr:
    """`[a, b, c]`; `[]` is empty."""

    items: tuple[Expression, ...]
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Tuple:
    """`(a, b)` or more parts; `Arc a b` is read as `(a, b)`."""

    items: tuple[Expression, ...]
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """`4 2000 exp`: juxtaposed atoms headed by a number, one keyframe of a list.

    Only occurs as an item of a ListExpr.
    """

    items: tuple[Expression, ...]
    span: Span


Expression = (
    Number
    | String
    | Name
    | BusName
    | Apply
    | Chain
    | Dollar
    | Shift
    | Binary
    | Negate
    | Compose
    | Section
    | ListExpr
    | Tuple
    | Row
)


@dataclass(frozen=True, slots=True, eq=False)
class ParameterSyntax:
    """A parameter of a `fn` or `synth`, with its default if one is given (`cutoff=900`)."""

    name: str
    default: Expression | None
    span: Span


class Statement:
    """The base of all statements; their classes are in `statement_syntax`.

    `kind` is the name of a row of `statement_kinds`, `head` the place to point at when the whole
    statement is meant.
    """

    __slots__ = ()

    kind: ClassVar[str]
    head: Span
    span: Span

    def parts(self) -> Iterator[Expression | ParameterSyntax]:
        """The expressions and parameters that the fields hold, in their order."""
        for field in fields(self):  # type: ignore[arg-type]
            value = getattr(self, field.name)
            for part in value if isinstance(value, tuple) else (value,):
                if isinstance(part, Expression | ParameterSyntax):
                    yield part

    def locals(self) -> frozenset[str]:
        """The names of the parameters, which stand for nothing outside this statement."""
        return frozenset(part.name for part in self.parts() if isinstance(part, ParameterSyntax))


def children(node: Expression | Statement | Keyword | ParameterSyntax) -> tuple[Expression, ...]:
    """The expressions directly inside a node, in the order written."""
    match node:
        case Number() | String() | Name() | BusName():
            return ()
        case Apply():
            return (node.function, *node.arguments, *(item.value for item in node.keywords))
        case Chain() | Shift() | Binary():
            return (node.left, node.right)
        case Dollar() | Compose():
            return node.parts
        case ListExpr() | Tuple() | Row():
            return node.items
        case Section():
            return tuple(side for side in (node.left, node.right) if side is not None)
        case Negate():
            return (node.operand,)
        case ParameterSyntax():
            return () if node.default is None else (node.default,)
        case Keyword():
            return (node.value,)
    found = (children(p) if isinstance(p, ParameterSyntax) else (p,) for p in node.parts())
    return tuple(expression for expressions in found for expression in expressions)
