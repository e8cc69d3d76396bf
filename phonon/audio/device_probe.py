"""Opens the default device for a moment, in silence, to see what it offers."""

from __future__ import annotations

import time

from phonon.audio.callback_gate import CallbackGate
from phonon.audio.device import BLOCK, RATE, DeviceStatus
from phonon.audio.portaudio import DeviceStream, accepts, find_device
from phonon.audio.thread_priority import audio_thread, raise_priority

ANSWER = 1.0  # seconds in which the device has to ask for sound


class SilentPlayer:
    """A player for a gate that is shut."""

    sample_rate = RATE
    callback = user = 0

    def pump(self, now_frame: int | None = None) -> None:
        """Do nothing."""


def probe() -> DeviceStatus:
    """Status of the default device while it runs. Raises PhononError."""
    device = find_device(None)
    rate = device.rate if accepts(device, RATE) else RATE
    gate = CallbackGate(SilentPlayer())
    gate.shut()
    stream = DeviceStream(device, gate, rate=rate, block=BLOCK, latency="low")
    try:
        stream.start()
        deadline = time.monotonic() + ANSWER
        while not gate.calls and time.monotonic() < deadline:
            time.sleep(0.01)
        priority = raise_priority(audio_thread()) if gate.calls else "it asks for no sound"
        latency = 1_000 * stream.latency
        return DeviceStatus(
            str(device), device.host, rate, BLOCK, latency, priority, False, stream.callback
        )
    finally:
        stream.close()
