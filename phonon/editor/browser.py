"""The browser of sounds: banks and their files, to hear and to insert."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING

from phonon.editor.popups import Choice

if TYPE_CHECKING:
    from phonon.editor.editor import Editor
    from phonon.session.protocol import Bank


class Browser(Choice):
    """Tab or an arrow plays a sound beside the program, Enter inserts its name."""

    title = "sounds"

    def __init__(self, editor: Editor, banks: Sequence[Bank]) -> None:
        super().__init__()
        self._editor = editor
        self._names: list[str] = []
        self._items: list[str] = []
        for bank in banks:
            if not bank.files:
                self._names.append(bank.name)
                self._items.append(f"{bank.name:<18} built in")
            for number, file in enumerate(bank.files):
                self._names.append(f"{bank.name}:{number}" if number else bank.name)
                self._items.append(f"{bank.name + ':' + str(number):<18} {PurePath(file).name}")

    def items(self) -> list[str]:
        return self._items

    def take(self, editor: Editor, number: int) -> None:
        editor.show(None)
        editor.buffer.save_to_undo_stack()
        editor.buffer.insert_text(self._names[number])

    def key(self, editor: Editor, key: str) -> None:
        if key != "Tab":
            super().key(editor, key)
        chosen = self.chosen()
        if chosen is not None and key in {"Tab", "Up", "Down", "PageUp", "PageDown"}:
            name = self._names[chosen]
            editor.order(lambda: editor.session.preview(name))
