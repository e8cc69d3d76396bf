"""Panel of the scope and, below it, the spectrum of the last frames."""

from __future__ import annotations

import numpy as np
from prompt_toolkit.formatted_text import StyleAndTextTuples

from phonon.editor.drawing import bars_in
from phonon.editor.panels.panel_state import PanelInput, PanelState

HIGHEST = 12  # rows of each; taller ones show no more


def scope(
    state: PanelState, given: PanelInput, width: int, height: int
) -> list[StyleAndTextTuples]:
    """Rows of the panel; silence is drawn once."""
    heard = np.asarray(given.samples(), np.float32)
    silent = not heard.any()
    key = width, height, state.scope.frozen, state.scope.span
    if silent and state.silence is not None and state.silence[0] == key:
        return [[*line] for line in state.silence[1]]
    rate = given.telemetry.sample_rate
    upper = min(height // 2, HIGHEST)
    lower = min(height - upper, HIGHEST)
    state.spectrum.hear(heard, rate, given.now, bars_in(width))
    lines = state.scope.draw(heard, rate, width, upper, given.glyphs)
    lines += state.spectrum.draw(width, lower, given.glyphs)
    state.silence = (key, lines) if silent and state.spectrum.silent else None
    return [[*line] for line in lines]
