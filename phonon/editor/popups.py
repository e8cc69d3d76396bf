"""Popups over the text: text to read, and lists to choose from."""

from __future__ import annotations

import textwrap
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

from prompt_toolkit.formatted_text import StyleAndTextTuples

PopupRow = StyleAndTextTuples
Then = Callable[[], None]  # what to do once the popup is closed


class Popup(Protocol):
    """A window over the text that takes the keys while it is open."""

    title: str

    def rows(self, width: int, height: int) -> list[PopupRow]:
        """At most `height` rows of at most `width` columns."""

    def key(self, key: str) -> Then | None:
        """Take a character, or Enter, Up, Down, PageUp, PageDown, Backspace, Tab by name.

        Returns what to do once the popup is closed, or None to stay open.
        """

    def click(self, row: int) -> Then | None:
        """Take a click on one of the rows that were returned last, as `key` does a key."""


class TextPages:
    """Text to read: arrows, j and k scroll, any other character closes it."""

    def __init__(self, title: str, text: str) -> None:
        self.title = title
        self._text = text
        self._top = 0
        self._height = 1

    def rows(self, width: int, height: int) -> list[PopupRow]:
        lines: list[str] = []
        for line in self._text.split("\n"):
            indent = " " * (len(line) - len(line.lstrip()))
            wrapped = textwrap.wrap(line, max(width, 20), subsequent_indent=indent)
            lines.extend(wrapped or [""])
        self._height = height
        self._top = min(self._top, max(len(lines) - height, 0))
        return [[("class:popup", line)] for line in lines[self._top : self._top + height]]

    def key(self, key: str) -> Then | None:
        steps = {"Down": 1, "j": 1, "Up": -1, "k": -1}
        steps |= {"PageDown": self._height, "PageUp": -self._height}
        if key not in steps:
            return _nothing
        self._top = max(self._top + steps[key], 0)
        return None

    def click(self, row: int) -> Then | None:
        return None


class ChoiceList(ABC):
    """A list to choose from: typing filters it, arrows move, Enter takes the chosen item."""

    title = ""

    def __init__(self) -> None:
        self.filter = ""
        self.at = 0
        self._top = 0

    @abstractmethod
    def items(self) -> list[str]:
        """All items as they are shown."""

    @abstractmethod
    def take(self, number: int) -> None:
        """Act on the item that was chosen; the list is closed by then."""

    def found(self) -> list[int]:
        """The numbers of the items that contain every word of the filter."""
        words = self.filter.lower().split()
        return [
            number
            for number, item in enumerate(self.items())
            if all(word in item.lower() for word in words)
        ]

    def chosen(self) -> int | None:
        """The number of the item under the cursor."""
        found = self.found()
        self.at = min(max(self.at, 0), max(len(found) - 1, 0))
        return found[self.at] if found else None

    def rows(self, width: int, height: int) -> list[PopupRow]:
        self.chosen()
        found, items = self.found(), self.items()
        height -= 1
        self._top = min(max(self._top, self.at - height + 1), self.at)
        head: PopupRow = [
            ("class:popup class:popup.key", f"filter: {self.filter}_"),
            ("class:popup", f"   {len(found)} of {len(items)}"),
        ]
        shown = found[self._top : self._top + height]
        return [head, *self.drawn(shown, found[self.at] if found else None, width)]

    def drawn(self, numbers: Sequence[int], chosen: int | None, width: int) -> list[PopupRow]:
        """The rows of some items, by their numbers; `chosen` is the one under the cursor."""
        items = self.items()
        return [
            [(_style(number == chosen), items[number][:width].ljust(width))] for number in numbers
        ]

    def key(self, key: str) -> Then | None:
        steps = {"Down": 1, "Up": -1, "PageDown": 10, "PageUp": -10, "Tab": 1}
        if key in steps:
            self.at += steps[key]
        elif key == "Backspace":
            self.filter = self.filter[:-1]
        elif key == "Enter":
            number = self.chosen()
            return partial(self.take, number) if number is not None else None
        elif len(key) == 1:
            self.filter += key
            self.at = 0
        return None

    def click(self, row: int) -> Then | None:
        """Choose an item; a click on the chosen one takes it."""
        wanted = self._top + row - 1  # the filter stands above them
        if row and wanted == self.at:
            return self.key("Enter")
        if row and wanted < len(self.found()):
            self.at = wanted
        return None


def _nothing() -> None:
    """Only close the popup."""


def _style(chosen: bool) -> str:
    return "class:popup class:popup.chosen" if chosen else "class:popup"
