"""The events that were heard last, newest first."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from phonon.editor.drawing import draw_events
from phonon.editor.panels.panel_state import panel_state

if TYPE_CHECKING:
    from prompt_toolkit.formatted_text import StyleAndTextTuples

    from phonon.editor.editor import Editor


def events(editor: Editor, width: int, height: int) -> list[StyleAndTextTuples]:
    """Rows of the panel."""
    shown, seen = panel_state(editor), editor.telemetry
    if seen.playing and not seen.hushed:
        silent = {one.name for one in seen.outputs if not one.audible}
        shown.played.hear(shown.coming, editor.marks.evaluated, seen.cycle, silent)
    else:
        shown.played.pause(seen.cycle)
    last = list(shown.played.entries)[-height:]
    return [[*line] for line in draw_events(last, inf, width, height, editor.glyphs)]
