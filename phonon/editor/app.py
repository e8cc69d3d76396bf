"""Runs the editor: builds its screen, starts its threads, ends them and restores the terminal."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import platformdirs
from prompt_toolkit.application import Application
from prompt_toolkit.cursor_shapes import ModalCursorShapeConfig
from prompt_toolkit.enums import EditingMode
from prompt_toolkit.filters import Condition
from prompt_toolkit.input import Input, create_input
from prompt_toolkit.key_binding.vi_state import InputMode
from prompt_toolkit.layout import (
    ConditionalContainer,
    Dimension,
    Float,
    FloatContainer,
    HSplit,
    Layout,
    VSplit,
    Window,
)
from prompt_toolkit.layout.controls import FormattedTextControl
from prompt_toolkit.layout.menus import CompletionsMenu
from prompt_toolkit.output import Output, create_output
from prompt_toolkit.styles import DynamicStyle

from phonon.editor import keymap, themes, vi
from phonon.editor.bottom_row import bottom_row
from phonon.editor.commands import file
from phonon.editor.decoder import attach
from phonon.editor.editor import Editor
from phonon.editor.fixed_keys import bind_fixed_keys
from phonon.editor.mouse import Mouse
from phonon.editor.panels import WIDTH
from phonon.editor.panels.control import RowsControl
from phonon.editor.patcher import CellPatcher
from phonon.editor.popup_window import popup_rows, popup_window
from phonon.editor.registers import Registers
from phonon.editor.repeat import Repeater
from phonon.editor.terminal import Terminal
from phonon.editor.textview import TextView
from phonon.editor.ticker import Ticker
from phonon.session.protocol import Session

ESCAPE = 0.025  # seconds after which Esc is Esc and not the beginning of another key


def edit(
    session: Session,
    path: Path,
    text: str,
    *,
    plain: bool = False,
    theme: str = "dark",
    recover: bool = False,
) -> bool:
    """Edit a text with a running session until the performer quits. Raises PhononError.

    `recover` takes over unsaved text of an earlier editor without a question. Returns whether the
    engine is to play on.
    """
    keymap.rebind(platformdirs.user_config_path("phonon", appauthor=False) / "keys.toml")
    editor = Editor(session, path, text, plain=plain, theme=theme)
    editor.program.recover = recover
    screen_in, screen_out = create_input(), create_output()
    terminal = Terminal(screen_out)
    ticker = make_screen(editor, screen_in, screen_out, terminal)
    with terminal, _stderr_dropped(), ticker.garbage:
        try:
            stays = editor.app.run(
                pre_run=lambda: begin(editor, ticker), set_exception_handler=False
            )
        finally:
            editor.close()
            if editor.program.dirty:
                editor.program.write_journal()
            editor.program.journal.close()
    return bool(stays)


class EditorApplication(Application[bool]):
    """prompt_toolkit's application; its own key bindings are off while the editor takes all keys.

    Its result is whether the engine is to play on.
    """

    def __init__(self, editor: Editor, **options: Any) -> None:
        self._editor = editor
        self._usual = EditingMode.VI
        super().__init__(**options)

    @property
    def editing_mode(self) -> EditingMode:
        """vi or Emacs; neither of them in PERFORM, in a popup, in the menu, at a question."""
        return cast(EditingMode, None) if self._editor.keys_taken else self._usual

    @editing_mode.setter
    def editing_mode(self, mode: EditingMode) -> None:
        self._usual = mode


def make_screen(editor: Editor, screen_in: Input, screen_out: Output, terminal: Terminal) -> Ticker:
    """Build an editor's layout, keys and application; returns what animates them."""
    attach(screen_in, terminal.answered)
    patcher = CellPatcher()
    view = TextView(
        editor.program, editor.evaluations, editor.search.control, patcher, editor.view.glyphs
    )
    ticker = Ticker(editor, view, patcher)
    colours = themes.depth()
    styles = {name: themes.style(name, colours) for name in themes.THEMES}
    keys = keymap.bindings(editor, editor.plain)
    bind_fixed_keys(editor, keys)
    registers = Registers(screen_out)
    popup = popup_window(editor)
    Mouse(editor, view, popup).bind(keys)
    app = EditorApplication(
        editor,
        layout=Layout(_layout(editor, view, ticker, popup), view.window),
        key_bindings=keys,
        style=DynamicStyle(lambda: styles[editor.view.theme]),
        include_default_pygments_style=False,
        color_depth=colours,
        editing_mode=EditingMode.EMACS if editor.plain else EditingMode.VI,
        full_screen=True,
        mouse_support=False,
        max_render_postpone_time=None,
        cursor=ModalCursorShapeConfig(),
        clipboard=registers,
        input=screen_in,
        output=screen_out,
        after_render=lambda _: ticker.drawn(),
    )
    app.ttimeoutlen = ESCAPE
    app.timeoutlen = 1.0
    editor.app = patcher.app = app
    editor.terminal = terminal
    if not editor.plain:
        vi.extend(editor, keys, registers)
    return ticker


def begin(editor: Editor, ticker: Ticker) -> None:
    """Start the animation and the threads, once the application runs."""
    editor.link.attach(asyncio.get_running_loop())
    editor.repeater = Repeater(editor.app, editor.buffer, lambda: editor.mode)
    if not editor.plain:
        editor.app.vi_state.input_mode = InputMode.NAVIGATION
    ticker.start()
    editor.app.create_background_task(ticker.save_journal_and_read_messages())
    editor.steps.start()
    editor.link.run_in_background(editor.completer.load)
    editor.link.run_in_background(lambda: _adopt(editor))
    more = "C-s saves" if editor.plain else "Space is the menu"
    editor.notices.say(f"A-Enter plays the block, A-. hushes, F1 shows all keys, {more}")
    file.offer_recovery(editor)
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: _failed(editor, context.get("exception")))


def _adopt(editor: Editor) -> None:
    """Take over what the engine plays already, if nothing has been evaluated here."""
    definitions = editor.link.session.status().definitions

    def take() -> None:
        if editor.evaluations.adopt(definitions):
            editor.steps.evaluated(editor.evaluations.playing)

    editor.link.call_in_ui(take)


def _failed(editor: Editor, error: BaseException | None) -> None:
    """Show a mistake of the editor's own instead of ending a set; the journal has the text."""
    editor.program.write_journal()
    if error is not None and os.environ.get("PHONON_DEBUG"):
        raise error
    editor.notices.say(f"this should not happen: {type(error).__name__}: {error}", "error")


def _layout(editor: Editor, view: TextView, ticker: Ticker, popup: Window) -> FloatContainer:
    panel = Window(
        RowsControl(ticker.panel_rows),
        width=WIDTH,
        height=Dimension(min=1, preferred=1000),
        dont_extend_width=True,
    )
    border = Window(
        width=1,
        height=Dimension(min=1, preferred=1000),
        char=editor.view.glyphs.bar,
        style="class:panel",
    )
    panel_beside = ConditionalContainer(
        VSplit([border, panel]),
        filter=Condition(lambda: editor.view.panel_in(editor.columns) is not None),
    )
    status = Window(FormattedTextControl(ticker.status_text, focusable=False), height=1)
    shown = Condition(lambda: bool(popup_rows(editor, 1, 1)))
    return FloatContainer(
        HSplit(
            [
                VSplit([view.window, panel_beside]),
                status,
                *bottom_row(editor),
            ]
        ),
        floats=[
            Float(CompletionsMenu(max_height=10, scroll_offset=1), xcursor=True, ycursor=True),
            Float(ConditionalContainer(popup, filter=shown), z_index=100),
        ],
    )


@contextlib.contextmanager
def _stderr_dropped() -> Iterator[None]:
    """Drop what libraries write to standard error: it would appear on the screen."""
    if os.environ.get("PHONON_DEBUG"):
        yield
        return
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(nowhere)
        os.close(kept)
