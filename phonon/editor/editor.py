"""The state of one editor, made of small objects with one concern each."""

from __future__ import annotations

from pathlib import Path

from prompt_toolkit.application import Application
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.key_binding.vi_state import InputMode
from prompt_toolkit.widgets import SearchToolbar

from phonon.editor import glyphs
from phonon.editor.completion import ProgramCompleter
from phonon.editor.evaluations import Evaluations
from phonon.editor.modes import Modes
from phonon.editor.notices import Notices
from phonon.editor.program_text import ProgramText
from phonon.editor.repeat import Repeater
from phonon.editor.session_link import SessionLink
from phonon.editor.step_highlight import StepHighlight
from phonon.editor.terminal import Terminal
from phonon.editor.view_state import ViewState
from phonon.session.protocol import Session


class Editor:
    """The objects that commands act on.

    `program` is the text and its file, `evaluations` what became of evaluating it, `link` the
    session and its telemetry, `view` panel and theme, `modes` PERFORM, menu and popups, `notices`
    messages and questions, `steps` the characters that sound. `app`, `terminal` and `repeater` are
    there once the screen has been made.
    """

    app: Application[bool]
    terminal: Terminal
    repeater: Repeater

    def __init__(
        self, session: Session, path: Path, text: str, *, plain: bool = False, theme: str = "dark"
    ) -> None:
        self.plain = plain  # keys without vi's modes
        self.notices = Notices(self.redraw)
        self.link = SessionLink(session, self.notices)
        self.modes = Modes(self.redraw)
        self.view = ViewState(glyphs.choose(), session.upcoming, theme)
        self.evaluations = Evaluations()
        self.steps = StepHighlight(session)
        self.completer = ProgramCompleter(session)
        self.program = ProgramText(
            path,
            text,
            completer=self.completer,
            completing=self._completing,
            read_only=lambda: self.keys_taken,
            changed=self.evaluations.diagnostics.follow,
        )
        self.evaluations.load(self.program.journal.versions())
        self.command_line = Buffer(multiline=False, name="line")
        self.search = SearchToolbar(vi_mode=not plain)

    @property
    def buffer(self) -> Buffer:
        """The buffer of the program's text."""
        return self.program.buffer

    @property
    def columns(self) -> int:
        """Columns of the screen."""
        return self.app.output.get_size().columns

    @property
    def mode(self) -> str:
        """normal, insert, visual, perform, menu, popup, or line while one is typed below."""
        if self.modes.popup is not None:
            return "popup"
        if self.modes.menu:
            return "menu"
        if self.modes.performing:
            return "perform"
        if not self.app.layout.has_focus(self.buffer):
            return "line"
        if self.buffer.selection_state is not None:
            return "visual"
        if self.plain:
            return "insert"
        state = self.app.vi_state
        typing = state.input_mode is not InputMode.NAVIGATION
        return "insert" if typing and not state.temporary_navigation_mode else "normal"

    @property
    def keys_taken(self) -> bool:
        """Whether a popup, the menu, PERFORM or a question takes every key from the text."""
        modes = self.modes
        return modes.popup is not None or modes.menu or modes.performing or self.notices.asking

    def selected(self) -> tuple[int, int]:
        """The first and the last line of the selection."""
        document = self.buffer.document
        begin, end = document.selection_range()
        if self.plain and end > begin:
            end -= 1  # the cursor stands behind what is selected, not on it
        rows = [document.translate_index_to_position(at)[0] for at in (begin, end)]
        return rows[0], rows[1]

    def redraw(self) -> None:
        """Draw the screen soon."""
        self.app.invalidate()

    def close(self) -> None:
        """End the threads of the editor; calls that have not begun are dropped."""
        self.steps.stop()
        self.view.panels.upcoming.close()
        self.link.close()

    def _completing(self) -> bool:
        """Whether there is a completion: drawing a screen to show none would cost as much."""
        return self.mode == "insert" and bool(self.completer.found(self.buffer.document, False))
