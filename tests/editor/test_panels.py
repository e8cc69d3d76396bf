"""The panels of an editor: each fills the room that it has, at any size, with or without sound."""

from __future__ import annotations

import re
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from phonon import editor as editor_package
from phonon.editor import themes
from phonon.editor.glyphs import ASCII, FANCY
from phonon.editor.journal import EvaluatedVersion
from phonon.editor.panels import PANELS, PanelInput, PanelState, draw
from phonon.editor.panels.upcoming import Upcoming
from phonon.session.protocol import OutputMeter, Telemetry
from tests.editor.fake import upcoming_in

DEFINITIONS = {"~a": '~a: note "c4 e4"', "out": 'out: ~a # s "saw"'}
TELEMETRY = Telemetry(
    cycle=0.75,
    playing=True,
    load=0.31,
    load_peak=0.44,
    outputs=(OutputMeter("out", (0.5, 0.05), (0.2, 0.02)),),
    master=OutputMeter("master", (1.5, 0.5), (0.2, 0.1), clipped=True),
)


def tone():
    return np.sin(2 * np.pi * 440 * np.arange(2048) / 48_000).tolist()


class Panels:
    """The state of panels, and what they are given."""

    def __init__(self, glyphs=FANCY):
        self.state = PanelState(Upcoming(lambda *cycles: upcoming_in(DEFINITIONS, *cycles)))
        self.telemetry = TELEMETRY
        self.evaluations = [EvaluatedVersion("", 0.0, True, 3.1, "~a")]
        self.glyphs = glyphs

    def rows(self, name, width=42, height=20):
        given = PanelInput(
            self.telemetry, tone, DEFINITIONS, self.evaluations, self.glyphs, time.monotonic()
        )
        self.state.hear(self.telemetry, given.now)
        rows = draw(name, self.state, given, width, height)
        return ["".join(text for _, text, *_ in row) for row in rows]


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("glyphs", [FANCY, ASCII])
@pytest.mark.parametrize(("width", "height"), [(1, 1), (10, 2), (42, 3), (42, 38), (120, 60)])
def test_every_panel_fills_every_size(panel, glyphs, width, height):
    rows = Panels(glyphs).rows(panel, width, height)
    assert [len(row) for row in rows] == [width] * height
    if not glyphs.braille:
        assert all(row.isascii() for row in rows)


def test_the_scope_names_the_tone():
    panels = Panels()
    panels.state.spectrum.window = 2048
    rows = panels.rows("scope")
    assert rows[0].startswith("scope")
    assert any(row.startswith("spectrum") and "440 Hz" in row for row in rows)


def test_the_mixer_shows_levels_clipping_and_the_load():
    rows = Panels().rows("mixer")
    assert rows[1].startswith("1 out")
    left, right = rows[1][12:24], rows[1][25:36]
    assert left.count("█") > right.count("█") > 0
    assert rows[1].rstrip().endswith("-6.0")
    assert rows[2].rstrip().endswith("CLIP")
    assert rows[-1].rstrip().endswith("31%, at worst 44%")


def test_the_roll_shows_what_was_played_and_what_comes():
    panels = Panels()
    for _ in range(6_000):
        rows = panels.rows("roll")
        if len(set(rows)) > 2:
            break
        time.sleep(0.01)
    assert rows[1].startswith("e4")
    assert "█" in rows[1]
    assert rows[2].startswith("c4")
    assert "░" in rows[2]


def loaded(upcoming, playing, cycle, accept):
    """The notes of a cycle, once they are those that are accepted."""
    for _ in range(6_000):
        found = [event.controls["note"] for event in upcoming.last_known(playing, cycle)]
        if accept(found):
            break
        time.sleep(0.01)
    return found


def test_the_next_cycle_is_loaded_before_it_begins():
    playing = {"out": 'out: note "<c4 e4 g4>" # s "saw"'}
    upcoming = Upcoming(lambda *cycles: upcoming_in(playing, *cycles))
    assert loaded(upcoming, playing, 0, bool) == [0]
    for _ in range(6_000):
        if 1 in upcoming._loaded:
            break
        time.sleep(0.01)
    assert loaded(upcoming, playing, 1, lambda _: True) == [4]
    assert loaded(upcoming, playing, 2, bool) == [7]


def test_the_notes_of_the_program_before_stay_until_the_new_ones_are_loaded():
    playing, gate = dict(DEFINITIONS), threading.Event()
    gate.set()

    def load(begin, end):
        assert gate.wait(60)
        return upcoming_in(playing, begin, end)

    upcoming = Upcoming(load)
    assert loaded(upcoming, dict(playing), 0, bool) == [0, 4]
    gate.clear()
    playing["~a"] = '~a: note "g4"'
    assert loaded(upcoming, dict(playing), 0, lambda _: True) == [0, 4]
    assert upcoming.events(dict(playing), 0) is None
    gate.set()
    assert loaded(upcoming, dict(playing), 0, lambda found: len(found) == 1) == [7]


def test_events_are_asked_for_again_when_the_engine_did_not_answer():
    answers = [OSError("gone")]

    def load(begin, end):
        if answers:
            raise answers.pop()
        return upcoming_in(DEFINITIONS, begin, end)

    assert loaded(Upcoming(load), DEFINITIONS, 0, bool) == [0, 4]


def heard(panels, count):
    """The first rows of the list of events, once there are that many."""
    for _ in range(2000):
        rows = [row.rstrip() for row in panels.rows("events")[1:] if row.strip()]
        if len(rows) >= count:
            break
        time.sleep(0.01)
    return rows


def test_every_heard_event_is_listed_with_its_controls():
    panels = Panels()
    assert heard(panels, 2) == ["0.500 out     note 4 s saw", "0.000 out     note 0 s saw"]
    panels.telemetry = replace(panels.telemetry, cycle=1.25)
    assert heard(panels, 3)[0] == "1.000 out     note 0 s saw"
    panels.telemetry = replace(panels.telemetry, cycle=1.75, hushed=True)
    assert len(heard(panels, 3)) == 3
    panels.telemetry = replace(panels.telemetry, cycle=2.25, hushed=False)
    assert heard(panels, 4)[0] == "2.000 out     note 0 s saw"
    muted = (OutputMeter("out", muted=True, audible=False),)
    panels.telemetry = replace(panels.telemetry, cycle=2.75, outputs=muted)
    assert len(heard(panels, 4)) == 4


def test_history_shows_the_results_of_evaluations():
    panels = Panels()
    assert panels.rows("history")[1].split()[1:] == ["~a", "ok", "3.1", "ms"]
    panels.evaluations.append(EvaluatedVersion("", 1.0, False, 80.0, "~漢"))
    assert "~? " in panels.rows("history")[1]
    assert panels.rows("history")[1].rstrip().endswith("✗ failed")


def test_every_theme_styles_every_class_in_use():
    used = set()
    for file in Path(editor_package.__file__).parent.rglob("*.py"):
        if file.name != "themes.py":
            used |= set(
                re.findall(r"class:((?:panel|gutter|status|popup)\.[a-z]+)\b", file.read_text())
            )
    assert {"panel.dim", "panel.now", "panel.peak", "popup.chosen"} <= used
    for theme in themes.THEMES.values():
        assert used <= theme.keys() | themes._SHARED.keys()
    assert {name for name in used if name.startswith("panel")} <= themes._SIXTEEN.keys()
