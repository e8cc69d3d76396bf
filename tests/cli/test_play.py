"""`phonon play` on a clock without sound."""

from __future__ import annotations

import json
import os
import threading
import time

import numpy as np
import pytest
import soundfile

import phonon
from phonon.cli.run import run
from phonon.session.local import LocalSession

NULL = ("--backend", "null")

pytestmark = pytest.mark.usefixtures("no_samples")


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
    rendered = phonon.render(program.read_text(), seconds=0.5)
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
                new.write_text(source.replace("bd*4", text))
                new.replace(program)
            until(lambda: sessions[0].meter().swaps > 2)
        finally:
            over.set()

    source, new = program.read_text(), tmp_path / "new.ph"
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
            program.write_text(program.read_text().replace("bd*4", "bd*16"))
        return outputs(session)

    def evaluated(session, text, **options):
        over.set() if "bd*16" in text else None
        return evaluate(session, text, **options)

    evaluate = LocalSession.evaluate
    monkeypatch.setattr(LocalSession, "outputs", save_now)
    monkeypatch.setattr(LocalSession, "evaluate", evaluated)
    assert run(["play", str(program), "--seconds", "600", *NULL]) == 0
    assert "bd*16" in sessions[0].status().definitions["o1"]


def test_a_program_without_outputs_fails_when_a_length_is_given(program, capsys):
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
