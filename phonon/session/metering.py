"""The session's telemetry: what the player counts, and what only device and session know."""

from __future__ import annotations

from typing import Protocol

from phonon.audio.device import Device
from phonon.session.performer import Performer
from phonon.session.protocol import Telemetry


class Metered(Protocol):
    """What the figures are taken from."""

    player: Performer
    device: Device


def read_meter(session: Metered) -> Telemetry:
    """What there is to tell now."""
    device = session.device
    return Telemetry(
        frame=session.player.frame,
        sample_rate=session.player.sample_rate,
        underruns=device.underflows + device.null.missed,
        latency_ms=device.info.latency_ms,
    )
