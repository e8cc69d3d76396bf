"""The editor with the engine that people get: another process, on a clock without a device."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow


@pytest.fixture
def playing(terminal, program):
    """An editor in its terminal, and its engine in its folder."""
    screen = terminal()
    screen.environment["PHONON_ENGINE"] = str(screen.folder / "engine")
    yield screen
    code = "from phonon.session.remote import attach; attach().shut_down()"
    environment = {"PATH": "/usr/bin:/bin", **screen.environment}
    subprocess.run(
        [sys.executable, "-c", code], env=environment, check=False, capture_output=True, timeout=240
    )


def test_a_set_goes_on_when_its_editor_is_killed(playing, program):
    program.write_text('o1: s "bd*4" # gain 0.9\no2: s "hh*8"\n')
    playing.run("-m", "phonon", "edit", str(program), "--backend", "null")
    playing.type("F5")
    playing.see("o1 o2 (")
    playing.wait(lambda: playing.text().startswith("●"), "o1 sounding")
    playing.type("M-2")
    playing.see("M:o2")
    playing.type("C-a")
    playing.wait(lambda: "bd*5" in playing.text(), "a number nudged")
    playing.see("o1 o2 (")
    playing.kill()
    playing.run("-m", "phonon", "attach")
    playing.see("recovered")
    playing.see("bd*5")
    playing.see("M:o2")
    playing.wait(lambda: playing.text().startswith("●"), "o1 still sounding")
    playing.type("M-.")
    playing.see("HUSH")
    playing.type("C-q")
    playing.see("not saved")
    playing.type("s")
    playing.wait(lambda: playing.ended == "0", "a quiet end")
    assert "bd*5" in program.read_text()
