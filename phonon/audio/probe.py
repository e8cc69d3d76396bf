"""What the default device gives us, found out by opening it for a moment, in silence."""

from __future__ import annotations

import time

from phonon.audio.device import BLOCK, RATE, Info
from phonon.audio.portaudio import Stream, accepts, find_device
from phonon.audio.priority import audio_thread, raise_priority
from phonon.audio.tap import Tap

ANSWER = 1.0  # seconds in which the device has to ask for sound


class Nobody:
    """A player whose tap is cut at once."""

    sample_rate = RATE
    callback = user = 0

    def pump(self, now_frame: int | None = None) -> None:
        """There is nothing to send."""


def probe() -> Info:
    """What the default device is like when it plays. Raises PhononError."""
    device = find_device(None)
    rate = device.rate if accepts(device, RATE) else RATE
    tap = Tap(Nobody())
    tap.cut()
    stream = Stream(device, tap, rate=rate, block=BLOCK, latency="low")
    try:
        stream.start()
        deadline = time.monotonic() + ANSWER
        while not tap.calls and time.monotonic() < deadline:
            time.sleep(0.01)
        priority = raise_priority(audio_thread()) if tap.calls else "it asks for no sound"
        latency = 1_000 * stream.latency
        return Info(
            str(device), device.host, rate, BLOCK, latency, priority, False, stream.callback
        )
    finally:
        stream.close()
