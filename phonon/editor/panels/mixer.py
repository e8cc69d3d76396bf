"""The mixer: the meters of all outputs and of the master, and the load of the last seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phonon.editor.drawing import channels, sparkline
from phonon.editor.drawing.cells import PANEL
from phonon.editor.panels.panel_state import now, panel_state

if TYPE_CHECKING:
    from prompt_toolkit.formatted_text import StyleAndTextTuples

    from phonon.editor.editor import Editor


def listen(editor: Editor) -> None:
    """Take the levels of a frame, whether it is drawn or not: no peak may be lost."""
    shown, seen = panel_state(editor), editor.telemetry
    shown.mixer.hear(channels(seen), now())
    shown.load.hear(seen.load_peak, now())


def at_row(editor: Editor, row: int) -> str:
    """The name of the channel in a row of the panel, empty where there is none."""
    names = [channel.name for channel in channels(editor.telemetry)]
    return names[row - 1] if 0 < row <= len(names) else ""


def mixer(editor: Editor, width: int, height: int) -> list[StyleAndTextTuples]:
    """Rows of the panel."""
    shown, seen = panel_state(editor), editor.telemetry
    lines = shown.mixer.draw(width, max(height - 1, 1), editor.glyphs)
    load = sparkline(shown.load.values, glyphs=editor.glyphs)
    figures = f" {seen.load:4.0%}, at worst {seen.load_peak:.0%}"
    return [[*line] for line in [*lines, [(PANEL, "DSP "), *load, (PANEL, figures)]]]
