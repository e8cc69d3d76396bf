"""Animation: patches single cells on top of the last drawn screen.

prompt_toolkit draws whole screens, which takes 4 to 7 ms of Python however little has changed.
A frame of animation changes a few cells: they are written at their places and noted in the screen
that prompt_toolkit compares its next one with, so that both always agree about the terminal.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

from prompt_toolkit.application import Application
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.layout.screen import Char, Screen

Cell = tuple[int, int, str, str]  # row, column, character, style

_BEGIN, _END = "\x1b[?2026h\x1b7", "\x1b8\x1b[?2026l"  # nothing is shown in between; cursor kept


class Patcher:
    """Writes cells; `slow` is how long the terminal took to take the last of them, in seconds."""

    def __init__(self, app: Application[Any]) -> None:
        self._app = app
        self.slow = 0.0

    @property
    def screen(self) -> Screen | None:
        """What the terminal shows."""
        return self._app.renderer.last_rendered_screen

    def write(self, cells: Iterable[Cell]) -> int:
        """Write those of the cells that differ from what is shown; returns their number."""
        screen = self.screen
        renderer = self._app.renderer
        looks = renderer._attrs_for_style  # noqa: SLF001  # prompt_toolkit shows it nowhere else
        if screen is None or looks is None:
            return 0
        changed = [cell for cell in cells if _differs(screen, cell)]
        if not changed:
            return 0
        output = self._app.output
        depth = self._app.color_depth
        rows, columns = output.get_size()
        output.write_raw(_BEGIN)
        at = (-1, -1)
        last: str | None = None
        for row, column, character, style in sorted(changed):
            if row >= rows or column >= columns:
                continue
            screen.data_buffer[row][column] = Char(character, style)
            if at != (row, column):
                output.cursor_goto(row + 1, column + 1)
            if style != last:
                output.set_attributes(looks[style], depth)
                last = style
            output.write(character)
            at = (row, column + 1)
        output.reset_attributes()
        output.write_raw(_END)
        begun = time.perf_counter()
        output.flush()
        self.slow = time.perf_counter() - begun
        return len(changed)

    def row(self, row: int, column: int, fragments: StyleAndTextTuples, owner: str) -> list[Cell]:
        """A run of fragments as cells, where what is shown belongs to `owner` (a style)."""
        screen = self.screen
        if screen is None:
            return []
        shown = screen.data_buffer[row]
        found = []
        for style, text, *_ in fragments:
            for character in text:
                if shown[column].style.startswith(owner):
                    found.append((row, column, character, style))
                column += 1
        return found


def _differs(screen: Screen, cell: Cell) -> bool:
    shown = screen.data_buffer[cell[0]][cell[1]]
    return shown.char != cell[2] or shown.style != cell[3]
