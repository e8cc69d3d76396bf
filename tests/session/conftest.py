"""Sessions whose player remembers what it was asked for, and engines in processes of their own."""

from __future__ import annotations

import pytest

from phonon.engine.player import Player
from phonon.session import local, remote

WATCHED = ("hush", "unhush", "panic", "mute", "solo", "tempo", "nudge", "master")


class Spy(Player):
    """The real player; every call of a performer is kept in `calls`, every score in `scores`."""

    def __init__(self, **options):
        super().__init__(**options)
        self.calls = []
        self.scores = []
        self.sounds = None

    def swap(self, score, when="now", *, unhush=True):
        self.calls.append(("swap", when))
        self.scores.append(score)
        return super().swap(score, when, unhush=unhush)

    def sounding(self, frame):
        return super().sounding(frame) if self.sounds is None else self.sounds


def _watched(name):
    def method(self, *arguments):
        self.calls.append((name, *arguments))
        return getattr(Player, name)(self, *arguments)

    return method


for _name in WATCHED:
    setattr(Spy, _name, _watched(_name))


@pytest.fixture(autouse=True)
def no_samples(monkeypatch, tmp_path):
    monkeypatch.setattr("phonon.audio.sample_folders.config_file", lambda: tmp_path / "config.toml")
    monkeypatch.delenv("PHONON_SAMPLES", raising=False)


@pytest.fixture
def session(monkeypatch):
    monkeypatch.setattr("phonon.engine.player.Player", Spy)
    made = local.LocalSession(backend="null", speed=None)
    yield made
    made.close()


@pytest.fixture
def start(monkeypatch, tmp_path):
    """Starts the engine's process, on a clock without sound."""
    monkeypatch.setattr(remote, "WATCH", 0.02)
    sessions = []

    def started():
        made = remote.start_engine(str(tmp_path / "e"), backend="null")
        sessions.append(made)
        return made

    yield started
    for made in sessions:
        made.shut_down()


@pytest.fixture
def wait(until):
    return until
