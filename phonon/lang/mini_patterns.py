"""Builds patterns from the syntax tree of mini-notation."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial
from numbers import Real
from typing import Any

from phonon.errors import Fault, Span, nearest
from phonon.lang import mini_syntax as mini
from phonon.lang import mini_words
from phonon.lang.mini_syntax import Mini
from phonon.lang.numerals import exact_number, numeral
from phonon.patterns import (
    NOTHING,
    Pattern,
    choose_cycles_seeded,
    degrade_seeded,
    euclid_group,
    euclid_pattern,
    inner_bind,
    outer_join,
    pure,
    range_pattern,
    repeat_cycles,
    silence,
    stack,
    timecat,
)
from phonon.patterns.chords import CHORDS, is_modifier, modified
from phonon.patterns.joins import remembered

ReadWord = Callable[[str, Span], object]


def mini_pattern(node: Mini, read: ReadWord) -> Pattern:
    """Build the pattern of a tree of mini-notation, reading its words with `read`.

    `read` makes a value of every word, or raises a Fault at it; each event's context is the span
    of the words it came from. Random places use the formula chosen with `with_rng`. With
    `mini_words.word_reader("boolean")` a Euclidean rhythm is false between its pulses, as in Tidal.
    """
    return _Maker(read).make(node)


class _Maker:
    """Builds patterns with one reader of words."""

    def __init__(self, read: ReadWord) -> None:
        self.read = read
        self.kind = read.kind if isinstance(read, mini_words.WordReader) else ""

    def make(self, node: Mini) -> Pattern:  # noqa: C901 (one case for each kind of node)
        match node:
            case mini.Word():
                return pure(self.read(node.text, node.span), (node.span,))
            case mini.Rest() | mini.Silence():
                return silence
            case mini.Sequence():
                return self.sequence(node)
            case mini.Stack():
                return stack([self.make(part) for part in node.parts])
            case mini.Choice():
                return choose_cycles_seeded([self.make(part) for part in node.parts], node.seed)
            case mini.Polymeter():
                return self.polymeter(node)
            case mini.Alternation():
                voices = [(voice, _weight(voice)) for voice in node.voices]
                return stack([self.sequence(voice).slow(w) for voice, w in voices if w])
            case mini.Speed():
                return self.speed(node)
            case mini.Repeat():
                return repeat_cycles(self.make(node.body), node.count).fast(node.count)
            case mini.Euclid():
                return self.euclid(node)
            case mini.Degrade():
                return degrade_seeded(self.make(node.body), float(node.chance), node.seed)
            case mini.Tail():
                tail = mini_pattern(node.tail, mini_words.tail)
                return self.make(node.body).app_left(tail, _appended)
            case mini.Range():
                return range_pattern(self.end(node.first), self.end(node.last))
            case mini.Chord():
                return self.chord(node)

    def sequence(self, node: mini.Sequence) -> Pattern:
        return timecat([(step.weight, self.make(step.body)) for step in node.steps])

    def polymeter(self, node: mini.Polymeter) -> Pattern:
        voices = [(self.sequence(voice), _weight(voice)) for voice in node.voices]
        steps = pure(voices[0][1]) if node.steps is None else _number(node.steps)
        return stack(
            [
                _patterned(steps, partial(_at_rate, voice, weight))
                for voice, weight in voices
                if weight
            ]
        )

    def speed(self, node: mini.Speed) -> Pattern:
        body = self.make(node.body)
        fast = body.fast if node.operator == "*" else body.slow
        return _patterned(_number(node.factor), fast)

    def euclid(self, node: mini.Euclid) -> Pattern:
        body = self.make(node.body)
        steps = _number(node.steps)
        pulses = _number(node.pulses)
        rotation = None if node.rotation is None else _number(node.rotation)
        pulses = _both(pulses, steps, lambda k, n: max(-n, min(k, n)))
        if self.kind != "boolean":
            return euclid_group(body, pulses, steps, rotation)
        counts = _both(pulses, steps, lambda k, n: (int(k), int(n)))
        turns = pure(0) if rotation is None else rotation
        rhythm = inner_bind(
            _both(counts, turns, lambda kn, r: (*kn, int(r))),
            lambda numbers: euclid_pattern(*numbers),
        )
        return rhythm.app_both(body, lambda pulse, value: value if pulse else not value)

    def end(self, node: Mini) -> Pattern:
        """One end of a range; read as a plain number where Hz are wanted, since steps are of 1."""
        read = mini_words.number if self.kind == "hz" else self.read
        return self.numbers(node, read, "a range needs numbers")

    def chord(self, node: mini.Chord) -> Pattern:
        """The notes of a chord on each root, with the name and modifiers that hold at its onset."""
        root = mini_words.note if self.kind == "auto" else self.read
        chords = self.numbers(node.root, root, "a chord needs a note").fmap(lambda note: (note, ()))
        for index, part in enumerate(node.parts):
            named = _first_word if index == 0 else _next_word
            chords = chords.app_left(mini_pattern(part, named), _voiced)
        return outer_join(chords.fmap(remembered(self.voices)))

    def voices(self, chord: tuple[Any, tuple[float, ...]]) -> Pattern:
        root, notes = chord
        if self.kind == "hz":
            return stack([pure(root * 2 ** (note / 12)) for note in notes])
        return stack([pure(root + note) for note in notes])

    def numbers(self, node: Mini, read: ReadWord, wanted: str) -> Pattern:
        """A pattern of numbers, whatever the kind of the whole string."""

        def checked(text: str, span: Span) -> object:
            value = read(text, span)
            if isinstance(value, bool) or not isinstance(value, Real):
                raise Fault(f"{wanted}, not `{text}`", span)
            return value

        return mini_pattern(node, checked)


def _at_rate(voice: Pattern, weight: Fraction, steps: Fraction) -> Pattern:
    return voice.fast(steps / weight)


def _weight(voice: mini.Sequence) -> Fraction:
    return sum((step.weight for step in voice.steps), Fraction())


def _appended(value: Any, more: Any) -> tuple[Any, ...]:
    head = value if isinstance(value, tuple) else (value,)
    return head + (more if isinstance(more, tuple) else (more,))


def _first_word(text: str, span: Span) -> str:
    if text not in CHORDS and not is_modifier(text):
        raise Fault(f"there is no chord `{text}`", span, nearest(text, CHORDS))
    return text


def _next_word(text: str, span: Span) -> str:
    if not is_modifier(text):
        message = f"`{text}` changes no chord: a number of notes, i, ii …, o or d1 is expected"
        raise Fault(message, span)
    return text


def _voiced(chord: tuple[Any, tuple[float, ...]], word: str) -> tuple[Any, tuple[float, ...]]:
    """The chord after its next word: the name first, then modifiers."""
    root, notes = chord
    if not notes and word in CHORDS:
        return root, CHORDS[word]
    return root, modified(notes or CHORDS["major"], word)


def _number(node: Mini) -> Pattern:
    """A pattern of exact numbers, without context: highlighting shows the step, not its factor."""
    while isinstance(node, mini.Sequence) and len(node.steps) == 1:
        node = node.steps[0].body
    if isinstance(node, mini.Word):
        return pure(_exact(node.text, node.span))
    return mini_pattern(node, _exact)


def _exact(text: str, span: Span) -> Fraction:
    value = numeral(text, span, bare_letters=False)
    return Fraction(exact_number(text, span) if value is None else value)


def _patterned(numbers: Pattern, function: Callable[[Any], Pattern]) -> Pattern:
    """Apply `function` to a pattern of numbers and join the results; constants need no join."""
    if numbers.constant is not NOTHING and not numbers.context:
        return function(numbers.constant)
    return inner_bind(numbers, function)


def _both(left: Pattern, right: Pattern, function: Callable[[Any, Any], Any]) -> Pattern:
    """Apply `function` to two patterns of numbers; the result of two constants is constant."""
    if left.constant is not NOTHING and right.constant is not NOTHING:
        return pure(function(left.constant, right.constant))
    return left.app_both(right, function)
