"""Panel of the mixer: the meters of all outputs and of the master, and the load."""

from __future__ import annotations

from prompt_toolkit.formatted_text import StyleAndTextTuples

from phonon.editor.drawing import channels, sparkline
from phonon.editor.drawing.cells import PANEL
from phonon.editor.panels.panel_state import PanelInput, PanelState
from phonon.session.protocol import Telemetry


def channel_at_row(telemetry: Telemetry, row: int) -> str:
    """The name of the channel in a row of the panel, empty where there is none."""
    names = [channel.name for channel in channels(telemetry)]
    return names[row - 1] if 0 < row <= len(names) else ""


def mixer(
    state: PanelState, given: PanelInput, width: int, height: int
) -> list[StyleAndTextTuples]:
    """Rows of the panel."""
    seen = given.telemetry
    lines = state.mixer.draw(width, max(height - 1, 1), given.glyphs)
    load = sparkline(state.load.values, glyphs=given.glyphs)
    figures = f" {seen.load:4.0%}, at worst {seen.load_peak:.0%}"
    return [[*line] for line in [*lines, [(PANEL, "DSP "), *load, (PANEL, figures)]]]
