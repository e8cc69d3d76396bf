"""Programs are split into statements."""

from __future__ import annotations

import pytest

from phonon.lang.splitter import split


def texts(source: str) -> list[str]:
    return [chunk.text for chunk in split(source)]


def test_each_line_at_the_left_edge_is_a_statement() -> None:
    assert texts("cps: 0.5\nout: saw 55\n") == ["cps: 0.5", "out: saw 55"]


def test_an_indented_line_continues() -> None:
    assert texts('out: s "bd"\n  # gain 1') == ['out: s "bd"\n  # gain 1']


@pytest.mark.parametrize(
    "operator", ["#", "$", "+", "*", "/", "%", "|+|", "|<", "+|", "<~", "~>", ".", ")", "]", ","]
)
def test_a_line_that_begins_with_an_operator_continues(operator: str) -> None:
    assert len(texts(f"out: x\n{operator} y")) == 1


def test_a_line_that_begins_with_a_minus_does_not_continue() -> None:
    assert len(texts("out: x\n- y")) == 2


def test_comments_and_blank_lines_do_not_end_a_statement() -> None:
    source = 'out: s "bd"\n\n-- a remark\n   -- another\n\n  # gain 1\n'
    assert texts(source) == [source.rstrip("\n")]


def test_comments_and_blank_lines_after_a_statement_are_not_part_of_it() -> None:
    assert texts("out: x\n\n-- the end\n") == ["out: x"]


def test_open_brackets_continue_at_the_left_edge() -> None:
    source = 'out: stack [\ns "bd",\ns "sn"\n]\ncps: 1'
    assert texts(source) == ['out: stack [\ns "bd",\ns "sn"\n]', "cps: 1"]


def test_an_open_string_continues() -> None:
    assert texts('out: s "bd\nsn"\ncps: 1') == ['out: s "bd\nsn"', "cps: 1"]


@pytest.mark.parametrize(
    "head",
    ["cps: 1", "otu: 1", "~b: x", "~b $ x", "~b # x", "out: x", "out $ x", "o1: x", "out2 $ x",
     "d1 $ x", "fn f x = x", "synth a freq = x", "hush", "panic", "solo o1", "unhush o2"],
)  # fmt: skip
@pytest.mark.parametrize("open_", ["(", "[", '"', "stack [(", 's "bd [', '{"'])
def test_an_unclosed_bracket_or_quote_breaks_only_its_own_statement(head: str, open_: str) -> None:
    assert texts(f"out: {open_}\n{head}") == [f"out: {open_}", head]


def test_brackets_and_quotes_in_comments_do_not_count() -> None:
    assert len(texts('out: x -- [ ( "\nsaw 55\ncps: 1')) == 3


def test_two_dashes_inside_a_string_are_no_comment() -> None:
    assert texts('out: s "bd -- sn" # f (\n1)') == ['out: s "bd -- sn" # f (\n1)']


def test_brackets_inside_a_string_do_not_count() -> None:
    assert len(texts('out: s "bd ["\nsaw 55')) == 2


def test_spans_cut_the_statements_out_of_the_source() -> None:
    source = "-- first\ncps: 0.5 -- half\n\n~a: saw 55\n   # lpf 800\r\nout: ~a"
    assert [source[c.span.begin : c.span.end] for c in split(source)] == texts(source)
    assert texts(source)[2] == "out: ~a"


def test_a_type_annotation_is_no_head() -> None:
    assert texts("saw :: Pattern Double") == ["saw :: Pattern Double"]
    assert len(texts("out: x\n:: Pattern")) == 1


def test_an_empty_program_has_no_statements() -> None:
    assert split("") == split("\n\n-- nothing\n") == []
