"""The editor: a text, a session, and what is known about both."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prompt_toolkit.application import Application
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.document import Document
from prompt_toolkit.filters import Condition
from prompt_toolkit.key_binding.vi_state import InputMode
from prompt_toolkit.widgets import SearchToolbar

from phonon.editor import files, glyphs
from phonon.editor.completion import ProgramCompleter
from phonon.editor.gutter import GutterMarks
from phonon.editor.journal import EvaluatedVersion, Journal, UnsavedText
from phonon.editor.keymap import EditorCommand
from phonon.editor.marks import Marks
from phonon.editor.patcher import CellPatcher
from phonon.editor.popups import Popup
from phonon.editor.repeat import Repeater
from phonon.editor.step_highlight import StepHighlight
from phonon.editor.terminal import Terminal
from phonon.editor.undo import ProgramBuffer
from phonon.errors import PhononError
from phonon.session.gc_schedule import GarbageSchedule
from phonon.session.protocol import Message, Session, Status, Telemetry

if TYPE_CHECKING:
    from phonon.editor.ticker import Ticker

SPOKEN = 6.0  # seconds for which a message stays


class Editor:
    """One file and one session; the commands act on it, the views look at it."""

    app: Application[Any]
    patcher: CellPatcher
    repeater: Repeater
    ticker: Ticker
    terminal: Terminal

    def __init__(self, session: Session, path: Path, text: str, *, plain: bool = False) -> None:
        self.session = session
        self.path = path
        self.saved = text
        self.plain = plain
        self.glyphs = glyphs.choose()
        self.theme = "dark"
        self.telemetry = Telemetry()
        self.marks = Marks()
        self.beside = GutterMarks(self)
        self.lights = StepHighlight(session)
        self.garbage = GarbageSchedule(young=True)
        self.journal = Journal(path)
        self.versions: list[EvaluatedVersion] = self.journal.versions()
        self.at_version = len(self.versions)
        self.evaluations: list[EvaluatedVersion] = []
        self.performing = False
        self.menu_since: float | None = None
        self.popup: Popup | None = None
        self.asking: Callable[[str], bool] | None = None
        self.panel: str | None = "scope"
        self.panel_asked = False
        self.zen = False
        self.usual_theme = self.theme
        self.gain = 1.0
        self.interface = 0.0
        self.lost = ""
        self.recovering = False
        self.leaving = False
        self.tellings: list[str] = []
        self._message = ("", "", 0.0)
        self._heard = 0
        # Evaluations wait for each other; nothing that the performer does meanwhile waits for them.
        self._evaluations = ThreadPoolExecutor(1, "evaluate")
        self._orders = ThreadPoolExecutor(1, "orders")
        self.search = SearchToolbar(vi_mode=not plain)
        self.completer = ProgramCompleter(self)
        self.buffer = ProgramBuffer(
            document=Document(text, 0),
            multiline=True,
            completer=self.completer,
            complete_while_typing=Condition(self._completing),
            read_only=Condition(lambda: self.held),
            on_text_changed=lambda buffer: self._changed(),
            name="program",
        )
        self.line_buffer = Buffer(multiline=False, name="line")
        self.marks.follow(text)
        self.edited_at = time.monotonic()

    # What is going on

    @property
    def mode(self) -> str:
        """normal, insert, visual, perform, menu, popup, or line while one is typed below."""
        if self.popup is not None:
            return "popup"
        if self.menu_since is not None:
            return "menu"
        if self.performing:
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
    def held(self) -> bool:
        """Whether every key is for us, and none for the text."""
        waiting = self.popup is not None or self.menu_since is not None
        return waiting or self.performing or self.asking is not None

    @property
    def dirty(self) -> bool:
        """Whether the text is not what the file holds."""
        return self.buffer.text != self.saved

    @property
    def wide(self) -> bool:
        """Whether a panel has room beside the text without being asked for."""
        return self.app.output.get_size().columns >= 120

    @property
    def panel_shown(self) -> bool:
        """Whether a panel is beside the text now."""
        columns = self.app.output.get_size().columns
        asked = self.panel_asked and columns >= 80
        return self.panel is not None and not self.zen and (asked or columns >= 120)

    @property
    def name(self) -> str:
        """The name of the file, as the status line shows it."""
        return self.path.name

    @property
    def playing(self) -> bool:
        """Whether there is something to be heard."""
        seen = self.telemetry
        return seen.alive and seen.playing and not seen.hushed and not self.lost

    def line(self, number: int) -> str:
        """A line of the text, from 0."""
        lines = self.buffer.document.lines
        return lines[number] if number < len(lines) else ""

    def selected(self) -> tuple[int, int]:
        """The first and the last line of the selection."""
        document = self.buffer.document
        begin, end = document.selection_range()
        if self.plain and end > begin:
            end -= 1  # the cursor stands behind what is selected, not on it
        rows = [document.translate_index_to_position(at)[0] for at in (begin, end)]
        return rows[0], rows[1]

    # Telling

    def say(self, text: str, kind: str = "note") -> None:
        """Show a message below the text."""
        text = " ".join(text.split())
        if self.asking is not None:  # a question stays until it is answered
            self.tellings.append(text)
            return
        self._message = (text, kind, time.monotonic() + SPOKEN)
        if text:
            self.tellings.append(text)
            del self.tellings[:-200]
        self.app.invalidate()

    @property
    def message(self) -> tuple[str, str]:
        """What is to be read now, and of which kind it is."""
        text, kind, until = self._message
        return (text, kind) if time.monotonic() < until or self.asking else ("", "")

    def ask(self, question: str, answer: Callable[[str], bool]) -> None:
        """Ask for one key; `answer` says whether it was one of the answers."""
        self.say(question, "warning")
        self.asking = answer

    def show(self, popup: Popup | None) -> None:
        """Open a popup, or close the one that is open."""
        self.popup = popup
        self.app.invalidate()

    # Acting

    def perform(self, command: EditorCommand, count: int) -> None:
        """Carry out a command; what goes wrong becomes a message."""
        self.menu_since = None
        try:
            command.action(self, count)
        except PhononError as error:
            self.say(str(error.diagnostics[0].message), "error")
        except OSError as error:
            self.say(error.strerror or str(error), "error")
        self.app.invalidate()

    def order(self, action: Callable[[], object], told: str = "") -> None:
        """Ask the session for something without waiting; `told` is said when it is done."""
        self._orders.submit(self._carry_out, action, told)

    def evaluation(self, action: Callable[[], None]) -> Future[None]:
        """Run an evaluation after those that are still going on."""
        return self._evaluations.submit(action)

    def soon(self, action: Callable[..., None], *arguments: object) -> None:
        """Do something in the interface's own thread."""
        loop = self.app.loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(action, *arguments)

    def replace(self, text: str, cursor: int) -> None:
        """Put another text in, as one step of undo."""
        self.buffer.save_to_undo_stack()
        self.buffer.set_document(
            Document(text, min(max(cursor, 0), len(text))), bypass_readonly=True
        )

    def save(self) -> None:
        """Save the text; raises PhononError."""
        files.save(self.path, self.buffer.text)
        self.saved = self.buffer.text
        self.journal.clear()

    def restore(self, entry: UnsavedText) -> None:
        """Take over what an earlier editor left in the journal."""
        self.replace(entry.text, entry.cursor)
        self.say("recovered: what was typed is back, and not saved yet")

    def adopt(self, status: Status) -> None:
        """Take up what the engine plays already."""
        if status.definitions and not self.marks.evaluated:
            self.marks.evaluated = dict(status.definitions)
            self.lights.evaluated(dict(status.definitions))

    def listen(self) -> None:
        """Read the telemetry, and hear what the session has to say."""
        try:
            self.telemetry = self.session.meter()
            self.lost = ""
        except (OSError, PhononError):
            self.lost = "engine lost"

    def hear(self, messages: list[Message]) -> None:
        """Show what the session says."""
        for message in messages:
            if message.number > self._heard:
                self._heard = message.number
                self.say(message.text, message.severity)

    @property
    def heard(self) -> int:
        """The number of the last message of the session."""
        return self._heard

    def close(self) -> None:
        """End what runs beside; what was asked for is still carried out."""
        self.lights.stop()
        self._orders.shutdown(wait=False, cancel_futures=True)
        self._evaluations.shutdown(wait=False, cancel_futures=True)

    def _carry_out(self, action: Callable[[], object], told: str) -> None:
        try:
            action()
        except PhononError as error:
            self.soon(self.say, str(error.diagnostics[0].message), "error")
        except OSError as error:
            self.soon(self.say, f"the engine does not answer: {error}", "error")
        else:
            if told:
                self.soon(self.say, told)

    def _completing(self) -> bool:
        """Whether there is a completion; to draw a screen in order to show none costs as much."""
        return self.mode == "insert" and bool(self.completer.found(self.buffer.document, False))

    def _changed(self) -> None:
        self.edited_at = time.monotonic()
        self.marks.follow(self.buffer.text)
