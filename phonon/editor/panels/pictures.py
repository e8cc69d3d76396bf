"""What the panels of an editor remember from one frame to the next."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from phonon.editor.drawing import Line, Mixer, Scope, Spectrum, Worst
from phonon.editor.panels.coming import Coming
from phonon.editor.panels.played import Played

if TYPE_CHECKING:
    from phonon.editor.editor import Editor


@dataclass(slots=True)
class Pictures:
    """One of everything that moves."""

    scope: Scope = field(default_factory=Scope)
    spectrum: Spectrum = field(default_factory=Spectrum)
    mixer: Mixer = field(default_factory=Mixer)
    load: Worst = field(default_factory=Worst)
    coming: Coming = field(default_factory=Coming)
    played: Played = field(default_factory=Played)
    silence: tuple[object, list[Line]] | None = None  # the scope's panel, while it stands still


_PICTURES: WeakKeyDictionary[Editor, Pictures] = WeakKeyDictionary()


def pictures(editor: Editor) -> Pictures:
    """Those of an editor."""
    found = _PICTURES.get(editor)
    if found is None:
        found = _PICTURES[editor] = Pictures()
    return found


def now() -> float:
    """The clock by which bars and meters fall."""
    return time.monotonic()
