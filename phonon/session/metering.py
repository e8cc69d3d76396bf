"""Makes the session's telemetry from the player's, the device's and the session's own figures."""

from __future__ import annotations

import time
import typing
from collections import deque
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from phonon.engine import telemetry
from phonon.engine.live_layout import MeterRecord, TelemetryRecord
from phonon.engine.meters import NOTHING, SECOND
from phonon.session.protocol import OutputMeter, Telemetry

if TYPE_CHECKING:
    from phonon.audio.device import Device
    from phonon.engine.player import Player

BLOCK = 64  # frames between the events and the device, at most
LATELY = 10.0  # seconds for which stolen voices are counted

# Figures that the engine and the session have under the same name, converted to the session's type.
_SAME = {
    name: kind
    for name, kind in typing.get_type_hints(Telemetry).items()
    if hasattr(TelemetryRecord, name)
}


@dataclass(slots=True)
class Metering:
    """Reads the figures of a player and its device; peaks are those since the last reading."""

    player: Player
    device: Device
    voice_limit: int
    _stolen: deque[tuple[float, int]] = field(default_factory=deque)

    def read(self, *, muted: Collection[str], solos: Collection[str], recording: bool) -> Telemetry:
        """The present telemetry."""
        found = self.player.telemetry()
        names, rate = self.player.outputs, self.player.sample_rate
        latency = self.device.info.latency_ms / 1_000 + BLOCK / rate
        since = (found.frame - found.anchor) / rate - latency
        lead = 0 if found.least_lead == NOTHING else found.least_lead
        age = (found.frame - found.underrun_frame) / rate if found.underrun_frame >= 0 else None
        figures = {name: kind(getattr(found, name)) for name, kind in _SAME.items()}
        figures |= {
            "cycle": max(found.cycle + since * found.cps, 0.0),
            "sample_rate": rate,
            "silence_ms": 1_000 * found.silence / SECOND,
            "underrun_age": age,
            "ring_ms": 1_000 * lead / rate,
            "ring_target_ms": 1_000 * self.player.seconds_ahead,
            "latency_ms": 1_000 * latency,
            "late_worst_ms": 1_000 * found.latest / rate,
            "voice_limit": self.voice_limit,
            "stolen": self._stolen_lately(found.stolen),
            "recording": recording,
            "playing": bool(names) and not found.hushed,
            "master": _meter("master", found.meters[0]),
            "outputs": tuple(
                _meter(
                    name,
                    meter,
                    muted=name in muted,
                    solo=name in solos,
                    audible=name not in muted and (not solos or name in solos),
                )
                for name, meter in zip(names, self.player.meters(found, names), strict=True)
            ),
        }
        return Telemetry(**figures)

    def _stolen_lately(self, stolen: int) -> int:
        now = time.monotonic()
        self._stolen.append((now, stolen))
        while now - self._stolen[0][0] > LATELY:
            self._stolen.popleft()
        return stolen - self._stolen[0][1]


def _meter(name: str, meter: MeterRecord, **switches: bool) -> OutputMeter:
    clipped = bool(meter.clipped)
    return OutputMeter(name, telemetry.peaks(meter), telemetry.levels(meter), clipped, **switches)
