"""The score of a program: tempo, graphs of outputs and buses, streams of events, instruments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from phonon.graph.node import Input, Stream
from phonon.graph.voice import EventTiming, Voice
from phonon.patterns import Pattern
from phonon.score.instrument import Instrument
from phonon.score.voice_builder import VoiceBuilder


@dataclass(slots=True)
class Score:
    """A program, ready for the engine.

    `instruments` makes synths, buses and built-in instruments by name on first use. `commands`
    are `hush`, `solo` … with their outputs, in the order written; `source` is the text of the
    program, to which all spans refer.
    """

    cps: Pattern
    outputs: dict[str, Input] = field(default_factory=dict)
    buses: dict[str, Input] = field(default_factory=dict)
    instruments: Mapping[str, Instrument] = field(default_factory=dict)
    seed: int = 0
    commands: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    source: str = ""
    _voice_builder: VoiceBuilder | None = None

    @property
    def voice_builder(self) -> VoiceBuilder:
        """The builder of voices for this score's events."""
        if self._voice_builder is None:
            self._voice_builder = VoiceBuilder(self.instruments)
        return self._voice_builder

    @property
    def heard(self) -> dict[str, Input]:
        """The outputs that the program's own commands leave audible, as a render hears them."""
        muted: set[str] = set()
        solos: set[str] = set()
        for name, chosen in self.commands:
            outputs = set(chosen or self.outputs)
            match name:
                case "hush" | "panic" | "mute":
                    muted |= outputs
                case "unhush" | "unmute":
                    muted -= outputs
                case "solo":
                    solos |= outputs
                case "unsolo":
                    solos -= outputs
        audible = (solos or set(self.outputs)) - muted
        return {name: graph for name, graph in self.outputs.items() if name in audible}

    def voice(
        self, stream: Stream, value: Mapping[str, object], timing: EventTiming
    ) -> Voice | None:
        """The voice that an event starts, or None if nothing of its name exists."""
        return self.voice_builder.voice(stream, value, timing)


__all__ = ["Instrument", "Score", "VoiceBuilder"]
