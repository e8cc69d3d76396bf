"""What the gutter says about each line: sounding, muted, solo, an error, edited."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from phonon.editor.glyphs import level
from phonon.editor.statements import heads

if TYPE_CHECKING:
    from phonon.editor.editor import Editor
    from phonon.session.protocol import OutputMeter

AUDIBLE = 1e-3  # -60 dB
HOLD = 0.85  # of a level remains after a frame, so that the eye can follow

Columns = dict[int, tuple[str, str]]


class GutterMarks:
    """The marks of the gutter, worked out once per frame."""

    def __init__(self, editor: Editor) -> None:
        self._editor = editor
        self._marks: Columns = {}
        self._levels: Columns = {}
        self._held: dict[str, float] = {}

    def mark(self, line: int) -> tuple[str, str]:
        """The first column of a line's gutter: a character and its style."""
        return self._marks.get(line, (" ", ""))

    def level(self, line: int) -> tuple[str, str]:
        """The second column: how loud its output is, or that it has been edited."""
        return self._levels.get(line, (" ", ""))

    @property
    def all(self) -> tuple[Columns, Columns]:
        """Both columns, by line; where nothing stands no line is."""
        return self._marks, self._levels

    def held(self, name: str) -> float:
        """The level of an output as it is shown: it rises at once and falls slowly."""
        return self._held.get(name, 0.0)

    def update(self) -> None:
        """Look at the telemetry again."""
        editor = self._editor
        text = editor.buffer.text
        lines = heads(text)
        self._marks, self._levels = {}, {}
        glyphs = editor.glyphs
        for name in {statement for statement, *_ in editor.lights.now}:
            if name in lines:
                self._marks[lines[name]] = (glyphs.sounding, "sounding")
        for line in editor.marks.edited(text):
            self._levels[line] = (glyphs.edited, "edited")
        for meter in editor.telemetry.outputs:
            self._output(meter, lines.get(meter.name))
        for found in editor.marks.errors:
            self._marks[found.line] = (glyphs.error, "error")

    def _output(self, meter: OutputMeter, line: int | None) -> None:
        held = max(meter.peak, self._held.get(meter.name, 0.0) * HOLD)
        self._held[meter.name] = held
        if line is None:
            return
        if meter.muted:
            self._marks[line] = ("M", "muted")
        elif meter.solo:
            self._marks[line] = ("S", "solo")
        elif held > AUDIBLE:
            self._marks[line] = (self._editor.glyphs.sounding, "sounding")
        if held > AUDIBLE and line not in self._levels:
            style = "error" if held >= 1 else "sounding"
            self._levels[line] = (level(self._editor.glyphs, 20 * math.log10(held)), style)
