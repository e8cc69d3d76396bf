"""Animation: patches single cells on top of the last drawn screen.

prompt_toolkit draws whole screens, which takes 4 to 7 ms of Python however little has changed.
A frame of animation changes a few cells: they are written at their places and noted in the screen
that prompt_toolkit compares its next one with, so that both always agree about the terminal.
"""

from __future__ import annotations

import time
from functools import lru_cache
from typing import Any

from prompt_toolkit.application import Application
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.layout.screen import Char, Screen

ScreenCell = tuple[int, int, str, str]  # row, column, character, style

_char = lru_cache(maxsize=4096)(Char)  # they are never changed, and slow to make

_BEGIN, _END = "\x1b[?2026h\x1b7", "\x1b8\x1b[?2026l"  # nothing is shown in between; cursor kept


class CellPatcher:
    """Writes cells; `slow` is how long the terminal took to take the last of them, in seconds."""

    def __init__(self, app: Application[Any]) -> None:
        self._app = app
        self.slow = 0.0
        self._rows: dict[tuple[int, int], StyleAndTextTuples] = {}

    @property
    def screen(self) -> Screen | None:
        """What the terminal shows."""
        return self._app.renderer.last_rendered_screen

    def forget(self) -> None:
        """The whole screen has been drawn by somebody else."""
        self._rows.clear()

    def write(self, cells: list[ScreenCell]) -> None:
        """Write cells at their places."""
        screen = self.screen
        renderer = self._app.renderer
        looks = renderer._attrs_for_style  # noqa: SLF001  # prompt_toolkit shows it nowhere else
        if screen is None or looks is None or not cells:
            return
        output = self._app.output
        depth = self._app.color_depth
        rows, columns = output.get_size()
        cells.sort()
        output.write_raw(_BEGIN)
        at = (-1, -1)
        last: str | None = None
        run: list[str] = []  # what stands side by side in one style
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
                    output.set_attributes(looks[style], depth)
                    last = style
            run.append(character)
            at = (row, column + 1)
        output.write("".join(run))
        output.reset_attributes()
        output.write_raw(_END)
        begun = time.perf_counter()
        output.flush()
        self.slow = time.perf_counter() - begun

    def row(
        self, row: int, column: int, fragments: StyleAndTextTuples, owner: str
    ) -> list[ScreenCell]:
        """The cells in which a run of fragments differs from what is shown there.

        Only cells that belong to `owner` (a style) are touched: what covers them stays.
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
