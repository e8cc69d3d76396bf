"""`phonon events`: exact times, values, programs and single expressions."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from phonon.cli.events import plain
from phonon.cli.run import run


def listed(capsys, *arguments):
    assert run(["events", *arguments, "--json"]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_json_lines_have_exact_times(capsys):
    assert listed(capsys, "--expr", 's "bd sn"') == [
        {"whole": ["0/1", "1/2"], "part": ["0/1", "1/2"], "value": {"s": "bd"}},
        {"whole": ["1/2", "1/1"], "part": ["1/2", "1/1"], "value": {"s": "sn"}},
    ]


def test_mini_notation_needs_no_quotes(capsys):
    assert [event["value"] for event in listed(capsys, "--expr", "0 .. 3")] == [0, 1, 2, 3]


def test_from_and_cycles_choose_the_stretch(capsys):
    found = listed(capsys, "--expr", '"<a b c>"', "--from", "1", "--cycles", "2")
    assert [event["value"] for event in found] == ["b", "c"]
    found = listed(capsys, "--expr", '"a"', "--from", "1/4", "--cycles", "1/2")
    assert found == [{"whole": ["0/1", "1/1"], "part": ["1/4", "3/4"], "value": "a"}]


def test_the_whole_of_a_continuous_pattern_is_null(capsys):
    (event,) = listed(capsys, "--expr", "sine")
    assert event["whole"] is None
    assert event["part"] == ["0/1", "1/1"]


def test_the_formula_of_chance_can_be_chosen(capsys):
    found = [listed(capsys, "--expr", '"0*8?"', "--rng", rng) for rng in ("tidal", "strudel")]
    assert found[0] != found[1]


def test_a_program_gives_the_events_of_all_that_is_heard(tmp_path, capsys):
    file = tmp_path / "a.ph"
    file.write_text(
        '~hats: s "hh*2" # lpf 800\n~unused: s "cp"\no1: s "bd"\no2: ~hats # reverb 1\n'
    )
    found = listed(capsys, str(file))
    assert sorted(event["value"]["s"] for event in found) == ["bd", "hh", "hh"]


def test_a_program_with_an_error_shows_it_and_no_events(tmp_path, capsys):
    file = tmp_path / "a.ph"
    file.write_text('o1: s "bd"\no2: saww 55\n')
    assert run(["events", str(file)]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert f"{file}:2:5: error:" in shown.err


def test_an_expression_with_an_error_has_a_caret(capsys):
    assert run(["events", "--expr", 's "bd [sn"']) == 1
    assert "^" in capsys.readouterr().err


def test_the_table_shows_parts_only_where_they_differ(capsys):
    assert run(["events", "--expr", '"<[a b] c>/1.5"', "--cps", "0.5"]) == 0
    head, *rows = capsys.readouterr().out.splitlines()
    assert head.split() == ["seconds", "whole", "part", "value"]
    assert rows[0].split() == ["0.0000", "0", "–", "3/4", "a"]
    assert rows[1].split() == ["1.5000", "3/4", "–", "3/2", "3/4", "–", "1", "b"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Fraction(3, 2), 1.5),
        (Fraction(3), 3),
        (float("nan"), None),
        (float("inf"), None),
        (True, True),
        ({"n": Fraction(1, 4)}, {"n": 0.25}),
        (("bd", 3), ["bd", 3]),
        (object(), "<signal>"),
    ],
)
def test_values_become_plain_json(value, expected):
    assert plain(value) == expected
