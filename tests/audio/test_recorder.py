"""Recording what is played to files."""

from __future__ import annotations

import threading

import numpy as np
import pytest
import soundfile

from phonon.audio.null_device import NullDevice
from phonon.audio.recorder import Recorder
from phonon.audio.wav import WavWriter


def silent(_text: str, _severity: str) -> None:
    pass


def taken(folder):
    """What was recorded; it counts, which is too loud for a sample."""
    sound, rate = soundfile.read(folder / "take.wav", dtype="float32")
    assert rate == 48_000
    return sound


def test_a_recording_is_what_was_played_bit_for_bit(counter, tmp_path):
    null = NullDevice(counter, speed=None)
    recorder = Recorder(tmp_path / "take.wav", 48_000, silent)
    null.gate.record_to(recorder.ring)
    sound = null.run(100_000)
    null.gate.record_to(None)
    recorder.finish()
    assert np.array_equal(taken(tmp_path), sound)


@pytest.fixture
def stalled(monkeypatch):
    """Writing waits until this event is set."""
    event, write = threading.Event(), WavWriter.write

    def slow(self, sound):
        event.wait(60.0)
        write(self, sound)

    monkeypatch.setattr(WavWriter, "write", slow)
    return event


def test_a_stalled_disk_loses_nothing_up_to_the_buffer(counter, tmp_path, stalled):
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


def test_frames_lost_to_a_stalled_disk_are_reported(counter, tmp_path, stalled):
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
