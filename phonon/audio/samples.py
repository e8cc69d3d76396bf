"""Sample banks: folders of sound files, decoded when first played."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from phonon.audio.resample import Floats, resample
from phonon.errors import PhononError
from phonon.graph.voice import SampleData

SUFFIXES = frozenset({".wav", ".wave", ".flac", ".ogg", ".oga", ".aif", ".aiff", ".aifc"})

LOWEST_RATE, HIGHEST_RATE = 1_000, 768_000
LONGEST_SECONDS = 600
MOST_CHANNELS = 32
LARGEST_VALUES = 1 << 26  # frames × channels of one file, 256 MiB as float32
LIBRARY_BYTES = 512 << 20  # of everything decoded in one run
LOUDEST = 64.0  # a float file 36 dB above full scale is no sound


class SampleLibrary:
    """Finds sounds by bank and number; each file is converted once to `rate` and kept.

    A bank is a folder of sound files, counted in the order of their names; the first folder that
    has a bank is the one that gives it. What cannot be read is silent, and `problems` says why.
    Nothing outside the folders is read, whatever a link in them points to.
    """

    def __init__(self, folders: Iterable[str | Path], rate: int) -> None:
        self.rate = rate
        self.problems: list[str] = []
        self._folders = [Path(os.path.realpath(folder)) for folder in folders]
        self._places: dict[str, Path] | None = None
        self._files: dict[str, list[Path]] = {}
        self._decoded: dict[Path, SampleData | None] = {}
        self._bytes = 0

    def banks(self) -> list[str]:
        """The names of all banks, sorted."""
        return sorted(self._index())

    def files(self, bank: str) -> list[Path]:
        """The sound files of a bank in order of their names; empty without such a bank."""
        if bank not in self._files:
            place = self._index().get(bank)
            self._files[bank] = _sounds(place) if place else []
            if place and not self._files[bank]:
                self._problem(f"the bank {bank} has no sound files")
        return self._files[bank]

    def find(self, bank: str, n: int) -> SampleData | None:
        """Sound number `n` (modulo the bank's size); None if missing or unreadable."""
        files = self.files(bank)
        return self._sound(files[n % len(files)]) if files else None

    def decode_uncached(self, bank: str, n: int) -> tuple[tuple[Floats, ...], int] | None:
        """Channels of sound number `n` of a bank and its own rate; they are not kept.

        None where there is no such bank. Raises PhononError where the file can't be read.
        """
        files = self.files(bank)
        return self._open(files[n % len(files)]) if files else None

    def _index(self) -> dict[str, Path]:
        if self._places is None:
            self._places = {}
            for folder in self._folders:
                for name, place in self._folders_in(folder):
                    self._places.setdefault(name, place)
        return self._places

    def _folders_in(self, folder: Path) -> Iterable[tuple[str, Path]]:
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    if not entry.name.startswith(".") and entry.is_dir():
                        yield entry.name, Path(entry.path)
        except OSError as error:
            self._problem(f"cannot read the sample folder {folder}: {reason(error)}")

    def _sound(self, path: Path) -> SampleData | None:
        if path not in self._decoded:
            try:
                self._decoded[path] = self._read(path)
            except PhononError as error:
                self._problem(error.diagnostics[0].message)
                self._decoded[path] = None
        return self._decoded[path]

    def _open(self, path: Path) -> tuple[tuple[Floats, ...], int]:
        real = Path(os.path.realpath(path))
        if not any(real.is_relative_to(folder) for folder in self._folders):
            raise PhononError(f"{path} leads out of the sample folders and is not read")
        return decode(real)

    def _read(self, path: Path) -> SampleData:
        sound, rate = self._open(path)
        size = 4 * sum(len(channel) for channel in sound) * self.rate // rate
        if self._bytes + size > LIBRARY_BYTES:
            raise PhononError(
                f"{path} is not read: the samples in use would take more than "
                f"{LIBRARY_BYTES >> 20} MiB"
            )
        self._bytes += size
        return SampleData(tuple(resample(channel, rate, self.rate) for channel in sound))

    def _problem(self, message: str) -> None:
        if message not in self.problems:
            self.problems.append(message)


def decode(path: Path) -> tuple[tuple[Floats, ...], int]:
    """Decode a sound file: its first two channels, each contiguous, and its rate.

    Raises PhononError where the file is no sound, or one beyond the limits.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise PhononError(f"{path} is not a file")
    except OSError as error:
        raise PhononError(f"cannot read {path}: {reason(error)}") from None
    soundfile = _soundfile()
    try:
        with soundfile.SoundFile(path) as file:
            rate = int(file.samplerate)
            _within_limits(path, rate, int(file.frames), int(file.channels))
            sound = file.read(dtype="float32", always_2d=True)
    except (soundfile.SoundFileError, RuntimeError, ValueError, OSError) as error:
        raise PhononError(f"cannot read {path}: {_told(error)}") from None
    if not len(sound):
        raise PhononError(f"{path} is empty")
    channels = tuple(np.ascontiguousarray(sound[:, row]) for row in range(min(sound.shape[1], 2)))
    for channel in channels:
        if not np.isfinite(channel).all() or np.abs(channel).max() > LOUDEST:
            raise PhononError(f"{path} holds values that are no sound (infinite or far too loud)")
    return channels, rate


def _within_limits(path: Path, rate: int, frames: int, channels: int) -> None:
    if not LOWEST_RATE <= rate <= HIGHEST_RATE:
        raise PhononError(f"{path} says it has {rate} frames per second")
    if channels > MOST_CHANNELS:
        raise PhononError(f"{path} has {channels} channels; {MOST_CHANNELS} are the most")
    if frames > LONGEST_SECONDS * rate or frames * channels > LARGEST_VALUES:
        raise PhononError(
            f"{path} is too long ({frames / rate:.0f} s); {LONGEST_SECONDS} s are the most"
        )


def _sounds(bank: Path) -> list[Path]:
    try:
        with os.scandir(bank) as entries:
            names = sorted(
                entry.name
                for entry in entries
                if not entry.name.startswith(".")
                and os.path.splitext(entry.name)[1].lower() in SUFFIXES
            )
    except OSError:
        return []
    return [bank / name for name in names]


def _soundfile() -> Any:
    """The soundfile module, which publishes no types.

    It costs 40 ms and a C library, so it is loaded for the first file only.
    """
    try:
        import soundfile
    except (ImportError, OSError) as error:
        raise PhononError(f"cannot read sound files on this machine: {error}") from None
    return soundfile


def sound_file_library() -> str:
    """The name and version of the library that reads sound files, or PhononError."""
    return str(_soundfile().__libsndfile_version__)


def _told(error: Exception) -> str:
    """libsndfile's message without the path."""
    return str(error).rpartition(": ")[2].rstrip(".").lower() or type(error).__name__


def reason(error: OSError) -> str:
    """The operating system's reason, in lower case as part of a sentence."""
    return (error.strerror or str(error)).lower()
