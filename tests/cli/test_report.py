"""Diagnostics as they are printed: the line, the caret under the right characters, the words."""

from __future__ import annotations

import io

import pytest

from phonon.cli.report import coloured, lines, report
from phonon.errors import Diagnostic, Span


def told(source: str, begin: int, end: int, message="no unit of that name", suggestions=()):
    return lines(Diagnostic.at(source, Span(begin, end), message, suggestions), source, "a.ph")


def marked(shown: list[str]) -> str:
    """What stands above the caret."""
    below = shown[2]
    begin = below.index("^")
    return shown[1][begin : begin + len(below[begin:].rstrip())]


def test_the_caret_stands_under_what_is_wrong():
    source = "cps: 0.5\nout: saw 55 # lpff 800\n"
    begin = source.index("lpff")
    shown = told(source, begin, begin + 4, suggestions=("lpf", "hpf"))
    assert shown == [
        "a.ph:2:15: error: no unit of that name",
        "  2 | out: saw 55 # lpff 800",
        "    |               ^~~~",
        "      did you mean lpf or hpf?",
    ]


@pytest.mark.parametrize("before", ["", "\t", "ß ö ", "\x1b[31m ", "x" * 500, "x " * 5_000])
def test_the_caret_is_aligned_behind_any_text(before):
    source = f"{before}lpff"
    assert marked(told(source, len(before), len(before) + 4)) == "lpff"


def test_wide_characters_take_two_columns():
    shown = told('out: "太鼓 sn"', 9, 11)
    assert shown[2].index("^") - shown[1].index("太") == 5  # two characters, four columns, a blank


def test_the_end_of_the_text_can_be_wrong():
    for source in ("out: (", "out: (\n", " "):
        shown = told(source, len(source), len(source))
        assert shown[2].rstrip().endswith("^")


def test_a_stretch_over_several_lines_is_marked_to_the_end_of_its_first():
    source = "out: (1 +\n  2\n"
    assert marked(told(source, 5, 13)) == "(1 +"


def test_control_characters_do_not_reach_the_terminal():
    source = 'out: "\x1b]0;title\x07bd"'
    shown = "\n".join(told(source, 6, 8, message="bad \x1b[2J", suggestions=("\x1b[1m",)))
    assert "\x1b" not in shown
    assert "\x07" not in shown


def test_without_a_source_the_sentence_stands_alone():
    file = io.StringIO()
    report([Diagnostic("cannot read a.ph", 1, 1, 1, 1, ("b.ph",))], file=file)
    assert file.getvalue() == "phonon: error: cannot read a.ph\n  did you mean b.ph?\n"


def test_only_terminals_without_no_color_get_colour(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert coloured(Terminal())
    assert not coloured(io.StringIO())
    diagnostic = Diagnostic("wrong", 1, 1, 1, 2)
    assert "\x1b[1;31merror:\x1b[0m" in "\n".join(lines(diagnostic, "x", "a.ph", paint=True))
    monkeypatch.setenv("NO_COLOR", "1")
    assert not coloured(Terminal())
