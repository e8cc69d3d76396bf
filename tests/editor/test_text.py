"""Blocks, numbers, comments, diagnostics, lit steps, files, the journal and the key map."""

from __future__ import annotations

import os

import pytest
from prompt_toolkit.formatted_text import fragment_list_to_text

from phonon.editor import files
from phonon.editor.commands.edit import NUMBER, commented, nudged
from phonon.editor.commands.view import menu_rows
from phonon.editor.diagnostics import Diagnostics
from phonon.editor.drawing import numbered_outputs
from phonon.editor.evaluations import Evaluations
from phonon.editor.journal import EvaluatedVersion, Journal
from phonon.editor.keymap import COMMANDS, parse, rebind
from phonon.editor.popup_window import in_columns
from phonon.editor.reference import signature
from phonon.editor.statements import Region, block_at, blocks, head_lines, statement_at, statements
from phonon.editor.step_highlight import StepHighlight
from phonon.errors import Diagnostic, PhononError
from phonon.session.protocol import Highlight, OutputMeter, Telemetry

TEXT = """\
-- a comment
cps: 0.5

~a: s "bd*2"
  # gain 0.9

  # pan 0.2
out: ~a

d2 $ s "x"
fn twice p = fast 2 p
synth bell freq = sine freq
"""


def test_statements_have_names_and_lines():
    found = {one.name: (one.first, one.last) for one in statements(TEXT)}
    assert found == {
        "cps": (1, 1),
        "~a": (3, 6),
        "out": (7, 7),
        "o2": (9, 9),
        "fn twice": (10, 10),
        "synth bell": (11, 11),
    }
    assert head_lines("o1: 1\no1: 2") == {"o1": 1}


def test_a_block_is_a_paragraph_grown_to_whole_statements():
    assert block_at(TEXT, 0) == Region(0, 1)
    for line in (3, 4, 5, 6, 7):
        assert block_at(TEXT, line) == Region(3, 7)
    assert block_at(TEXT, 8) is None
    assert block_at("", 0) is None
    assert blocks(TEXT) == [Region(0, 1), Region(3, 7), Region(9, 11)]
    assert statement_at(TEXT, 5).name == "~a"


@pytest.mark.parametrize(
    ("number", "steps", "wanted"),
    [
        ("9", 1, "10"),
        ("0.9", 1, "1.0"),
        ("0.05", -6, "-0.01"),
        ("-1", 1, "0"),
        ("-0.5", -1, "-0.6"),
        ("1.00", 1, "1.01"),
        ("800", -10, "790"),
        ("007", 1, "008"),
        ("0", -1, "-1"),
    ],
)
def test_a_number_keeps_its_digits_when_it_is_nudged(number, steps, wanted):
    assert nudged(number, steps) == wanted


def test_digits_in_names_are_no_numbers():
    line = 'o1: s "bd:3 c4 -2" # gain 0.9 - 1 # speed -0.5 |+ n (-3)'
    assert [found[0] for found in NUMBER.finditer(line)] == ["3", "-2", "0.9", "1", "-0.5", "-3"]


def test_commenting_twice_restores_the_lines():
    lines = ["o1: 1", "", "  # gain 2"]
    assert commented(lines) == ["-- o1: 1", "", "--   # gain 2"]
    assert commented(commented(lines)) == lines


def test_outputs_have_their_own_numbers_and_out_the_first_free_one():
    assert numbered_outputs(["out"]) == {"out": 1}
    assert numbered_outputs(["out", "o1", "o3"]) == {"out": 2, "o1": 1, "o3": 3}


def test_errors_move_with_their_lines():
    found = Diagnostics()
    lines = ["a", "b", "c", "d"]
    found.follow("\n".join(lines))
    found.report(Region(2, 2), [Diagnostic("no", 1, 1, 1, 2)])
    found.follow("\n".join(["new", *lines]))
    assert [one.line for one in found.found] == [3]
    found.follow("new\na\nb\nc\nmore\nd")
    assert [one.line for one in found.found] == [3]
    found.follow("b\nc\nmore\nd")
    assert [one.line for one in found.found] == [1]
    found.follow("b\ninserted\nc\nmore\nd")
    assert [one.line for one in found.found] == [2]
    found.follow("b\ninserted\nd")
    assert found.found == []


@pytest.mark.parametrize(
    ("edited", "lines"),
    [
        ("a\nbb\nbb\nc", [1, 3]),  # the line of the first is broken in two
        ("a\n\nbbbb\nc", [2, 3]),  # before its first character
        ("a\nbbbb\n\nc", [1, 3]),  # behind its last
        ("a\n1\n2\nbbbb\nc", [3, 4]),  # two lines before it
        ("a\nbb\n1\nbb\nc", [1, 4]),  # a line within it
        ("a\nbbbbc", [1]),  # joined with the next
    ],
)
def test_errors_stay_with_the_first_half_of_a_line_that_is_split(edited, lines):
    found = Diagnostics()
    found.follow("a\nbbbb\nc")
    found.report(Region(1, 2), [Diagnostic("no", 1, 1, 1, 2), Diagnostic("no", 2, 1, 2, 2)])
    found.follow(edited)
    assert [one.line for one in found.found] == lines


def test_statements_edited_since_their_evaluation_are_known():
    evaluations = Evaluations()
    assert evaluations.edited("o1: 1") == set()
    evaluations.playing = {"o1": "o1: 1", "o2": "o2: 2"}
    assert evaluations.edited("o1: 1\no2: 3\no3: 1") == {1, 2}


class Sounds:
    def __init__(self, lits):
        self.lits = lits

    def sounding(self, frame):
        return self.lits


def lit_places(text, evaluated, spans, source):
    lights = StepHighlight(Sounds([]))
    lights._lits = (
        Highlight(0, 100, "o1", spans, "o1"),
        Highlight(100, 200, "o1", ((0, 1),), "o1"),
    )
    lights.evaluated({"o1": evaluated})
    meters = (OutputMeter("o1"),)
    lights.update(Telemetry(frame=50, playing=True, outputs=meters))
    return lights, lights.places(source, 0, 50)


def test_lit_steps_follow_their_text_when_it_is_edited():
    old = 'o1: s "bd sn"'
    _, places = lit_places("", old, ((7, 9),), f"-- above\n{old}")
    assert places == {(1, 7), (1, 8)}
    _, places = lit_places("", old, ((7, 9),), 'o1: s "bd sn" # gain 2')
    assert places == {(0, 7), (0, 8)}
    _, places = lit_places("", old, ((10, 12),), 'o1: s "bd hh sn"')
    assert places == {(0, 13), (0, 14)}
    _, places = lit_places("", old, ((7, 9),), 'o1: n "xx sn"')
    assert places == set()
    _, places = lit_places("", 'o1: s\n  "bd"', ((9, 11),), 'o1: s\n  "bd"')
    assert places == {(1, 3), (1, 4)}


def test_muted_and_hushed_outputs_light_no_steps():
    lights, places = lit_places("", "o1: 1", ((4, 5),), "o1: 1")
    assert places
    muted = (OutputMeter("o1", muted=True, audible=False),)
    lights.update(Telemetry(frame=50, playing=True, outputs=muted))
    assert not lights.now
    lights.update(Telemetry(frame=50, playing=True, hushed=True))
    assert not lights.now
    late = Telemetry(frame=50 + 4800, latency_ms=100, playing=True, outputs=(OutputMeter("o1"),))
    lights.update(late)
    assert lights.now == {("o1", 4, 5)}, "what is heard was rendered a latency ago"


def test_the_signature_is_that_of_the_call_around_the_cursor():
    line = "o1: saw 55 # lpf 800 "
    usage, at = signature(line, len(line))
    assert "lpf" in usage
    assert at == 1
    assert signature("o1: ", 4) is None
    assert signature("-- lpf 8", 8) is None


def test_saving_replaces_the_file_whole_or_not_at_all(tmp_path):
    file = tmp_path / "a.ph"
    file.write_text("old")
    file.chmod(0o600)
    link = tmp_path / "link.ph"
    link.symlink_to(file)
    files.save(link, "new ö")
    assert link.is_symlink()
    assert file.read_text("utf-8") == "new ö"
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(PhononError, match="not saved"):
        files.save(tmp_path / "nowhere" / "a.ph", "x")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.ph", "link.ph"]


def test_a_full_disk_leaves_the_old_file(tiny_disk):
    file = tiny_disk / "a.ph"
    file.write_text("old")
    with pytest.raises(PhononError, match="not saved"):
        files.save(file, "x" * 200_000)
    assert file.read_text() == "old"
    assert os.listdir(tiny_disk) == ["a.ph"]


def test_the_journal_keeps_what_is_not_saved(tmp_path):
    journal = Journal(tmp_path / "a.ph", tmp_path / "state")
    assert journal.unsaved("x") is None
    journal.write("typed", 3)
    again = Journal(tmp_path / "a.ph", tmp_path / "state")
    entry = again.unsaved("x")
    assert entry is not None
    assert (entry.text, entry.cursor) == ("typed", 3)
    assert again.unsaved("typed") is None
    again.remember(EvaluatedVersion("v1", 1.0, True, 2.0))
    again.remember(EvaluatedVersion("v2", 2.0, True, 2.0))
    assert [version.text for version in journal.versions()] == ["v1", "v2"]
    journal.clear()
    assert again.unsaved("x") is None


def test_two_editors_of_a_file_do_not_write_over_each_other(tmp_path):
    first = Journal(tmp_path / "a.ph", tmp_path / "state")
    second = Journal(tmp_path / "a.ph", tmp_path / "state")
    assert first.claim()
    assert not second.claim()
    first.write("mine", 0)
    second.write("other", 0)
    second.clear()
    entry = second.unsaved("x")
    assert entry is not None
    assert entry.text == "mine"
    first.close()
    second.close()
    third = Journal(tmp_path / "a.ph", tmp_path / "state")
    assert third.claim()
    third.close()


def test_a_broken_or_unwritable_journal_raises_nothing(tmp_path):
    (tmp_path / "state").write_text("a file where a folder should be")
    journal = Journal(tmp_path / "a.ph", tmp_path / "state")
    journal.write("typed", 0)
    assert "no journal" in journal.trouble
    assert journal.versions() == []
    other = Journal(tmp_path / "b.ph", tmp_path / "more")
    other.write("x", 0)
    next((tmp_path / "more").iterdir()).write_text("{broken")
    assert other.unsaved("y") is None


def test_key_spellings_are_parsed():
    assert parse("g c c") == ("g", "c", "c")
    assert parse("C-e") == ("c-e",)
    with pytest.raises(PhononError, match="Backspace"):
        parse("C-h")
    with pytest.raises(PhononError, match="did you mean"):
        parse("A-Entr")


def test_no_key_gives_two_commands_in_a_mode():
    import phonon.editor.app  # noqa: F401

    for plain in (False, True):
        seen: dict[tuple[str, tuple[str, ...]], str] = {}
        for one in COMMANDS.values():
            for key in one.keys:
                if (key.modes == ("plain",)) != plain:
                    continue
                for mode in key.modes:
                    place = (mode, parse(key.spelling))
                    assert place not in seen, f"{key.spelling}: {seen[place]} and {one.name}"
                    seen[place] = one.name


def test_keys_can_be_chosen_in_a_file(tmp_path, monkeypatch):
    import phonon.editor.app  # noqa: F401

    file = tmp_path / "keys.toml"
    monkeypatch.setattr(COMMANDS["hush"], "keys", COMMANDS["hush"].keys)
    rebind(file)
    file.write_text('hush = ["F8", "normal Z Z"]')
    rebind(file)
    assert [key.spelling for key in COMMANDS["hush"].keys] == ["F8", "Z Z"]
    file.write_text('hsh = "F8"')
    with pytest.raises(PhononError, match="did you mean hush"):
        rebind(file)
    file.write_text("nonsense")
    with pytest.raises(PhononError, match=r"keys\.toml"):
        rebind(file)


@pytest.mark.parametrize(("width", "columns"), [(100, 2), (76, 2), (60, 1)])
def test_the_menu_stands_in_even_columns(width, columns):
    menu = menu_rows()
    rows = [fragment_list_to_text(row) for row in in_columns(menu, width, 100)]
    assert len(rows) == -(-len(menu) // columns)
    assert max(map(len, rows)) <= width
    for row in menu:
        begin = fragment_list_to_text(row)[:20]
        at = next(row.find(begin) for row in rows if begin in row)
        assert at in {0, width // 2}
