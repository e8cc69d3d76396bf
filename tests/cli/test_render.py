"""`phonon render` from the outside: files, figures, refusals and interruptions."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from fractions import Fraction

import numpy as np
import pytest
import soundfile

from phonon.cli.render import explicit
from phonon.cli.run import run

BEAT = 'cps: 2\no1: s "bd*2"\no2: saw 110 * 0.1\n'


@pytest.fixture
def beat(tmp_path, monkeypatch):
    """A folder with a program, which is where we are."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PHONON_SAMPLES", raising=False)
    (tmp_path / "beat.ph").write_text(BEAT)
    return tmp_path


def files(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_render_writes_one_file_of_the_exact_length(beat, capsys):
    assert run(["render", "beat.ph", "a.wav", "--cycles", "3"]) == 0
    info = soundfile.info("a.wav")
    assert (info.frames, info.samplerate, info.channels) == (72_000, 48_000, 2)
    assert info.subtype == "PCM_24"
    assert files(beat) == ["a.wav", "beat.ph"]
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "a.wav: 1.500 s, peak" in shown.err


def test_two_runs_give_the_same_file(beat):
    for name in ("a.wav", "b.wav"):
        assert run(["render", "beat.ph", name, "--cycles", "2", "--bits", "16"]) == 0
    assert (beat / "a.wav").read_bytes() == (beat / "b.wav").read_bytes()


def test_the_options_reach_the_file(beat):
    line = "render beat.ph a.wav --seconds 0.5 --from 1 --rate 44100 --bits 32f --tail 1/4"
    assert run(line.split()) == 0
    info = soundfile.info("a.wav")
    assert (info.frames, info.samplerate, info.subtype) == (33_075, 44_100, "FLOAT")


def test_stems_sum_to_the_mix(beat):
    line = "render beat.ph a.wav --cycles 2 --bits 32f --stems"
    assert run(line.split()) == 0
    mix, one, two = (
        soundfile.read(f"a{name}.wav", dtype="float32")[0] for name in ("", ".o1", ".o2")
    )
    assert np.abs(one).max() > 0.05
    assert np.abs(two).max() > 0.05
    assert np.max(np.abs(one + two - mix)) < 1e-5


def test_the_figures_are_json(beat, capsys):
    assert run(["render", "beat.ph", "a.wav", "--cycles", "2", "--stats"]) == 0
    figures = json.loads(capsys.readouterr().out)
    for name in ("peak", "rms", "lufs", "true_peak", "voices", "stolen", "real_time_factor"):
        assert isinstance(figures[name], (int, float)), name
    assert figures["frames"] == 48_000
    assert figures["voices"] >= 1
    assert run(["render", "beat.ph", "a.wav", "--cycles", "2", "--stats", "b.json"]) == 0
    assert json.loads((beat / "b.json").read_text())["peak"] == figures["peak"]


def test_voices_beyond_the_limit_are_stolen(beat, capsys):
    (beat / "many.ph").write_text('out: s "[bd,sn,hh,cp]"')
    line = ["render", "many.ph", "a.wav", "--cycles", "1", "--stats", "-"]
    assert run([*line, "--voices", "3"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert (figures["voices"], figures["stolen"]) == (3, 1)
    assert run([*line, "--voices", "0"]) == 2


def test_the_level_of_silence_is_null(beat, capsys):
    (beat / "beat.ph").write_text("out: sine 440 * 0\n")
    assert run(["render", "beat.ph", "a.wav", "--cycles", "1", "--stats", "-"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert (figures["peak"], figures["lufs"], figures["peak_db"]) == (0, None, None)


def test_a_program_may_come_from_standard_input(beat, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(BEAT.encode())))
    assert run(["render", "-", "a.wav", "--cycles", "1"]) == 0
    assert soundfile.info("a.wav").frames == 24_000


def test_sample_folders_are_heard(beat):
    (beat / "banks" / "tick").mkdir(parents=True)
    tick = np.zeros(4_410)
    tick[:100] = 0.5
    soundfile.write(beat / "banks" / "tick" / "0.wav", tick, 44_100)
    (beat / "beat.ph").write_text('cps: 1\nout: s "~ tick"\n')
    assert run(["render", "beat.ph", "a.wav", "--cycles", "1", "--samples", "banks"]) == 0
    sound = soundfile.read("a.wav")[0]
    assert not sound[:23_900].any()
    assert np.abs(sound[24_000:24_200]).max() > 0.2


def test_an_unknown_sound_is_a_warning_once_and_the_rest_plays(beat, capsys):
    (beat / "beat.ph").write_text('o1: s "bdd*8"\no2: s "bd*2"\n')
    assert run(["render", "beat.ph", "a.wav", "--cycles", "2"]) == 0
    shown = capsys.readouterr().err
    assert shown.count("called bdd") == 1
    assert "warning" in shown
    assert "did you mean bd" in shown
    assert np.abs(soundfile.read("a.wav")[0]).max() > 0.05


def test_unreadable_samples_are_a_warning(beat, capsys):
    (beat / "banks" / "bad").mkdir(parents=True)
    (beat / "banks" / "bad" / "0.wav").write_text("no sound")
    (beat / "beat.ph").write_text('out: s "bad*4"\n')
    assert run(["render", "beat.ph", "a.wav", "--cycles", "1", "--samples", "banks"]) == 0
    assert capsys.readouterr().err.count("cannot read") == 1


@pytest.mark.parametrize(
    ("program", "line", "said"),
    [
        ("out: saww 55\n", "beat.ph a.wav", "beat.ph:1:6: error:"),
        ('out: s "bd*1000000000"\n', "beat.ph a.wav", "beat.ph:1:"),
        (BEAT, "none.ph a.wav", "cannot read none.ph: no such file"),
        (BEAT, "beat.ph no/a.wav", "cannot write no/a.wav: no such file or directory"),
        (BEAT, "beat.ph .", "it is not a file"),
        (BEAT, "beat.ph beat.ph", "the output is a WAV file"),
        (BEAT, "beat.ph a.flac", "the output is a WAV file"),
        (BEAT, "beat.ph ./beat", "it is the program"),
        (BEAT, "beat.ph a.wav --samples none", "there is no sample folder none"),
        (BEAT, "beat.ph a.wav --seconds 80000", "more than the 4 GiB"),
    ],
)
def test_a_failed_render_exits_1_with_a_reason_and_no_file(beat, capsys, program, line, said):
    (beat / "beat.ph").write_text(program)
    (beat / "beat").symlink_to("beat.ph")
    assert run(["render", *line.split()]) == 1
    assert said in capsys.readouterr().err
    assert files(beat) == ["beat", "beat.ph"]
    assert (beat / "beat.ph").read_text() == program


def test_tail_and_stats_may_stand_without_a_value():
    assert explicit(["render", "a", "b", "--tail"])[-1] == "--tail=auto"
    assert explicit(["render", "--tail", "a.ph", "b.wav"])[1:] == ["--tail=auto", "a.ph", "b.wav"]
    assert explicit(["render", "a", "b", "--tail", "2.5"])[-2:] == ["--tail", "2.5"]
    assert explicit(["render", "a", "b", "--stats"])[-1] == "--stats=-"
    assert explicit(["render", "a", "b", "--stats", "s.json"])[-2:] == ["--stats", "s.json"]
    assert explicit(["render", "--stats", "a", "b"])[1:] == ["--stats=-", "a", "b"]
    assert explicit(["play", "--stats", "x/a.ph", "--rate"])[1:] == [
        "--stats=-",
        "x/a.ph",
        "--rate",
    ]
    for place in ("-", "x/s.txt", "/dev/stderr"):
        assert explicit(["play", "a.ph", "--stats", place])[-2:] == ["--stats", place]


# It says when it has come to where signals are dealt with.
READY = """
from phonon.cli import run
carry_out = run._run
def ready(arguments):
    print("ready", flush=True)
    return carry_out(arguments)
run._run = ready
run.main()
"""


@pytest.fixture
def start(beat, popen):
    """Renders for a long time in a process, and returns when that deals with signals."""

    def render(**variables):
        line = ["render", "beat.ph", "a.wav", "--seconds", "10000", "--bits", "16"]
        process = popen(
            [sys.executable, "-c", READY, *line], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, start_new_session=True, env={**os.environ, **variables},
        )  # fmt: skip
        assert process.stdout.readline() == "ready\n"
        return process

    return render


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("after", [0.0, 0.1, 0.3, 0.8, 2.0])
def test_an_interruption_at_any_time_leaves_no_file(beat, start, tmp_path_factory, number, after):
    """Reading, compiling (the cache is empty) or rendering; Ctrl-C reaches a group of processes."""
    cache = str(tmp_path_factory.mktemp("cache"))
    process = start(PHONON_CACHE=cache)
    time.sleep(after)
    os.killpg(process.pid, number)
    said = process.communicate(timeout=120)[1]
    name = "interrupted" if number == signal.SIGINT else "ended by SIGTERM"
    assert said.splitlines()[-1] == f"phonon: {name}"
    assert "Traceback" not in said
    assert process.returncode == 128 + number
    assert files(beat) == ["beat.ph"]


@pytest.mark.slow
def test_a_second_ctrl_c_does_not_disturb_the_clean_up(beat, start, until):
    process = start()
    until(lambda: len(files(beat)) > 1, "a file")
    begun = time.monotonic()
    while time.monotonic() < begun + 0.1:
        os.killpg(process.pid, signal.SIGINT)
        time.sleep(0.01)
    assert "Traceback" not in process.communicate(timeout=120)[1]
    assert files(beat) == ["beat.ph"]


@pytest.mark.slow
def test_a_full_disk_is_named_and_leaves_nothing(beat, tiny_disk):
    line = ["render", "beat.ph", str(tiny_disk / "a.wav"), "--seconds", str(Fraction(10))]
    done = subprocess.run(
        [sys.executable, "-m", "phonon", *line], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "a.wav: no space left on device" in done.stderr
    assert "Traceback" not in done.stderr
    assert files(tiny_disk) == []
