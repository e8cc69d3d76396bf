"""The syntax tree of the mini-notation: frozen nodes, each with its exact place in the program."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from phonon.errors import Span


@dataclass(frozen=True, slots=True, eq=False)
class Word:
    """One word as written: a name, number, note or ratio, which `mini_words` tells apart."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Rest:
    """`~` or a lone `-`."""

    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Silence:
    """An empty pattern: `""`, `[]`, `<>`, `{}`."""

    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """A part of a sequence with its share of the time (`a@3`, `a _ _`; `a!3` weighs three)."""

    body: Mini
    weight: Fraction
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Sequence:
    """Steps one after another in one cycle."""

    steps: tuple[Step, ...]
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Stack:
    """`[a b, c d]`: everything at once."""

    parts: tuple[Mini, ...]
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """`[a | b]`: one of them per cycle; `seed` counts the random places of the string."""

    parts: tuple[Mini, ...]
    seed: int
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Polymeter:
    """`{a b c, d e}%4`: `steps` per cycle, without it as many as the first voice has."""

    voices: tuple[Sequence, ...]
    steps: Mini | None
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Alternation:
    """`<a b c, d e>`: one step of every voice per cycle."""

    voices: tuple[Sequence, ...]
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Speed:
    """`a*2` or `a/2`; the factor is a pattern of its own."""

    body: Mini
    operator: Literal["*", "/"]
    factor: Mini
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Repeat:
    """`a!3`: the same cycle `count` times within one step."""

    body: Mini
    count: int
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Euclid:
    """`a(3,8,2)`: `pulses` in `steps`, turned left by `rotation`."""

    body: Mini
    pulses: Mini
    steps: Mini
    rotation: Mini | None
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Degrade:
    """`a?` or `a?0.3`: each event is dropped with that chance."""

    body: Mini
    chance: Fraction
    seed: int
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Tail:
    """`bd:3`: the values of `tail` appended to those of `body`, structure from `body`."""

    body: Mini
    tail: Mini
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Range:
    """`0 .. 3`: the whole numbers between, inside one step."""

    first: Mini
    last: Mini
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Chord:
    """`c'maj7'ii`: a root, a chord's name or number of notes, and its modifiers, each a pattern."""

    root: Mini
    parts: tuple[Mini, ...]
    span: Span


Mini = (
    Word
    | Rest
    | Silence
    | Sequence
    | Stack
    | Choice
    | Polymeter
    | Alternation
    | Speed
    | Repeat
    | Euclid
    | Degrade
    | Tail
    | Range
    | Chord
)


def children(node: Mini) -> tuple[Mini, ...]:
    """The nodes directly inside a node, in the order written."""
    match node:
        case Word() | Rest() | Silence():
            return ()
        case Sequence():
            return tuple(step.body for step in node.steps)
        case Stack() | Choice():
            return node.parts
        case Polymeter():
            return node.voices if node.steps is None else (*node.voices, node.steps)
        case Alternation():
            return node.voices
        case Speed():
            return (node.body, node.factor)
        case Euclid():
            found = (node.body, node.pulses, node.steps)
            return found if node.rotation is None else (*found, node.rotation)
        case Tail():
            return (node.body, node.tail)
        case Range():
            return (node.first, node.last)
        case Chord():
            return (node.root, *node.parts)
        case Repeat() | Degrade():
            return (node.body,)
