"""The program that is edited: its text, its file and its journal."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from prompt_toolkit.completion import Completer
from prompt_toolkit.document import Document
from prompt_toolkit.filters import Condition

from phonon.editor import files
from phonon.editor.journal import Journal, UnsavedText
from phonon.editor.program_buffer import ProgramBuffer


class ProgramText:
    """The text in prompt_toolkit's buffer, the file that it belongs to, and what that file holds.

    `edited_at` is the time of the last change; `recover` says that unsaved text in the journal is
    taken over without a question.
    """

    def __init__(
        self,
        path: Path,
        text: str,
        *,
        completer: Completer,
        completing: Callable[[], bool],
        read_only: Callable[[], bool],
        changed: Callable[[str], None],
    ) -> None:
        self.path = path
        self.saved = text
        self.journal = Journal(path)
        self.recover = False
        self.edited_at = time.monotonic()
        self._changed = changed
        self.buffer = ProgramBuffer(
            document=Document(text, 0),
            multiline=True,
            completer=completer,
            complete_while_typing=Condition(completing),
            read_only=Condition(read_only),
            on_text_changed=lambda _: self._follow(),
            name="program",
        )
        changed(text)

    @property
    def dirty(self) -> bool:
        """Whether the text differs from the file."""
        return self.buffer.text != self.saved

    def line(self, number: int) -> str:
        """A line of the text, from 0; empty behind the last one."""
        lines = self.buffer.document.lines
        return lines[number] if number < len(lines) else ""

    def replace(self, text: str, cursor: int) -> None:
        """Set another text, as one step of undo, even while the buffer is read-only."""
        self.buffer.save_to_undo_stack()
        self.buffer.set_document(
            Document(text, min(max(cursor, 0), len(text))), bypass_readonly=True
        )

    def open(self, path: Path, text: str) -> None:
        """Edit another file from now on; raises nothing and asks nothing."""
        self.path, self.saved = path, text
        self.journal.close()
        self.journal = Journal(path)
        self.buffer.reset(Document(text, 0))
        self._changed(text)

    def rename(self, path: Path) -> None:
        """Belong to another file, which the next `save` writes."""
        self.path = path
        self.journal.clear()
        self.journal.close()
        self.journal = Journal(path)
        self.journal.claim()

    def save(self) -> None:
        """Write the text to its file. Raises PhononError."""
        files.save(self.path, self.buffer.text)
        self.saved = self.buffer.text
        self.journal.clear()

    def discard(self) -> None:
        """Count the text as saved although it is not."""
        self.saved = self.buffer.text
        self.journal.clear()

    def restore(self, unsaved: UnsavedText) -> None:
        """Set the text that an earlier editor left in the journal."""
        self.replace(unsaved.text, unsaved.cursor)

    def write_journal(self) -> None:
        """Write the text to the journal, if it changed since the last time."""
        self.journal.write(self.buffer.text, self.buffer.cursor_position)

    def _follow(self) -> None:
        self.edited_at = time.monotonic()
        self._changed(self.buffer.text)
