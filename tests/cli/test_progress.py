"""The progress of long jobs: a bar that leaves the keyboard alone, plain lines elsewhere."""

from __future__ import annotations

import os
import re
import select
import sys
import time

import pytest

from phonon.cli import progress

pty = pytest.importorskip("pty", reason="terminals as POSIX has them")

JOB = """
import sys, time
from phonon.cli import progress
from phonon.cli.progress import Progress
progress.PATIENCE = {patience}
try:
    with Progress() as tell:
        for step in range({steps}):
            time.sleep(0.05)
            tell("rendering", step + 1, {steps})
except KeyboardInterrupt:
    print("stopped")
"""


# The terminal becomes the process's own, so that Ctrl-C reaches it; and Ctrl-C is not ignored,
# whatever those who started us have done to it.
AT_HOME = """
import fcntl, signal, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
signal.signal(signal.SIGINT, signal.default_int_handler)
"""


@pytest.fixture
def on_a_terminal(popen):
    def shown(code: str, interrupt_at: str = "", limit: float = 120) -> str:
        """Everything a program writes to its terminal; Ctrl-C once `interrupt_at` appears."""
        terminal, theirs = pty.openpty()
        try:
            options = dict.fromkeys(("stdin", "stdout", "stderr"), theirs)
            popen([sys.executable, "-c", AT_HOME + code], start_new_session=True, **options)
        finally:
            os.close(theirs)
        try:
            return read(terminal, interrupt_at, limit).decode(errors="replace")
        finally:
            os.close(terminal)

    return shown


def read(terminal: int, interrupt_at: str, limit: float) -> bytes:
    shown, typed, end = b"", False, time.monotonic() + limit
    while time.monotonic() < end:
        if not select.select([terminal], [], [], 0.1)[0]:
            continue
        try:
            data = os.read(terminal, 65_536)
        except OSError:  # the other end is closed
            break
        if not data:
            break
        shown += data
        if interrupt_at and not typed and interrupt_at.encode() in shown:
            os.write(terminal, b"\x03")
            typed = True
    return shown


@pytest.mark.slow
def test_a_terminal_shows_a_bar_that_fills(on_a_terminal):
    shown = on_a_terminal(JOB.format(steps=30, patience=0.4))
    assert "rendering" in shown
    shares = [float(share) for share in re.findall(r"([\d.]+)%", shown)]
    assert shares == sorted(shares)
    assert shares[-1] == 100
    assert "Traceback" not in shown
    assert "\x1b[6n" not in shown  # a question whose answer would be typed into the shell


@pytest.mark.slow
def test_ctrl_c_still_interrupts_while_the_bar_is_shown(on_a_terminal):
    shown = on_a_terminal(JOB.format(steps=10_000, patience=0.4), interrupt_at="rendering")
    assert "stopped" in shown
    assert "Traceback" not in shown


def test_a_short_job_shows_nothing_on_a_terminal(on_a_terminal):
    assert on_a_terminal(JOB.format(steps=2, patience=60)) == ""


@pytest.fixture
def job(monkeypatch, capsys):
    """What a job of so many seconds says on what is no terminal."""

    class Clock:
        now = 0.0

        def monotonic(self):
            return self.now

    def told(seconds: int) -> list[str]:
        clock = Clock()
        monkeypatch.setattr(progress, "time", clock)
        with progress.Progress() as tell:
            for step in range(10 * seconds):
                clock.now += 0.1
                tell("rendering", step + 1, 10 * seconds)
        return capsys.readouterr().err.splitlines()

    return told


def test_without_a_terminal_there_are_plain_lines_now_and_then(job):
    shown = job(60)
    assert len(shown) == 5
    assert shown[0] == "phonon: rendering 17 %"


def test_without_a_terminal_a_short_job_prints_nothing(job):
    assert job(10) == []


def test_only_long_work_is_announced(monkeypatch, capsys):
    with progress.announced_if_slow("waiting for nothing"):
        pass
    assert not capsys.readouterr().err
    monkeypatch.setattr(progress, "PATIENCE", 0)
    said = ""
    with progress.announced_if_slow("starting the engine"):
        end = time.monotonic() + 20
        while not said and time.monotonic() < end:
            said = capsys.readouterr().err
    assert said == "phonon: starting the engine …\n"
