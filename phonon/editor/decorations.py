"""Decorates the lines of the program: selection, search hits, matching brackets, errors.

prompt_toolkit would run six processors on each line of each screen, most of the time for nothing:
one processor runs those that this screen needs.
"""

from __future__ import annotations

import textwrap

from prompt_toolkit.application import get_app
from prompt_toolkit.buffer import Buffer
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

from phonon.editor.diagnostics import Diagnostics, LineDiagnostic
from phonon.editor.highlight import MARK

_BRACKETS = "()[]{}<>"
_FAR = 2_000  # characters to the matching bracket


class Decorations(Processor):
    """Runs the processors that a screen needs, and puts diagnostics under their lines.

    `search` is the buffer of the search, `caret` the character that points at an error.
    """

    def __init__(self, diagnostics: Diagnostics, search: Buffer, caret: str) -> None:
        self._diagnostics = diagnostics
        self._typed = search
        self._caret = caret
        self._search = merge_processors(
            [HighlightSearchProcessor(), HighlightIncrementalSearchProcessor()]
        )
        self._selection = HighlightSelectionProcessor()
        self._brackets = HighlightMatchingBracketProcessor(max_cursor_distance=_FAR)
        self._screen = -1
        self._needed: list[Processor] = []

    def apply_transformation(self, transformation_input: TransformationInput) -> Transformation:
        screen = get_app().render_counter
        if screen != self._screen:
            self._screen = screen
            self._needed = self._needed_for(transformation_input.document)
        errors = self._diagnostics.by_line(transformation_input.lineno)
        if not self._needed and not errors:
            return Transformation(transformation_input.fragments)
        for processor in self._needed:
            found = processor.apply_transformation(transformation_input).fragments
            transformation_input.fragments = found
        fragments = transformation_input.fragments
        width = transformation_input.width
        if errors and width >= 8:
            fragments = _with_errors(fragments, errors, width, self._caret)
        return Transformation(fragments)

    def _needed_for(self, document: Document) -> list[Processor]:
        """The processors that change something on this screen."""
        found: list[Processor] = []
        if get_app().current_search_state.text or self._typed.text:
            found.append(self._search)
        if document.selection is not None:
            found.append(self._selection)
        if document.current_char in _BRACKETS or document.char_before_cursor in _BRACKETS:
            found.append(self._brackets)
        return found


def _with_errors(
    fragments: StyleAndTextTuples, errors: list[LineDiagnostic], width: int, caret: str
) -> StyleAndTextTuples:
    """A line with its errors under it: blanks fill it up, so that they wrap."""
    used = sum(get_cwidth(text) for _, text, *_ in fragments)
    found: StyleAndTextTuples = [*fragments, (MARK, " " * (width - used % width))]
    for error in errors:
        style = "class:error" if error.severity == "error" else "class:error.warning"
        found += [(style, row.ljust(width)) for row in _rows(error, width, caret)]
    style, text, *_ = found[-1]
    found[-1] = (style, text[: width - 1])  # a space follows every line
    return found


def _rows(error: LineDiagnostic, width: int, caret: str) -> list[str]:
    """The rows under a line: carets and sentence side by side, or below each other."""
    room = width - 1
    column = min(error.column, room - 2)
    pointer = " " * column + caret * max(1, min(error.width, room - column))
    if len(pointer) + 1 + len(error.text) <= room:
        return [f"{pointer} {error.text}"]
    indent = "  " if room > 20 else ""
    told = textwrap.wrap(error.text, room - len(indent), max_lines=3, placeholder=" ...")
    return [pointer, *(indent + row for row in told)]
