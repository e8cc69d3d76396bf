"""The device without sound, and recording from it."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest
import soundfile

from phonon.audio.callback_gate import CallbackGate, RecordingRing
from phonon.audio.device import best_rate, open_device
from phonon.audio.null_device import NullDevice
from phonon.audio.recorder import Recorder
from phonon.audio.wav import WavWriter
from phonon.errors import PhononError


def silent(_text: str, _severity: str) -> None:
    pass


def taken(folder):
    """What was recorded; it counts, which is too loud for a sample."""
    sound, rate = soundfile.read(folder / "take.wav", dtype="float32")
    assert rate == 48_000
    return sound


def test_a_run_plays_every_frame_in_order_at_any_block_size(counter):
    null = NullDevice(counter, block=100, speed=None)
    sound = np.concatenate([null.run(n) for n in (1, 255, 1000, 7)])
    assert np.array_equal(sound[:, 0], np.arange(1263))
    assert counter.pumped == 4


def test_the_clock_keeps_the_time(counter, until):
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


def test_a_recording_is_what_was_played_bit_for_bit(counter, tmp_path):
    null = NullDevice(counter, speed=None)
    recorder = Recorder(tmp_path / "take.wav", 48_000, silent)
    null.gate.record_to(recorder.ring)
    sound = null.run(100_000)
    null.gate.record_to(None)
    recorder.finish()
    assert np.array_equal(taken(tmp_path), sound)


def test_a_stalled_disk_loses_nothing_up_to_the_buffer(counter, tmp_path, monkeypatch):
    stalled, write = threading.Event(), WavWriter.write

    def slow(self, sound):
        stalled.wait(60.0)
        write(self, sound)

    monkeypatch.setattr(WavWriter, "write", slow)
    told = []
    recorder = Recorder(tmp_path / "take.wav", 48_000, lambda *what: told.append(what), buffer=2.0)
    null = NullDevice(counter, speed=None)
    null.gate.record_to(recorder.ring)
    sound = null.run(96_000)  # two seconds
    stalled.set()
    null.gate.record_to(None)
    recorder.finish()
    assert np.array_equal(taken(tmp_path), sound)
    assert not any("missing" in text for text, _ in told)
    assert told[-1][0].startswith("recorded 2.0 s")


def test_frames_lost_to_a_stalled_disk_are_reported(counter, tmp_path, monkeypatch):
    stalled, write = threading.Event(), WavWriter.write

    def slow(self, sound):
        stalled.wait(60.0)
        write(self, sound)

    monkeypatch.setattr(WavWriter, "write", slow)
    told = []
    recorder = Recorder(tmp_path / "take.wav", 48_000, lambda *what: told.append(what), buffer=0.5)
    null = NullDevice(counter, speed=None)
    null.gate.record_to(recorder.ring)
    null.run(96_000)
    null.gate.record_to(None)
    stalled.set()
    recorder.finish()
    assert any("missing" in text and severity == "error" for text, severity in told)
    assert len(taken(tmp_path)) == 96_000 - recorder.ring.lost


def test_a_stalled_disk_is_reported_during_the_stall(counter, tmp_path, monkeypatch):
    """The thread that writes is held up; whoever reads the meters tells."""
    stalled, writing, write = threading.Event(), threading.Event(), WavWriter.write

    def slow(self, sound):
        writing.set()
        stalled.wait(30.0)
        write(self, sound)

    monkeypatch.setattr(WavWriter, "write", slow)
    told = []
    recorder = Recorder(tmp_path / "take.wav", 48_000, lambda *what: told.append(what), buffer=1.0)
    null = NullDevice(counter, speed=None)
    null.gate.record_to(recorder.ring)
    null.run(100)
    assert writing.wait(30.0)
    recorder.check()
    assert told == []
    null.run(48_000)
    for _ in range(2):
        recorder.check()
    place = tmp_path / "take.wav"
    assert told == [
        (f"the disk stalls: 1.0 s are waiting for {place}, 0.4 s more find room", "warning")
    ]
    null.run(48_000)
    recorder.check()
    missing = recorder.ring.lost / 48_000
    assert missing > 0.5
    assert told[1:] == [(f"the disk is too slow: {missing:.2f} s are missing in {place}", "error")]
    null.gate.record_to(None)
    stalled.set()
    recorder.finish()
    left = taken(tmp_path)[:, 0]
    assert len(left) == 96_100 - recorder.ring.lost
    gaps = np.flatnonzero(np.diff(left) != 1)
    assert len(gaps) <= 1  # the last block is a short one, which may have found room
    assert gaps.size == 0 or left[gaps[0] + 1] - left[gaps[0]] == recorder.ring.lost + 1


def test_a_file_that_is_full_is_followed_by_another(counter, tmp_path, monkeypatch):
    monkeypatch.setattr("phonon.audio.wav.LARGEST_BYTES", 8 * 30_000)
    told = []
    recorder = Recorder(tmp_path / "take.wav", 48_000, lambda *what: told.append(what))
    null = NullDevice(counter, speed=None)
    null.gate.record_to(recorder.ring)
    for _ in range(10):
        null.run(7_000)
        recorder.flush()
    null.gate.record_to(None)
    recorder.finish()
    parts = [f"take{number}.wav" for number in ("", "-2", "-3")]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(parts)
    sound = [soundfile.read(tmp_path / part, dtype="float32")[0] for part in parts]
    assert [len(part) for part in sound] == [28_000, 28_000, 14_000]
    assert np.array_equal(np.concatenate(sound)[:, 0], np.arange(70_000))
    assert sum("recording goes on" in text for text, _ in told) == 2
    assert told[-1][0].startswith("recorded 1.5 s")


@pytest.mark.parametrize(("bits", "width"), [("16", 4), ("24", 6), ("32f", 8)])
@pytest.mark.parametrize("chunk", [777, 5_000])
def test_a_full_disk_ends_the_recording_and_keeps_what_was_written(
    counter, tiny_disk, bits, width, chunk
):
    told = []
    place = tiny_disk / "take.wav"
    recorder = Recorder(place, 48_000, lambda *what: told.append(what), bits=bits)
    null = NullDevice(counter, speed=None)
    null.gate.record_to(recorder.ring)
    for _ in range(30):
        null.run(chunk)
        recorder.flush()
    null.gate.record_to(None)
    recorder.finish()
    assert recorder.failed
    assert told[0][0].startswith("recording stopped:")
    left = taken(tiny_disk)[:, 0]
    assert chunk <= len(left) < 65_536 // width
    assert len(left) == recorder.frames
    assert place.stat().st_size - width * len(left) in {44, 56, 58}  # the header, and no more
    if bits == "32f":  # the others end at full scale
        assert np.array_equal(left, np.arange(len(left)))


def test_a_recording_replaces_an_older_file_at_its_end(counter, tmp_path):
    (tmp_path / "take.wav").write_bytes(b"an older take")
    recorder = Recorder(tmp_path / "take.wav", 48_000, silent)
    null = NullDevice(counter, speed=None)
    null.gate.record_to(recorder.ring)
    null.run(1_000)
    recorder.flush()
    assert (tmp_path / "take.wav").read_bytes() == b"an older take"
    null.gate.record_to(None)
    recorder.finish()
    assert len(taken(tmp_path)) == 1_000
    assert [path.name for path in tmp_path.iterdir()] == ["take.wav"]


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
