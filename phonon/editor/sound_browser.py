"""The popup that lists sounds, plays them and inserts their names."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from phonon.editor.drawing import draw_sound, matching, sounds
from phonon.editor.glyphs import Glyphs
from phonon.editor.modes import Modes
from phonon.editor.popups import ChoiceList, PopupRow, Then
from phonon.editor.session_link import SessionLink
from phonon.errors import PhononError
from phonon.session.protocol import SampleBank, Wave

SHOWN_EVERY = 0.1  # seconds between two screens with new waves


class SoundBrowser(ChoiceList):
    """Lists all sounds: Tab or an arrow plays one beside the program, Enter inserts its name.

    Lengths and waves are loaded when a sound comes into view, the chosen one first.
    """

    title = "sounds: Tab and the arrows play, Enter inserts"

    def __init__(
        self,
        banks: Sequence[SampleBank],
        link: SessionLink,
        modes: Modes,
        glyphs: Glyphs,
        *,
        insert: Callable[[str], None],
        redraw: Callable[[], None],
    ) -> None:
        super().__init__()
        self._link = link
        self._modes = modes
        self._glyphs = glyphs
        self._insert = insert
        self._redraw = redraw
        self._sounds = sounds(banks)
        self._items = [f"{sound.word} {sound.file}" for sound in self._sounds]
        self._waves: dict[str, Wave | None] = {}
        self._wanted: list[str] = []
        self._loading = False
        self._loader = ThreadPoolExecutor(1, "sounds")

    def items(self) -> list[str]:
        return self._items

    def found(self) -> list[int]:
        return matching(self._sounds, self.filter)

    def drawn(self, numbers: Sequence[int], chosen: int | None, width: int) -> list[PopupRow]:
        words = [self._sounds[number].word for number in numbers]
        first = [self._sounds[chosen].word] if chosen is not None else []
        self._want([*first, *words])
        rows: list[PopupRow] = []
        for number, word in zip(numbers, words, strict=True):
            mine = number == chosen
            line = draw_sound(
                self._sounds[number],
                self._waves.get(word),
                width,
                self._glyphs,
                chosen=mine,
            )
            mark = " class:popup.chosen" if mine else ""
            rows.append([(f"class:popup {style}{mark}", text) for style, text in line])
        return rows

    def take(self, number: int) -> None:
        sound = self._sounds[number]
        self._insert(sound.word if sound.number else sound.bank)

    def key(self, key: str) -> Then | None:
        then = super().key(key) if key != "Tab" else None
        chosen = self.chosen()
        if chosen is not None and key in {"Tab", "Up", "Down", "PageUp", "PageDown"}:
            word = self._sounds[chosen].word
            self._link.run_in_background(lambda: self._link.session.preview(word))
        return then

    def _want(self, words: list[str]) -> None:
        self._wanted = words
        if not self._loading and any(word not in self._waves for word in words):
            self._loading = True
            self._loader.submit(self._load)

    def _load(self) -> None:
        """Load the waves that are in view, until all are known or the browser is closed."""
        shown = time.monotonic()
        while self._modes.popup is self:
            word = next((word for word in self._wanted if word not in self._waves), None)
            if word is None:
                break
            try:
                self._waves[word] = self._link.session.describe(word)
            except (PhononError, OSError):
                self._waves[word] = None  # no wave; playing it shows why
            if time.monotonic() - shown > SHOWN_EVERY:
                shown = time.monotonic()
                self._link.call_in_ui(self._redraw)
        self._loading = False
        self._link.call_in_ui(self._redraw)
