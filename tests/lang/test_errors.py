"""Messages, places and suggestions of errors."""

from __future__ import annotations

import time

import pytest

from phonon import check
from phonon.errors import Diagnostic, PhononError
from phonon.lang import limits
from phonon.lang.compiler import compile_program
from phonon.lang.parser import parse_expression, parse_program
from tests.lang.compiled import errors


def only(source: str) -> Diagnostic:
    """The one error of a program."""
    _, diagnostics = parse_program(source)
    assert len(diagnostics) == 1, diagnostics
    return diagnostics[0]


@pytest.mark.parametrize(
    ("source", "place", "says", "offers"),
    [
        ("otu: saw 55", (1, 1), "no statement `otu:`", "out:"),
        ("bmp: 120", (1, 1), "no statement `bmp:`", "bpm:"),
        ("lead: saw 55", (1, 1), "`~lead:`", "~lead:"),
        ("out saw 55", (1, 1), "`:` or `$` is expected", "out:"),
        ("hsuh", (1, 1), "begins no statement", "hush"),
        ('once $ s "bd"', (1, 1), "`once` begins no statement", "out:"),
        ("bpm 130", (1, 1), "after `bpm`, `:` is expected", "bpm:"),
        ('$: s("bd*4")', (1, 1), "an output is written `o1:`", "o1:"),
        ('out: saw 55\n$: s("bd*4")', (2, 1), "an output is written `o1:`", "o1:"),
        ("// a kick", (1, 1), "comments begin with `--`", "--"),
        ('out: s("bd").gain(0.5)', (1, 13), "not chained", "# gain"),
        ('out: s("bd").fast(2)', (1, 13), "before what it changes: fast … $", None),
        ("out: saw 2.5kHz", (1, 10), "without their unit", "2500"),
        ("out: delay 250ms", (1, 12), "without their unit", "0.25"),
        ("out: x # gain -6db", (1, 16), "a gain of 0.5 is -6db", "6"),
        ("out: reverb room=1", (1, 17), "`:name …` an argument", None),
        ("saw 55", (1, 1), "plays nothing", "out:"),
        ("~a # lpf 3\n~a", (2, 1), "plays nothing", "out:"),
        ("~a = saw 55", (1, 1), "`:` or `$`", "~a:"),
        ("rng: strudle", (1, 6), "no random formula", "strudel"),
        ("hush o17", (1, 6), "from o1 to o16", None),
        ("solo", (1, 1), "needs an output", None),
        ("let x = 3", (1, 1), "no `let`", None),
        ("# a remark", (1, 1), "comments begin with `--`", None),
        ("out: saw 55 // x", (1, 14), "comments begin with `--`", None),
        ("cps: 1\n  out: saw 55", (2, 3), "left edge", None),
        ("  out: saw 55", (1, 3), "left edge", None),
        ("out: 2 -1", (1, 8), "cannot be applied", "2 - 1"),
        ('out: "0 1" 2', (1, 12), "an operator is missing", None),
        ("out: (1/8) 3", (1, 12), "an operator is missing", None),
        ("out: [1 2] # x (3 -1)", (1, 19), "cannot be applied", "3 - 1"),
        ("out: saw 55 #", (1, 13), "after `#`", None),
        ("out:", (1, 4), "after `out:`", None),
        ("out: f ()", (1, 9), "parentheses are empty", None),
        ("out: (saw 55", (1, 6), "`(` is never closed", None),
        ("out: saw 55)", (1, 12), "`)` closes nothing", None),
        ("out: (saw 55]", (1, 13), "does not close `(`", None),
        ("out: [f (x]", (1, 9), "`(` is not closed before `]`", None),
        ("out: f 1. 2", (1, 9), "no trailing dot", None),
        ("out: 808bd", (1, 6), "names begin with a letter", None),
        ("out: s “bd”", (1, 8), "typographic quote", None),
        ("out: saw 55 = 3", (1, 13), "`=` is for `fn` and `synth`", None),
        ("out: 1, 2", (1, 7), "a comma stands between", None),
        ("out: x:kw 3", (1, 7), "a space before it", None),
        ("fn f 2 = x", (1, 6), "parameters", None),
        ("fn f x x = x", (1, 8), "two parameters", None),
        ("synth pad freq", (1, 14), "the body", None),
        ('out: s "bd sn', (1, 8), "never closed", None),
        ('o1 $ s "bd # n "0 1"', (1, 8), "never closed", None),
        ('out: s "bd*"', (1, 11), "after `*`", None),
        ('out: s "bd ]"', (1, 12), "`]` closes nothing", None),
        ("out: 1%0", (1, 6), "zero below", None),
    ],
)
def test_an_error_has_a_span_a_message_and_suggestions(
    source: str, place: tuple[int, int], says: str, offers: str | None
) -> None:
    error = only(source)
    assert (error.line, error.column) == place
    assert says in error.message
    assert (offers in error.suggestions) if offers else True
    assert (error.end_line, error.end_column) > place


def test_no_message_names_a_terminal_of_the_grammar() -> None:
    for source in ("out: #", "fn", "out: (1", "rng: 3", "hush :", "out: a b = c", 'out: s "[*"'):
        _, diagnostics = parse_program(source)
        for error in diagnostics:
            assert not any(word in error.message for word in ("LPAR", "$END", "NAME", "Token"))


def test_every_statement_fails_alone_and_all_errors_come_at_once() -> None:
    source = 'cps: 0.5\notu: saw 55\no1: s "bd [sn"\n~a: saw (55\no2: saw 55\no3: 2 -1'
    statements, diagnostics = parse_program(source)
    assert len(statements) == 2
    assert [error.line for error in diagnostics] == [2, 3, 4, 6]


def test_all_bad_strings_of_a_statement_are_reported() -> None:
    _, diagnostics = parse_program('out: s "bd*" # n "0 [1" # gain "1 2"')
    assert [error.column for error in diagnostics] == [11, 21]


def test_a_bad_string_and_a_bad_expression_are_both_reported() -> None:
    _, diagnostics = parse_program('out: s "bd*" # n (2 -1)')
    assert [error.column for error in diagnostics] == [11, 21]


def test_an_expression_raises_all_its_errors() -> None:
    with pytest.raises(PhononError) as caught:
        parse_expression('s "bd*" # n "0 ["')
    assert [error.column for error in caught.value.diagnostics] == [6, 16]
    with pytest.raises(PhononError, match="an expression is expected"):
        parse_expression("  ")


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("out: " + "(" * 10_000 + "1" + ")" * 10_000, "nested more than"),
        ("out: " + "[" * 10_000, "nested more than"),
        ('out: s "' + "[" * 10_000 + "bd" + "]" * 10_000 + '"', "nested more than"),
        ('out: s "' + "<" * 10_000 + '"', "nested more than"),
        ("out: " + " + ".join(["1"] * 5_000), "nested more than"),
        ("out: " + " <~ ".join(["1"] * 5_000), "nested more than"),
        ("out: " + "- " * 5_000 + "x", "nested more than"),
        ('out: s "bd' + "*2" * 5_000 + '"', "nested more than"),
        ("out: x " + "1 " * 50_000, "characters"),
        ("cps: 1\n" * 20_000, "statements"),
        ("x" * (limits.SOURCE_LENGTH + 1), "characters"),
        ("out: " + "9" * 5_000, "digits"),
        ("out: 1e999999999", "exponent"),
        ('out: s "bd*1000000000"', "out of range"),
        ('out: s "[bd*5000]*5000"', "25,000,000 events per cycle"),
        ('out: s "bd!20000"', "20,000 events per cycle"),
        ('out: s "bd/0.00001"', "100,000 events per cycle"),
        ('out: s "{a b}%100000"', "events per cycle"),
        ('out: s "bd(3,100000)"', "at most 4,096 steps"),
        ('out: n "0 .. 100000"', "at most 4,096 numbers"),
        ("out: n \"c'maj'100000\"", "at most 4,096 notes"),
        ('out: s "bd@1000000000 sn"', "more than"),
    ],
    ids=lambda value: value[:24] if isinstance(value, str) else "",
)
def test_a_program_beyond_a_limit_is_refused_quickly_and_names_the_limit(
    source: str, says: str
) -> None:
    began = time.thread_time()
    _, diagnostics = parse_program(source)
    assert time.thread_time() - began < 5
    assert any(says in error.message for error in diagnostics), diagnostics[:3]


def test_all_errors_are_reported_at_once_and_the_rest_compiles() -> None:
    found, diagnostics = compile_program('o1: s "bd" # speeed 2\no2: s "sn"\no3: swa 55')
    assert [d.line for d in diagnostics] == [1, 3]
    assert "speed" in diagnostics[0].suggestions
    assert "saw" in diagnostics[1].suggestions
    assert list(found.outputs) == ["o2"]


def test_a_definition_that_depends_on_a_failed_one_reports_no_second_error() -> None:
    found, diagnostics = compile_program("~a: nosuch 1\no1: ~a * 2\no2: saw 55")
    assert len(diagnostics) == 1
    assert list(found.outputs) == ["o2"]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ('out: "1 2 3"', "by itself"),
        ("out: lpf 800", "nothing sounds"),
        ("out: every 2", "function"),
        ("out: ~nowhere", "no bus ~nowhere"),
        ('out: s "bd" # speed 2 # ~x\n~x: saw 2', "signal"),
        ('out: every "2" 3 $ s "bd"', "function is wanted"),
        ('cps: 0\nout: s "bd"', "tempo"),
        ("out: saw 55\nout: saw 56", "twice"),
        ("out: 1/0 * saw 5", "divides by zero"),
    ],
)
def test_mistakes_are_explained(source: str, words: str) -> None:
    assert any(words in error for error in errors(source)), errors(source)


@pytest.mark.parametrize(
    ("source", "columns"),
    [
        ('out: s "bd" # vowel "a q"', (24, 25)),
        ('out: saw 55 # vowel "<a q>"', (25, 26)),
        ('out: s "bd" # unit "c xyz"', (23, 26)),
        ("out: saw 55 # lpf (fooo 3)", (20, 24)),
        ('out: n (scale "foo" "0 1") # s "bd"', (16, 19)),
        ('out: n (scale "<major foo>" "0 1") # s "bd"', (23, 26)),
        ('out: arp "<up upp>" $ note "c" # s "organ"', (15, 18)),
        ('out: note (chord "foo" "c e") # s "organ"', (19, 22)),
        ('out: note (chord "<maj foo>" "c e") # s "organ"', (24, 27)),
        ('out: s "bd" # speed', (15, 20)),
    ],
)
def test_a_wrong_word_is_marked_where_it_stands(source: str, columns: tuple[int, int]) -> None:
    (error,) = check(source)
    assert (error.column, error.end_column) == columns


def test_every_wrong_word_of_a_statement_is_reported() -> None:
    found = errors("o1: swa 55 $ fsat 2\nfn f x = x # lpff 3\no2: saw 55")
    assert [error.split(":")[:2] for error in found] == [["1", "5"], ["1", "14"], ["2", "14"]]
    assert not errors("out: saw 55 # lpf (track [0 200, 4 2000 exp])")


@pytest.mark.parametrize(
    ("source", "begin", "end"),
    [
        ('o1: s "bd"\n  # gain 1\n  # lpff 300', (3, 5), (3, 9)),
        ('o1: stack [\ns "bd",\nnosuch 3\n]', (3, 1), (3, 7)),
        ('-- above\n\no1: s "bd"\n -- between\n\n   # n "0 c*"', (6, 12), (6, 13)),
        ('o1: s "bd\n  sn*"', (2, 5), (2, 6)),
        ('o1: s "bd"\n  # n "0\n  1*"', (3, 4), (3, 5)),
        ("o1: saw 55\n  # lpf 300 )", (2, 13), (2, 14)),
        ("o1: saw (55\n  + 2", (1, 9), (1, 10)),
        ('o1: s "bd"\n  #', (2, 3), (2, 4)),
        ('o1: 2\n  / s\n  "bd"', (1, 5), (3, 7)),
        ('o1: s "bd"\r\n  # lpff 300', (2, 5), (2, 9)),
    ],
)
def test_a_mistake_in_a_statement_over_several_lines_is_marked_in_its_line(
    source: str, begin: tuple[int, int], end: tuple[int, int]
) -> None:
    (error,) = compile_program(source)[1]
    assert ((error.line, error.column), (error.end_line, error.end_column)) == (begin, end)
