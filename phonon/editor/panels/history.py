"""What was evaluated in this sitting, newest first, and what became of it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prompt_toolkit.formatted_text import StyleAndTextTuples

    from phonon.editor.editor import Editor

SLOW = 50.0  # milliseconds


def history(editor: Editor, _width: int, height: int) -> list[StyleAndTextTuples]:
    """Rows of the panel."""
    rows: list[StyleAndTextTuples] = [
        [("class:panel class:panel.title", "evaluated"), ("class:panel", "  g- g+ walk")]
    ]
    for version in reversed(editor.evaluations[-(height - 1) :]):
        at = time.strftime("%H:%M:%S", time.localtime(version.time))
        slow = version.milliseconds > SLOW
        style = "bad" if not version.ok else "warn" if slow else "trace"
        row: StyleAndTextTuples = [("class:panel", f"{at} ")]
        row.append((f"class:panel class:panel.{style}", f"{version.milliseconds:4.0f} ms "))
        row.append(("class:panel", version.what))
        rows.append(row)
    return rows
