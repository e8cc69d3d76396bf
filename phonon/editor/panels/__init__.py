"""The panels beside the text: each draws the rows that it is given room for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from prompt_toolkit.formatted_text import StyleAndTextTuples

from phonon.editor.panels.events import events
from phonon.editor.panels.history import history
from phonon.editor.panels.mixer import at_row as at_row
from phonon.editor.panels.mixer import listen as listen
from phonon.editor.panels.mixer import mixer
from phonon.editor.panels.roll import roll
from phonon.editor.panels.scope import scope

if TYPE_CHECKING:
    from phonon.editor.editor import Editor

PanelRows = list[StyleAndTextTuples]
WIDTH = 42

PANELS: dict[str, Callable[[Editor, int, int], PanelRows]] = {
    "scope": scope,
    "mixer": mixer,
    "roll": roll,
    "events": events,
    "history": history,
}


def draw(editor: Editor, width: int, height: int) -> PanelRows:
    """The rows of the panel that is chosen, each exactly `width` columns."""
    if editor.panel is None or height < 1:
        return []
    rows = PANELS[editor.panel](editor, width, height)[:height]
    rows += [[]] * (height - len(rows))
    return [_fit(row, width) for row in rows]


def _fit(row: StyleAndTextTuples, width: int) -> StyleAndTextTuples:
    found: StyleAndTextTuples = []
    left = width
    for style, text, *_ in row:
        if left <= 0:
            break
        found.append((style, text[:left]))
        left -= len(text[:left])
    if left > 0:
        found.append(("class:panel", " " * left))
    return found
