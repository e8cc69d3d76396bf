"""Panel of the piano roll: the notes of this cycle that were played, sound, and come."""

from __future__ import annotations

from math import floor

from prompt_toolkit.formatted_text import StyleAndTextTuples

from phonon.editor.drawing import draw_roll, notes
from phonon.editor.panels.panel_state import PanelInput, PanelState


def roll(state: PanelState, given: PanelInput, width: int, height: int) -> list[StyleAndTextTuples]:
    """Rows of the panel."""
    cycle = given.telemetry.cycle
    found = notes(state.upcoming.last_known(given.playing, floor(cycle)))
    return [[*line] for line in draw_roll(found, cycle, width, height, given.glyphs)]
