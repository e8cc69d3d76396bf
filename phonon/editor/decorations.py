"""What is added to the lines of the program: selection, search, brackets, errors.

prompt_toolkit would ask six processors about each line of each screen; most of the time none of
them has anything to say, so that one asks for them.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.layout.processors import (
    HighlightIncrementalSearchProcessor,
    HighlightMatchingBracketProcessor,
    HighlightSearchProcessor,
    HighlightSelectionProcessor,
    Processor,
    Transformation,
    TransformationInput,
    merge_processors,
)
from prompt_toolkit.utils import get_cwidth

from phonon.editor.highlight import MARK

if TYPE_CHECKING:
    from phonon.editor.editor import Editor
    from phonon.editor.marks import Mark

_BRACKETS = "()[]{}<>"
_FAR = 2_000  # characters to the matching bracket


class Decorations(Processor):
    """Asks those who have something to say about a line."""

    def __init__(self, editor: Editor) -> None:
        self._editor = editor
        self._search = merge_processors(
            [HighlightSearchProcessor(), HighlightIncrementalSearchProcessor()]
        )
        self._selection = HighlightSelectionProcessor()
        self._brackets = HighlightMatchingBracketProcessor(max_cursor_distance=_FAR)
        self._drawing = -1
        self._asked: list[Processor] = []

    def apply_transformation(self, transformation_input: TransformationInput) -> Transformation:
        editor = self._editor
        if editor.app.render_counter != self._drawing:
            self._drawing = editor.app.render_counter
            self._asked = self._asking(transformation_input.document)
        marks = editor.marks.by_line(transformation_input.lineno)
        if not self._asked and not marks:
            return Transformation(transformation_input.fragments)
        for processor in self._asked:
            found = processor.apply_transformation(transformation_input).fragments
            transformation_input.fragments = found
        fragments = transformation_input.fragments
        width = transformation_input.width
        if marks and width >= 8:
            fragments = _with_errors(fragments, marks, width, editor.glyphs.caret)
        return Transformation(fragments)

    def _asking(self, document: Document) -> list[Processor]:
        """Who has something to say on this screen."""
        editor = self._editor
        found: list[Processor] = []
        if editor.app.current_search_state.text or editor.search.control.buffer.text:
            found.append(self._search)
        if document.selection is not None:
            found.append(self._selection)
        if document.current_char in _BRACKETS or document.char_before_cursor in _BRACKETS:
            found.append(self._brackets)
        return found


def _with_errors(
    fragments: StyleAndTextTuples, marks: list[Mark], width: int, caret: str
) -> StyleAndTextTuples:
    """A line with its errors under it: it is filled up, so that they wrap."""
    used = sum(get_cwidth(text) for _, text, *_ in fragments)
    found: StyleAndTextTuples = [*fragments, (MARK, " " * (width - used % width))]
    for mark in marks:
        style = "class:error" if mark.severity == "error" else "class:error.warning"
        found += [(style, row.ljust(width)) for row in _rows(mark, width, caret)]
    style, text, *_ = found[-1]
    found[-1] = (style, text[: width - 1])  # a space follows every line
    return found


def _rows(mark: Mark, width: int, caret: str) -> list[str]:
    """The rows under a line: carets and sentence side by side, or below each other."""
    room = width - 1
    column = min(mark.column, room - 2)
    pointer = " " * column + caret * max(1, min(mark.width, room - column))
    if len(pointer) + 1 + len(mark.text) <= room:
        return [f"{pointer} {mark.text}"]
    indent = "  " if room > 20 else ""
    told = textwrap.wrap(mark.text, room - len(indent), max_lines=3, placeholder=" ...")
    return [pointer, *(indent + row for row in told)]
