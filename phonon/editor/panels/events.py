"""Panel of the events that were heard last, newest first."""

from __future__ import annotations

from math import inf

from prompt_toolkit.formatted_text import StyleAndTextTuples

from phonon.editor.drawing import draw_events, listed_events
from phonon.editor.panels.panel_state import PanelInput, PanelState


def events(
    state: PanelState, given: PanelInput, width: int, height: int
) -> list[StyleAndTextTuples]:
    """Rows of the panel."""
    seen = given.telemetry
    if seen.playing and not seen.hushed:
        silent = {one.name for one in seen.outputs if not one.audible}
        state.heard.advance(state.upcoming, given.playing, seen.cycle, silent)
    else:
        state.heard.pause(seen.cycle)
    last = listed_events(list(state.heard.events)[-height:])
    return [[*line] for line in draw_events(last, inf, width, height, given.glyphs)]
