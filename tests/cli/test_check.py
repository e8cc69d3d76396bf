"""`phonon check`: all errors of a program at once, and the files that are no programs."""

from __future__ import annotations

import io

import pytest

from phonon.cli.run import run


def test_a_good_program_has_no_problems(tmp_path, capsys):
    file = tmp_path / "a.ph"
    file.write_text('out: s "bd*4"\n')
    assert run(["check", str(file)]) == 0
    assert capsys.readouterr().out == f"{file}: no problems\n"


def test_every_error_is_shown_with_its_line_and_caret(tmp_path, capsys):
    file = tmp_path / "a.ph"
    file.write_text('cps: 0.5\no1: saww 55\no2: s "bd [sn"\n')
    assert run(["check", str(file)]) == 1
    shown = capsys.readouterr().err
    assert f"{file}:2:5: error:" in shown
    assert "  2 | o1: saww 55\n    |     ^~~~\n" in shown
    assert "did you mean saw" in shown
    assert f"{file}:3:" in shown


def test_a_program_may_come_from_standard_input(monkeypatch, capsys):
    stdin = io.TextIOWrapper(io.BytesIO(b"\xef\xbb\xbfout: saww 55\r\n"))
    monkeypatch.setattr("sys.stdin", stdin)
    assert run(["check", "-"]) == 1
    assert "<stdin>:1:6: error:" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"out: \xff\xfe", "is no UTF-8 text (line 1)"),
        (b"a" * ((4 << 20) + 1), "is larger than 4 MiB"),
        (None, "is a directory"),
    ],
)
def test_files_that_are_not_programs_are_refused_by_name(tmp_path, capsys, content, said):
    file = tmp_path / "a.ph"
    if content is None:
        file.mkdir()
    else:
        file.write_bytes(content)
    assert run(["check", str(file)]) == 1
    assert said in capsys.readouterr().err


def test_a_missing_file_offers_the_nearest(tmp_path, capsys):
    (tmp_path / "first.ph").write_text("")
    assert run(["check", str(tmp_path / "frist.ph")]) == 1
    assert "did you mean first.ph?" in capsys.readouterr().err
