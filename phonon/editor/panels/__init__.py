"""The panels beside the text: each draws the values that it is given into rows of text."""

from __future__ import annotations

from collections.abc import Callable

from prompt_toolkit.formatted_text import StyleAndTextTuples

from phonon.editor.panels.events import events
from phonon.editor.panels.history import history
from phonon.editor.panels.mixer import channel_at_row as channel_at_row
from phonon.editor.panels.mixer import mixer
from phonon.editor.panels.panel_state import PanelInput as PanelInput
from phonon.editor.panels.panel_state import PanelState as PanelState
from phonon.editor.panels.roll import roll
from phonon.editor.panels.scope import scope

PanelRows = list[StyleAndTextTuples]
WIDTH = 42

PANELS: dict[str, Callable[[PanelState, PanelInput, int, int], PanelRows]] = {
    "scope": scope,
    "mixer": mixer,
    "roll": roll,
    "events": events,
    "history": history,
}


def draw(name: str, state: PanelState, given: PanelInput, width: int, height: int) -> PanelRows:
    """`height` rows of a panel, each exactly `width` columns."""
    rows = PANELS[name](state, given, width, height)[:height] if height > 0 else []
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
