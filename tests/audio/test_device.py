"""A real PortAudio stream on JACK's dummy driver."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from phonon.audio.device import best_rate, open_device
from phonon.audio.portaudio import accepts, find_device, list_devices
from phonon.errors import PhononError

# PortAudio finds JACK when it is loaded, and can be loaded once: every test has its own process.
HEAD = """
import sys, time
sys.path.insert(0, {folder!r})
from conftest import Counter
from phonon.audio.device import best_rate, open_device
import numpy as np
from phonon.audio.portaudio import accepts, find_device, list_devices
from phonon.audio.callback_gate import RecordingRing
from phonon.errors import PhononError
told = []
def tell(text, severity):
    told.append((severity, text))
player = Counter()
def wait(condition, seconds=60.0):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, (told, device.info, player.frame)
        time.sleep(0.02)
def measured(seconds):
    begun, first = time.monotonic(), player.frame
    time.sleep(seconds)
    return (player.frame - first) / (time.monotonic() - begun)
"""


@pytest.fixture
def python(jack, popen):
    def run(code: str) -> subprocess.Popen[str]:
        head = HEAD.format(folder=str(Path(__file__).parent))
        return popen(
            [sys.executable, "-c", head + code],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.PIPE,
            text=True,
        )

    return run


def ended(process: subprocess.Popen[str]) -> list[str]:
    out, err = process.communicate(timeout=240)
    assert process.returncode == 0, err
    return out.split("\n")


def test_the_compiled_callback_plays_in_time(python):
    lines = ended(
        python("""
device = open_device(player, device="JACK", tell=tell)
device.start()
wait(lambda: player.frame)
wait(lambda: 40_000 < measured(0.5) < 56_000)  # a busy machine may miss some
wait(lambda: player.pumped > 20)
print(device.info.callback, device.info.rate, round(device.info.latency_ms, 2))
print(device.info.priority)
device.close()
stopped = player.frame
time.sleep(0.05)
print(player.frame == stopped, told)
""")
    )
    callback, nominal, latency = lines[0].split()
    assert (callback, nominal, latency) == ("compiled", "48000", "5.33")
    assert "SCHED_FIFO" in lines[1] or "ordinary" in lines[1]
    assert lines[2] == "True []"


def test_a_thread_that_burns_the_interpreter_does_not_reach_the_compiled_callback(python):
    """The A/B that shows why: the same second with a Python callback."""
    code = """
import threading
def burn():
    while True:
        pass
device = open_device(player, device="JACK", backend={backend!r}, tell=tell)
device.start()
wait(lambda: player.frame)
threading.Thread(target=burn, daemon=True).start()
time.sleep(0.2)
shares = []
until = time.monotonic() + 20.0
while time.monotonic() < until:  # a busy machine may have no good second at once
    shares.append(measured(1.0) / 48_000)
    if device.info.callback == "python" or shares[-1] > 0.9:
        break
print(shares[-1], device.info.callback)
sys.stdout.flush()
import os
os._exit(0)
"""
    share, callback = ended(python(code.format(backend="auto")))[0].split()
    assert callback == "compiled"
    assert float(share) > 0.9
    share, callback = ended(python(code.format(backend="python")))[0].split()
    assert callback == "python"


def test_the_doctor_says_what_the_audio_thread_has(python):
    lines = ended(
        python("""
from phonon.audio.device_probe import probe
info = probe()
print(info.callback, info.block, info.priority)
""")
    )
    callback, block, priority = lines[0].split(" ", 2)
    assert (callback, block) == ("compiled", "256")
    assert priority.startswith(("SCHED_FIFO", "ordinary"))


def test_devices_are_found_by_number_and_name(python):
    lines = ended(
        python("""
found = list_devices()
print(len(found) >= 1, find_device(None).default)
print(find_device("jack").host, find_device(str(found[0].number)) == found[0])
for name in ("sistem", "x9"):
    try:
        find_device(name)
    except PhononError as error:
        print(error.diagnostics[0].message)
""")
    )
    assert lines[0] == "True True"
    assert lines[1] == "JACK Audio Connection Kit True"
    assert lines[2] == "there is no sound device sistem; did you mean system?"
    assert lines[3].startswith("there is no sound device x9; there are: ")
    assert "system" in lines[3]


def test_a_refused_rate_is_a_message_and_the_device_plays_at_its_own(python):
    lines = ended(
        python("""
print(bool(accepts(find_device("JACK"), 44_100)), accepts(find_device("JACK"), 48_000) == "")
print(best_rate("JACK", 44_100, "auto", tell), told)
player.sample_rate = 44_100
device = open_device(player, device="JACK", tell=tell)
device.start()
wait(lambda: player.frame)
print(device.info.callback, told[-1][1])
device.close()
""")
    )
    assert lines[0] == "True True"
    assert lines[1].startswith("48000 [('warning', 'system refuses 44100 Hz")
    assert lines[2].startswith("null system refuses")


def test_music_goes_on_while_a_device_is_lost_and_found(python, jack):
    process = python("""
device = open_device(player, device="JACK", tell=tell)
ring = RecordingRing(300.0, 48_000)
device.record_to(ring)
device.start()
wait(lambda: player.frame > 4_800)
print("playing", flush=True)
sys.stdin.readline()
wait(lambda: device.info.backend == "null")
gone = player.frame
wait(lambda: player.frame > gone + 4_800)
print("still playing", flush=True)
sys.stdin.readline()
wait(lambda: device.info.callback == "compiled")
back = player.frame
wait(lambda: player.frame > back + 4_800 and len(told) > 1)
for severity, text in told:
    print(severity, text)
device.close()
played = ring.read(ring.waiting)[:, 0]
print(np.array_equal(played, np.arange(len(played))), len(played) == player.frame, ring.lost)
""")
    assert process.stdout.readline() == "playing\n"
    jack.stop(signal.SIGKILL)
    process.stdin.write("\n")
    process.stdin.flush()
    assert process.stdout.readline() == "still playing\n"
    jack.start()
    lines = ended(process)
    assert lines[0].startswith("warning system is gone")
    assert lines[1].startswith("note playing on system")
    assert lines[2] == "True True 0"  # every frame was played once, in order


def test_without_a_device_the_player_runs_and_a_message_says_so(counter, monkeypatch, until):
    def nothing():
        return []

    monkeypatch.setattr("phonon.audio.portaudio.list_devices", nothing)
    told = []
    device = open_device(counter, tell=lambda text, severity: told.append(text))
    device.start()
    until(lambda: counter.frame > 0)
    device.close()
    assert told == ["there is no sound device: playing without sound, and looking for it"]


def test_a_device_that_was_asked_for_by_name_must_exist(monkeypatch):
    monkeypatch.setattr("phonon.audio.portaudio.list_devices", list)
    with pytest.raises(PhononError, match="no sound device"):
        best_rate("nothing like this", None, "auto", lambda *_: None)


def test_the_private_parts_of_sounddevice_that_we_use_exist():
    """What the device rests on is private in sounddevice: it must still be there."""
    try:
        import sounddevice as sd
    except OSError:
        pytest.skip("PortAudio (Debian: libportaudio2) is not installed")
    for name in ("_StreamBase", "_ffi", "_lib", "_initialize", "_terminate", "_exit_handler"):
        assert hasattr(sd, name)
    assert callable(list_devices)
    assert callable(accepts)
    assert callable(find_device)
