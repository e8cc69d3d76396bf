"""Sample banks: order, numbers, formats, limits, and what is never read."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
import soundfile

from phonon.audio import samples
from phonon.audio.sample_folders import sample_folders
from phonon.audio.samples import SampleLibrary, decode
from phonon.errors import PhononError

ODD = Path(__file__).parents[2].parent / "shared" / "samples" / "odd"


def write(path: Path, rate=48_000, channels=1, frames=480, level=0.5, **options) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    sound = np.full((frames, channels), level) * (1 + np.arange(channels))
    soundfile.write(path, sound, rate, **options)
    return path


def level(sound) -> float:
    return float(sound.channels[0][240])


@pytest.fixture
def folder(tmp_path):
    write(tmp_path / "bd" / "b.wav", level=0.2)
    write(tmp_path / "bd" / "a.WAV", level=0.1)
    write(tmp_path / "bd" / "c.flac", level=0.3)
    (tmp_path / "bd" / "notes.txt").write_text("kick drums")
    (tmp_path / "bd" / "._a.wav").write_bytes(b"resource fork")
    write(tmp_path / "sn" / "0.wav", channels=2, level=0.25)
    (tmp_path / "empty").mkdir()
    return tmp_path


def test_a_bank_is_a_folder_and_its_files_count_in_order_of_name(folder):
    library = SampleLibrary([folder], 48_000)
    assert library.banks() == ["bd", "empty", "sn"]
    assert [path.name for path in library.files("bd")] == ["a.WAV", "b.wav", "c.flac"]
    assert [round(level(library.find("bd", n)), 2) for n in range(3)] == [0.1, 0.2, 0.3]
    assert not library.problems


def test_sound_numbers_wrap_around(folder):
    library = SampleLibrary([folder], 48_000)
    assert library.find("bd", 3) is library.find("bd", 0)
    assert library.find("bd", -1) is library.find("bd", 2)
    assert library.find("bd", 10**30) is not None


def test_a_sound_is_decoded_once_and_planar(folder):
    library = SampleLibrary([folder], 48_000)
    sound = library.find("sn", 0)
    assert library.find("sn", 0) is sound
    assert [round(float(channel[9]), 2) for channel in sound.channels] == [0.25, 0.5]
    for channel in sound.channels:
        assert channel.dtype == np.float32
        assert channel.flags.c_contiguous


def test_unknown_and_empty_banks_are_none(folder):
    library = SampleLibrary([folder], 48_000)
    assert library.find("nope", 0) is None
    assert library.find("../bd", 0) is None
    assert not library.problems
    assert library.find("empty", 0) is None
    assert library.problems == ["the bank empty has no sound files"]


def test_the_first_folder_that_has_a_bank_gives_it(folder, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    write(other / "bd" / "x.wav", level=0.9)
    write(other / "cp" / "x.wav", level=0.8)
    library = SampleLibrary([folder, other], 48_000)
    assert len(library.files("bd")) == 3
    assert library.find("cp", 0) is not None


@pytest.mark.parametrize("rate", [8_000, 22_254, 44_100, 44_101, 96_000])
def test_samples_are_converted_to_the_engine_s_rate(tmp_path, rate):
    write(tmp_path / "x" / "a.wav", rate=rate, frames=rate // 10)
    sound = SampleLibrary([tmp_path], 48_000).find("x", 0)
    assert sound.frames == -(-(rate // 10) * 48_000 // rate)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("a.wav", {"subtype": "PCM_U8"}),
        ("a.wav", {"subtype": "PCM_16"}),
        ("a.wav", {"subtype": "PCM_24"}),
        ("a.wav", {"subtype": "PCM_32"}),
        ("a.wav", {"subtype": "FLOAT"}),
        ("a.wav", {"subtype": "DOUBLE"}),
        ("a.flac", {"subtype": "PCM_24"}),
        ("a.aiff", {"subtype": "PCM_16"}),
        ("a.ogg", {}),
    ],
)
def test_every_format_is_read(tmp_path, name, options):
    write(tmp_path / "x" / name, frames=4_800, **options)
    library = SampleLibrary([tmp_path], 48_000)
    assert abs(float(library.find("x", 0).channels[0][2_400]) - 0.5) < 0.02, library.problems


def test_the_first_two_channels_are_kept(tmp_path):
    write(tmp_path / "x" / "a.wav", channels=6, level=0.1)
    sound = SampleLibrary([tmp_path], 48_000).find("x", 0)
    assert [round(float(channel[9]), 1) for channel in sound.channels] == [0.1, 0.2]


def test_broken_files_are_silent_and_reported(tmp_path):
    bank = tmp_path / "x"
    write(bank / "5good.wav")
    (bank / "0empty.wav").write_bytes(b"")
    (bank / "1text.wav").write_text("this is not a sound\n" * 50)
    (bank / "2short.wav").write_bytes((bank / "5good.wav").read_bytes()[:30])
    soundfile.write(bank / "3nan.wav", np.array([0.0, np.nan]), 48_000, subtype="FLOAT")
    soundfile.write(bank / "4loud.wav", np.array([0.0, 1e30]), 48_000, subtype="FLOAT")
    library = SampleLibrary([tmp_path], 48_000)
    assert [library.find("x", n) is None for n in range(6)] == [True] * 5 + [False]
    assert len(library.problems) == 5
    for number, problem in enumerate(library.problems):
        assert f"{number}" in problem
    library.find("x", 0)
    assert len(library.problems) == 5


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_in_a_bank_does_not_block(tmp_path):
    (tmp_path / "x").mkdir()
    os.mkfifo(tmp_path / "x" / "a.wav")
    library = SampleLibrary([tmp_path], 48_000)
    assert library.find("x", 0) is None
    assert "is not a file" in library.problems[0]


def test_nothing_outside_the_folders_is_read(folder, tmp_path_factory):
    outside = write(tmp_path_factory.mktemp("outside") / "private" / "a.wav")
    (folder / "bd" / "d.wav").symlink_to(outside)
    (folder / "leak").symlink_to(outside.parent)
    (folder / "inside").symlink_to(folder / "sn")
    library = SampleLibrary([folder], 48_000)
    assert library.find("bd", 3) is None
    assert library.find("leak", 0) is None
    assert library.find("inside", 0) is not None
    assert all("leads out of the sample folders" in problem for problem in library.problems)
    assert len(library.problems) == 2


def test_files_beyond_the_limits_are_refused_by_name(tmp_path, monkeypatch):
    long = write(tmp_path / "x" / "a.wav", rate=1_000, frames=601_000)
    with pytest.raises(PhononError, match=r"too long \(601 s\); 600 s are the most"):
        decode(long)
    wide = write(tmp_path / "x" / "b.wav", channels=33, level=0.001)
    with pytest.raises(PhononError, match="33 channels; 32 are the most"):
        decode(wide)
    slow = write(tmp_path / "x" / "c.wav", rate=999)
    with pytest.raises(PhononError, match="999 frames per second"):
        decode(slow)
    monkeypatch.setattr(samples, "LIBRARY_BYTES", 3_000)
    write(tmp_path / "y" / "a.wav")
    write(tmp_path / "y" / "b.wav")
    library = SampleLibrary([tmp_path], 48_000)
    assert library.find("y", 0) is not None
    assert library.find("y", 1) is None
    assert "would take more than" in library.problems[0]


def test_folders_come_from_the_command_line_the_environment_and_the_configuration(
    tmp_path, monkeypatch
):
    for name in "abcd":
        (tmp_path / name).mkdir()
    config = tmp_path / "config.toml"
    config.write_text(f"samples = ['{tmp_path / 'd'}', '{tmp_path / 'a'}']")
    monkeypatch.setattr("phonon.audio.sample_folders.config_file", lambda: config)
    monkeypatch.setenv("PHONON_SAMPLES", os.pathsep.join(str(tmp_path / name) for name in "bc"))
    assert [path.name for path in sample_folders([tmp_path / "a"])] == ["a", "b", "c", "d"]
    with pytest.raises(PhononError, match="there is no sample folder"):
        sample_folders([tmp_path / "e"])
    config.write_text("samples = 3")
    with pytest.raises(PhononError, match="must be a list of folders"):
        sample_folders()
    config.write_text("samples = [")
    with pytest.raises(PhononError, match="cannot read the configuration"):
        sample_folders()


def test_a_missing_folder_of_the_environment_is_a_warning(tmp_path):
    library = SampleLibrary([tmp_path / "gone"], 48_000)
    assert library.banks() == []
    assert "cannot read the sample folder" in library.problems[0]


@pytest.mark.skipif(not ODD.is_dir(), reason="the corpus of unusual files is not here")
def test_the_unusual_files_of_the_dirt_library_are_all_readable():
    library = SampleLibrary([ODD.parent], 48_000)
    files = library.files("odd")
    assert len(files) == 24
    for n in range(len(files)):
        sound = library.find("odd", n)
        assert sound is not None, library.problems
        assert 0.01 < max(float(np.abs(channel).max()) for channel in sound.channels) < 2
    assert not library.problems
    for text in ("TR808.TXT", "_readme_and_license.txt"):
        with pytest.raises(PhononError, match="cannot read"):
            decode(ODD / text)
