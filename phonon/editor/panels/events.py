"""The literals that were heard last, newest first."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from phonon.editor.drawing import Entry, draw_events

if TYPE_CHECKING:
    from prompt_toolkit.formatted_text import StyleAndTextTuples

    from phonon.editor.editor import Editor


def events(editor: Editor, width: int, height: int) -> list[StyleAndTextTuples]:
    """Rows of the panel."""
    heard = [
        Entry(happened.begin, happened.text, happened.definition)
        for happened in editor.heard_events.newest(height)
    ]
    return [[*line] for line in draw_events(heard, inf, width, height, editor.glyphs)]
