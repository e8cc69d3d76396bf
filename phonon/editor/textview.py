"""The program's text: gutter, errors under their lines, and what of it can be animated."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.layout import BufferControl, UIContent, Window, WindowRenderInfo
from prompt_toolkit.layout.margins import Margin
from prompt_toolkit.layout.processors import (
    HighlightMatchingBracketProcessor,
    Processor,
    Transformation,
    TransformationInput,
)
from prompt_toolkit.utils import get_cwidth

from phonon.editor.highlight import MARK, ProgramLexer
from phonon.editor.screen import Cell

if TYPE_CHECKING:
    from collections.abc import Callable

    from phonon.editor.editor import Editor
    from phonon.editor.marks import Mark


class TextView:
    """The window of the program's text."""

    def __init__(self, editor: Editor) -> None:
        self._editor = editor
        self.gutter = Gutter(editor)
        self.control = BufferControl(
            editor.buffer,
            input_processors=[
                HighlightMatchingBracketProcessor(max_cursor_distance=2000),
                ErrorLines(editor),
            ],
            lexer=ProgramLexer(),
            search_buffer_control=editor.search.control,
            focus_on_click=True,
        )
        self.window = Window(
            self.control,
            left_margins=[self.gutter],
            wrap_lines=Condition(lambda: True),
        )

    @property
    def shown(self) -> WindowRenderInfo | None:
        """How the text stands on the screen."""
        return self.window.render_info

    def place(self, line: int, column: int) -> tuple[int, int] | None:
        """The row and column of the screen where a character is, if it is visible."""
        info = self.shown
        if info is None:
            return None
        return info._rowcol_to_yx.get((line, column))  # noqa: SLF001  # no public way to ask

    def lines(self) -> list[int]:
        """The visible lines of the text, from 0."""
        info = self.shown
        return [] if info is None else sorted(set(info.displayed_lines))

    def paint(self, lit: set[tuple[int, int]], normal: dict[tuple[int, int], str]) -> list[Cell]:
        """The cells of everything that moves in the text.

        `lit` are the characters (line, column) that sound; `normal` remembers how cells look
        that are animated, so that they can look like that again.
        """
        patcher = self._editor.patcher
        screen = patcher.screen
        if screen is None:
            return []
        visible = self.lines()
        wanted = self._animated(lit, visible)
        cells: list[Cell] = []
        buffer = screen.data_buffer
        for at in normal.keys() - wanted.keys():
            shown = buffer[at[0]][at[1]]
            usual = normal.pop(at)
            if shown.style.startswith(usual) and shown.style != usual:
                cells.append((*at, shown.char, usual))
        for at, style in wanted.items():
            shown = buffer[at[0]][at[1]]
            usual = normal.get(at, "")
            if not usual:
                if not shown.style.startswith(MARK) or "class:selected" in shown.style:
                    continue
                usual = normal[at] = shown.style
            if shown.style != usual + style:
                cells.append((*at, shown.char, usual + style))
        for line in visible:
            if (place := self.place(line, 0)) is not None:
                left = place[1] - self.gutter.width
                cells += patcher.row(place[0], left, self.gutter.row(line), "class:gutter")
        return cells

    def _animated(
        self, lit: set[tuple[int, int]], visible: list[int]
    ) -> dict[tuple[int, int], str]:
        """The places on the screen that look different now, and how."""
        marks = self._editor.marks
        region = marks.flashing()
        wanted: dict[tuple[int, int], str] = {}
        flash = " class:flash" + (".failed" if marks.failed else "")
        for line in visible if region else ():
            if region and region.first <= line <= region.last:
                for column in range(len(self._editor.line(line)) + 1):
                    if (at := self.place(line, column)) is not None:
                        wanted[at] = flash
        for line, column in lit:
            if (at := self.place(line, column)) is not None:
                wanted[at] = " class:lit"
        return wanted


class Gutter(Margin):
    """Marks, level, line number and flash beside each line."""

    def __init__(self, editor: Editor) -> None:
        self._editor = editor
        self._digits = 3

    @property
    def width(self) -> int:
        """Columns: two marks, the number, the flash."""
        return self._digits + 3

    def get_width(self, get_ui_content: Callable[[], UIContent]) -> int:
        self._digits = max(3, len(str(self._editor.buffer.document.line_count)))
        return self.width

    def create_margin(
        self, window_render_info: WindowRenderInfo, width: int, height: int
    ) -> StyleAndTextTuples:
        found: StyleAndTextTuples = []
        last = -1
        for line in window_render_info.displayed_lines:
            found += self.row(line) if line != last else [("class:gutter", " " * self.width)]
            found.append(("", "\n"))
            last = line
        return found

    def row(self, line: int) -> StyleAndTextTuples:
        """The gutter of a line."""
        editor = self._editor
        mark, style = editor.beside.mark(line)
        level = editor.beside.level(line)
        here = line == editor.buffer.document.cursor_position_row
        number = "class:gutter class:gutter.current" if here else "class:gutter"
        region = editor.marks.flashing()
        flash = editor.glyphs.flash if region and region.first <= line <= region.last else " "
        return [
            (f"class:gutter class:gutter.{style}" if style else "class:gutter", mark),
            (f"class:gutter class:gutter.{level[1]}" if level[1] else "class:gutter", level[0]),
            (number, f"{line + 1:>{self._digits}}"),
            ("class:gutter class:gutter.flash", flash),
        ]


class ErrorLines(Processor):
    """Writes the errors of a line under it: the line is filled up, so that they wrap."""

    def __init__(self, editor: Editor) -> None:
        self._editor = editor

    def apply_transformation(self, transformation_input: TransformationInput) -> Transformation:
        fragments = transformation_input.fragments
        marks = self._editor.marks.by_line(transformation_input.lineno)
        width = transformation_input.width
        if not marks or width < 8:
            return Transformation(fragments)
        used = sum(get_cwidth(text) for _, text, *_ in fragments)
        filled: StyleAndTextTuples = [*fragments, (MARK, " " * (width - used % width))]
        rows: StyleAndTextTuples = []
        for mark in marks:
            for row in _rows(mark, width, self._editor.glyphs.caret):
                style = "class:error" if mark.severity == "error" else "class:error.warning"
                rows.append((style, row.ljust(width)))
        last_style, last_text, *_ = rows[-1]
        rows[-1] = (last_style, last_text[: width - 1])  # a space follows every line
        return Transformation([*filled, *rows])


def _rows(mark: Mark, width: int, caret: str) -> list[str]:
    """The rows under a line: carets and sentence side by side, or below each other."""
    room = width - 1
    column = min(mark.column, room - 2)
    pointer = " " * column + caret * max(1, min(mark.width, room - column))
    if len(pointer) + 1 + len(mark.text) <= room:
        return [f"{pointer} {mark.text}"]
    indent = "  " if room > 20 else ""
    told = textwrap.wrap(mark.text, room - len(indent), max_lines=3, placeholder=" ...")
    return [pointer, *(indent + row for row in told)]
