"""Parses mini-notation; spans are offsets in the whole program."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import Any, Literal, cast

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedInput

from phonon.errors import Fault, Span
from phonon.lang import mini_syntax as mini
from phonon.lang.brackets import check_mini_brackets
from phonon.lang.grammars import make_parser
from phonon.lang.limits import DIGITS, SPEED
from phonon.lang.mini_errors import explain_mini
from phonon.lang.mini_limits import check
from phonon.lang.mini_syntax import Mini

_LOCK = threading.RLock()

# A modifier before its step is known: wraps the step's body, or changes its weight.
Wrap = Callable[[Mini, Span], Mini]


class _Weight(Fraction):
    """`@3` or `_`: how many steps longer."""


class _Replicate(Fraction):
    """`!3` or `!`: how many steps more."""


def parse_mini(text: str, offset: int = 0) -> Mini:
    """The tree of mini-notation that begins at `offset` of a program; raises Fault."""
    check_mini_brackets(text, offset)
    with _LOCK:
        parser, builder = mini_parser()
        builder.begin(offset)
        try:
            tree: Mini = parser.parse(text)  # type: ignore[assignment]
        except UnexpectedInput as error:
            raise explain_mini(error, text, offset) from None
    check(tree)
    return tree


class MiniBuilder(Transformer[Token, Any]):
    """One method per alternative of mini.lark; each gets its parts in the order written."""

    def __init__(self) -> None:
        super().__init__()
        self.offset = 0
        self.seeds = 0

    def begin(self, offset: int) -> None:
        """Reset for the next string."""
        self.offset, self.seeds = offset, 0

    def span(self, token: Token) -> Span:
        """Where a token stands in the program."""
        begin = self.offset + cast(int, token.start_pos)
        return Span(begin, begin + len(token))

    def seed(self) -> int:
        """A number for the next random operator (`?`, `|`) of the string, inner before outer."""
        self.seeds += 1
        return self.seeds - 1

    # -- sequences

    def pattern(self, parts: list[Mini]) -> Mini:
        return parts[0] if parts else mini.Silence(Span(self.offset, self.offset))

    def stack(self, parts: list[Any]) -> mini.Stack:
        return mini.Stack(tuple(parts[::2]), parts[0].span.joined(parts[-1].span))

    def choice(self, parts: list[Any]) -> mini.Choice:
        span = parts[0].span.joined(parts[-1].span)
        return mini.Choice(tuple(parts[::2]), self.seed(), span)

    def feet(self, parts: list[Any]) -> mini.Sequence:
        self.seed()  # Strudel's parser counts a group of feet as a random place, too
        feet = tuple(mini.Step(part, Fraction(1), part.span) for part in parts[::2])
        return mini.Sequence(feet, parts[0].span.joined(parts[-1].span))

    def sequence(self, parts: list[Any]) -> mini.Sequence:
        steps = [part for part in parts if not isinstance(part, Token)]
        span = steps[0].span.joined(steps[-1].span)
        return mini.Sequence(tuple(step for step in steps if step.weight > 0), span)

    def step(self, parts: list[Any]) -> mini.Step:
        body, weight, count = parts[0], Fraction(1), None
        span: Span = body.span
        wraps: list[tuple[Wrap | None, Span]] = []
        for modifier, place in parts[1:]:
            span = span.joined(place)
            if isinstance(modifier, _Weight):
                weight += modifier
            elif isinstance(modifier, _Replicate):
                # Repeating comes after all modifiers so far and takes the weight over.
                count = int((1 if count is None else count) + modifier)
                weight = Fraction(count)
                wraps = [item for item in wraps if item[0] is not None]
                wraps.append((None, place))
            else:
                wraps.append((modifier, place))
        for wrap, place in wraps:
            inner = body.span.joined(place)
            body = wrap(body, inner) if wrap else mini.Repeat(body, count or 0, inner)
        return mini.Step(body, weight, span)

    # -- slices

    def word(self, parts: list[Token]) -> mini.Word:
        return mini.Word(str(parts[0]), self.span(parts[0]))

    def rest(self, parts: list[Token]) -> mini.Rest:
        return mini.Rest(self.span(parts[0]))

    def bracket(self, parts: list[Any]) -> Mini:
        span = self.span(parts[0]).joined(self.span(parts[-1]))
        return cast(Mini, replace(parts[1], span=span)) if len(parts) == 3 else mini.Silence(span)

    def voices(self, parts: list[Any]) -> tuple[mini.Sequence, ...]:
        return tuple(parts[::2])

    def polymeter(self, parts: list[Any]) -> Mini:
        steps = parts[-1] if isinstance(parts[-1], Mini) else None
        end = steps.span if steps is not None else self.span(parts[-1])
        span = self.span(parts[0]).joined(end)
        if not isinstance(parts[1], tuple):
            return mini.Silence(span)
        return mini.Polymeter(parts[1], steps, span)

    def alternation(self, parts: list[Any]) -> Mini:
        span = self.span(parts[0]).joined(self.span(parts[-1]))
        return mini.Alternation(parts[1], span) if len(parts) == 3 else mini.Silence(span)

    # -- modifiers: (what it does, where it stands)

    def amount(self, token: Token, default: str) -> Fraction:
        """The number written in `@3`, `!3`, `?0.3`."""
        text = str(token)[1:] or default
        if len(text) > DIGITS or Fraction(text) > SPEED:
            raise Fault(f"`{token}` is more than {SPEED}", self.span(token))
        return Fraction(text)

    def weight(self, parts: list[Token]) -> tuple[_Weight, Span]:
        weight = self.amount(parts[0], "2")
        if 0 < weight < Fraction(1, SPEED):
            raise Fault(f"`{parts[0]}` is less than 1/{SPEED}", self.span(parts[0]))
        return _Weight(weight - 1), self.span(parts[0])

    def replicate(self, parts: list[Token]) -> tuple[_Replicate, Span]:
        count = self.amount(parts[0], "2")
        if count.denominator != 1:
            raise Fault("`!` repeats a whole number of times", self.span(parts[0]))
        return _Replicate(count - 1), self.span(parts[0])

    def degrade(self, parts: list[Token]) -> tuple[Wrap, Span]:
        chance, seed = self.amount(parts[0], "1/2"), self.seed()
        return lambda body, span: mini.Degrade(body, chance, seed, span), self.span(parts[0])

    def speed(self, parts: list[Any]) -> tuple[Wrap, Span]:
        sign = cast(Literal["*", "/"], str(parts[0]))
        factor = parts[1]
        place = self.span(parts[0]).joined(factor.span)
        return lambda body, span: mini.Speed(body, sign, factor, span), place

    def tail(self, parts: list[Any]) -> tuple[Wrap, Span]:
        place = self.span(parts[0]).joined(parts[1].span)
        return lambda body, span: mini.Tail(body, parts[1], span), place

    def range(self, parts: list[Any]) -> tuple[Wrap, Span]:
        place = self.span(parts[0]).joined(parts[1].span)
        return lambda body, span: mini.Range(body, parts[1], span), place

    def chord(self, parts: list[Any]) -> tuple[Wrap, Span]:
        def wrap(body: Mini, span: Span) -> Mini:
            if isinstance(body, mini.Chord):
                return mini.Chord(body.root, (*body.parts, parts[1]), span)
            return mini.Chord(body, (parts[1],), span)

        return wrap, self.span(parts[0]).joined(parts[1].span)

    def euclid(self, parts: list[Any]) -> tuple[Wrap, Span]:
        numbers = [part for part in parts if not isinstance(part, Token)]
        pulses, steps = numbers[:2]
        rotation = numbers[2] if len(numbers) > 2 else None
        place = self.span(parts[0]).joined(self.span(parts[-1]))
        return lambda body, span: mini.Euclid(body, pulses, steps, rotation, span), place


@cache
def mini_parser() -> tuple[Lark, MiniBuilder]:
    """The parser of mini-notation and the builder that it calls."""
    builder = MiniBuilder()
    return make_parser("mini", builder), builder
