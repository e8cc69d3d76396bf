"""What the panels of an editor remember from one frame to the next."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from phonon.editor.drawing import LoadHistory, MixerMeters, Oscilloscope, Spectrum, StyledLine
from phonon.editor.panels.event_history import EventHistory
from phonon.editor.panels.upcoming import Upcoming

if TYPE_CHECKING:
    from phonon.editor.editor import Editor


@dataclass(slots=True)
class PanelState:
    """One of everything that moves."""

    scope: Oscilloscope = field(default_factory=Oscilloscope)
    spectrum: Spectrum = field(default_factory=Spectrum)
    mixer: MixerMeters = field(default_factory=MixerMeters)
    load: LoadHistory = field(default_factory=LoadHistory)
    coming: Upcoming = field(default_factory=Upcoming)
    played: EventHistory = field(default_factory=EventHistory)
    silence: tuple[object, list[StyledLine]] | None = (
        None  # the scope's panel, while it stands still
    )


_STATES: WeakKeyDictionary[Editor, PanelState] = WeakKeyDictionary()


def panel_state(editor: Editor) -> PanelState:
    """Those of an editor."""
    found = _STATES.get(editor)
    if found is None:
        found = _STATES[editor] = PanelState()
    return found


def now() -> float:
    """The clock by which bars and meters fall."""
    return time.monotonic()
