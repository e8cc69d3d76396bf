"""A player that counts, and a JACK server of our own without a sound card."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator

import numpy as np
import pytest

from phonon.kernel import library
from phonon.kernel.native import floats, native, words


@native("i64(i64, i64, i64, i64, i64, i64)")
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

    refusal = ""  # why no server starts on this machine, once that has been found out

    def __init__(self, period: int = 256) -> None:
        self.name = os.environ["JACK_DEFAULT_SERVER"]
        self.period = period
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Where real-time scheduling is refused, the ordinary kind; where both are, a skip."""
        said = ""
        for scheduling in ("-R", "-r") if os.geteuid() == 0 else ("-r",):
            command = ["jackd", scheduling, "-n", self.name, "-d", "dummy", "-r", "48000"]
            self.process = subprocess.Popen(
                [*command, "-p", str(self.period)],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            said = self.answered(self.process)
            if not said:
                return
            self.stop()
        Jack.refusal = f"jackd does not start here: {said}"
        pytest.skip(Jack.refusal)

    def answered(self, process: subprocess.Popen[bytes]) -> str:
        """Why the server does not serve; nothing once it does."""
        until = time.monotonic() + 10
        while time.monotonic() < until:
            if process.poll() is not None:
                return f"it ended with {process.returncode}"
            with contextlib.suppress(subprocess.TimeoutExpired):
                asking = ["jack_lsp"]
                if not subprocess.run(
                    asking, capture_output=True, check=False, timeout=10
                ).returncode:
                    return ""
            time.sleep(0.05)
        return "it does not answer"

    def stop(self, number: int = signal.SIGTERM) -> None:
        if self.process is not None:
            self.process.send_signal(number)
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process = None


@pytest.fixture
def counter() -> Counter:
    return Counter()


@pytest.fixture
def jack(monkeypatch) -> Iterator[Jack]:
    if shutil.which("jackd") is None:
        pytest.skip("jackd (Debian: jackd2) is not installed")
    if Jack.refusal:
        pytest.skip(Jack.refusal)
    monkeypatch.setenv("JACK_DEFAULT_SERVER", f"phonon{os.getpid()}")
    monkeypatch.setenv("JACK_NO_AUDIO_RESERVATION", "1")
    monkeypatch.setenv("JACK_NO_START_SERVER", "1")
    server = Jack()
    try:
        server.start()
        yield server
    finally:
        server.stop()
