"""Sessions with a player that only remembers."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import fake

from phonon.session import local, remote


@pytest.fixture
def session(monkeypatch, tmp_path):
    monkeypatch.setattr("phonon.audio.folders.config_file", lambda: tmp_path / "config.toml")
    monkeypatch.delenv("PHONON_SAMPLES", raising=False)
    monkeypatch.setattr(local, "make_player", fake.make_player)
    made = local.LocalSession(backend="null", speed=None)
    yield made
    made.close()


@pytest.fixture
def start(monkeypatch, tmp_path):
    """Starts the engine's process with such a player."""
    code = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r}); import fake; fake.main()"
    )
    monkeypatch.setattr(remote, "_START", code)
    monkeypatch.setattr(remote, "WATCH", 0.02)
    sessions = []

    def started():
        made = remote.start_engine(str(tmp_path / "e"))
        sessions.append(made)
        return made

    yield started
    for made in sessions:
        made.shut_down()


@pytest.fixture
def wait():
    def until(condition, seconds: float = 15.0) -> None:
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, "it never came true"
            time.sleep(0.01)

    return until
