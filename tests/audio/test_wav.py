"""WAV files: what is in them, and that there is a whole one or none."""

from __future__ import annotations

import os
import stat

import numpy as np
import pytest
import soundfile

from phonon.audio.wav import WavWriter
from phonon.errors import PhononError

SOUND = np.random.default_rng(7).uniform(-0.9, 0.9, (4_801, 2)).astype(np.float32)


def write(path, sound=SOUND, **options):
    with WavWriter(path, 48_000, channels=sound.shape[1], **options) as writer:
        writer.write(sound)
    return writer


@pytest.mark.parametrize(("bits", "error"), [("16", 1.51 / 32768), ("24", 2e-7), ("32f", 0)])
@pytest.mark.parametrize("channels", [1, 2])
def test_what_is_written_is_read_back(tmp_path, bits, error, channels):
    write(tmp_path / "a.wav", SOUND[:, :channels], bits=bits)
    info = soundfile.info(tmp_path / "a.wav")
    subtype = {"16": "PCM_16", "24": "PCM_24", "32f": "FLOAT"}[bits]
    assert (info.samplerate, info.channels, info.frames) == (48_000, channels, 4_801)
    assert info.subtype == subtype
    back, _ = soundfile.read(tmp_path / "a.wav", dtype="float32", always_2d=True)
    assert np.max(np.abs(back - SOUND[:, :channels])) <= error


@pytest.mark.parametrize("bits", ["16", "24", "32f"])
def test_sizes_in_the_header_are_those_of_the_file(tmp_path, bits):
    write(tmp_path / "a.wav", SOUND[:3, :1], bits=bits)
    data = (tmp_path / "a.wav").read_bytes()
    assert int.from_bytes(data[4:8], "little") + 8 == len(data)
    assert len(data) % 2 == 0


@pytest.mark.parametrize("bits", ["16", "24", "32f"])
def test_chunks_do_not_change_the_file(tmp_path, bits):
    write(tmp_path / "whole.wav", bits=bits)
    with WavWriter(tmp_path / "parts.wav", 48_000, bits=bits) as writer:
        for begin in range(0, len(SOUND), 7):
            writer.write(SOUND[begin : begin + 7])
    assert (tmp_path / "parts.wav").read_bytes() == (tmp_path / "whole.wav").read_bytes()


def test_dither_makes_the_error_independent_of_the_sound(tmp_path):
    """A sine of a third of a step would vanish without dither; with it, it is still there."""
    sine = np.sin(np.arange(48_000) * 0.1)[:, np.newaxis].astype(np.float32) / 32768 / 3
    write(tmp_path / "a.wav", sine, bits="16")
    back, _ = soundfile.read(tmp_path / "a.wav")
    assert np.dot(back, sine[:, 0]) / np.dot(sine[:, 0], sine[:, 0]) == pytest.approx(1, abs=0.1)


def test_silence_stays_digital_silence(tmp_path):
    write(tmp_path / "a.wav", np.zeros((1_000, 2), np.float32), bits="16")
    assert not soundfile.read(tmp_path / "a.wav")[0].any()


@pytest.mark.parametrize("bits", ["16", "24"])
def test_values_above_full_scale_clip_and_are_counted(tmp_path, bits):
    writer = write(tmp_path / "a.wav", np.array([[1.5, -1.5], [0.5, 1.0]], np.float32), bits=bits)
    back, _ = soundfile.read(tmp_path / "a.wav")
    assert back[0] == pytest.approx([1, -1], abs=1e-4)
    assert writer.clipped == 2


def test_a_failure_leaves_nothing_and_keeps_the_old_file(tmp_path):
    path = tmp_path / "a.wav"
    for kind in (RuntimeError, KeyboardInterrupt, SystemExit):
        with pytest.raises(kind), WavWriter(path, 48_000) as writer:
            writer.write(SOUND)
            raise kind
        assert list(tmp_path.iterdir()) == []
    path.write_bytes(b"an older take")
    with pytest.raises(KeyboardInterrupt), WavWriter(path, 48_000) as writer:
        raise KeyboardInterrupt
    assert path.read_bytes() == b"an older take"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("bits", ["16", "24", "32f"])
def test_a_checkpoint_makes_a_playable_file_of_what_is_written(tmp_path, bits):
    with WavWriter(tmp_path / "a.wav", 48_000, bits=bits, kept=True) as writer:
        writer.write(SOUND)
        writer.checkpoint()
        assert soundfile.info(tmp_path / "a.wav").frames == 4_801
        writer.write(SOUND)
        assert soundfile.info(tmp_path / "a.wav").frames == 4_801
        writer.checkpoint()
        found, _ = soundfile.read(tmp_path / "a.wav", dtype="float32")
        assert np.abs(found - np.concatenate([SOUND, SOUND])).max() < 2 / 32768


def test_the_file_appears_only_when_it_is_complete(tmp_path):
    with WavWriter(tmp_path / "a.wav", 48_000) as writer:
        writer.write(SOUND)
        assert not (tmp_path / "a.wav").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["a.wav"]


def test_values_that_are_not_finite_are_refused(tmp_path):
    for value in (np.nan, np.inf):
        with (
            pytest.raises(PhononError, match="no sound"),
            WavWriter(tmp_path / "a.wav", 48_000) as writer,
        ):
            writer.write(np.full((10, 2), value, np.float32))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("no/such/folder/a.wav", "no such file or directory"),
        ("folder", "it is not a file"),
        ("file/a.wav", "not a directory"),
        ("x" * 300 + ".wav", "file name too long"),
    ],
)
def test_write_errors_name_the_reason(tmp_path, name, said):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("")
    with pytest.raises(PhononError, match=said), WavWriter(tmp_path / name, 48_000):
        pass


def test_writing_to_a_link_replaces_its_target(tmp_path):
    (tmp_path / "takes").mkdir()
    (tmp_path / "a.wav").symlink_to(tmp_path / "takes" / "1.wav")
    write(tmp_path / "a.wav")
    assert (tmp_path / "a.wav").is_symlink()
    assert soundfile.info(tmp_path / "takes" / "1.wav").frames == 4_801


@pytest.mark.skipif(os.name != "posix", reason="permissions as POSIX has them")
def test_permissions_follow_the_umask(tmp_path):
    write(tmp_path / "a.wav")
    (tmp_path / "b").touch()
    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("a.wav", "b")]
    assert modes[0] == modes[1]


def test_dev_null_can_be_written_and_stays_a_device(tmp_path):
    write(os.devnull)
    assert not os.path.isfile(os.devnull)


def test_a_full_disk_is_named_and_leaves_nothing(tiny_disk):
    with (
        pytest.raises(PhononError, match="no space left on device"),
        WavWriter(tiny_disk / "a.wav", 48_000) as writer,
    ):
        for _ in range(100):
            writer.write(SOUND)
    assert list(tiny_disk.iterdir()) == []
