"""The state of the view: which panel is shown, the theme, the characters to draw with."""

from __future__ import annotations

from phonon.editor.glyphs import Glyphs
from phonon.editor.panels.panel_state import PanelState
from phonon.editor.panels.upcoming import Load, Upcoming

WIDE = 120  # columns from which a panel is shown without being requested
NARROWEST = 80  # columns that a requested panel needs


class ViewState:
    """The panel and the theme that the performer has chosen.

    `panel` is the name of the panel or None, `panel_requested` whether it was chosen by hand,
    `zen` whether text alone is shown, in high contrast.
    """

    def __init__(self, glyphs: Glyphs, load_upcoming: Load, theme: str = "dark") -> None:
        self.glyphs = glyphs
        self.theme = theme
        self.zen = False
        self.panel: str | None = "scope"
        self.panel_requested = False
        self.panels = PanelState(Upcoming(load_upcoming))
        self._theme_before_zen = theme

    def panel_in(self, columns: int) -> str | None:
        """The panel that is shown beside the text on a screen of `columns`."""
        least = NARROWEST if self.panel_requested else WIDE
        return self.panel if columns >= least and not self.zen else None

    def toggle_zen(self) -> None:
        """Show text alone in the theme `contrast`, or everything again."""
        self.zen = not self.zen
        if self.zen:
            self._theme_before_zen, self.theme = self.theme, "contrast"
        else:
            self.theme = self._theme_before_zen
