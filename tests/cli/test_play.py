"""`phonon play`, `devices`, `soak` and `engine`, on a clock without sound."""

from __future__ import annotations

import json
import os
import random
import sys
import threading
import time

import numpy as np
import pytest
import soundfile

import phonon
from phonon.cli.run import run
from phonon.cli.soak import slope
from phonon.session.local import LocalSession

PROGRAM = 'cps: 0.5\no1: s "bd*4"\no2: s "hh*8" # pan sine\n'
NULL = ("--backend", "null")


@pytest.fixture(autouse=True)
def no_samples(monkeypatch, tmp_path):
    monkeypatch.setattr("phonon.audio.sample_folders.config_file", lambda: tmp_path / "config.toml")
    monkeypatch.delenv("PHONON_SAMPLES", raising=False)


@pytest.fixture
def program(tmp_path):
    path = tmp_path / "set.ph"
    path.write_text(PROGRAM)
    return path


def stats(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_a_program_plays_and_its_figures_are_written(program, tmp_path, capsys):
    place = tmp_path / "out.jsonl"
    assert run(["play", str(program), "--seconds", "2.5", "--stats", str(place), *NULL]) == 0
    *seconds, whole = stats(place)
    assert len(seconds) >= 2
    assert [line["whole"] for line in (*seconds, whole)] == [False] * len(seconds) + [True]
    for line in (*seconds, whole):
        names = ("underruns", "load_avg", "load_peak", "late", "voices", "ring_min_ms")
        assert set(names) <= set(line)
        assert line["latency_ms"] > 0
    assert whole["seconds"] > 2.5
    assert whole["cycle"] > 0
    assert whole["voices"] > 0
    assert 0 < whole["load_avg"] <= whole["load_peak"]
    assert "without sound" in capsys.readouterr().err


def test_a_bare_stats_goes_to_standard_output(program, capsys):
    assert run(["play", str(program), "--seconds", "0.2", *NULL, "--stats"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["whole"]


def test_a_full_disk_for_stats_does_not_end_the_music(program, tmp_path, capsys):
    if not os.path.exists("/dev/full"):
        pytest.skip("there is no /dev/full here")
    take = tmp_path / "take.wav"
    line = ["play", str(program), "--seconds", "1.5", "--stats", "/dev/full", *NULL]
    assert run([*line, "--record", str(take)]) == 0
    said = capsys.readouterr().err
    assert said.count("/dev/full: No space left on device: no more figures") == 1
    assert "recorded" in said
    assert len(soundfile.read(take)[0]) > 24_000


def test_a_recording_equals_the_render(program, tmp_path):
    take, place = tmp_path / "take.wav", tmp_path / "out.jsonl"
    line = ["play", str(program), "--seconds", "1", "--stats", str(place), *NULL]
    for _ in range(20):
        assert run([*line, "--record", str(take)]) == 0
        if not stats(place)[-1]["late"]:  # else this machine was too busy to look ahead
            break
    sound, rate = soundfile.read(take, dtype="float32")
    assert rate == 48_000
    assert len(sound) > 24_000
    rendered = phonon.render(PROGRAM, seconds=0.5)
    assert np.array_equal(sound[:24_000], rendered)


@pytest.fixture
def over(monkeypatch):
    """Once it is set, `play` finds that its time is over."""
    event = threading.Event()

    class Clock:
        sleep = staticmethod(time.sleep)

        @staticmethod
        def monotonic():
            return time.monotonic() + 1e6 * event.is_set()

    monkeypatch.setattr("phonon.cli.play.time", Clock)
    return event


@pytest.fixture
def sessions(monkeypatch):
    """The sessions that are made."""
    made = []

    class Kept(LocalSession):
        def __init__(self, **options):
            super().__init__(**options)
            made.append(self)

    monkeypatch.setattr("phonon.session.local.LocalSession", Kept)
    return made


def test_a_save_is_played_and_a_broken_one_leaves_the_rest(
    program, tmp_path, capsys, until, over, sessions
):
    def save():
        try:
            for number, text in enumerate(("bd*8", "bd*8 [")):
                until(lambda: sessions and sessions[0].meter().swaps > number)  # noqa: B023
                new.write_text(PROGRAM.replace("bd*4", text))
                new.replace(program)
            until(lambda: sessions[0].meter().swaps > 2)
        finally:
            over.set()

    new = tmp_path / "new.ph"
    saving = threading.Thread(target=save)
    saving.start()
    assert run(["play", str(program), "--seconds", "600", *NULL]) == 0
    saving.join()
    said = capsys.readouterr().err
    assert "phonon: playing cps o1 o2\n" in said
    assert f"{program}:2:" in said
    assert "bd*8" in sessions[0].status().definitions["o1"]


def test_a_save_during_the_start_is_not_missed(program, tmp_path, over, sessions, monkeypatch):
    """What is compiled at a first start takes its time."""
    outputs = LocalSession.outputs

    def save_now(session):
        if session.meter().swaps == 0:
            program.write_text(PROGRAM.replace("bd*4", "bd*16"))
        return outputs(session)

    def evaluated(session, text, **options):
        over.set() if "bd*16" in text else None
        return evaluate(session, text, **options)

    evaluate = LocalSession.evaluate
    monkeypatch.setattr(LocalSession, "outputs", save_now)
    monkeypatch.setattr(LocalSession, "evaluate", evaluated)
    assert run(["play", str(program), "--seconds", "600", *NULL]) == 0
    assert "bd*16" in sessions[0].status().definitions["o1"]


def test_a_program_that_plays_nothing_is_a_failure_where_nobody_watches(program, capsys):
    program.write_text("out: saww 55")
    assert run(["play", str(program), "--seconds", "1", *NULL]) == 1
    assert "did you mean saw" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_an_error(tmp_path, capsys):
    assert run(["play", str(tmp_path / "none.ph"), *NULL]) == 1
    assert "cannot read" in capsys.readouterr().err


def test_a_device_that_is_not_there_is_an_error(program, capsys, monkeypatch):
    monkeypatch.setattr("phonon.audio.portaudio.list_devices", list)
    assert run(["play", str(program), "--device", "nothing", "--seconds", "1"]) == 1
    assert "no sound device" in capsys.readouterr().err


def test_devices_lists_the_devices_or_says_why_there_are_none(capsys, monkeypatch):
    monkeypatch.setattr("phonon.audio.portaudio.list_devices", list)
    assert run(["devices"]) == 1
    assert "--backend null" in capsys.readouterr().out


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


def test_the_engine_runs_by_itself_until_it_is_told_to_end(tmp_path, capsys, popen, until):
    folder = str(tmp_path / "e")
    command = [sys.executable, "-c", "from phonon.cli import main; main()", "engine"]
    engine = popen([*command, "--folder", folder, *NULL])
    until(lambda: run(["engine", "--folder", folder, "--status"]) == 0)
    assert "a clock without sound" in capsys.readouterr().out
    assert run(["engine", "--folder", folder, "--stop"]) == 0
    assert engine.wait(60) == 0


def test_a_profile_adds_up_to_the_render_loop(program, capsys):
    apart = []
    while not apart or abs(apart[-1]) > 0.1:  # of the work of two renders, in turns
        assert len(apart) < 10, apart
        assert run(["profile", str(program), "--cycles", "16", "--top", "3"]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert lines[0].split() == ["unit", "ms", "share", "ns/frame"]
        unit, definition = (
            {line[:24].strip(): float(line[24:34]) for line in table.splitlines()[1:]}
            for table in "\n".join(lines).split("\n\n")[:2]
        )
        assert {"o1", "o2", "(engine)"} <= set(definition)
        assert len(unit) == 4  # the rest is one line
        found = {line[:24].strip(): float(line[24:34]) for line in lines[-2:]}
        for table in (unit, definition):
            assert sum(table.values()) == pytest.approx(found["sum"], abs=0.05)
        apart.append(found["sum"] / found["render loop"] - 1)
        assert f"(the sum: {apart[-1]:+.0%}"[:11] in lines[-1]
