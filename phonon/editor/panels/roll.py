"""The piano roll: what was heard in this cycle."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING

from phonon.editor.drawing import Note, draw_roll

if TYPE_CHECKING:
    from prompt_toolkit.formatted_text import StyleAndTextTuples

    from phonon.editor.editor import Editor


def roll(editor: Editor, width: int, height: int) -> list[StyleAndTextTuples]:
    """Rows of the panel."""
    cycle = editor.telemetry.cycle
    heard = [
        Note(one.begin, one.end, None, f"{one.text}")
        for one in editor.heard_events.recent(floor(cycle))
    ]
    return [[*line] for line in draw_roll(heard, cycle, width, height, editor.glyphs)]
