"""The buffer of the program: what was undone can be redone until the text is changed again."""

from __future__ import annotations

from prompt_toolkit.buffer import Buffer


class ProgramBuffer(Buffer):
    """prompt_toolkit's buffer forgets what was undone at the next key, even if that only moves."""

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
