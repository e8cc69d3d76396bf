"""State of the modes in which keys do not edit the text: PERFORM, the menu, popups."""

from __future__ import annotations

import time
from collections.abc import Callable

from phonon.editor.popups import Popup

MENU_AFTER = 0.3  # seconds until the menu is shown; who knows its keys types faster


class Modes:
    """PERFORM, the menu behind Space, and the popup that is open."""

    def __init__(self, redraw: Callable[[], None]) -> None:
        self.performing = False
        self.popup: Popup | None = None
        self._menu_since: float | None = None
        self._redraw = redraw

    @property
    def menu(self) -> bool:
        """Whether Space has been pressed and the next key is one of the menu."""
        return self._menu_since is not None

    @property
    def menu_shown(self) -> bool:
        """Whether Space was pressed so long ago that the menu is shown."""
        since = self._menu_since
        return since is not None and time.monotonic() - since >= MENU_AFTER

    def begin_menu(self) -> None:
        """Wait for a key of the menu."""
        self._menu_since = time.monotonic()

    def end_menu(self) -> None:
        """Give the keys back to the text."""
        self._menu_since = None

    def show(self, popup: Popup) -> None:
        """Open a popup in place of the one that is open."""
        self.popup = popup
        self._redraw()

    def close_popup(self) -> None:
        """Close the popup."""
        self.popup = None
        self._redraw()

    def popup_key(self, key: str) -> None:
        """Give a key to the popup: a character, or Enter, Tab, Up, Down and so on by name."""
        if self.popup is not None:
            self._end(self.popup.key(key))

    def popup_click(self, row: int) -> None:
        """Give a click to the popup, on a row that it has shown."""
        if self.popup is not None:
            self._end(self.popup.click(row))

    def _end(self, then: Callable[[], None] | None) -> None:
        """Close the popup and call what it returned, if it did."""
        if then is not None:
            self.close_popup()
            then()
