"""The browser of sounds: banks and their files, to see, to hear and to insert."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from phonon.editor.drawing import draw_sound, matching, sounds
from phonon.editor.popups import ChoiceList, PopupRow
from phonon.errors import PhononError
from phonon.session.protocol import Wave

if TYPE_CHECKING:
    from phonon.editor.editor import Editor
    from phonon.session.protocol import Bank

SHOWN_EVERY = 0.1  # seconds between two screens with new waves


class SoundBrowser(ChoiceList):
    """Tab or an arrow plays a sound beside the program, Enter inserts its name.

    Lengths and waves are asked for when a sound comes into view, the chosen one first.
    """

    title = "sounds: Tab and the arrows play, Enter inserts"

    def __init__(self, editor: Editor, banks: Sequence[Bank]) -> None:
        super().__init__()
        self._editor = editor
        self._sounds = sounds(banks)
        self._items = [f"{sound.word} {sound.file}" for sound in self._sounds]
        self._waves: dict[str, Wave | None] = {}
        self._wanted: list[str] = []
        self._asking = False
        self._asker = ThreadPoolExecutor(1, "sounds")

    def items(self) -> list[str]:
        return self._items

    def found(self) -> list[int]:
        return matching(self._sounds, self.filter)

    def drawn(self, numbers: Sequence[int], chosen: int | None, width: int) -> list[PopupRow]:
        words = [self._sounds[number].word for number in numbers]
        first = [self._sounds[chosen].word] if chosen is not None else []
        self._ask([*first, *words])
        rows: list[PopupRow] = []
        for number, word in zip(numbers, words, strict=True):
            mine = number == chosen
            line = draw_sound(
                self._sounds[number],
                self._waves.get(word),
                width,
                self._editor.glyphs,
                chosen=mine,
            )
            look = " class:popup.chosen" if mine else ""
            rows.append([(f"class:popup {style}{look}", text) for style, text in line])
        return rows

    def take(self, editor: Editor, number: int) -> None:
        editor.show(None)
        sound = self._sounds[number]
        editor.buffer.save_to_undo_stack()
        editor.buffer.insert_text(sound.word if sound.number else sound.bank)

    def key(self, editor: Editor, key: str) -> None:
        if key != "Tab":
            super().key(editor, key)
        chosen = self.chosen()
        if chosen is not None and key in {"Tab", "Up", "Down", "PageUp", "PageDown"}:
            word = self._sounds[chosen].word
            editor.order(lambda: editor.session.preview(word))

    def _ask(self, words: list[str]) -> None:
        self._wanted = words
        if not self._asking and any(word not in self._waves for word in words):
            self._asking = True
            self._asker.submit(self._look)

    def _look(self) -> None:
        """Ask for what is in view, as long as somebody looks."""
        editor = self._editor
        shown = time.monotonic()
        while editor.popup is self:
            word = next((word for word in self._wanted if word not in self._waves), None)
            if word is None:
                break
            try:
                self._waves[word] = editor.session.describe(word)
            except (PhononError, OSError):
                self._waves[word] = None  # it has no wave; playing it says why
            if time.monotonic() - shown > SHOWN_EVERY:
                shown = time.monotonic()
                editor.soon(editor.app.invalidate)
        self._asking = False
        editor.soon(editor.app.invalidate)
