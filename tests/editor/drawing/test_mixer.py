"""Meters rise at once and fall slowly; clipping is a word and not only a colour."""

from __future__ import annotations

from math import inf

import pytest

from phonon.editor.drawing.cells import BAD, BAR, DIM, WARN, plain
from phonon.editor.drawing.mixer import (
    Channel,
    LevelMeter,
    MixerMeters,
    channels,
    decibels,
    numbered_outputs,
)
from phonon.editor.glyphs import ASCII, FANCY
from phonon.session.protocol import OutputMeter, Telemetry


def gain(db):
    return 10 ** (db / 20)


def channel(name, db=-60.0, rms=-80.0, **options):
    return Channel(name, (gain(db), gain(db)), (gain(rms), gain(rms)), **options)


def heard(*found, **size):
    mixer = MixerMeters()
    mixer.hear(found, 0.0)
    return mixer


def row(mixer, number=1, width=42, height=10, glyphs=FANCY):
    return plain(mixer.draw(width, height, glyphs)[number])


def styles(mixer, number=1, width=42):
    return {style for style, text in mixer.draw(width, 10)[number] if text.strip(" │")}


def test_a_meter_rises_at_once_and_falls_by_20_db_in_a_second():
    meter = LevelMeter()
    meter.hear(gain(-3), gain(-12), 0.03)
    assert meter.shown == pytest.approx(-3)
    assert meter.rms == pytest.approx(-12)
    for _ in range(30):
        meter.hear(0.0, 0.0, 1 / 30)
    assert meter.shown == pytest.approx(-23)
    assert meter.rms == -inf


@pytest.mark.parametrize("fps", [10, 15, 30, 60])
def test_the_held_peak_stands_a_second_and_a_half_and_then_falls_at_any_frame_rate(fps):
    meter = LevelMeter()
    meter.hear(gain(-3), 0.0, 1 / fps)
    for _ in range(3 * fps // 2):
        meter.hear(0.0, 0.0, 1 / fps)
    assert meter.held == pytest.approx(-3)
    for _ in range(fps):
        meter.hear(0.0, 0.0, 1 / fps)
    beyond = (3 * fps // 2 + fps) / fps - 1.5
    assert meter.held == pytest.approx(-3 - 20 * beyond)
    meter.hear(gain(-10), 0.0, 1 / fps)
    assert meter.held == pytest.approx(-10)


def test_left_and_right_have_meters_of_their_own():
    mixer = heard(Channel("out", (1.0, 0.0), (1.0, 0.0)))
    text = row(mixer)
    left, right = text[13:24], text[25:36]
    assert left == "█" * 11
    assert not right.strip()


def test_a_bar_is_as_long_as_its_level():
    mixer = heard(channel("half", -24, -24), channel("quarter", -36, -36))
    mixer_row = row(mixer, 1)[13:24]
    assert mixer_row.startswith("█" * 5 + "▌")
    assert row(mixer, 2)[13:24].startswith("██▊")


def test_the_peak_is_shaded_beyond_the_rms_and_marked_where_it_was():
    mixer = MixerMeters()
    mixer.hear([channel("out", -6, -24)], 0.0)
    mixer.hear([channel("out", -12, -24)], 0.2)
    assert row(mixer)[13:24] == "█████▌░░░│ "


def test_the_figure_is_the_held_peak():
    assert row(heard(channel("out", -4.1))).rstrip().endswith("-4.1")
    assert row(heard(Channel("out", (0, 0), (0, 0)))).rstrip().endswith("-inf")


def test_colours_change_at_minus_6_and_minus_03_db():
    assert styles(heard(channel("out", -6.1))) & {BAR, WARN, BAD} == {BAR}
    assert WARN in styles(heard(channel("out", -5.9)))
    assert BAD not in styles(heard(channel("out", -0.4)))
    assert BAD in styles(heard(channel("out", -0.2)))


def test_clip_is_shown_for_two_seconds_and_marked_until_cleared():
    mixer = MixerMeters()
    mixer.hear([channel("out", 1.0)], 0.0)
    assert row(mixer).endswith("CLIP")
    mixer.hear([channel("out", -20.0)], 1.9)
    assert row(mixer).endswith("CLIP")
    mixer.hear([channel("out", -20.0)], 2.1)
    assert row(mixer).endswith("!")
    mixer.clear()
    assert row(mixer).endswith("-20.0 ")


def test_a_clip_before_the_mixer_was_shown_is_marked():
    mixer = heard(channel("out", -1.0, clipped=True))
    assert row(mixer).endswith("!")
    mixer.clear()
    mixer.hear([channel("out", -1.0, clipped=True)], 1.0)
    assert row(mixer).endswith("-1.0 "), "what is cleared stays so, although the engine remembers"
    mixer.hear([channel("out", 0.5, clipped=True)], 1.1)
    assert row(mixer).endswith("CLIP")


def test_mute_solo_and_silence_are_letters():
    mixer = heard(
        channel("~a", -3, muted=True), channel("~b", -3, solo=True), channel("~c", audible=False)
    )
    assert [row(mixer, at)[11] for at in (1, 2, 3)] == ["M", "S", "-"]
    assert all(style in {DIM, WARN} for style in styles(mixer) - {BAR, "class:panel"})


def test_outputs_have_the_numbers_of_their_keys_and_the_master_none():
    telemetry = Telemetry(
        outputs=tuple(OutputMeter(f"o{at}", (0.5, 0.25), (0.2, 0.1)) for at in range(1, 12))
    )
    found = channels(telemetry)
    assert [channel.number for channel in found] == [*range(1, 12), 0]
    assert numbered_outputs(["out", "o1", "o4", "o2"]) == {"o1": 1, "o4": 4, "o2": 2, "out": 3}
    odd = Telemetry(outputs=tuple(OutputMeter(name) for name in ("out", "o1", "o4", "o2")))
    assert [channel.number for channel in channels(odd)] == [3, 1, 4, 2, 0]
    mixer = heard(*found)
    assert row(mixer, 9, height=20).startswith("9 o9")
    assert row(mixer, 10, height=20).startswith("  o10")
    assert row(mixer, 12, height=20).startswith("  master")


def test_outputs_that_do_not_fit_are_counted():
    mixer = heard(*(channel(f"o{at}") for at in range(8)))
    assert row(mixer, 5, height=6).strip() == "and 4 more"
    assert "o7" in row(mixer, 8, height=9)


def test_an_output_that_is_gone_is_forgotten():
    mixer = heard(channel("~a", 3.0), channel("~b"))
    mixer.hear([channel("~b")], 0.1)
    mixer.hear([channel("~a"), channel("~b")], 0.2)
    assert mixer.held("~a") == pytest.approx(-60)


def test_silence_is_minus_infinity():
    assert decibels(0.0) == -inf
    assert decibels(1.0) == 0.0


@pytest.mark.parametrize("glyphs", [FANCY, ASCII])
@pytest.mark.parametrize(("width", "height"), [(1, 1), (9, 3), (18, 4), (30, 5), (42, 2), (120, 9)])
def test_every_size_is_filled_exactly(glyphs, width, height):
    mixer = heard(channel("~漢字", 0.5, -3, number=1), channel("a" * 40, -20, -30, solo=True))
    rows = [plain(line) for line in mixer.draw(width, height, glyphs)]
    assert [len(text) for text in rows] == [width] * height
    if not glyphs.braille:
        assert all(text.isascii() for text in rows)
