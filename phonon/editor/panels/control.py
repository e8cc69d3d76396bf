"""The panel as prompt_toolkit sees it: rows that somebody else has drawn."""

from __future__ import annotations

from collections.abc import Callable

from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.layout.controls import UIContent, UIControl


class RowsControl(UIControl):
    """Shows rows as they are."""

    def __init__(self, rows: Callable[[int, int], list[StyleAndTextTuples]]) -> None:
        self._rows = rows

    def create_content(self, width: int, height: int) -> UIContent:
        rows = self._rows(width, height)
        return UIContent(rows.__getitem__, len(rows), show_cursor=False)
