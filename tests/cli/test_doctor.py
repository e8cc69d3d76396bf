"""`phonon doctor` and `phonon units`: what is on this machine, and what is in the language."""

from __future__ import annotations

import re
from importlib.metadata import requires

import pytest

from phonon.cli import doctor
from phonon.cli.run import run
from phonon.lang import lookup


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.setattr("phonon.audio.sample_folders.config_file", lambda: tmp_path / "config.toml")
    monkeypatch.setenv("PHONON_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("PHONON_SAMPLES", raising=False)
    return tmp_path


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


def test_all_words_are_listed_by_family(capsys):
    assert run(["units"]) == 0
    shown = capsys.readouterr().out
    for entry in lookup.entries():
        assert f"\n  {entry.name} " in shown


def test_one_word_has_its_arguments_ranges_and_an_example(capsys):
    assert run(["units", "lp"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("… # lpf [cutoff] [q]  (unit)\nalso lp")
    assert "  cutoff: 20 to 20000 Hz, 1000 if not given\n" in shown
    assert "\n  saw 110 # lpf 800 2\n" in shown
    assert run(["units", "rev"]) == 0
    assert "(transform)" in capsys.readouterr().out


def test_an_unknown_word_offers_the_nearest(capsys):
    assert run(["units", "revreb"]) == 1
    assert "reverb" in capsys.readouterr().err


def test_the_page_holds_every_word(capsys):
    assert run(["units", "--markdown"]) == 0
    page = capsys.readouterr().out
    for entry in lookup.entries():
        assert f"**`{entry.usage}`**" in page
