"""A player that counts, and a JACK server of our own without a sound card."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator

import numpy as np
import pytest

from phonon.kernel import library
from phonon.kernel.machine import floats, machine, words


@machine("i64(i64, i64, i64, i64, i64, i64)")
def counting(given, out, frames, moment, flags, user):
    """Left counts the frames, right counts the calls."""
    state = words(user)
    sound = floats(out)
    for index in range(frames):
        sound[2 * index] = state[0] + index
        sound[2 * index + 1] = state[1]
    state[0] += frames
    state[1] += 1
    return 0


class Counter:
    """A player for devices to play."""

    def __init__(self, sample_rate: int = 48_000) -> None:
        self.sample_rate = sample_rate
        self.callback = library.load({counting})[counting]
        self.state = np.zeros(8, np.int64)
        self.pumped = 0

    @property
    def user(self) -> int:
        return int(self.state.ctypes.data)

    @property
    def frame(self) -> int:
        return int(self.state[0])

    def pump(self, now_frame: int | None = None) -> None:
        self.pumped += 1


class Jack:
    """jackd on its dummy driver; it has a name of its own, so that servers do not meet."""

    def __init__(self, period: int = 256) -> None:
        self.name = os.environ["JACK_DEFAULT_SERVER"]
        self.period = period
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        realtime = "-R" if os.geteuid() == 0 else "-r"
        self.process = subprocess.Popen(
            [
                "jackd",
                realtime,
                "-n",
                self.name,
                "-d",
                "dummy",
                "-r",
                "48000",
                "-p",
                str(self.period),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(100):
            if subprocess.run(["jack_lsp"], capture_output=True, check=False).returncode == 0:
                return
            time.sleep(0.05)
        pytest.skip("jackd does not start here")

    def stop(self, number: int = signal.SIGTERM) -> None:
        if self.process is not None:
            self.process.send_signal(number)
            self.process.wait()
            self.process = None


@pytest.fixture
def counter() -> Counter:
    return Counter()


@pytest.fixture
def jack(monkeypatch) -> Iterator[Jack]:
    if shutil.which("jackd") is None:
        pytest.skip("jackd (Debian: jackd2) is not installed")
    monkeypatch.setenv("JACK_DEFAULT_SERVER", f"phonon{os.getpid()}")
    monkeypatch.setenv("JACK_NO_AUDIO_RESERVATION", "1")
    monkeypatch.setenv("JACK_NO_START_SERVER", "1")
    server = Jack()
    server.start()
    yield server
    server.stop()
