"""Evaluated text is merged by name; statements that fail keep their old versions."""

from __future__ import annotations

import pytest

from phonon.session.definitions import Change, Definitions, name_of

FIRST = 'cps: 0.6\n~a: saw 55\n~b: ~a # lpf 500\nout: ~b\no2: s "bd*4"'


class Set(Definitions):
    """Definitions that keep whatever is evaluated."""

    def file(self, text: str) -> Change:
        return self._kept(self.evaluate(text, "file"))

    def block(self, text: str) -> Change:
        return self._kept(self.evaluate(text, "block"))

    def _kept(self, change: Change) -> Change:
        self.keep(change)
        return change


@pytest.fixture
def playing() -> Set:
    definitions = Set()
    assert definitions.file(FIRST).ok
    return definitions


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("~bass: saw 55", "~bass"),
        ("~bass $ saw 55", "~bass"),
        ("out $ ~a", "out"),
        ("d1 $ ~a", "o1"),
        ("out3: ~a", "o3"),
        ("bpm: 120", "cps"),
        ("setcps 0.5", "cps"),
        ("rng: tidal", "rng"),
        ("fn f x = x", "fn f"),
        ("synth bell freq = sine freq", "synth bell"),
        ("hush", ""),
        ("saw 55", ""),
    ],
)
def test_statements_have_the_name_of_what_they_define(statement, name):
    assert name_of(statement) == name


def test_a_file_makes_the_definitions_equal_to_it(playing):
    change = playing.file("out: saw 100\no1: saw 50")
    assert change.defined == ["out", "o1"]
    assert change.removed == ["cps", "~a", "~b", "o2"]
    assert list(playing.texts) == ["out", "o1"]


def test_a_block_replaces_in_place_and_adds_at_the_end(playing):
    change = playing.block("~a: saw 110\n~c: noise")
    assert change.ok
    assert playing.texts["~a"] == "~a: saw 110"
    assert list(playing.texts) == ["cps", "~a", "~b", "out", "o2", "~c"]


def test_a_block_needs_no_output():
    definitions = Set()
    assert definitions.block("~a: saw 55").ok
    assert definitions.block("out: ~a").ok


def test_a_file_without_an_output_is_an_error_and_still_defines_its_buses():
    definitions = Set()
    change = definitions.file("~a: saw 55")
    assert "out: ~a" in change.diagnostics[0].suggestions
    assert list(definitions.texts) == ["~a"]


def test_a_failing_statement_keeps_its_old_version_and_others_are_replaced(playing):
    change = playing.file(FIRST.replace("saw 55", "saww 55").replace("bd*4", "bd*8"))
    assert not change.ok
    assert [(d.line, d.column) for d in change.diagnostics] == [(2, 5)]
    assert "o2" in change.defined
    assert playing.texts["~a"] == "~a: saw 55"
    assert playing.texts["o2"] == 'o2: s "bd*8"'


def test_a_changed_statement_that_uses_a_failing_one_keeps_its_old_version(playing):
    change = playing.block("~a: saww 55\n~b: ~a # lpf 9000")
    assert change.kept == ["~a", "~b"]
    assert playing.texts["~b"] == "~b: ~a # lpf 500"


def test_a_statement_that_cannot_be_read_keeps_its_old_version(playing):
    change = playing.file(FIRST.replace("saw 55", "saw (55"))
    assert change.kept == ["~a"]
    assert playing.texts["~a"] == "~a: saw 55"
    assert list(change.score.outputs) == ["out", "o2"]


def test_a_definition_in_use_stays_although_the_file_dropped_it(playing):
    change = playing.file("out: ~b\n")
    assert "out" in change.kept
    assert list(change.score.outputs) == ["out"]
    assert playing.texts == {name: text for name, text in _texts().items() if name in _NEEDED}


def test_a_definition_that_would_break_another_is_refused_with_the_reason(playing):
    change = playing.block("~a: lpf 500")
    (diagnostic,) = change.diagnostics
    assert diagnostic.message.startswith("out would fail with this ~a")
    assert (diagnostic.line, diagnostic.column) == (1, 1)
    assert playing.texts["~a"] == "~a: saw 55"


def test_a_name_defined_twice_is_an_error_and_the_old_one_plays(playing):
    change = playing.block("~a: saw 1\n~a: saw 2")
    assert "twice" in change.diagnostics[0].message
    assert playing.texts["~a"] == "~a: saw 55"


def test_a_failing_statement_without_an_old_version_is_left_out():
    definitions = Set()
    change = definitions.file('~a: saww 1\nout: ~a\no2: s "bd"')
    assert change.defined == ["o2"]
    assert list(change.score.outputs) == ["o2"]


def test_commands_of_a_file_act_when_they_are_new_in_it(playing):
    assert playing.file(FIRST + "\nhush o2").commands == [("hush", ("o2",))]
    assert playing.file(FIRST + "\nhush o2").commands == []
    assert playing.file(FIRST + "\nhush o2\nsolo out").commands == [("solo", ("out",))]
    assert playing.file(FIRST).commands == []
    assert playing.file(FIRST + "\nhush o2").commands == [("hush", ("o2",))]


def test_commands_of_a_block_act_every_time_and_define_nothing(playing):
    for _ in range(2):
        change = playing.block("hush")
        assert change.commands == [("hush", ())]
        assert not change.has_definitions


def test_the_error_of_a_wrong_command_has_its_line(playing):
    change = playing.block("solo")
    assert not change.ok
    assert change.diagnostics[0].line == 1


def test_the_tempo_is_a_definition_like_others(playing):
    assert playing.block("bpm: 120").sets_tempo
    assert playing.texts["cps"] == "bpm: 120"
    assert not playing.block("~a: saw 1").sets_tempo


def test_evaluate_changes_nothing_before_keep(playing):
    before = dict(playing.texts)
    playing.evaluate("out: noise", "file")
    assert playing.texts == before


def test_the_source_map_leads_from_the_program_to_its_definitions(playing):
    at = playing.source_map.source.index("bd*4")
    piece, offset = playing.source_map.find(at)
    assert piece.name == "o2"
    assert piece.text[offset:].startswith("bd*4")


_NEEDED = ("~a", "~b", "out")


def _texts() -> dict[str, str]:
    return {name_of(line): line for line in FIRST.split("\n")}


def test_a_command_to_a_missing_output_is_a_warning_at_its_line(playing):
    change = playing.block("hush o2\nsolo o3 o2")
    assert change.ok
    (warning,) = change.diagnostics
    assert (warning.line, warning.column, warning.severity) == (2, 1, "warning")
    assert warning.message == "solo o3: there is no output o3"
    assert "o2" in warning.suggestions


def test_the_error_of_an_old_definition_is_reported_where_it_is_used(playing):
    playing.block("fn f x = f x")
    change = playing.block("o2: saw (f 1)")
    assert not change.ok
    (error,) = change.diagnostics
    assert (error.line, error.column) == (1, 10)
    assert error.message == "fn f does not work here: f calls itself without end"
    assert change.source_map.statements[-2].text == 'o2: s "bd*4"'


def test_a_bus_defined_as_itself_keeps_its_old_version(playing):
    for text in ("~a: ~a", "~a: ~b\n~b: ~a"):
        change = playing.block(text)
        assert "a circle with nothing in it" in change.diagnostics[0].message
        assert change.defined == []
    assert playing.texts["~a"] == "~a: saw 55"


@pytest.mark.parametrize(
    "failing",
    [
        'o1: s "bd" # foo 3 # bar 2',
        'o1: s "bd" # foo 3\no1: s "bd*2"',
        'synth k f = saw\nsynth k freq = saw freq\no1: s "k"',
    ],
)
def test_several_errors_of_one_name_put_back_nothing_else(failing):
    """One statement with two errors, or a name whose first of two definitions fails."""
    definitions = Set()
    change = definitions.file(f'{failing}\no2: s "hh*8"\nbpm: 140')
    assert not change.ok
    assert {"o2", "cps"} <= set(change.defined)
    assert not {"o2", "cps"} & set(change.kept)
