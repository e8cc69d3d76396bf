"""A take is what the offline render is, bit for bit, whenever it begins and however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import numpy as np
import pytest
import soundfile

import phonon
from phonon.audio.wav import WavWriter

PROGRAM = """
cps: 0.5
o1: s "bd*4" # reverb 0.4
o2: s "hh*8" # pan sine # delay 0.375 0.5
o3: noise # lpf (range 200 4000 (slow 3 sine)) * 0.05
"""
RATE = 48_000
BEGIN, LENGTH = 100_003, 48_017  # on no block's border


@pytest.fixture(scope="module")
def rendered():
    return phonon.render(PROGRAM, seconds=4)


@pytest.mark.parametrize("bits", ["16", "24", "32f"])
def test_a_recording_equals_its_part_of_the_render(session, tmp_path, rendered, bits):
    assert session.evaluate(PROGRAM).ok
    session.advance(BEGIN)
    session.record(str(tmp_path / "take.wav"), bits)
    session.advance(30_000)
    assert session.evaluate(PROGRAM + "-- once more").ok  # which changes nothing
    session.advance(LENGTH - 30_000)
    session.record(None)
    session.advance(1_000)
    with WavWriter(tmp_path / "wanted.wav", RATE, bits=bits) as wanted:
        wanted.write(rendered[BEGIN : BEGIN + LENGTH])
    assert (tmp_path / "take.wav").read_bytes() == (tmp_path / "wanted.wav").read_bytes()


def test_a_recording_from_the_first_frame_on_equals_the_render(session, tmp_path, rendered):
    session.record(str(tmp_path / "take.wav"))
    assert session.evaluate(PROGRAM).ok
    session.advance(len(rendered))
    session.record(None)
    taken, _ = soundfile.read(tmp_path / "take.wav", dtype="float32")
    assert np.array_equal(taken, rendered)


def test_two_recordings_follow_each_other_without_a_gap(session, tmp_path, rendered):
    assert session.evaluate(PROGRAM).ok
    session.record(str(tmp_path / "1.wav"))
    session.advance(20_001)
    session.record(str(tmp_path / "2.wav"))
    session.advance(20_001)
    session.record(None)
    parts = [soundfile.read(tmp_path / f"{n}.wav", dtype="float32")[0] for n in (1, 2)]
    assert np.array_equal(np.concatenate(parts), rendered[:40_002])


def test_a_failing_disk_ends_the_recording_and_not_the_music(session, tiny_disk):
    assert session.evaluate(PROGRAM).ok
    session.record(str(tiny_disk / "take.wav"))
    assert session.meter().recording
    session.advance(48_000)
    assert not session.meter().recording
    assert any("recording stopped" in message.text for message in session.messages())
    assert session.advance(4_800).any()
    taken, _ = soundfile.read(tiny_disk / "take.wav", dtype="float32")
    assert 0 <= len(taken) < 8_192


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL as POSIX has it")
def test_a_recording_is_playable_after_its_process_was_killed(tmp_path, rendered, wait):
    program, take = tmp_path / "set.ph", tmp_path / "take.wav"
    program.write_text(PROGRAM)
    command = [sys.executable, "-c", "from phonon.cli import main; main()", "play", str(program)]
    playing = subprocess.Popen(
        [*command, "--backend", "null", "--record", str(take)],
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PHONON_SAMPLES": ""},
    )
    try:
        wait(lambda: take.exists() and take.stat().st_size > 8 * 60_000, 60)
        playing.send_signal(signal.SIGKILL)
    finally:
        playing.kill()
        playing.wait()
    taken, rate = soundfile.read(take, dtype="float32")
    assert rate == RATE
    assert 12_000 < len(taken) <= (take.stat().st_size - 58) // 8
    assert np.array_equal(taken[:12_000], rendered[:12_000])
