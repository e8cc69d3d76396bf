"""The syntax tree of a program: frozen nodes, each with its exact place in the source.

A parenthesised expression is its inner node with `span` widened over the parentheses. The tree
says what was written, not what it means: `f x` is an Apply whatever `f` turns out to be. Nodes
are compared by identity: no two stand at the same place (and making the classes takes half the
time, which every start of the program pays).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from phonon.errors import Span
from phonon.lang.minisyntax import Mini


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

    `body` has spans in the whole program. Hand it to `phonon.lang.mini.mini_pattern`.
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
class Parameter:
    """A parameter of a `fn` or `synth`, with its default if one is given (`cutoff=900`)."""

    name: str
    default: Expression | None
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Tempo:
    """`cps: value` (also `tempo:`, `setcps value`) or `bpm: value beats`.

    `beats` is the beats per cycle of `bpm: 90 3`, None where not given.
    """

    unit: Literal["cps", "bpm"]
    value: Expression
    beats: Expression | None
    head: Span
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Rng:
    """`rng: precise`, `tidal` or `strudel` (checked)."""

    choice: Literal["precise", "tidal", "strudel"]
    head: Span
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class BusDefinition:
    """`~name: value`, `~name $ value`, `~name # value`; `name` is without the tilde.

    With `operator` "#" the value is an effect: what follows the first `#`.
    """

    name: str
    operator: Literal[":", "$", "#"]
    value: Expression
    head: Span
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class OutputDefinition:
    """`out: value`, `o1 $ value`, `d1 $ value` …; `name` is `out` or `o1` … `o16`."""

    name: str
    value: Expression
    head: Span
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class FnDefinition:
    """`fn name a b = value`; `head` covers the name."""

    name: str
    parameters: tuple[Parameter, ...]
    value: Expression
    head: Span
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class SynthDefinition:
    """`synth name freq cutoff=900 = value`; `head` covers the name."""

    name: str
    parameters: tuple[Parameter, ...]
    value: Expression
    head: Span
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Command:
    """`hush`, `hush o2`, `unhush o2`, `solo o3`, `panic` …

    `outputs` are normalised names (`out`, `o2`), none where the command is meant for everything.
    """

    name: str
    outputs: tuple[str, ...]
    head: Span
    span: Span


Statement = (
    Tempo | Rng | BusDefinition | OutputDefinition | FnDefinition | SynthDefinition | Command
)


def children(node: Expression | Statement | Keyword | Parameter) -> tuple[Expression, ...]:
    """The expressions directly inside a node, in the order written."""
    match node:
        case Number() | String() | Name() | BusName() | Rng() | Command():
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
        case Tempo():
            return (node.value,) if node.beats is None else (node.value, node.beats)
        case Parameter():
            return () if node.default is None else (node.default,)
        case FnDefinition() | SynthDefinition():
            defaults = (parameter.default for parameter in node.parameters)
            return (*(default for default in defaults if default is not None), node.value)
        case _:
            return (node.value,)
