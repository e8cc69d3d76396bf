"""The row below the status line: the search, the `:` line, a message, or the signature."""

from __future__ import annotations

from prompt_toolkit.filters import has_focus, is_searching
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.layout import AnyContainer, BufferControl, ConditionalContainer, Window
from prompt_toolkit.layout.controls import FormattedTextControl
from prompt_toolkit.layout.processors import BeforeInput

from phonon.editor.editor import Editor
from phonon.editor.reference import signature

HINT = "A-Enter play  A-. hush  A-1..9 mute  F1 keys"


def bottom_row(editor: Editor) -> list[AnyContainer]:
    """The contents of the last row: the search, the `:` line or the message."""
    typing = has_focus(editor.command_line)
    line = Window(BufferControl(editor.command_line, input_processors=[BeforeInput(":")]), height=1)
    message = Window(FormattedTextControl(lambda: _message(editor), focusable=False), height=1)
    return [
        editor.search,
        ConditionalContainer(line, filter=typing),
        ConditionalContainer(message, filter=~typing & ~is_searching),
    ]


def _message(editor: Editor) -> StyleAndTextTuples:
    text, kind = editor.notices.shown
    if editor.mode == "insert" and not editor.notices.asking and kind in {"", "note"}:
        document = editor.buffer.document
        found = signature(document.current_line, document.cursor_position_col)
        if found is not None:
            return [("class:message", " " + found[0])]
    if text:
        return [(f"class:message class:message.{kind}", " " + text)]
    return [("class:gutter", HINT.rjust(editor.columns - 1))]
