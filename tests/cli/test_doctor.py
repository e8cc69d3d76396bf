"""`phonon doctor`: the packages, folders and devices of this machine."""

from __future__ import annotations

import re
from importlib.metadata import requires

import pytest

from phonon.cli import doctor
from phonon.cli.run import run

pytestmark = pytest.mark.usefixtures("elsewhere")


def test_the_doctor_finds_every_package_and_no_problem(capsys):
    assert run(["doctor"]) == 0
    shown = capsys.readouterr().out
    for name in (*doctor.PACKAGES, "python", "cache", "samples", "device", "priority"):
        assert name in shown


def test_the_doctor_looks_for_every_package_that_phonon_requires():
    lines = [line for line in requires("phonon") if "extra" not in line]
    required = {re.split(r"[<>=!; ]", line)[0].replace("-", "_") for line in lines}
    assert required <= set(doctor.PACKAGES)


def test_a_missing_package_is_a_problem(monkeypatch, capsys):
    monkeypatch.setattr(doctor, "PACKAGES", ("numpy", "no-such-package"))
    assert run(["doctor"]) == 1
    assert "! no-such-package" in capsys.readouterr().out


def test_sample_folders_are_counted(elsewhere, monkeypatch, capsys):
    for bank in ("bd", "sn"):
        (elsewhere / "banks" / bank).mkdir(parents=True)
        (elsewhere / "banks" / bank / "0.wav").touch()
    monkeypatch.setenv("PHONON_SAMPLES", str(elsewhere / "banks"))
    assert run(["doctor"]) == 0
    assert "(2 banks, 2 sounds)" in capsys.readouterr().out


def test_a_broken_configuration_is_a_problem(elsewhere, capsys):
    (elsewhere / "config.toml").write_text("samples = 3")
    assert run(["doctor"]) == 1
    assert "must be a list of folders" in capsys.readouterr().out


def test_a_cache_that_cannot_be_written_is_a_note(elsewhere, monkeypatch, capsys):
    (elsewhere / "file").touch()
    monkeypatch.setenv("PHONON_CACHE", str(elsewhere / "file" / "cache"))
    assert run(["doctor"]) == 0
    assert "cannot be written" in capsys.readouterr().out


def test_a_cache_that_is_still_to_be_made_is_fine(elsewhere, monkeypatch, capsys):
    monkeypatch.setenv("PHONON_CACHE", str(elsewhere / "new" / "cache"))
    assert run(["doctor"]) == 0
    shown = capsys.readouterr().out
    assert str(elsewhere / "new" / "cache") in shown
    assert "cannot be written" not in shown
