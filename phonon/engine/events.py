"""Events that Python sends to the engine: a row is set, a voice starts."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from phonon.engine.plan_layout import SampleRecord, SetEvent, VoiceEvent


@dataclass(frozen=True, slots=True)
class SetRow:
    """Sets a row to `value` at `frame`; from there it moves by `slope` per frame."""

    frame: int
    row: int
    value: float
    slope: float = 0.0

    def packed(self) -> bytes:
        """The event as the ring carries it."""
        event = SetEvent(frame=self.frame, row=self.row, value=self.value, slope=self.slope)
        return bytes(event)


@dataclass(frozen=True, slots=True)
class StartVoice:
    """Starts a voice at `frame`. `hold` is in frames; `cut` is the cut group, 0 for none."""

    frame: int
    patch: int
    seed: int
    hold: int
    cut: int
    sample: SampleRecord
    controls: Sequence[float]

    def packed(self) -> bytes:
        """The event as the ring carries it."""
        event = VoiceEvent(
            frame=self.frame,
            patch=self.patch,
            seed=self.seed,
            hold=self.hold,
            cut=self.cut,
            sample=self.sample,
        )
        return bytes(event) + struct.pack(f"={len(self.controls)}d", *self.controls)


RingEvent = SetRow | StartVoice
