"""Lists of events, versions and sounds, and the load as a sparkline."""

from __future__ import annotations

import numpy as np
import pytest

from phonon.editor.drawing.cells import BAD, BAR, WARN, narrow, plain
from phonon.editor.drawing.lists import (
    ListedEvent,
    ListedVersion,
    describe,
    draw_events,
    draw_history,
    listed_events,
)
from phonon.editor.drawing.sounds import draw_sound, matching, sounds
from phonon.editor.drawing.sparkline import LoadHistory, sparkline
from phonon.editor.glyphs import ASCII, FANCY
from phonon.session.protocol import SampleBank, UpcomingEvent, Wave

VERSIONS = [
    ListedVersion("12:03:40", "~hat", False, 0.0, "gian (not played)"),
    ListedVersion("12:04:02", "~pad", True, 2.74),
    ListedVersion("12:04:31", "~drums", True, 3.1),
]
BANKS = [
    SampleBank("bd", ("kit/BT0A0A7.wav", "kit/BT0AAD0.wav")),
    SampleBank("808bd", ("x/BD0000.WAV",)),
    SampleBank("saw"),
    SampleBank("sn", ("kit/rim bd.wav",)),
]


def text(lines):
    return [plain(line).rstrip() for line in lines]


# Events


def test_events_come_newest_first_and_none_before_it_is_heard():
    steps = ["bd", "sn", "hh", "cp"]
    found = listed_events(
        UpcomingEvent(at / 4, (at + 1) / 4, "~drums", {"s": name}) for at, name in enumerate(steps)
    )
    assert text(draw_events(found, 0.6, 42, 6))[1:] == [
        "0.500 ~drums  s hh",
        "0.250 ~drums  s sn",
        "0.000 ~drums  s bd",
        "",
        "",
    ]


def test_an_event_is_described_by_its_controls():
    assert describe({"s": "bd", "n": 3, "gain": 0.8}) == "s bd:3 gain 0.8"
    assert describe({"note": 7.0, "s": "saw", "cutoff": None}) == "note 7 s saw cutoff ~"
    assert describe({"pan": 0.123456}) == "pan 0.1235"
    assert describe({"n": 3, "note": 7}) == "n 3 note 7"


# History


def test_versions_come_newest_first_with_their_results():
    assert text(draw_history(VERSIONS, 42, 5))[1:4] == [
        " 12:04:31 ~drums                 ok 3.1 ms",
        " 12:04:02 ~pad                   ok 2.7 ms",
        " 12:03:40 ~hat         ✗ gian (not played)",
    ]


def test_the_chosen_version_is_marked_and_in_view():
    many = [ListedVersion(f"12:00:{at:02d}", f"~v{at}", True, 1.0) for at in range(60)]
    for chosen in (0, 7, 31, 59):
        marked = [row for row in text(draw_history(many, 42, 6, chosen=chosen)) if row[0] == "▸"]
        assert len(marked) == 1
        assert f"~v{chosen} " in marked[0]


# Sounds


def test_the_browser_shows_number_file_and_length():
    found = sounds(BANKS)
    heights = tuple(np.exp(-np.arange(64) / 12).tolist())
    line = plain(draw_sound(found[0], Wave(0.412, heights), 60, chosen=True))
    assert len(line) == 60
    name, file, seconds, picture = line.split()
    assert (name, file, seconds) == ("▸bd:0", "BT0A0A7.wav", "0.41s")
    assert picture[0] == "█"
    assert list(picture) == sorted(picture, reverse=True)
    assert plain(draw_sound(found[3], None, 60)).split() == ["saw", "built", "in"]


@pytest.mark.parametrize("count", [0, 1, 5, 16, 100])
@pytest.mark.parametrize("width", [1, 20, 35, 60, 200])
def test_a_sound_fills_its_width_at_any_length_of_its_wave(width, count):
    wave = Wave(1.5, (0.0,) * count)
    for glyphs in (FANCY, ASCII):
        assert len(plain(draw_sound(sounds(BANKS)[0], wave, width, glyphs))) == width


def test_sounds_are_found_by_words_of_their_name_and_file():
    found = sounds(BANKS)
    assert [found[at].word for at in matching(found, "bd")] == ["bd:0", "bd:1", "808bd:0", "sn:0"]
    assert matching(found, "KIT rim") == []
    assert [found[at].word for at in matching(found, "bd RIM")] == ["sn:0"]
    assert matching(found, "") == [*range(len(found))]


# Load


def test_the_worst_load_of_every_quarter_second_is_kept():
    load = LoadHistory()
    for frame in range(60):
        load.hear(0.9 if frame == 20 else 0.1, frame / 30)
    values = load.values
    assert len(values) in {8, 9}
    assert values.count(0.9) == 1
    assert values[2] == 0.9


def test_a_sparkline_grows_with_the_load_and_changes_colour():
    line = sparkline([0.0, 0.01, 0.5, 0.7, 0.9, 1.5], 8)
    assert plain(line) == "   ▁▄▅▇█"
    assert [style for style, _ in line][-3:] == [BAR, WARN, BAD]
    assert plain(sparkline([0.1, 0.9], 1)) == "▇"


# All of them


def test_odd_characters_take_one_cell():
    assert narrow("kick 漢 e\u0301 \u202e\t.wav") == "kick ? \xe9 ??.wav"
    assert narrow("caf\xe9 ▇", ASCII) == "caf? ?"


@pytest.mark.parametrize("glyphs", [FANCY, ASCII])
@pytest.mark.parametrize(("width", "height"), [(1, 1), (7, 3), (20, 4), (42, 6), (120, 2)])
def test_every_size_is_filled_exactly(glyphs, width, height):
    found = [
        ListedEvent(0.5, "s 漢字:3 gain 0.8", "~drums and more"),
        ListedEvent(123456.75, "x" * 300),
    ]
    [odd] = sounds([SampleBank("漢字", ("a/é.wav",))])
    for lines in (
        draw_events(found, 1e9, width, height, glyphs),
        draw_history([*VERSIONS, VERSIONS[0]], width, height, glyphs, chosen=0),
        draw_history([], width, height, glyphs),
        [draw_sound(odd, Wave(1e4, (0.0, 0.0)), width, glyphs)] * height,
        [draw_sound(odd, None, width, glyphs, chosen=True)] * height,
        [sparkline([0.1, 0.7, 2.0], width, glyphs)] * height,
    ):
        rows = [plain(line) for line in lines]
        assert [len(row) for row in rows] == [width] * height
        if not glyphs.braille:
            assert all(row.isascii() for row in rows)
