"""The window that draws the open popup, or the menu behind Space, in a frame."""

from __future__ import annotations

from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.layout import Dimension, Window
from prompt_toolkit.layout.controls import FormattedTextControl

from phonon.editor.commands.view import menu_rows
from phonon.editor.editor import Editor
from phonon.editor.popups import PopupRow

WIDEST = 104  # columns of a popup


def popup_window(editor: Editor) -> Window:
    """The window of popups, as high as its rows."""
    return Window(
        FormattedTextControl(lambda: _framed(editor), focusable=False),
        style="class:popup",
        width=lambda: Dimension.exact(min(editor.columns - 2, WIDEST)),
        height=lambda: Dimension.exact(_height(editor)),
    )


def _height(editor: Editor) -> int:
    rows, columns = editor.app.output.get_size()
    room = max(rows - 4, 3)
    return min(len(popup_rows(editor, min(columns - 2, WIDEST) - 4, room - 2)) + 2, room)


def _framed(editor: Editor) -> StyleAndTextTuples:
    """The popup with its frame, as one text."""
    columns = min(editor.columns - 2, WIDEST)
    height = _height(editor)
    inner = columns - 4
    rows = popup_rows(editor, inner, height - 2)
    marks = editor.view.glyphs
    style = "class:popup"
    title = f" {editor.modes.popup.title if editor.modes.popup else 'Space'} "
    left, right, low_left, low_right = tuple(marks.corners)
    found: StyleAndTextTuples = [(style, left + marks.line), (f"{style} class:popup.title", title)]
    found.append((style, marks.line * (columns - 3 - len(title)) + right + "\n"))
    for row in rows[: height - 2]:
        found.append((style, f"{marks.bar} "))
        left_over = inner
        for own, text, *_ in row:
            found.append((own, text[:left_over]))
            left_over -= len(text[:left_over])
        found.append((style, " " * left_over + f" {marks.bar}\n"))
    hint = " Esc closes "
    found.append((style, low_left + marks.line + hint))
    found.append((style, marks.line * (columns - 3 - len(hint)) + low_right))
    return found


def popup_rows(editor: Editor, width: int, height: int) -> list[PopupRow]:
    """The rows of the open popup, or of the menu once it is shown; empty without either."""
    if editor.modes.popup is not None:
        return editor.modes.popup.rows(width, height)
    if editor.modes.menu_shown:
        return in_columns(menu_rows(), width, height)
    return []


def in_columns(rows: list[PopupRow], width: int, height: int) -> list[PopupRow]:
    """Rows side by side in two columns, from top to bottom; in one where it is narrow."""
    columns = 2 if width >= 76 else 1
    room = width // columns
    count = -(-len(rows) // columns)
    found: list[PopupRow] = []
    for at in range(count):
        row: PopupRow = []
        for one in rows[at::count]:
            row += _cut(one, room - 1)
        found.append(row)
    return found[:height]


def _cut(row: PopupRow, width: int) -> PopupRow:
    """A row cut or filled up to a width, and a blank after it."""
    found: PopupRow = []
    for style, text, *_ in row:
        found.append((style, text[:width]))
        width -= len(text[:width])
    return [*found, ("class:popup", " " * (width + 1))]
