"""The device without sound: its frames, its clock and its stalls."""

from __future__ import annotations

import time

import numpy as np
import pytest

from phonon.audio.device import best_rate, open_device
from phonon.audio.null_device import NullDevice
from phonon.errors import PhononError


def silent(_text: str, _severity: str) -> None:
    pass


def test_a_run_plays_every_frame_in_order_at_any_block_size(counter):
    null = NullDevice(counter, block=100, speed=None)
    sound = np.concatenate([null.run(n) for n in (1, 255, 1000, 7)])
    assert np.array_equal(sound[:, 0], np.arange(1263))
    assert counter.pumped == 4


def test_the_null_device_keeps_real_time_and_catches_up(counter, until):
    """What it is behind, on a busy machine, it catches up; ahead it never is."""
    null = NullDevice(counter, block=256, speed=4.0, slack=3_600)
    begun = time.monotonic()

    def expected():
        return 4 * 48_000 * (time.monotonic() - begun)

    null.start()
    until(lambda: counter.frame > 0.9 * expected() > 48_000)
    assert counter.frame <= expected() + 256
    null.stop()
    stopped = counter.frame
    time.sleep(0.05)
    assert counter.frame == stopped
    assert null.missed == 0


class Clock:
    """A time that passes while somebody sleeps, and at no other time."""

    def __init__(self):
        self.now = 0.0

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


def test_a_stall_is_counted_in_blocks(counter, until, monkeypatch):
    monkeypatch.setattr("phonon.audio.null_device.time", Clock())
    null = NullDevice(counter, block=4_800)  # a tenth of a second
    null.stall(0.55)
    null.start()
    until(lambda: counter.frame > 10 * 48_000)
    null.stop()
    assert null.missed == 4  # of the five and a half, the last full one is played late
    assert null.gate.underflows == 1


def test_a_short_stall_is_caught_up(counter, until, monkeypatch):
    monkeypatch.setattr("phonon.audio.null_device.time", Clock())
    null = NullDevice(counter, block=480)
    null.stall(0.2)
    null.start()
    until(lambda: counter.frame > 10 * 48_000)
    null.stop()
    assert null.missed == 0
    assert null.gate.underflows == 0


def test_the_null_device_has_a_status(counter, until):
    device = open_device(counter, backend="null")
    device.start()
    assert device.info.callback == "null"
    until(lambda: counter.frame > 0)
    device.close()
    assert counter.pumped > 0


def test_an_unknown_backend_is_refused(counter):
    with pytest.raises(PhononError, match="auto, null"):
        open_device(counter, backend="asio")


def test_the_null_device_takes_any_rate():
    assert best_rate(None, 44_100, "null", silent) == 44_100
    assert best_rate(None, None, "null", silent) == 48_000
