"""What a program means: tempo, outputs and buses as graphs, streams of events, instruments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from phonon.errors import Diagnostic
from phonon.graph.node import Input, Stream
from phonon.graph.voice import Moment, Voice
from phonon.pattern import Pattern
from phonon.score.instrument import Instrument
from phonon.score.voices import Voices


@dataclass(slots=True)
class Score:
    """A whole program, ready for the engine.

    `instruments` finds the synths, buses and built-in instruments by name when they are asked
    for. `missing` holds the names that were asked for in vain, each with its nearest ones.
    """

    cps: Pattern
    outputs: dict[str, Input] = field(default_factory=dict)
    buses: dict[str, Input] = field(default_factory=dict)
    instruments: Mapping[str, Instrument] = field(default_factory=dict)
    seed: int = 0
    commands: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    warnings: list[Diagnostic] = field(default_factory=list)
    _voices: Voices | None = None

    @property
    def voices(self) -> Voices:
        """What turns this score's events into voices."""
        if self._voices is None:
            self._voices = Voices(self.instruments)
        return self._voices

    def voice(self, stream: Stream, value: Mapping[str, object], moment: Moment) -> Voice | None:
        """The voice that an event starts, or None if it is silent."""
        return self.voices.voice(stream, value, moment)


__all__ = ["Instrument", "Score", "Voices"]
