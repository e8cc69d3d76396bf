"""The events that were heard last, newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prompt_toolkit.formatted_text import StyleAndTextTuples

    from phonon.editor.editor import Editor


def events(editor: Editor, _width: int, height: int) -> list[StyleAndTextTuples]:
    """Rows of the panel."""
    rows: list[StyleAndTextTuples] = [[("class:panel class:panel.title", "events")]]
    for happened in editor.heard_events.newest(height - 1):
        row: StyleAndTextTuples = [("class:panel class:panel.trace", f"{happened.begin:9.3f} ")]
        row.append(("class:panel", f"{happened.definition:<8} {happened.text}"))
        rows.append(row)
    return rows
