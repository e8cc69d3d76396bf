"""The scope and, below it, the spectrum of what was heard last."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from phonon.editor.drawing import bars_in
from phonon.editor.panels.panel_state import now, panel_state

if TYPE_CHECKING:
    from prompt_toolkit.formatted_text import StyleAndTextTuples

    from phonon.editor.editor import Editor

HIGHEST = 12  # rows of each; taller ones show no more


def scope(editor: Editor, width: int, height: int) -> list[StyleAndTextTuples]:
    """Rows of the panel."""
    shown = panel_state(editor)
    heard = np.asarray(editor.session.scope(), np.float32)
    silent = not heard.any()
    asked = width, height, shown.scope.frozen, shown.scope.span
    if silent and shown.silence is not None and shown.silence[0] == asked:
        return [[*line] for line in shown.silence[1]]
    rate = editor.telemetry.sample_rate
    upper = min(height // 2, HIGHEST)
    lower = min(height - upper, HIGHEST)
    shown.spectrum.hear(heard, rate, now(), bars_in(width))
    lines = shown.scope.draw(heard, rate, width, upper, editor.glyphs)
    lines += shown.spectrum.draw(width, lower, editor.glyphs)
    shown.silence = (asked, lines) if silent and shown.spectrum.silent else None
    return [[*line] for line in lines]
