"""The window of the program's text: gutter, errors under their lines, animated characters."""

from __future__ import annotations

from collections.abc import Callable

from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.layout import BufferControl, Dimension, UIContent, Window, WindowRenderInfo
from prompt_toolkit.layout.controls import SearchBufferControl
from prompt_toolkit.layout.margins import Margin

from phonon.editor.decorations import Decorations
from phonon.editor.evaluations import Evaluations
from phonon.editor.glyphs import Glyphs
from phonon.editor.gutter import Column, GutterMarks
from phonon.editor.highlight import MARK, ProgramLexer
from phonon.editor.patcher import CellPatcher, ScreenCell
from phonon.editor.program_text import ProgramText
from phonon.editor.statements import Region

# What the gutter of a line shows: state, level, whether the cursor is there, whether it flashes.
GutterState = tuple[tuple[str, str], tuple[str, str], bool, bool]


class TextView:
    """Draws the text through prompt_toolkit, and patches what is animated on top of it."""

    def __init__(
        self,
        program: ProgramText,
        evaluations: Evaluations,
        search: SearchBufferControl,
        patcher: CellPatcher,
        glyphs: Glyphs,
    ) -> None:
        self._program = program
        self._flash = evaluations.flash
        self._patcher = patcher
        self.marks = GutterMarks(glyphs)
        self.gutter = GutterMargin(program, evaluations, self.marks, glyphs)
        decorations = Decorations(evaluations.diagnostics, search.buffer, glyphs.caret)
        self.control = BufferControl(
            program.buffer,
            input_processors=[decorations],
            include_default_input_processors=False,
            lexer=ProgramLexer(),
            search_buffer_control=search,
            focus_on_click=True,
        )
        self.window = Window(
            self.control,
            left_margins=[self.gutter],
            wrap_lines=Condition(lambda: True),
            # Without a preferred height prompt_toolkit would count the rows of the text.
            height=Dimension(min=1, preferred=1000),
        )

        self._usual: dict[tuple[int, int], str] = {}  # styles of animated cells at rest
        self._shown: tuple[set[tuple[int, int]], Region | None, bool] | None = None
        self._gutters: dict[int, GutterState] = {}  # as they were drawn last
        self._gutter_input: tuple[Column, Column, int, Region | None] | None = None
        self._lines: list[int] | None = None

    @property
    def shown(self) -> WindowRenderInfo | None:
        """Which lines of the text are on the screen, and where."""
        return self.window.render_info

    def place(self, line: int, column: int) -> tuple[int, int] | None:
        """The row and column of the screen at which a character is, if it is visible."""
        info = self.shown
        if info is None:
            return None
        return info._rowcol_to_yx.get((line, column))  # noqa: SLF001  # no public way to ask

    def at(self, row: int, column: int) -> tuple[int, int] | None:
        """The line and column of the character at a place of the screen, or left of it."""
        info = self.shown
        if info is None:
            return None
        shown = {place: at for at, place in info._rowcol_to_yx.items()}  # noqa: SLF001
        row = min(row, max((place[0] for place in shown), default=0))
        there = [place for place in shown if place[0] == row]
        if not there:
            return None
        line, at = shown[max([one for one in there if one[1] <= column] or [min(there)])]
        return line, min(at, len(self._program.line(line)))

    def lines(self) -> list[int]:
        """The visible lines of the text, from 0."""
        if self._lines is None:
            info = self.shown
            self._lines = [] if info is None else sorted(set(info.displayed_lines))
        return self._lines

    def forget(self) -> None:
        """Forget what has been patched: the whole screen has been drawn anew."""
        self._usual.clear()
        self._shown = None
        self._gutters.clear()
        self._gutter_input = self._lines = None

    @property
    def animated(self) -> bool:
        """Whether any character is lit or flashes."""
        return bool(self._usual)

    def paint(self, lit: set[tuple[int, int]]) -> list[ScreenCell]:
        """The cells to redraw so that exactly the `lit` characters (line, column) are lit."""
        visible = self.lines()
        shown = (lit, self._flash.region(), self._flash.failed)
        cells: list[ScreenCell] = []
        if shown != self._shown:
            self._shown = shown
            cells = self._relit(self._animated(lit, visible))
        return cells + self._gutter_cells(visible)

    def _gutter_cells(self, visible: list[int]) -> list[ScreenCell]:
        """The cells of the gutter that have changed."""
        here = self._program.buffer.document.cursor_position_row
        region = self._flash.region()
        states, levels = self.marks.columns
        before, self._gutter_input = self._gutter_input, (states, levels, here, region)
        if self._gutter_input == before:
            return []
        lines = set(visible)
        if before is not None and before[2:] == (here, region):
            lines &= _changed(before[0], states) | _changed(before[1], levels)
        cells: list[ScreenCell] = []
        for line in lines:
            state = self.gutter.state(line, here, region)
            if self._gutters.get(line) != state and (place := self.place(line, 0)) is not None:
                self._gutters[line] = state
                row, left = place[0], place[1] - self.gutter.width
                cells += self._patcher.row(row, left, self.gutter.row(line, state), "class:gutter")
        return cells

    def _relit(self, wanted: dict[tuple[int, int], str]) -> list[ScreenCell]:
        """The cells to redraw so that those of `wanted`, and no others, have its extra styles."""
        screen = self._patcher.screen
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
        """The extra styles of flashing and lit characters, by their places on the screen."""
        region = self._flash.region()
        wanted: dict[tuple[int, int], str] = {}
        flash = " class:flash" + (".failed" if self._flash.failed else "")
        for line in visible if region else ():
            if region and region.first <= line <= region.last:
                for column in range(len(self._program.line(line)) + 1):
                    if (at := self.place(line, column)) is not None:
                        wanted[at] = flash
        for line, column in lit:
            if (at := self.place(line, column)) is not None:
                wanted[at] = " class:lit"
        return wanted


def _changed(before: Column, after: Column) -> set[int]:
    """The lines at which a column of the gutter has changed."""
    return {line for line, _ in before.items() ^ after.items()}


class GutterMargin(Margin):
    """Draws state, level, line number and flash left of each line."""

    def __init__(
        self, program: ProgramText, evaluations: Evaluations, marks: GutterMarks, glyphs: Glyphs
    ) -> None:
        self._buffer = program.buffer
        self._flash = evaluations.flash
        self._marks = marks
        self._flashing = glyphs.flash
        self._digits = 3

    @property
    def width(self) -> int:
        """Width in columns: two marks, the number, the flash."""
        return self._digits + 3

    def get_width(self, get_ui_content: Callable[[], UIContent]) -> int:
        self._digits = max(3, len(str(self._buffer.document.line_count)))
        return self.width

    def create_margin(
        self, window_render_info: WindowRenderInfo, width: int, height: int
    ) -> StyleAndTextTuples:
        found: StyleAndTextTuples = []
        last = -1
        here = self._buffer.document.cursor_position_row
        region = self._flash.region()
        for line in window_render_info.displayed_lines:
            if line != last:
                found += self.row(line, self.state(line, here, region))
            else:
                found.append(("class:gutter", " " * self.width))
            found.append(("", "\n"))
            last = line
        return found

    def state(self, line: int, here: int, region: Region | None) -> GutterState:
        """What the gutter of a line shows; the cursor is in line `here`, `region` flashes."""
        return (
            self._marks.state(line),
            self._marks.level(line),
            line == here,
            region is not None and region.first <= line <= region.last,
        )

    def row(self, line: int, state: GutterState) -> StyleAndTextTuples:
        """The gutter of a line as styled text."""
        (mark, style), (level, loud), here, flashing = state
        number = "class:gutter class:gutter.current" if here else "class:gutter"
        flash = self._flashing if flashing else " "
        return [
            (f"class:gutter class:gutter.{style}" if style else "class:gutter", mark),
            (f"class:gutter class:gutter.{loud}" if loud else "class:gutter", level),
            (number, f"{line + 1:>{self._digits}}"),
            ("class:gutter class:gutter.flash", flash),
        ]
