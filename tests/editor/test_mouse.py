"""The mouse in a real terminal: its reports are typed, and the screen is read."""

from __future__ import annotations

import pytest

from phonon.editor.mouse import MouseEvent, parse
from tests.editor.test_terminal import row_of, row_of_styled


@pytest.mark.parametrize(
    ("sent", "wanted"),
    [
        ("\x1b[<0;10;5M", MouseEvent(4, 9)),
        ("\x1b[<0;10;5m", MouseEvent(4, 9, pressed=False)),
        ("\x1b[<2;300;5M", MouseEvent(4, 299, button=2)),
        ("\x1b[<32;1;1M", MouseEvent(0, 0, moved=True)),
        ("\x1b[<64;1;1M", MouseEvent(0, 0, wheel=1)),
        ("\x1b[<65;1;1M", MouseEvent(0, 0, wheel=-1)),
        ("\x1b[<16;10;5M", MouseEvent(4, 9)),  # with Ctrl
        ("\x1b[<66;1;1M", None),  # a wheel that turns sideways
        ("\x1b[M !!", None),
    ],
)
def test_mouse_reports_of_terminals_are_parsed(sent, wanted):
    assert parse(sent) == wanted


def column_of(screen, row, text):
    """Where a text begins on the screen."""
    return row_of(screen, row).index(text)


def row_number(screen, text):
    return next(at for at, row in enumerate(screen.text().split("\n")) if text in row)


def test_click_moves_the_cursor_double_click_selects_a_word_and_drag_a_range(editor):
    row = row_number(editor, "o2:")
    editor.click(column_of(editor, "o2:", "800"), row)
    editor.type("x")
    editor.see("lpf 00 0.7")
    editor.type("u")
    editor.see("lpf 800 0.7")
    editor.click(column_of(editor, "o2:", "lpf") + 1, row, times=2)
    editor.see("VISUAL")
    editor.type("d")
    editor.see('"hh*8" #  800')
    row = row_number(editor, "o1:")
    begin = column_of(editor, "o1:", "bd sn")
    editor.mouse(begin, row)
    editor.mouse(begin + 2, row, code=32)
    editor.mouse(begin + 4, row, code=32)
    editor.mouse(begin + 4, row, ends="m")
    editor.see("VISUAL")
    editor.type("d")
    editor.see('o1: s " bd sn"')


def test_the_gutter_mutes_and_the_wheel_scrolls(editor):
    editor.type("F5")
    editor.see("●")
    editor.click(0, row_number(editor, "o2:"))
    assert editor.called("mute") == [["o2", True]]
    editor.see("M:o2")
    editor.type("g", "g", "y", "G", "5", "p", "G")
    editor.see_not("  1 -- late")
    for _ in range(12):
        editor.mouse(20, 5, code=64)
    editor.see("  1 -- late")


def test_clicks_in_the_mixer_mute_and_solo_and_on_the_title_show_the_next_panel(terminal, program):
    editor = terminal(140, 30).start(program)
    editor.type("F5")
    editor.type("Space", "m")
    editor.see("  master")
    editor.see("1 o1")  # the outputs are there some frames after the master
    column = column_of(editor, "mixer", "mixer")
    editor.click(column + 10, row_number(editor, "1 o1"))
    assert editor.called("mute") == [["o1", True]]
    editor.click(column + 10, row_number(editor, "2 o2"), code=2)
    assert editor.called("solo") == [["o2", True]]
    editor.see("o2 solo")  # what is told of it comes before what is told next
    editor.click(column + 10, row_number(editor, "  master"))
    editor.see("peaks cleared")
    editor.click(column, 0)
    editor.see("roll")


def test_in_perform_the_wheel_turns_the_number_under_the_mouse(editor):
    editor.type("Space", "Space")
    editor.see("PERFORM")
    row, column = row_number(editor, "o2:"), column_of(editor, "o2:", "800")
    editor.mouse(column + 1, row, code=64)
    editor.see("lpf 801")
    editor.mouse(column + 1, row, code=65)
    editor.mouse(column + 1, row, code=65)
    editor.see("lpf 799")
    assert "lpf 799" in editor.called("evaluate", 3)[2][0]
    editor.mouse(column - 2, row, code=65)
    editor.click(column, row)
    editor.see("PERFORM")


def test_popups_are_scrolled_and_clicked(editor):
    editor.type("F1")
    editor.see("filter:")
    editor.write("beside the text")
    editor.see("filter: beside the text_   1 of")  # each letter makes the popup smaller
    editor.see("the mixer beside")
    row = row_number(editor, "the mixer beside")
    editor.mouse(30, row, code=65)
    editor.mouse(30, row, code=64)
    editor.wait(lambda: "filter:" in editor.text(), "the popup")
    editor.click(30, row)
    editor.see("  master")
    editor.type("F1")
    editor.see("filter:")
    editor.click(0, 0)
    editor.see_not("filter:")
    editor.write(":mouse")
    editor.type("Enter")
    editor.see("the mouse is the terminal's")
    assert row_of_styled(editor, "late set")
