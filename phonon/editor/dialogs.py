"""The row below the status line, and the keys that belong to no command."""

from __future__ import annotations

from prompt_toolkit.application import get_app
from prompt_toolkit.buffer import CompletionState
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.filters import Condition, Filter, has_arg, has_focus, is_searching
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.key_binding.vi_state import InputMode
from prompt_toolkit.keys import Keys
from prompt_toolkit.layout import AnyContainer, BufferControl, ConditionalContainer, Window
from prompt_toolkit.layout.controls import FormattedTextControl
from prompt_toolkit.layout.processors import BeforeInput

from phonon.editor.commands.command_line import run_line
from phonon.editor.commands.view import menu_rows
from phonon.editor.decoder import PRIVATE
from phonon.editor.editor import Editor
from phonon.editor.popups import PopupRow
from phonon.editor.reference import signature

HINT = "A-Enter play  A-. hush  A-1..9 mute  F1 keys"
_POPUP_KEYS: dict[str, str] = {
    Keys.ControlM: "Enter",
    Keys.ControlI: "Tab",
    Keys.ControlH: "Backspace",
    Keys.Up: "Up",
    Keys.Down: "Down",
    Keys.ControlP: "Up",
    Keys.ControlN: "Down",
    Keys.PageUp: "PageUp",
    Keys.PageDown: "PageDown",
}


def popup_rows(editor: Editor, width: int, height: int) -> list[PopupRow]:
    """What the popup shows; the menu appears when Space has been waiting."""
    if editor.modes.popup is not None:
        return editor.modes.popup.rows(width, height)
    if editor.modes.menu_shown:
        return _columns(menu_rows(), width, height)
    return []


def _columns(rows: list[PopupRow], width: int, height: int) -> list[PopupRow]:
    """The menu's rows side by side, where they would be too many below each other."""
    per = 38 if width >= 76 else width
    columns = max(width // per, 1)
    count = -(-len(rows) // columns)
    found: list[PopupRow] = []
    for at in range(count):
        row: PopupRow = []
        for one in rows[at::count]:
            length = sum(len(text) for _, text, *_ in one)
            row += [*one, ("class:popup", " " * max(per - length, 1))]
        found.append(row)
    return found[:height]


def bottom(editor: Editor, line: Window) -> list[AnyContainer]:
    """The `:` line, the search, or the message: one of them is in the last row."""
    typing = has_focus(editor.command_line)
    message = Window(FormattedTextControl(lambda: _message(editor), focusable=False), height=1)
    return [
        editor.search,
        ConditionalContainer(line, filter=typing),
        ConditionalContainer(message, filter=~typing & ~is_searching),
    ]


def line_window(editor: Editor) -> Window:
    """The window of the `:` line."""
    control = BufferControl(editor.command_line, input_processors=[BeforeInput(":")])
    return Window(control, height=1)


def _message(editor: Editor) -> StyleAndTextTuples:
    text, kind = editor.notices.shown
    if editor.mode == "insert" and not editor.notices.asking and kind in {"", "note"}:
        document = editor.buffer.document
        found = signature(document.current_line, document.cursor_position_col)
        if found is not None:
            return [("class:message", " " + found[0])]
    if text:
        return [(f"class:message class:message.{kind}", " " + text)]
    return [("class:gutter", HINT.rjust(editor.app.output.get_size().columns - 1))]


def other_keys(editor: Editor, keys: KeyBindings) -> None:
    """Bind what belongs to no command: popups, questions, the `:` line, keys to be swallowed."""
    popup = Condition(lambda: editor.modes.popup is not None and not editor.notices.asking)
    asking = Condition(lambda: editor.notices.asking)
    held = Condition(lambda: editor.mode in {"perform", "menu"} and not editor.notices.asking)
    _popup_keys(editor, keys, popup)
    _line_keys(editor, keys, has_focus(editor.command_line) & ~popup & ~asking)

    @keys.add(Keys.Any, filter=asking, eager=True)
    @keys.add(Keys.ControlC, filter=asking, eager=True)
    @keys.add(Keys.ControlQ, filter=asking, eager=True)
    @keys.add(Keys.Escape, filter=asking, eager=True)
    def _answer(event: KeyPressEvent) -> None:
        pressed = event.key_sequence[0].key
        editor.notices.answer("c" if pressed in {Keys.Escape, Keys.ControlC} else str(pressed))

    @keys.add(Keys.Any, filter=held)
    @keys.add(Keys.ControlM, filter=held)
    def _swallow(event: KeyPressEvent) -> None:
        if editor.modes.menu:
            editor.modes.end_menu()
            event.app.invalidate()

    @keys.add(Keys.SIGINT)
    def _interrupted(_event: KeyPressEvent) -> None:
        editor.notices.say("C-q quits")

    _completing(editor, keys)
    reading = Condition(lambda: editor.mode in {"normal", "visual"} and not editor.notices.asking)

    @keys.add("G", filter=reading & has_arg)
    def _to_line(event: KeyPressEvent) -> None:
        document = editor.buffer.document
        row = min(max(event.arg, 1), document.line_count) - 1
        editor.buffer.cursor_position = document.translate_row_col_to_index(row, 0)

    for private in PRIVATE:
        keys.add(private, filter=has_focus(editor.command_line) | is_searching)(lambda _: None)


def _line_keys(editor: Editor, keys: KeyBindings, line: Filter) -> None:
    @keys.add(Keys.ControlM, filter=line, eager=True)
    def _carry_out(_event: KeyPressEvent) -> None:
        text = editor.command_line.text
        _leave_line(editor)
        with editor.notices.errors_shown():
            run_line(editor, text)

    @keys.add(Keys.Escape, filter=line, eager=True)
    @keys.add(Keys.ControlC, filter=line, eager=True)
    def _leave(_event: KeyPressEvent) -> None:
        _leave_line(editor)

    empty = Condition(lambda: not editor.command_line.text)

    @keys.add(Keys.ControlH, filter=line & empty, eager=True)
    def _backspace(_event: KeyPressEvent) -> None:
        _leave_line(editor)


def _popup_keys(editor: Editor, keys: KeyBindings, popup: Condition) -> None:
    @keys.add(Keys.Any, filter=popup)
    def _typed(event: KeyPressEvent) -> None:
        typed = str(event.key_sequence[0].key)
        if len(typed) == 1 and typed not in PRIVATE:
            editor.modes.popup_key(typed)

    def bind(sent: str, name: str) -> None:
        @keys.add(sent, filter=popup)
        def _pressed(_event: KeyPressEvent) -> None:
            editor.modes.popup_key(name)

    for sent, name in _POPUP_KEYS.items():
        bind(sent, name)


def _completing(editor: Editor, keys: KeyBindings) -> None:
    """Tab takes the next completion; at the beginning of a line it indents."""
    typing = Condition(lambda: editor.mode == "insert" and not editor.notices.asking)

    @keys.add(Keys.ControlAt, filter=typing)
    @keys.add(Keys.ControlI, filter=typing)
    def _tab(_event: KeyPressEvent) -> None:
        buffer = editor.buffer
        if buffer.complete_state is None and buffer.document.current_line_before_cursor.strip():
            asked = CompleteEvent(completion_requested=True)
            found = list(editor.completer.get_completions(buffer.document, asked))
            buffer.complete_state = CompletionState(buffer.document, found) if found else None
        if buffer.complete_state is not None:
            buffer.complete_next()
        elif not buffer.document.current_line_before_cursor.strip():
            buffer.insert_text("  ")

    @keys.add(Keys.BackTab, filter=typing)
    def _back(_event: KeyPressEvent) -> None:
        if editor.buffer.complete_state is not None:
            editor.buffer.complete_previous()


def _leave_line(editor: Editor) -> None:
    app = get_app()
    editor.command_line.reset()
    app.layout.focus(editor.buffer)
    if not editor.plain:
        app.vi_state.input_mode = InputMode.NAVIGATION
