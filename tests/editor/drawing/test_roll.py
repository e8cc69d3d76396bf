"""The piano roll draws each note at its time, in the row of its pitch or sound."""

from __future__ import annotations

import pytest

from phonon.editor.drawing.cells import NOW, plain
from phonon.editor.drawing.roll import Note, draw_roll, note_name, notes
from phonon.editor.glyphs import ASCII, FANCY
from phonon.session import events
from phonon.session.protocol import UpcomingEvent


def rolled(found, cycle, height=8, width=37, glyphs=FANCY, **options):
    """Rows by label; 32 columns for the cycle."""
    lines = [plain(line) for line in draw_roll(found, cycle, width, height, glyphs, **options)]
    return {line[:5].strip(): line[5:] for line in lines[1:] if line.strip()}


def played(source, begin=0, end=1):
    return notes(
        UpcomingEvent(float(event.whole.begin), float(event.whole.end), "o1", event.value)
        for event in events(source, begin, end, expression=True)
        if event.whole is not None and event.has_onset
    )


def test_notes_are_rows_from_high_to_low():
    rows = rolled(played('note "c4 e4 g4 b3"'), 0.0)
    assert list(rows) == ["g4", "e4", "c4", "b3"]


def test_a_note_covers_its_time():
    rows = rolled(played('note "c4 e4 ~ g4"'), 0.99)
    assert rows["c4"][:8] == "░" * 8
    assert rows["e4"][8:16] == "░" * 8
    assert rows["e4"][16:31].strip() == ""
    assert rows["g4"][24:] == "█" * 8


def test_played_sounding_and_coming_look_different():
    lines = draw_roll(played('s "a b c"'), 0.5, 37, 4)
    assert [set(plain(line)[5:]) - {" ", "│"} for line in lines[1:]] == [{"░"}, {"█"}, {"▒"}]
    assert NOW in {style for style, _ in lines[2]}


def test_repeated_notes_have_gaps_between_them():
    rows = rolled(played('s "bd*4"'), 0.99)
    assert rows["bd"][:24] == "░░░░░░░ " * 3


def test_the_playhead_moves_with_the_cycle():
    found = played('s "bd ~"')
    for at in range(16, 32):
        assert rolled(found, 5 + at / 32, height=3, width=37).get("bd", " " * 32) is not None
    rows = rolled([Note(7.0, 7.1, 0, "")], 7.75)
    assert rows["c4"][24] == "│"


def test_only_the_cycle_of_the_playhead_is_shown():
    found = played('note "<c4 e4>"', 0, 2)
    assert list(rolled(found, 0.3)) == ["c4"]
    assert list(rolled(found, 1.3)) == ["e4"]
    assert list(rolled(found, 1.3, span=2)) == ["e4", "c4"]


def test_a_note_that_began_earlier_still_sounds():
    rows = rolled([Note(0.5, 1.5, 0, "")], 1.25)
    assert rows["c4"][:16] == "█" * 16
    assert not rows["c4"][16:].strip()


def test_many_pitches_share_rows():
    rows = rolled([Note(at / 24, (at + 1) / 24, at, "") for at in range(24)], 0.0, height=7)
    assert list(rows) == ["g#5", "e5", "c5", "g#4", "e4", "c4"]
    assert all(text.strip("│ ") for text in rows.values())


def test_many_sounds_share_the_last_row():
    rows = rolled([Note(0, 0.5, None, f"s{at}") for at in range(9)], 0.6, height=5)
    assert list(rows) == ["s0", "s1", "s2", "+6"]


def test_pitches_and_sounds_share_the_rows():
    found = [Note(0, 1, at * 5, "") for at in range(10)]
    found += [Note(0, 1, None, f"s{at}") for at in range(10)]
    rows = rolled(found, 0.5, height=9)
    assert len(rows) == 8
    assert "+7" in rows


def test_the_pitch_is_that_of_note_or_freq():
    assert [note.pitch for note in played('note "c4 a4"')] == [0, 9]
    assert [note.pitch for note in played('freq "440 220"')] == [9, -3]
    assert [note.pitch for note in played('s "bd"')] == [None]
    assert [note.name for note in played('s "bd*2"')] == ["bd", "bd"]


def test_names_of_notes_are_those_of_the_language():
    assert [note_name(pitch) for pitch in (0, 9, -1, 13)] == ["c4", "a4", "b3", "c#5"]


@pytest.mark.parametrize("glyphs", [FANCY, ASCII])
@pytest.mark.parametrize(("width", "height"), [(1, 1), (5, 2), (19, 4), (42, 8), (120, 3)])
@pytest.mark.parametrize("cycle", [0.0, 0.999999, -0.5, 1e6 + 1 / 3])
def test_every_size_is_filled_exactly(glyphs, width, height, cycle):
    found = played('stack [note "c4 [e4 g4] b5*8", s "漢字*3", note "a0"]')
    rows = [plain(line) for line in draw_roll(found, cycle, width, height, glyphs)]
    assert [len(row) for row in rows] == [width] * height
    if not glyphs.braille:
        assert all(row.isascii() for row in rows)
