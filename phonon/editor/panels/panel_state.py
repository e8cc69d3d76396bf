"""The state of the panels from one frame to the next, and the values that they draw."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from phonon.editor.drawing import (
    LoadHistory,
    MixerMeters,
    Oscilloscope,
    Spectrum,
    StyledLine,
    channels,
)
from phonon.editor.glyphs import Glyphs
from phonon.editor.journal import EvaluatedVersion
from phonon.editor.panels.event_history import EventHistory
from phonon.editor.panels.upcoming import Upcoming
from phonon.session.protocol import Telemetry


@dataclass(frozen=True, slots=True)
class PanelInput:
    """The values that panels draw.

    `samples` returns the last frames that were heard, `playing` are the texts of the running
    definitions by name, `evaluations` those of this sitting (oldest first), `now` is any clock's
    seconds.
    """

    telemetry: Telemetry
    samples: Callable[[], Sequence[float]]
    playing: Mapping[str, str]
    evaluations: Sequence[EvaluatedVersion]
    glyphs: Glyphs
    now: float


@dataclass(slots=True)
class PanelState:
    """The drawings and events that panels keep between frames."""

    upcoming: Upcoming
    scope: Oscilloscope = field(default_factory=Oscilloscope)
    spectrum: Spectrum = field(default_factory=Spectrum)
    mixer: MixerMeters = field(default_factory=MixerMeters)
    load: LoadHistory = field(default_factory=LoadHistory)
    heard: EventHistory = field(default_factory=EventHistory)
    silence: tuple[object, list[StyledLine]] | None = None  # the scope's panel at rest, and its key

    def hear(self, telemetry: Telemetry, now: float) -> None:
        """Take the levels of a frame, whether it is drawn or not: no peak may be lost."""
        self.mixer.hear(channels(telemetry), now)
        self.load.hear(telemetry.load_peak, now)
