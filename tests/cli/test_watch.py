"""Saves are noticed, whichever way an editor saves."""

from __future__ import annotations

import os

import pytest

from phonon.cli.watch import Watched


class Clock:
    """A time that passes when it is told to."""

    def __init__(self):
        self.now = 0.0

    def monotonic(self):
        return self.now


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr("phonon.cli.watch.time", clock)
    return clock


@pytest.fixture
def noticed(clock):
    def look(watched: Watched, seconds: float = 0.5) -> float | None:
        """How long it took until the save was noticed, with a look every 10 ms."""
        begun = clock.now
        while clock.now < begun + seconds:
            if watched.changed():
                return clock.now - begun
            clock.now += 0.01
        return None

    return look


@pytest.fixture
def program(tmp_path):
    path = tmp_path / "set.ph"
    path.write_text("out: saw 55")
    return path


def test_nothing_is_noticed_before_a_save(program, noticed):
    assert noticed(Watched(str(program)), 0.1) is None


def test_a_save_is_noticed_once_and_soon(program, noticed):
    watched = Watched(str(program))
    program.write_text("out: saw 110")
    taken = noticed(watched)
    assert taken is not None
    assert taken < 0.2
    assert noticed(watched, 0.1) is None


def test_touching_a_file_counts_as_a_save(program, noticed):
    watched = Watched(str(program))
    found = os.stat(program)
    os.utime(program, ns=(found.st_atime_ns, found.st_mtime_ns + 1))
    assert noticed(watched) is not None


def test_a_file_put_in_its_place_is_a_save(program, noticed):
    watched = Watched(str(program))
    new = program.with_suffix(".new")
    new.write_text("out: noise")
    os.replace(new, program)
    assert noticed(watched) is not None


def test_a_file_that_goes_and_comes_back_is_a_save(program, noticed):
    watched = Watched(str(program))
    program.unlink()
    assert noticed(watched, 0.1) is None
    program.write_text("out: noise")
    assert noticed(watched) is not None


def test_an_unfinished_save_is_not_noticed_yet(program, noticed, clock):
    watched = Watched(str(program))
    for step in range(5):
        program.write_text("out: saw 1" + "0" * step)
        assert not watched.changed()
        clock.now += 0.01
    assert noticed(watched) is not None


def test_a_file_emptied_before_the_save_is_not_noticed_yet(program, noticed):
    """Truncated, written up to the middle of a line, and then whole."""
    watched = Watched(str(program))
    program.write_text("")
    assert noticed(watched) is None
    program.write_text("out: noise\nout2: sa")
    assert noticed(watched, 0.1) is None
    program.write_text("out: noise\nout2: saw 55\n")
    taken = noticed(watched)
    assert taken is not None
    assert taken < 0.1
    assert noticed(watched, 2.0) is None


def test_a_file_that_stays_empty_counts_as_saved(program, noticed):
    watched = Watched(str(program))
    program.write_text("")
    assert noticed(watched, 2.0) is not None


def test_a_change_undone_at_once_is_not_noticed(program, noticed):
    watched = Watched(str(program))
    found = os.stat(program)
    os.utime(program, ns=(found.st_atime_ns, found.st_mtime_ns + 1))
    assert not watched.changed()
    os.utime(program, ns=(found.st_atime_ns, found.st_mtime_ns))
    assert noticed(watched) is None


def test_a_missing_file_is_reported_once(program, clock, noticed):
    watched = Watched(str(program))
    for _ in range(2):
        assert not watched.gone()
        text = program.read_text()
        program.unlink()
        for _ in range(5):
            assert not watched.changed()
            assert not watched.gone()
            clock.now += 0.1
        clock.now += 1.0
        assert watched.gone()
        assert not watched.gone()
        program.write_text(text)
        assert noticed(watched) is not None
