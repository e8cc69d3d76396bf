"""Computes the gutter's marks: lines that sound, are muted, soloed, edited or have an error."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable

from phonon.editor.glyphs import Glyphs, level
from phonon.editor.statements import head_lines
from phonon.session.protocol import OutputMeter

AUDIBLE = 1e-3  # -60 dB
HOLD = 0.85  # of a level remains after a frame, so that the eye can follow

Column = dict[int, tuple[str, str]]  # a character and its style, by line


class GutterMarks:
    """Two columns of marks, worked out once per frame."""

    def __init__(self, glyphs: Glyphs) -> None:
        self._glyphs = glyphs
        self._states: Column = {}
        self._levels: Column = {}
        self._held: dict[str, float] = {}

    @property
    def columns(self) -> tuple[Column, Column]:
        """Both columns; lines without a mark are left out."""
        return self._states, self._levels

    def state(self, line: int) -> tuple[str, str]:
        """The mark in the first column of a line: sounding, muted, solo or an error."""
        return self._states.get(line, (" ", ""))

    def level(self, line: int) -> tuple[str, str]:
        """The mark in the second column of a line: the level of its output, or edited."""
        return self._levels.get(line, (" ", ""))

    def update(
        self,
        text: str,
        *,
        sounding: Collection[str] = (),
        edited: Iterable[int] = (),
        outputs: Iterable[OutputMeter] = (),
        errors: Iterable[int] = (),
    ) -> None:
        """Set the marks of a text.

        `sounding` are the names of definitions that sound, `edited` and `errors` lines, `outputs`
        the meters of the telemetry.
        """
        lines = head_lines(text)
        self._states, self._levels = {}, {}
        for name in sounding:
            if name in lines:
                self._states[lines[name]] = (self._glyphs.sounding, "sounding")
        for line in edited:
            self._levels[line] = (self._glyphs.edited, "edited")
        for meter in outputs:
            self._output(meter, lines.get(meter.name))
        for line in errors:
            self._states[line] = (self._glyphs.error, "error")

    def _output(self, meter: OutputMeter, line: int | None) -> None:
        """Mark the line of an output; its level rises at once and falls slowly."""
        held = max(meter.peak, self._held.get(meter.name, 0.0) * HOLD)
        self._held[meter.name] = held
        if line is None:
            return
        if meter.muted:
            self._states[line] = ("M", "muted")
        elif meter.solo:
            self._states[line] = ("S", "solo")
        elif held > AUDIBLE:
            self._states[line] = (self._glyphs.sounding, "sounding")
        if held > AUDIBLE and line not in self._levels:
            style = "error" if held >= 1 else "sounding"
            self._levels[line] = (level(self._glyphs, 20 * math.log10(held)), style)
