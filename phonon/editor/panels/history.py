"""Panel of the evaluations of this sitting, newest first, with their results."""

from __future__ import annotations

import time

from prompt_toolkit.formatted_text import StyleAndTextTuples

from phonon.editor.drawing import ListedVersion, draw_history
from phonon.editor.panels.panel_state import PanelInput, PanelState


def history(
    _state: PanelState, given: PanelInput, width: int, height: int
) -> list[StyleAndTextTuples]:
    """Rows of the panel."""
    versions = [
        ListedVersion(
            time.strftime("%H:%M:%S", time.localtime(version.time)),
            version.what,
            version.ok,
            version.milliseconds,
            "failed",
        )
        for version in given.evaluations[-height:]
    ]
    return [[*line] for line in draw_history(versions, width, height, given.glyphs)]
