"""A program to play, and a machine without samples and configuration."""

import pytest

PROGRAM = 'cps: 0.5\no1: s "bd*4"\no2: s "hh*8" # pan sine\n'


@pytest.fixture
def no_samples(monkeypatch, tmp_path):
    monkeypatch.setattr("phonon.audio.sample_folders.config_file", lambda: tmp_path / "config.toml")
    monkeypatch.delenv("PHONON_SAMPLES", raising=False)


@pytest.fixture
def elsewhere(no_samples, tmp_path, monkeypatch):
    """The folder of the configuration and the cache."""
    monkeypatch.setenv("PHONON_CACHE", str(tmp_path / "cache"))
    return tmp_path


@pytest.fixture
def program(tmp_path):
    path = tmp_path / "set.ph"
    path.write_text(PROGRAM)
    return path
