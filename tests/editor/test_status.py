"""The status line at every width, and the thresholds of its warnings."""

from __future__ import annotations

import pytest
from prompt_toolkit.formatted_text import fragment_list_to_text

from phonon.editor import status
from phonon.editor.glyphs import ASCII, FANCY, level
from phonon.session.protocol import OutputMeter, Telemetry

FACTS = status.EditorFacts("normal", "m.ph", False, 0.02)
SEEN = Telemetry(
    cycle=12.3,
    cps=0.55,
    load=0.31,
    load_peak=0.44,
    ring_ms=38,
    ring_target_ms=50,
    voices=23,
    voice_limit=64,
    latency_ms=46,
    playing=True,
)


def text(telemetry=SEEN, facts=FACTS, width=160, glyphs=FANCY):
    return fragment_list_to_text(status.line(telemetry, facts, glyphs, width))


def style_of(piece, telemetry, width=160):
    return next(s for s, t in status.line(telemetry, FACTS, FANCY, width) if piece in t)


def test_a_wide_status_line_shows_all_fields():
    wanted = (
        " NORMAL  m.ph │ 12.25 ■■□□ │ 132bpm │ DSP 31% ▲44% │ xr 0 │ ring 38/50ms │ "
        "v 23/64 stl 0 late 0 │ lat 46ms │ -inf dB │ UI 2%"
    )
    assert text().rstrip() == wanted


@pytest.mark.parametrize("width", range(1, 200, 7))
def test_the_status_line_is_exactly_as_wide_as_the_terminal(width):
    assert len(text(width=width)) == width


def test_sixty_columns_keep_mode_clock_load_and_underruns():
    outputs = (OutputMeter("o2", muted=True), OutputMeter("o3", solo=True))
    shown = text(
        Telemetry(cycle=1234.5, load=1.2, load_peak=3.5, underruns=12345, outputs=outputs),
        status.EditorFacts("perform", "a-very-long-name.ph", True, 0.3),
        60,
    )
    for piece in ("PERFORM", "1234.50", "■", "DSP 120%", "▲350%", "xr 12345"):
        assert piece in shown


def test_narrower_lines_drop_the_file_name_before_the_count_of_errors():
    facts = status.EditorFacts("normal", "m.ph", False, 0.02, errors=2)
    shown = [text(facts=facts, width=width) for width in range(160, 20, -1)]
    named = [line for line in shown if "m.ph" in line]
    counted = [line for line in shown if "E:2" in line]
    assert set(named) < set(counted)


def test_figures_change_colour_at_their_thresholds():
    assert style_of("DSP", Telemetry(load=0.59)).endswith("good")
    assert style_of("DSP", Telemetry(load=0.61)).endswith("warn")
    assert style_of("DSP", Telemetry(load=0.86)).endswith("bad")
    assert style_of("ring", Telemetry(ring_ms=24, ring_target_ms=100)).endswith("warn")
    assert style_of("ring", Telemetry(ring_ms=9, ring_target_ms=100)).endswith("bad")
    assert style_of("v 60", Telemetry(voices=60, voice_limit=64)).endswith("warn")
    assert style_of("xr", Telemetry(underruns=1, underrun_age=1.0)).endswith("bad")
    assert style_of("xr", Telemetry(underruns=1, underrun_age=5.0)).endswith("warn")
    assert style_of("xr", Telemetry(underruns=1, underrun_age=60.0)) == "class:status"


def test_a_lost_engine_is_shown_in_forty_columns():
    assert "no engine" in text(Telemetry(alive=False), width=40)
    lost = status.EditorFacts("normal", "m.ph", False, 0.0, lost="engine lost")
    assert "engine lost" in text(facts=lost, width=40)


def test_ascii_glyphs_draw_ascii_only():
    assert text(glyphs=ASCII).isascii()
    assert all(len(mark) >= 1 and mark.isascii() for mark in (ASCII.levels, ASCII.parts))


def test_level_characters_grow_with_the_level():
    columns = [level(FANCY, decibels) for decibels in range(-60, 6, 3)]
    assert columns == sorted(columns, key=FANCY.levels.index)
    assert columns[0] == " "
    assert columns[-1] == "█"
