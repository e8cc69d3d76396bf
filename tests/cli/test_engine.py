"""`phonon engine`: the engine in a process of its own."""

from __future__ import annotations

import sys

import pytest

from phonon.cli.run import run

NULL = ("--backend", "null")

pytestmark = pytest.mark.usefixtures("no_samples")


def test_the_engine_runs_in_its_own_process_until_it_is_stopped(tmp_path, capsys, popen, until):
    folder = str(tmp_path / "e")
    command = [sys.executable, "-c", "from phonon.cli import main; main()", "engine"]
    engine = popen([*command, "--folder", folder, *NULL])
    until(lambda: run(["engine", "--folder", folder, "--status"]) == 0)
    assert "a clock without sound" in capsys.readouterr().out
    assert run(["engine", "--folder", folder, "--stop"]) == 0
    assert engine.wait(60) == 0
