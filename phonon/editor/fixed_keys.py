"""Binds the keys that belong to no command: those of popups, questions and the `:` line."""

from __future__ import annotations

from prompt_toolkit.application import get_app
from prompt_toolkit.buffer import CompletionState
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.filters import Condition, Filter, has_arg, has_focus, is_searching
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.key_binding.vi_state import InputMode
from prompt_toolkit.keys import Keys

from phonon.editor.commands.command_line import run_line
from phonon.editor.decoder import PRIVATE
from phonon.editor.editor import Editor

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


def bind_fixed_keys(editor: Editor, keys: KeyBindings) -> None:
    """Bind the keys of popups, questions and the `:` line, and drop keys without a meaning."""
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
