"""The callback of every device; what it uses is not freed before it returns."""

import ctypes
import threading

import numpy as np
import pytest

from phonon.audio.callback_gate import CallbackGate, RecordingRing
from phonon.audio.null_device import NullDevice

FRAMES = 256


class Slow:
    """A player that plays ones, and in each call waits to be let go."""

    sample_rate = 48_000
    user = 0

    def __init__(self):
        self.playing, self.going = threading.Event(), threading.Event()
        self._code = ctypes.CFUNCTYPE(ctypes.c_int64, *[ctypes.c_int64] * 6)(self._play)

    @property
    def callback(self):
        return ctypes.cast(self._code, ctypes.c_void_p).value

    def pump(self, now_frame=None):
        pass

    def _play(self, _given, out, frames, *_others):
        self.playing.set()
        self.going.wait(20)
        ctypes.memset(out, 0, 8 * frames)
        return 0


@pytest.fixture
def player(monkeypatch):
    monkeypatch.setattr("phonon.audio.callback_gate.PATIENCE", 60.0)
    return Slow()


def meanwhile(player, gate, work):
    """Do something while the device is in its callback; what it has played then."""
    played = []
    device = threading.Thread(target=lambda: played.append(gate.frames(FRAMES)))
    working = threading.Thread(target=work)
    device.start()
    try:
        assert player.playing.wait(20)
        working.start()
        working.join(0.1)
        assert working.is_alive()  # it waits for the callback
    finally:
        player.going.set()
        device.join()
        working.join(20)
    assert not working.is_alive()
    return played[0]


def test_removing_the_recording_ring_waits_for_the_callback(player):
    gate, ring = CallbackGate(player), RecordingRing(1.0, 48_000)
    gate.record_to(ring)
    meanwhile(player, gate, lambda: gate.record_to(None))
    assert ring.waiting in {0, FRAMES}
    gate.frames(FRAMES)
    assert ring.waiting in {0, FRAMES}


def test_replacing_a_preview_waits_for_the_callback(player):
    gate = CallbackGate(player)
    gate.preview(np.full((10 * FRAMES, 2), 0.25, np.float32))
    found = meanwhile(player, gate, lambda: gate.preview(np.full((FRAMES, 2), 0.5, np.float32)))
    assert set(np.unique(found)) <= {0.25, 0.5}
    rest = np.concatenate([gate.frames(FRAMES) for _ in range(3)])
    assert 0.5 in np.concatenate([found, rest])
    assert not rest[-FRAMES:].any()


def test_shutting_a_gate_waits_for_the_callback(player):
    gate = CallbackGate(player)
    meanwhile(player, gate, gate.shut)
    assert not gate.frames(FRAMES).any()


def test_no_second_clock_starts_while_the_first_hangs(player, monkeypatch):
    """Two clocks would play twice as fast, and into each other."""
    null = NullDevice(player, block=FRAMES)
    null.start()
    assert player.playing.wait(20)
    hanging = null._thread
    monkeypatch.setattr(hanging, "join", lambda timeout=None: None)  # it is not waited for
    null.stop()
    player.playing.clear()
    null.start()
    monkeypatch.undo()
    player.going.set()
    hanging.join(20)
    assert not hanging.is_alive()
    assert null.active
    null.close()


def test_a_gate_that_is_shut_plays_silence_and_does_not_call_the_player(counter):
    gate = CallbackGate(counter)
    assert gate.frames(10)[-1, 0] == 9
    gate.shut()
    assert not gate.frames(10).any()
    assert counter.frame == 10
    assert gate.calls == 2


def test_a_recording_ring_gives_back_what_was_played(counter):
    ring, gate = RecordingRing(0.01, 48_000), CallbackGate(counter)
    gate.record_to(ring)
    read = []
    for _ in range(20):
        gate.frames(200)
        read.append(ring.read(1_000))
    assert np.array_equal(np.concatenate(read)[:, 0], np.arange(4_000))


def test_a_full_recording_ring_counts_lost_frames_and_keeps_the_others(counter):
    ring, gate = RecordingRing(0.01, 48_000), CallbackGate(counter)  # 512 frames
    gate.record_to(ring)
    for _ in range(5):
        gate.frames(200)
    assert ring.lost == 600
    assert np.array_equal(ring.read(1_000)[:, 0], np.arange(400))
