"""The program's text: gutter, errors under their lines, and what of it can be animated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.layout import BufferControl, Dimension, UIContent, Window, WindowRenderInfo
from prompt_toolkit.layout.margins import Margin

from phonon.editor.decorations import Decorations
from phonon.editor.highlight import MARK, ProgramLexer
from phonon.editor.patcher import ScreenCell

if TYPE_CHECKING:
    from collections.abc import Callable

    from phonon.editor.editor import Editor
    from phonon.editor.gutter import Columns
    from phonon.editor.statements import Region


GutterState = tuple[tuple[str, str], tuple[str, str], bool, bool]


class TextView:
    """The window of the program's text."""

    def __init__(self, editor: Editor) -> None:
        self._editor = editor
        self.gutter = Gutter(editor)
        self.control = BufferControl(
            editor.buffer,
            input_processors=[Decorations(editor)],
            include_default_input_processors=False,
            lexer=ProgramLexer(),
            search_buffer_control=editor.search.control,
            focus_on_click=True,
        )
        self.window = Window(
            self.control,
            left_margins=[self.gutter],
            wrap_lines=Condition(lambda: True),
            height=Dimension(min=1, preferred=1000),  # so that nobody counts the text's rows
        )

        self._usual: dict[tuple[int, int], str] = {}  # how animated cells look at rest
        self._shown: tuple[set[tuple[int, int]], Region | None, bool] | None = None
        self._gutters: dict[int, GutterState] = {}
        self._beside: tuple[Columns, Columns, int, Region | None] | None = None  # of all gutters
        self._lines: list[int] | None = None

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

    def at(self, row: int, column: int) -> tuple[int, int] | None:
        """The line and the column of the text at a place of the screen, or left of it."""
        info = self.shown
        if info is None:
            return None
        shown = {place: at for at, place in info._rowcol_to_yx.items()}  # noqa: SLF001
        row = min(row, max((place[0] for place in shown), default=0))
        there = [place for place in shown if place[0] == row]
        if not there:
            return None
        line, at = shown[max([one for one in there if one[1] <= column] or [min(there)])]
        return line, min(at, len(self._editor.line(line)))

    def lines(self) -> list[int]:
        """The visible lines of the text, from 0."""
        if self._lines is None:
            info = self.shown
            self._lines = [] if info is None else sorted(set(info.displayed_lines))
        return self._lines

    def forget(self) -> None:
        """The whole screen has been drawn anew: nothing is lit on it."""
        self._usual.clear()
        self._shown = None
        self._gutters.clear()
        self._beside = self._lines = None

    @property
    def animated(self) -> bool:
        """Whether some cell does not look as usual."""
        return bool(self._usual)

    def paint(self, lit: set[tuple[int, int]]) -> list[ScreenCell]:
        """The cells that have to change so that `lit` characters (line, column) are lit."""
        visible = self.lines()
        marks = self._editor.marks
        shown = (lit, marks.flashing(), marks.failed)
        cells: list[ScreenCell] = []
        if shown != self._shown:
            self._shown = shown
            cells = self._relit(self._animated(lit, visible))
        return cells + self._gutter_cells(visible)

    def _gutter_cells(self, visible: list[int]) -> list[ScreenCell]:
        """The cells of the gutter that have changed."""
        here = self._editor.buffer.document.cursor_position_row
        region = self._editor.marks.flashing()
        before, self._beside = self._beside, (*self._editor.beside.all, here, region)
        if self._beside == before:
            return []
        lines = set(visible)
        if before is not None and before[2:] == (here, region):
            lines &= _changed(before[0], self._beside[0]) | _changed(before[1], self._beside[1])
        cells: list[ScreenCell] = []
        for line in lines:
            state = self.gutter.state(line, here, region)
            if self._gutters.get(line) != state and (place := self.place(line, 0)) is not None:
                self._gutters[line] = state
                row, left = place[0], place[1] - self.gutter.width
                cells += self._editor.patcher.row(
                    row, left, self.gutter.row(line, state), "class:gutter"
                )
        return cells

    def _relit(self, wanted: dict[tuple[int, int], str]) -> list[ScreenCell]:
        """The cells that look wrong, where `wanted` is what is added to their usual look."""
        screen = self._editor.patcher.screen
        if screen is None:
            return []
        cells: list[ScreenCell] = []
        buffer, normal = screen.data_buffer, self._usual
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


def _changed(before: Columns, after: Columns) -> set[int]:
    """The lines at which a column of the gutter does not say what it said."""
    return {line for line, _ in before.items() ^ after.items()}


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
        here = self._editor.buffer.document.cursor_position_row
        region = self._editor.marks.flashing()
        for line in window_render_info.displayed_lines:
            if line != last:
                found += self.row(line, self.state(line, here, region))
            else:
                found.append(("class:gutter", " " * self.width))
            found.append(("", "\n"))
            last = line
        return found

    def state(self, line: int, here: int, region: Region | None) -> GutterState:
        """What the gutter of a line says, with the cursor's line and the one that flashes."""
        return (
            self._editor.beside.mark(line),
            self._editor.beside.level(line),
            line == here,
            region is not None and region.first <= line <= region.last,
        )

    def row(self, line: int, state: GutterState) -> StyleAndTextTuples:
        """The gutter of a line."""
        (mark, style), (level, loud), here, flashing = state
        number = "class:gutter class:gutter.current" if here else "class:gutter"
        flash = self._editor.glyphs.flash if flashing else " "
        return [
            (f"class:gutter class:gutter.{style}" if style else "class:gutter", mark),
            (f"class:gutter class:gutter.{loud}" if loud else "class:gutter", level),
            (number, f"{line + 1:>{self._digits}}"),
            ("class:gutter class:gutter.flash", flash),
        ]
