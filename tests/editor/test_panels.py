"""The panels of an editor: each fills the room that it has, at any size, with or without sound."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from phonon import editor as editor_package
from phonon.editor import themes
from phonon.editor.glyphs import ASCII, FANCY
from phonon.editor.journal import EvaluatedVersion
from phonon.editor.panels import PANELS, draw, listen
from phonon.editor.panels.panel_state import panel_state
from phonon.editor.panels.upcoming import Upcoming
from phonon.session.protocol import OutputMeter, Telemetry
from tests.session.stub import StubSession

DEFINITIONS = {"~a": '~a: note "c4 e4"', "out": 'out: ~a # s "saw"'}


class Marks:
    evaluated = DEFINITIONS


class Session(StubSession):
    def scope(self):
        return np.sin(2 * np.pi * 440 * np.arange(2048) / 48_000).tolist()


class Seated:
    """As much of an editor as a panel looks at."""

    def __init__(self, glyphs=FANCY):
        self.session = Session()
        self.glyphs = glyphs
        self.marks = Marks()
        self.evaluations = [EvaluatedVersion("", 0.0, True, 3.1, "~a")]
        self.panel = "scope"
        self.telemetry = Telemetry(
            cycle=0.75,
            playing=True,
            load=0.31,
            load_peak=0.44,
            outputs=(OutputMeter("out", (0.5, 0.05), (0.2, 0.02)),),
            master=OutputMeter("master", (1.5, 0.5), (0.2, 0.1), clipped=True),
        )


def shown(editor, panel, width=42, height=20):
    editor.panel = panel
    listen(editor)
    return ["".join(text for _, text, *_ in row) for row in draw(editor, width, height)]


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("glyphs", [FANCY, ASCII])
@pytest.mark.parametrize(("width", "height"), [(1, 1), (10, 2), (42, 3), (42, 38), (120, 60)])
def test_every_panel_fills_every_size(panel, glyphs, width, height):
    rows = shown(Seated(glyphs), panel, width, height)
    assert [len(row) for row in rows] == [width] * height
    if not glyphs.braille:
        assert all(row.isascii() for row in rows)


def test_the_scope_names_the_tone():
    editor = Seated()
    panel_state(editor).spectrum.window = 2048
    rows = shown(editor, "scope")
    assert rows[0].startswith("scope")
    assert any(row.startswith("spectrum") and "440 Hz" in row for row in rows)


def test_the_mixer_shows_levels_clipping_and_the_load():
    rows = shown(Seated(), "mixer")
    assert rows[1].startswith("1 out")
    left, right = rows[1][12:24], rows[1][25:36]
    assert left.count("█") > right.count("█") > 0
    assert rows[1].rstrip().endswith("-6.0")
    assert rows[2].rstrip().endswith("CLIP")
    assert rows[-1].rstrip().endswith("31%, at worst 44%")


def test_the_roll_shows_what_was_played_and_what_comes():
    editor = Seated()
    for _ in range(6_000):
        rows = shown(editor, "roll")
        if len(set(rows)) > 2:
            break
        time.sleep(0.01)
    assert rows[1].startswith("e4")
    assert "█" in rows[1]
    assert rows[2].startswith("c4")
    assert "░" in rows[2]


def waited(coming, definitions, cycle, accept):
    for _ in range(6_000):
        found = coming.notes(definitions, cycle)
        if accept(found):
            break
        time.sleep(0.01)
    return [note.pitch for note in found]


def test_the_next_cycle_is_known_before_it_begins():
    coming = Upcoming()
    definitions = {"out": 'out: note "<c4 e4 g4>" # s "saw"'}
    assert waited(coming, definitions, 0, bool) == [0]
    for _ in range(6_000):
        if 1 in coming._known:
            break
        time.sleep(0.01)
    assert [note.pitch for note in coming.notes(definitions, 1)] == [4]
    assert waited(coming, definitions, 2, bool) == [7]


def test_a_changed_program_takes_over_when_its_notes_are_known():
    coming = Upcoming()
    waited(coming, DEFINITIONS, 0, bool)
    changed = {**DEFINITIONS, "~a": '~a: note "g4"'}
    assert [note.pitch for note in coming.notes(changed, 0)] in ([0, 4], [7])
    assert waited(coming, changed, 0, lambda found: len(found) == 1) == [7]


def test_a_program_with_mistakes_has_the_notes_that_work():
    definitions = {**DEFINITIONS, "o2": 'o2: note "c4" # bogus 3 # s "saw"'}
    assert waited(Upcoming(), definitions, 0, bool) == [0, 4]


def heard(editor, count):
    """The first rows of the list of events, once there are that many."""
    for _ in range(2000):
        rows = [row.rstrip() for row in shown(editor, "events")[1:] if row.strip()]
        if len(rows) >= count:
            break
        time.sleep(0.01)
    return rows


def test_every_event_that_is_heard_is_told_with_its_values():
    editor = Seated()
    assert heard(editor, 2) == ["0.500 out     note 4 s saw", "0.000 out     note 0 s saw"]
    editor.telemetry = replace(editor.telemetry, cycle=1.25)
    assert heard(editor, 3)[0] == "1.000 out     note 0 s saw"
    editor.telemetry = replace(editor.telemetry, cycle=1.75, hushed=True)
    assert len(heard(editor, 3)) == 3
    editor.telemetry = replace(editor.telemetry, cycle=2.25, hushed=False)
    assert heard(editor, 4)[0] == "2.000 out     note 0 s saw"
    muted = (OutputMeter("out", muted=True, audible=False),)
    editor.telemetry = replace(editor.telemetry, cycle=2.75, outputs=muted)
    assert len(heard(editor, 4)) == 4


def test_history_names_what_happened():
    editor = Seated()
    assert shown(editor, "history")[1].split()[1:] == ["~a", "ok", "3.1", "ms"]
    editor.evaluations.append(EvaluatedVersion("", 1.0, False, 80.0, "~漢"))
    assert "~? " in shown(editor, "history")[1]
    assert shown(editor, "history")[1].rstrip().endswith("✗ failed")


def test_every_theme_says_how_everything_looks():
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
