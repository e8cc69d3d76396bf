"""Patches single cells on top of the screen that prompt_toolkit drew last.

prompt_toolkit draws whole screens, which takes 4 to 7 ms of Python however little has changed.
A frame of animation changes a few cells: they are written at their places, and noted in the screen
with which prompt_toolkit compares its next one, so that both always agree about the terminal.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from prompt_toolkit.application import Application
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.layout.screen import Char, Screen

ScreenCell = tuple[int, int, str, str]  # row, column, character, style

_char = lru_cache(maxsize=4096)(Char)  # they are never changed, and slow to make

_BEGIN, _END = "\x1b[?2026h\x1b7", "\x1b8\x1b[?2026l"  # nothing is shown in between; cursor kept


class CellPatcher:
    """Writes cells to the terminal of an application, which is set once it has been made."""

    app: Application[Any]

    def __init__(self) -> None:
        self._rows: dict[tuple[int, int], StyleAndTextTuples] = {}

    @property
    def screen(self) -> Screen | None:
        """The screen that the terminal shows."""
        return self.app.renderer.last_rendered_screen

    def forget(self) -> None:
        """Forget what has been written: the whole screen has been drawn anew."""
        self._rows.clear()

    def write(self, cells: list[ScreenCell]) -> None:
        """Write cells at their places."""
        screen = self.screen
        renderer = self.app.renderer
        attributes = renderer._attrs_for_style  # noqa: SLF001  # prompt_toolkit shows it nowhere else
        if screen is None or attributes is None or not cells:
            return
        output = self.app.output
        depth = self.app.color_depth
        rows, columns = output.get_size()
        cells.sort()
        output.write_raw(_BEGIN)
        at = (-1, -1)
        last: str | None = None
        run: list[str] = []  # characters side by side in one style
        for row, column, character, style in cells:
            if row >= rows or column >= columns:
                continue
            screen.data_buffer[row][column] = _char(character, style)
            if at != (row, column) or style != last:
                if run:
                    output.write("".join(run))
                    run.clear()
                if at != (row, column):
                    output.cursor_goto(row + 1, column + 1)
                if style != last:
                    output.set_attributes(attributes[style], depth)
                    last = style
            run.append(character)
            at = (row, column + 1)
        output.write("".join(run))
        output.reset_attributes()
        output.write_raw(_END)
        output.flush()

    def row(
        self, row: int, column: int, fragments: StyleAndTextTuples, owner: str
    ) -> list[ScreenCell]:
        """The cells in which styled text at a place differs from the screen.

        Only cells whose style begins with `owner` are changed: popups that cover them stay.
        """
        screen = self.screen
        place = (row, column)
        if screen is None or self._rows.get(place) == fragments:
            return []
        self._rows[place] = fragments
        shown = screen.data_buffer[row]
        found = []
        for style, text, *_ in fragments:
            for character in text:
                cell = shown[column]
                if (cell.char != character or cell.style != style) and cell.style.startswith(owner):
                    found.append((row, column, character, style))
                column += 1
        return found
