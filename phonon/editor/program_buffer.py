"""prompt_toolkit's buffer with a redo that lasts until the text is changed."""

from __future__ import annotations

from prompt_toolkit.buffer import Buffer


class ProgramBuffer(Buffer):
    """Keeps what was undone until the next change; prompt_toolkit forgets it at the next key."""

    _undone: str | None = None

    def undo(self) -> None:
        super().undo()
        self._undone = self.text

    def redo(self) -> None:
        if self.text != self._undone:
            super().save_to_undo_stack()  # changed since: there is nothing to redo
        super().redo()
        self._undone = self.text

    def save_to_undo_stack(self, clear_redo_stack: bool = True) -> None:
        super().save_to_undo_stack(clear_redo_stack and self.text != self._undone)
