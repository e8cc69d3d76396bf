"""What was evaluated in this sitting, newest first, and what became of it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from phonon.editor.drawing import ListedVersion, draw_history

if TYPE_CHECKING:
    from prompt_toolkit.formatted_text import StyleAndTextTuples

    from phonon.editor.editor import Editor


def history(editor: Editor, width: int, height: int) -> list[StyleAndTextTuples]:
    """Rows of the panel."""
    versions = [
        ListedVersion(
            time.strftime("%H:%M:%S", time.localtime(version.time)),
            version.what,
            version.ok,
            version.milliseconds,
            "failed",
        )
        for version in editor.evaluations[-height:]
    ]
    return [[*line] for line in draw_history(versions, width, height, editor.glyphs)]
