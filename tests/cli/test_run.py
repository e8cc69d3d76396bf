"""The command line as a whole: help, usage, exit codes, and never a traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from phonon import __version__
from phonon.cli import check
from phonon.cli.run import COMMANDS, Terminated, run
from phonon.errors import PhononError

resource = pytest.importorskip("resource", reason="times of processes as POSIX has them")


def phonon(*arguments, **options):
    return subprocess.run(
        [sys.executable, "-m", "phonon", *arguments], capture_output=True, text=True, check=False,
        **options,
    )  # fmt: skip


def test_help_names_every_command():
    done = phonon("--help")
    assert done.returncode == 0
    for name in COMMANDS:
        assert name in done.stdout


def test_help_is_fast():
    """0.2 s is the promise; the time of the process itself, for the machine may be busy."""
    times = []
    for _ in range(7):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        phonon("--help")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    assert 0 < min(times) < 0.2


def test_help_loads_nothing_heavy():
    loaded = phonon("--help", env={**os.environ, "PYTHONPROFILEIMPORTTIME": "1"}).stderr
    assert "phonon.cli.render" in loaded
    for heavy in ("numpy", "numba", "llvmlite", "lark", "prompt_toolkit", "soundfile", "msgspec"):
        assert f" {heavy}\n" not in loaded


def test_the_version_is_that_of_the_package():
    assert phonon("--version").stdout == f"phonon {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["rendr", "a.ph", "a.wav"], "did you mean render?"),
        (["play", "a.ph", "--backend", "nul"], "there is no --backend nul; did you mean null?"),
        (["render", "a.ph"], "required: OUT"),
        (["render", "a.ph", "a.wav", "--cycels", "4"], "did you mean --cycles?"),
        (["render", "a.ph", "a.wav", "--cycles", "none"], "expected a number of cycles, not none"),
        (["render", "a.ph", "a.wav", "--cycles", "0"], "more than 0 cycles"),
        (["render", "a.ph", "a.wav", "--cycles", "1e9999999999"], "expected a number of cycles"),
        (["render", "a.ph", "a.wav", "--cycles", "200000"], "100000 are the most"),
        (["render", "a.ph", "a.wav", "--cycles", "1/0"], "expected a number of cycles"),
        (["render", "a.ph", "a.wav", "--cycles", "4", "--seconds", "2"], "not allowed with"),
        (["render", "a.ph", "a.wav", "--seconds", "86400.5"], "0 to 86400 seconds, not 86400.5"),
        (["render", "a.ph", "a.wav", "--seconds", "0"], "0 to 86400 seconds, not 0"),
        (["render", "a.ph", "a.wav", "--tail", "86401"], "0 to 86400 seconds, not 86401"),
        (["play", "a.ph", "--seconds", "86401"], "0 to 86400 seconds, not 86401"),
        (["render", "a.ph", "a.wav", "--bits", "12"], "invalid choice: '12'"),
        (["render", "a.ph", "a.wav", "--rate", "44100.5"], "a whole rate from 8000"),
        (["render", "a.ph", "a.wav", "--seed", "-1"], "a whole number from 0"),
        (["events"], "one of the arguments"),
        (["events", "a.ph", "--expr", "bd"], "not allowed with"),
        (["check"], "required: FILE"),
    ],
)
def test_a_wrong_command_line_is_exit_2_with_a_reason(arguments, said, capsys):
    assert run(arguments) == 2
    shown = capsys.readouterr().err
    assert said in shown
    assert "usage: phonon" in shown


def test_a_length_of_a_whole_day_is_allowed(tmp_path, capsys):
    missing = str(tmp_path / "missing.ph")
    assert run(["render", missing, "a.wav", "--seconds", "86400"]) == 1
    assert "missing.ph" in capsys.readouterr().err


def test_without_a_command_the_help_is_shown(capsys):
    assert run([]) == 2
    assert "render a program" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (PhononError("there is no such thing"), 1, "phonon: error: there is no such thing\n"),
        (KeyboardInterrupt(), 130, "phonon: interrupted\n"),
        (Terminated(15), 143, "phonon: ended by SIGTERM\n"),
        (MemoryError(), 1, "phonon: out of memory\n"),
        (BrokenPipeError(), 141, ""),
        (PermissionError(13, "Permission denied", "x"), 1, "phonon: x: permission denied\n"),
        (RecursionError("too deep"), 1, "RecursionError: too deep (PHONON_DEBUG=1 shows where)\n"),
        (ZeroDivisionError("a\nb"), 1, "ZeroDivisionError: a (PHONON_DEBUG=1 shows where)\n"),
    ],
)
def test_every_failure_is_one_line_and_an_exit_code(error, code, said, monkeypatch, capfd):
    def fail(options):
        raise error

    monkeypatch.delenv("PHONON_DEBUG", raising=False)
    monkeypatch.setattr(check, "run", fail)
    monkeypatch.setattr("phonon.cli.run._quiet", lambda: 141)
    assert run(["check", "a.ph"]) == code
    shown = capfd.readouterr().err
    assert shown.endswith(said)
    assert shown.count("\n") <= 1


def test_debugging_shows_the_traceback(monkeypatch):
    monkeypatch.setenv("PHONON_DEBUG", "1")
    monkeypatch.setattr(check, "run", lambda options: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        run(["check", "a.ph"])


def test_a_closed_pipe_is_no_error(popen):
    process = popen(
        [sys.executable, "-m", "phonon", "units"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait() == 141


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is always full here")
def test_a_full_disk_behind_standard_output_is_named():
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "phonon", "units"], stdout=full, stderr=subprocess.PIPE,
            text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr == "phonon: the disk is full\n"


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no such timer")
def test_a_signal_while_a_module_is_compiled_is_not_lost():
    def terminate(number, _frame):
        raise Terminated(number)

    source = "x = a.b(c)\n" * 60_000 + "y = 10 ** 20\n"  # folded with a look at signals
    before = signal.signal(signal.SIGALRM, terminate)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.01)
        with pytest.raises(Terminated):
            compile(source, "<source>", "exec")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
