"""The progress of long jobs: a bar that leaves the keyboard alone, plain lines elsewhere."""

from __future__ import annotations

import os
import re
import select
import subprocess
import sys
import time

import pytest

pty = pytest.importorskip("pty", reason="terminals as POSIX has them")

JOB = """
import sys, time
from phonon.cli.progress import Progress
try:
    with Progress() as progress:
        for step in range({steps}):
            time.sleep(0.05)
            progress("rendering", step + 1, {steps})
except KeyboardInterrupt:
    print("stopped")
"""


def on_a_terminal(code: str, interrupt_at: str = "", limit: float = 20) -> str:
    """Everything a program writes to its terminal; Ctrl-C is typed once `interrupt_at` appears."""
    child, terminal = pty.fork()
    if child == 0:
        os.execv(sys.executable, [sys.executable, "-c", code])  # noqa: S606  # no shell is meant
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
    os.waitpid(child, 0)
    os.close(terminal)
    return shown.decode(errors="replace")


@pytest.mark.slow
def test_a_terminal_shows_a_bar_that_fills():
    shown = on_a_terminal(JOB.format(steps=30))
    assert "rendering" in shown
    shares = [float(share) for share in re.findall(r"([\d.]+)%", shown)]
    assert shares == sorted(shares)
    assert shares[-1] == 100
    assert "Traceback" not in shown
    assert "\x1b[6n" not in shown  # a question whose answer would be typed into the shell


@pytest.mark.slow
def test_ctrl_c_is_the_terminal_s_while_the_bar_is_shown():
    shown = on_a_terminal(JOB.format(steps=10_000), interrupt_at="rendering")
    assert "stopped" in shown
    assert "Traceback" not in shown


def test_a_short_job_shows_nothing_on_a_terminal():
    assert on_a_terminal(JOB.format(steps=2)) == ""


def lines(code: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stderr.splitlines()


def test_elsewhere_there_are_plain_lines_now_and_then():
    told = "import phonon.cli.progress as p; p.LINE_EVERY = 0.3\n" + JOB.format(steps=20)
    shown = lines(told)
    assert 1 <= len(shown) <= 4
    assert re.fullmatch(r"phonon: rendering \d+ %", shown[0])


def test_elsewhere_a_short_job_says_nothing():
    assert lines(JOB.format(steps=3)) == []
