"""The piano roll: what was played of this cycle, what sounds, and what comes."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING

from phonon.editor.drawing import draw_roll
from phonon.editor.panels.panel_state import panel_state

if TYPE_CHECKING:
    from prompt_toolkit.formatted_text import StyleAndTextTuples

    from phonon.editor.editor import Editor


def roll(editor: Editor, width: int, height: int) -> list[StyleAndTextTuples]:
    """Rows of the panel."""
    cycle = editor.telemetry.cycle
    notes = panel_state(editor).coming.notes(editor.marks.evaluated, floor(cycle))
    return [[*line] for line in draw_roll(notes, cycle, width, height, editor.glyphs)]
