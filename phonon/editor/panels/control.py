"""prompt_toolkit's control for a panel: shows rows that are drawn elsewhere."""

from __future__ import annotations

from collections.abc import Callable

from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.layout.controls import UIContent, UIControl


class RowsControl(UIControl):
    """Shows the rows that a function returns for a width and a height."""

    def __init__(self, rows: Callable[[int, int], list[StyleAndTextTuples]]) -> None:
        self._rows = rows

    def create_content(self, width: int, height: int) -> UIContent:
        rows = self._rows(width, height)
        return UIContent(rows.__getitem__, len(rows), show_cursor=False)
