"""`phonon soak`: hours of music in minutes, checked."""

from __future__ import annotations

import json
import random

import pytest

from phonon.cli.run import run
from phonon.cli.soak import slope
from phonon.session.local import LocalSession

pytestmark = pytest.mark.usefixtures("no_samples")


def test_a_soak_plays_hours_in_minutes_and_counts(program, capsys):
    assert run(["soak", str(program), "--hours", "0.02", "--swap-every", "15"]) in {0, 1}
    result = json.loads(capsys.readouterr().out)
    assert result["frames"] == 72 * 48_000
    assert result["cycle"] == pytest.approx(36, abs=0.01)
    assert result["evaluations"] == 4
    assert result["swaps"] == 5
    assert (result["failed"], result["late"], result["faults"]) == (0, 0, 0)
    # the last of the hats, eight to a cycle of two seconds
    assert result["last_onset"] == result["last_onset_due"] == 72 * 48_000 - 12_000
    assert (result["onsets_checked"], result["onsets_wrong"]) == (24, 0)
    assert result["memory_mb"] <= result["memory_mb_most"]
    assert result["wall_seconds"] > 0


def test_an_interrupted_soak_prints_its_results_so_far(program, capsys, monkeypatch):
    progress = iter(range(40))  # seconds

    def advance(session, frames):
        if next(progress, None) is None:
            raise KeyboardInterrupt
        return advance_on(session, frames)

    advance_on = LocalSession.advance
    monkeypatch.setattr(LocalSession, "advance", advance)
    line = ["soak", str(program), "--hours", "2", "--swap-every", "1", "--block", "2048"]
    assert run(line) in {0, 1}
    result = json.loads(capsys.readouterr().out)
    assert result["hours"] == pytest.approx(40 / 3600, abs=1e-3)
    assert (result["evaluations"], result["late"], result["onsets_wrong"]) == (40, 0, 0)


def test_a_soak_of_a_broken_program_is_refused(program, capsys):
    program.write_text("out: saww 55")
    assert run(["soak", str(program), "--hours", "0.01"]) == 1
    assert "saw" in capsys.readouterr().err


def test_growth_is_the_slope_of_the_nearest_line():
    growth, error = slope([(3_600.0 * hour, 100 + 2.5 * hour) for hour in range(10)])
    assert growth == pytest.approx(2.5)
    assert error == pytest.approx(0, abs=1e-6)
    noise = random.Random(1)
    growth, error = slope([(3_600.0 * hour, 5 + noise.gauss(0, 1)) for hour in range(100)])
    assert abs(growth) < 4 * error
    assert error == pytest.approx(12**0.5 / 1000, rel=0.3)  # of a line through a hundred points
    assert slope([(hour, 7.0) for hour in range(10)]) == (0, 0)
    assert slope([]) == (0, 0)
