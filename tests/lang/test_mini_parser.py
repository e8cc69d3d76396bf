"""Syntax trees and errors of mini-notation."""

from __future__ import annotations

import pytest

from phonon.errors import Fault, Span
from phonon.lang import mini_syntax as mini
from phonon.lang.mini_parser import parse_mini


def only_step(text: str, offset: int = 0) -> mini.Mini:
    tree = parse_mini(text, offset)
    assert isinstance(tree, mini.Sequence)
    assert len(tree.steps) == 1
    return tree.steps[0].body


def test_spans_are_offsets_in_the_program() -> None:
    source = 'out: s "bd [sn:3 ~]*<2 3> c(3,8)?0.3"'
    begin = source.index('"') + 1
    todo: list[mini.Mini] = [parse_mini(source[begin:-1], begin)]
    words = []
    while todo:
        node = todo.pop()
        todo += mini.children(node)
        cut = source[node.span.begin : node.span.end]
        if isinstance(node, mini.Word):
            assert cut == node.text
            words.append(cut)
        elif isinstance(node, mini.Speed):
            assert cut == "[sn:3 ~]*<2 3>"
        elif isinstance(node, mini.Degrade):
            assert cut == "c(3,8)?0.3"
        elif isinstance(node, mini.Alternation):
            assert cut == "<2 3>"
    assert sorted(words) == sorted(["bd", "sn", "3", "2", "3", "c", "3", "8"])


@pytest.mark.parametrize(
    "word",
    ["bd", "köln", "bd-2", "kick.wav", "808bd", "1a", "c#4", "a1b2", "z_", "~pad", "-1", "+1",
     ".5", "1e3", "2e-2", "1%8", "-1%8", "drum-loop_01.wav", "ñandu", "x^y", "0x10", "鼓"],
)  # fmt: skip
def test_words_hold_letters_of_any_script_digits_and_some_signs(word: str) -> None:
    node = only_step(word)
    assert isinstance(node, mini.Word)
    assert (node.text, node.span) == (word, Span(0, len(word)))


def test_seeds_count_random_places_inner_before_outer() -> None:
    tree = parse_mini("a? [b? c]? [d|e?] . f?")
    found: list[tuple[str, int]] = []
    todo: list[mini.Mini] = [tree]
    while todo:
        node = todo.pop()
        todo += mini.children(node)
        if isinstance(node, mini.Degrade | mini.Choice):
            found.append((type(node).__name__, node.seed))
    assert sorted(found, key=lambda pair: pair[1]) == [
        ("Degrade", 0),  # a?
        ("Degrade", 1),  # b?
        ("Degrade", 2),  # [b? c]?
        ("Degrade", 3),  # e?
        ("Choice", 4),
        ("Degrade", 5),  # f?; the feet themselves are number 6
    ]


@pytest.mark.parametrize(
    ("text", "weights"),
    [
        ("a b@3 c@1.5", [1, 3, 1.5]), ("a _ _ b", [3, 1]), ("a@ b", [2, 1]), ("a@3 _", [4]),
        ("a!3 b", [3, 1]), ("a! b", [2, 1]), ("a ! ! b", [3, 1]), ("a!! b", [3, 1]),
        ("a@0 b", [1]), ("a!0 b", [1]), ("a!3@3", [5]), ("a@1.5!2", [2]), ("[a b]!3 c", [3, 1]),
    ],
)  # fmt: skip
def test_steps_have_weights(text: str, weights: list[float]) -> None:
    tree = parse_mini(text)
    assert isinstance(tree, mini.Sequence)
    assert [step.weight for step in tree.steps] == weights


def test_modifiers_bind_from_left_to_right() -> None:
    outer = only_step("a*2(3,8)?/2")
    kinds = []
    while not isinstance(outer, mini.Word):
        kinds.append(type(outer).__name__)
        outer = mini.children(outer)[0]
    assert kinds == ["Speed", "Degrade", "Euclid", "Speed"]


def test_spaces_stand_freely_around_modifiers() -> None:
    for tight, loose in (("a(3,8)", "a ( 3 , 8 )"), ("a*2", "a * 2"), ("a:2", "a : 2")):
        assert type(only_step(tight)) is type(only_step(loose))
    assert type(only_step("0..3")) is type(only_step("0 .. 3")) is mini.Range


@pytest.mark.parametrize("text", ["", "  ", "[]", "<>", "{}", "{}%4"])
def test_an_empty_string_or_bracket_is_silence(text: str) -> None:
    tree = parse_mini(text)
    assert isinstance(tree if not text.strip() else only_step(text), mini.Silence)


@pytest.mark.parametrize(
    ("text", "begin", "says"),
    [
        ("a,,b", 2, "between `,` and `,`"),
        (",a", 0, "is expected first"),
        ("a b,", 3, "after `,`"),
        ("a . ", 2, "after `.`"),
        ("a|", 1, "after `|`"),
        ("a*", 1, "after `*`"),
        ("a**2", 2, "changes the step before it"),
        ("[*2]", 1, "changes the step before it"),
        ("@3 a", 0, "at the beginning"),
        ("(3,8)", 0, "at the beginning"),
        ("a(3)", 3, "two or three numbers"),
        ("a(3,8,1,2)", 7, "two or three numbers"),
        ("[a b", 0, "never closed"),
        ("a b]", 3, "closes nothing"),
        ("<a b]", 4, "does not close `<`"),
        ("[<a b]", 1, "is not closed before `]`"),
        ("{a|b}", 2, "put it into `[ ]`"),
        ("<a|b>", 2, "put it into `[ ]`"),
        ("a | b, c", 5, "cannot share a bracket"),
        ("{a . b}", 3, "put them into `[ ]`"),
        ("a!1.5", 1, "a whole number of times"),
        ("a;b", 1, "no meaning inside a string"),
        ("a=b", 1, "no meaning inside a string"),
        ("a $ b", 2, "functions go outside"),
        ("a # b", 2, "effects go outside"),
        ("a+b", 1, "before a number only"),
        ("~~", 0, "a rest is a single"),
        ("__", 0, "lengthens the step before it"),
        ("a*x", 2, "a number is expected here"),
        ("a(2.5,8)", 2, "a whole number"),
        ("a*<2 b:3>", 5, "a single number"),
        ("c:2'maj", 0, "a single number or note"),
    ],
)
def test_a_syntax_error_has_a_span_and_a_message(text: str, begin: int, says: str) -> None:
    with pytest.raises(Fault) as caught:
        parse_mini(text, 100)
    assert caught.value.span is not None
    assert caught.value.span.begin == 100 + begin
    assert says in caught.value.message
