"""WAV files, written in chunks and all or nothing: a file appears only when it is complete."""

from __future__ import annotations

import contextlib
import io
import os
import secrets
import struct
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from phonon.audio.resample import Floats
from phonon.audio.samples import reason
from phonon.errors import PhononError

DEPTHS = {"16": 2, "24": 3, "32f": 4}
LARGEST_BYTES = 2**32 - 4096  # what RIFF's 32-bit sizes can say, and room for the header


class WavWriter:
    """Writes float32 frames to `path` as 16-bit, 24-bit or float WAV; use it with `with`.

    Frames go to a hidden file beside `path`, which takes its place at the end of the block. When
    the block ends with an exception of any kind, or the disk is full, nothing is left and an
    older `path` is untouched.

    At 16 bits, triangular dither of ±1 step is added to everything but digital silence; it comes
    from a fixed seed, so that equal sounds give equal files. 24 bits are as fine as the engine's
    float32 and need none. Integers clip at full scale; `clipped` counts the values that did.

    With `kept`, what was written stays, whatever happens: that is for sound that cannot be made
    again. Where there is no such file yet, it has its name from the beginning, for it may be all
    that is found after a crash; and what found no room is taken back, so that the rest is a file.
    """

    def __init__(
        self,
        path: str | Path,
        rate: int,
        *,
        channels: int = 2,
        bits: str = "24",
        kept: bool = False,
    ) -> None:
        self.path = Path(path)
        self.rate = rate
        self.channels = channels
        self.bits = bits
        self.frames = 0
        self.clipped = 0
        self._width = DEPTHS[bits]
        self._dither = np.random.Generator(np.random.PCG64(0))
        self._kept = kept
        self._file: io.FileIO | None = None
        # A link is written through: the file it points to is replaced, not the link.
        self._target = Path(os.path.realpath(self.path))
        self._part = self._target.with_name(f".{self._target.name}.{secrets.token_hex(4)}.part")

    def __enter__(self) -> Self:
        if self._kept and not self._target.exists():
            self._part = self._target
        try:
            if self._discards:
                self._file = open(os.devnull, "wb", buffering=0)
            elif self._target.exists() and not self._target.is_file():
                raise PhononError(f"cannot write {self.path}: it is not a file")
            else:
                # Exclusive, and with the permissions the user's umask gives to new files.
                self._file = open(self._part, "xb", buffering=0)
            _put(self._file, self._header())
        except OSError as error:
            self._discard()
            raise self._failure(error) from None
        except BaseException:
            self._discard()
            raise
        return self

    def write(self, sound: Floats) -> None:
        """Append `sound`, shape (frames, channels); values that are not finite are refused."""
        if self._file is None:
            raise ValueError("the file is not open")
        if not np.isfinite(sound).all():
            raise PhononError(f"cannot write {self.path}: the sound holds values that are no sound")
        if not self.has_room(len(sound)):
            raise PhononError(f"cannot write {self.path}: a WAV file holds at most 4 GiB")
        try:
            _put(self._file, self._encoded(sound))
        except OSError as error:
            if self._kept:
                self._take_back(self._file)
            raise self._failure(error) from None
        self.frames += len(sound)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is None or (kind is not None and not self._kept):
            self._discard()
            return
        try:
            self.complete()
            if not self._discards:
                os.replace(self._part, self._target)
        except OSError as failure:
            self._discard()
            raise self._failure(failure) from None
        except BaseException:
            self._discard()
            raise

    def complete(self) -> None:
        """Flush everything to the disk, so that only the renaming is left.

        Several files that belong together are all completed before the first gets its name.
        """
        if self._file is None or self._file.closed:
            return
        try:
            self._finish(self._file)
        except OSError as error:
            raise self._failure(error) from None

    def has_room(self, frames: int) -> bool:
        """Whether the format can hold that many frames more."""
        return self._size(self.frames + frames) <= LARGEST_BYTES

    def checkpoint(self) -> None:
        """Update the header, so that a killed process leaves a playable file."""
        if self._file is None or self._discards:
            return
        try:
            self._file.seek(0)
            _put(self._file, self._header())
            self._file.seek(0, os.SEEK_END)
        except OSError as error:
            raise self._failure(error) from None

    @property
    def _discards(self) -> bool:
        return str(self._target) == os.devnull

    def _size(self, frames: int) -> int:
        return frames * self.channels * self._width

    def _take_back(self, file: io.FileIO) -> None:
        """Truncate the file to what was written before, with its header."""
        with contextlib.suppress(OSError, PhononError):  # the disk complained already
            file.truncate(len(self._header()) + self._size(self.frames))
            self.checkpoint()

    def _finish(self, file: io.FileIO) -> None:
        if self._size(self.frames) % 2:
            _put(file, b"\0")
        if not self._discards:
            file.seek(0)
            _put(file, self._header())
            os.fsync(file.fileno())
        file.close()

    def _discard(self) -> None:
        if self._file is not None:
            with contextlib.suppress(OSError):  # a full disk complains once more when closing
                self._file.close()
            self._file = None
            if not self._kept or not self.frames:
                with contextlib.suppress(OSError):
                    self._part.unlink(missing_ok=True)

    def _failure(self, error: OSError) -> PhononError:
        return PhononError(f"cannot write {self.path}: {reason(error)}")

    def _header(self) -> bytes:
        """RIFF, format and data headers for the frames so far; the same length every time."""
        floating, data = self.bits == "32f", self._size(self.frames)
        block = self.channels * self._width
        layout = struct.pack(
            "<HHIIHH",
            3 if floating else 1,
            self.channels,
            self.rate,
            self.rate * block,
            block,
            8 * self._width,
        )
        chunks = b"fmt " + struct.pack("<I", len(layout)) + layout
        if floating:
            chunks += b"fact" + struct.pack("<II", 4, self.frames)
        chunks += b"data" + struct.pack("<I", data)
        size = 4 + len(chunks) + data + data % 2
        return b"RIFF" + struct.pack("<I", size) + b"WAVE" + chunks

    def _encoded(self, sound: Floats) -> bytes:
        if self.bits == "32f":
            return np.ascontiguousarray(sound, "<f4").tobytes()
        self.clipped += int(np.count_nonzero(np.abs(sound) > 1.0))
        full = 2.0 ** (8 * self._width - 1)
        steps = sound.astype(np.float64) * full
        if self.bits == "16":
            noise = self._dither.random((*sound.shape, 2))
            steps += np.where(sound == 0.0, 0.0, noise[..., 0] - noise[..., 1])
        whole = np.clip(np.rint(steps), -full, full - 1).astype("<i4")
        if self.bits == "16":
            return whole.astype("<i2").tobytes()
        return whole.view(np.uint8).reshape(-1, 4)[:, :3].tobytes()


def _put(file: io.FileIO, data: bytes) -> None:
    """Write all of the data: an unbuffered file may take less than it is given."""
    rest = memoryview(data)
    while rest:
        rest = rest[file.write(rest) :]
