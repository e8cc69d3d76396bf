"""`phonon devices`: the list of sound devices."""

from __future__ import annotations

import pytest

from phonon.cli.run import run

pytestmark = pytest.mark.usefixtures("no_samples")


def test_devices_lists_the_devices_or_says_why_there_are_none(capsys, monkeypatch):
    monkeypatch.setattr("phonon.audio.portaudio.list_devices", list)
    assert run(["devices"]) == 1
    assert "--backend null" in capsys.readouterr().out
