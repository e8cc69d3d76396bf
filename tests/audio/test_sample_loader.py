"""Samples read behind the music."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from phonon.audio.sample_loader import UNREAD, SampleLoader
from phonon.audio.samples import SampleLibrary
from phonon.audio.wav import WavWriter


@pytest.fixture
def told():
    return []


@pytest.fixture
def library(tmp_path):
    for bank in ("bd", "sn"):
        (tmp_path / bank).mkdir()
        for number in range(2):
            with WavWriter(tmp_path / bank / f"{number}.wav", 48_000) as file:
                file.write(np.full((100 + number, 2), 0.25, np.float32))
    (tmp_path / "sn" / "1.wav").write_bytes(b"no sound")
    return SampleLibrary([tmp_path], 48_000)


@pytest.fixture
def samples(library, told):
    return SampleLoader(library, lambda *what: told.append(what))


def test_a_sound_is_silent_until_it_is_loaded(samples, told):
    assert samples.find("bd", 0) is UNREAD
    samples.wait(60.0)
    assert samples.find("bd", 0).frames == 100
    assert told == [("bd is being read, and silent until then", "note")]


def test_a_hanging_disk_does_not_block_find(samples, library, monkeypatch):
    hanging, find = threading.Event(), SampleLibrary.find

    def slow(self, bank, n):
        hanging.wait(30.0)
        return find(self, bank, n)

    monkeypatch.setattr(SampleLibrary, "find", slow)
    for _ in range(100):
        assert samples.find("bd", 0) is UNREAD
        assert samples.find("bd", 1) is UNREAD
    assert not hanging.is_set()
    assert samples.pending == 2
    hanging.set()
    samples.wait(60.0)
    assert samples.find("bd", 1).frames == 101


def test_the_loading_thread_ends_when_idle_and_starts_again(samples, monkeypatch, until):
    monkeypatch.setattr("phonon.audio.sample_loader.IDLE", 0.01)
    for number in range(2):
        samples.find("bd", number)
        thread = samples._thread
        samples.wait(60.0)
        until(lambda thread=thread: thread is None or not thread.is_alive())
        assert samples.find("bd", number).frames == 100 + number


def test_with_wait_for_samples_find_returns_the_sound(samples, told):
    samples.wait_for_samples = True
    assert samples.find("bd", 0).frames == 100
    assert told == []


def test_sound_numbers_wrap_around(samples):
    samples.wait_for_samples = True
    assert samples.find("bd", 2) is samples.find("bd", 0)


def test_an_unknown_bank_is_none_at_once(samples):
    assert samples.find("nothing", 0) is None


def test_an_unreadable_sample_is_reported_and_replaced_by_a_built_in(samples, told):
    samples.find("sn", 1)
    samples.wait(60.0)
    assert samples.find("sn", 1) is None
    assert any(severity == "warning" and "1.wav" in text for text, severity in told)
