"""The mouse in the text, its gutter, the panel beside it and popups.

prompt_toolkit would request every movement from the terminal; here only those with a button held
are requested.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass

from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.key_binding.bindings.scroll import scroll_one_line_down, scroll_one_line_up
from prompt_toolkit.key_binding.vi_state import InputMode
from prompt_toolkit.keys import Keys
from prompt_toolkit.layout import Window
from prompt_toolkit.search import stop_search
from prompt_toolkit.selection import SelectionType

from phonon.editor.commands.edit import NUMBER, nudge
from phonon.editor.commands.mix import toggle
from phonon.editor.commands.view import clear_peaks, freeze, panel
from phonon.editor.editor import Editor
from phonon.editor.panels import WIDTH, channel_at_row
from phonon.editor.registers import Registers
from phonon.editor.statements import head_lines
from phonon.editor.textview import TextView

TWICE = 0.4  # seconds between the clicks of a double click
LINES = 3  # that the wheel scrolls
LEFT, RIGHT = 0, 2

_SENT = re.compile(r"\x1b\[<(\d+);(\d+);(\d+)([Mm])")
_MODIFIERS, _MOVED, _WHEEL = 4 | 8 | 16, 32, 64
_WORD = re.compile(r"[\w']+|[^\w\s]+")


@dataclass(frozen=True, slots=True)
class MouseEvent:
    """A button pressed, held while it moved, or let go; or a turn of the wheel (up is 1)."""

    row: int
    column: int
    button: int = LEFT
    pressed: bool = True
    moved: bool = False
    wheel: int = 0


def parse(sent: str) -> MouseEvent | None:
    """Read what a terminal sends for its mouse (SGR, 1006); None for what is not used here."""
    found = _SENT.fullmatch(sent)
    if found is None:
        return None
    code, column, row = (int(number) for number in found.groups()[:3])
    code &= ~_MODIFIERS
    if code & _WHEEL:
        wheel = {0: 1, 1: -1}.get(code & 3, 0)
        return MouseEvent(row - 1, column - 1, wheel=wheel) if wheel else None
    return MouseEvent(row - 1, column - 1, code & 3, found[4] == "M", bool(code & _MOVED))


class Mouse:
    """Hands each event to the text, the gutter, the panel or the popup under it."""

    def __init__(self, editor: Editor, view: TextView, popup: Window) -> None:
        self._editor = editor
        self._view = view
        self._popup = popup
        self._held: int | None = None  # where in the text the left button went down
        self._clicked = (-1.0, -1)

    def bind(self, keys: KeyBindings) -> None:
        """Bind the mouse as a key."""

        @keys.add(Keys.Vt100MouseEvent, eager=True, save_before=lambda _: False)
        def _mouse(event: KeyPressEvent) -> object:
            found = parse(event.data)
            if found is None or self._editor.notices.asking:
                return NotImplemented
            handled = True
            with self._editor.notices.errors_shown():
                handled = self._handle(found, event)
            return None if handled else NotImplemented

    def _handle(self, event: MouseEvent, press: KeyPressEvent) -> bool:
        """Act on an event; says whether it did anything."""
        editor = self._editor
        clicked = event.pressed and not event.moved and not event.wheel
        if editor.modes.menu:
            if clicked:
                editor.modes.end_menu()
            return clicked
        if editor.modes.popup is not None:
            return self._in_popup(event, clicked)
        size = editor.app.output.get_size()
        if event.row >= size.rows - 2:
            return False
        shown = editor.view.panel_in(size.columns)
        if shown and event.column >= size.columns - WIDTH - 1 and self._held is None:
            return clicked and self._in_panel(event)
        if event.wheel:
            return self._turned(event, press)
        if clicked and event.column < self._view.gutter.width:
            return self._in_gutter(event)
        return self._in_text(event, clicked)

    def _in_popup(self, event: MouseEvent, clicked: bool) -> bool:
        editor = self._editor
        screen = editor.app.renderer.last_rendered_screen
        place = screen.visible_windows_to_write_positions.get(self._popup) if screen else None
        if editor.modes.popup is None or place is None:
            return False
        if event.wheel:
            editor.modes.popup_key("Up" if event.wheel > 0 else "Down")
        elif clicked:
            row, column = event.row - place.ypos - 1, event.column - place.xpos
            if 0 <= row < place.height - 2 and 0 <= column < place.width:
                editor.modes.popup_click(row)
            else:
                editor.modes.close_popup()
        return clicked or bool(event.wheel)

    def _in_panel(self, event: MouseEvent) -> bool:
        editor = self._editor
        channels = editor.view.panel == "mixer"
        if event.row == 0:
            panel(editor, 1)
        elif editor.view.panel == "scope" and event.button == LEFT:
            freeze(editor, 1)
        elif channels and (name := channel_at_row(editor.link.telemetry, event.row)):
            if name == "master":
                clear_peaks(editor, 1)
            else:
                toggle(editor, name, "solo" if event.button == RIGHT else "mute")
        else:
            return False
        return True

    def _in_gutter(self, event: MouseEvent) -> bool:
        editor = self._editor
        place = self._view.at(event.row, event.column)
        if place is None or event.button != LEFT:
            return False
        names = [name for name, line in head_lines(editor.buffer.text).items() if line == place[0]]
        playing = {one.name for one in editor.link.telemetry.outputs}
        for name in names:
            if name in playing:
                toggle(editor, name, "mute")
                return True
        return self._in_text(event, True)

    def _turned(self, event: MouseEvent, press: KeyPressEvent) -> bool:
        editor = self._editor
        if editor.modes.performing:
            place = self._view.at(event.row, event.column)
            line = editor.program.line(place[0]) if place else ""
            for found in NUMBER.finditer(line):
                if place and found.start() <= place[1] < found.end():
                    document = editor.buffer.document
                    index = document.translate_row_col_to_index(place[0], found.start())
                    editor.buffer.cursor_position = index
                    nudge(editor, event.wheel)
                    return True
        self._focus()
        for _ in range(LINES):
            (scroll_one_line_up if event.wheel > 0 else scroll_one_line_down)(press)
        return True

    def _in_text(self, event: MouseEvent, clicked: bool) -> bool:
        editor, buffer = self._editor, self._editor.buffer
        place = self._view.at(event.row, event.column)
        if place is None or (event.button != LEFT and event.pressed):
            return False
        index = buffer.document.translate_row_col_to_index(*place)
        if clicked:
            self._focus()
            buffer.cancel_completion()
            buffer.exit_selection()
            buffer.cursor_position = self._held = index
            before, at = self._clicked
            self._clicked = (time.monotonic(), index)
            if at == index and self._clicked[0] - before < TWICE:
                self._select_word(place)
        elif self._held is None:
            return False
        elif event.moved and index != buffer.cursor_position and not editor.modes.performing:
            if buffer.selection_state is None:
                self._read()
                buffer.cursor_position = self._held
                buffer.start_selection(selection_type=SelectionType.CHARACTERS)
            buffer.cursor_position = index
        elif not event.pressed:
            self._held = None
            self._copy()
        return True

    def _select_word(self, place: tuple[int, int]) -> None:
        editor, buffer = self._editor, self._editor.buffer
        for found in _WORD.finditer(editor.program.line(place[0])):
            if found.start() <= place[1] < found.end() and not editor.modes.performing:
                self._read()
                begin = buffer.cursor_position + found.start() - place[1]
                buffer.cursor_position = begin
                buffer.start_selection(selection_type=SelectionType.CHARACTERS)
                last = len(found[0]) - (0 if editor.plain else 1)
                buffer.cursor_position = begin + last

    def _copy(self) -> None:
        """Copy the selection to the terminal's clipboard, as the terminal itself would."""
        buffer, clipboard = self._editor.buffer, self._editor.app.clipboard
        if buffer.selection_state is not None and isinstance(clipboard, Registers):
            begin, end = buffer.document.selection_range()
            clipboard.offer(buffer.text[begin : end + (0 if self._editor.plain else 1)])

    def _focus(self) -> None:
        """Leave a line that is being typed below."""
        layout = self._editor.app.layout
        if layout.is_searching:
            stop_search()
        if not layout.has_focus(self._editor.buffer):
            layout.focus(self._editor.buffer)
            self._read()

    def _read(self) -> None:
        if not self._editor.plain:
            self._editor.app.vi_state.input_mode = InputMode.NAVIGATION
