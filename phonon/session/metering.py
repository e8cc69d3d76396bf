"""Makes the session's telemetry from the player's, the device's and the session's own figures."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from phonon.session.protocol import OutputMeter, Telemetry

if TYPE_CHECKING:
    from phonon.audio.device import Device
    from phonon.engine.player import Player
    from phonon.engine.telemetry import Level

BLOCK = 64  # frames between the events and the device, at most
LATELY = 10.0  # seconds for which stolen voices are counted


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
        levels = zip(names, found.levels, strict=False)
        age = (found.frame - found.underrun_frame) / rate if found.underrun_frame >= 0 else None
        return Telemetry(
            frame=found.frame,
            cycle=max(found.cycle + since * found.cps, 0.0),
            cps=found.cps,
            sample_rate=rate,
            load=found.load,
            load_peak=found.load_peak,
            underruns=found.underruns,
            silence_ms=1_000 * found.silence,
            underrun_age=age,
            ring_ms=1_000 * found.lead,
            ring_target_ms=1_000 * self.player.target,
            latency_ms=1_000 * latency,
            late=found.late,
            late_worst_ms=1_000 * found.latest,
            voices=found.voices,
            voice_limit=self.voice_limit,
            stolen=self._stolen_lately(found.stolen),
            faults=found.faults,
            swaps=found.swaps,
            hushed=found.hushed,
            recording=recording,
            playing=bool(names) and not found.hushed,
            master=_meter("master", found.master),
            outputs=tuple(
                _meter(
                    name,
                    level,
                    muted=name in muted,
                    solo=name in solos,
                    audible=name not in muted and (not solos or name in solos),
                )
                for name, level in levels
            ),
        )

    def _stolen_lately(self, stolen: int) -> int:
        now = time.monotonic()
        self._stolen.append((now, stolen))
        while now - self._stolen[0][0] > LATELY:
            self._stolen.popleft()
        return stolen - self._stolen[0][1]


def _meter(name: str, level: Level, **switches: bool) -> OutputMeter:
    return OutputMeter(name, level.peaks, level.levels, level.clipped, **switches)
