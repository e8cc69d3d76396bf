"""Memory that the engine's process shares with its interfaces: telemetry, scope, requests.

Writing takes no lock: a reader that finds the sequence counter odd or changed reads again. Hush,
unhush and panic are counters here, so that they never wait for an evaluation.
"""

from __future__ import annotations

import dataclasses
import math
import mmap
import os
import struct
import time
import typing
import zlib
from collections import deque
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from phonon.errors import PhononError
from phonon.session.protocol import OutputMeter, Telemetry

SCOPE = 2048
MOST_OUTPUTS = 18  # the master and every output there can be
NAME = 32  # bytes
SIZE = 1 << 15

# The first words
LAYOUT = 0  # a checksum of the fields that follow
ENGINE = 1  # the engine's process; 0 after an orderly end
HUSH = 2  # number of requests
PANIC = 3
UNHUSH = 4
SEQUENCE = 5  # odd during a write
OUTPUTS = 6  # number of channels
READ = 7  # the sequence number of the record that was read last
WORDS = 16
UNREAD = 32  # records whose peaks are kept until somebody reads

# A number for each field of Telemetry except the meters; what it stands for follows from its type.
_TYPES = typing.get_type_hints(Telemetry)
NUMBERS = tuple(
    field.name for field in dataclasses.fields(Telemetry) if field.name not in {"master", "outputs"}
)
_LEAST = NUMBERS.index("ring_ms")
SWITCHES = tuple(name for name, kind in typing.get_type_hints(OutputMeter).items() if kind is bool)
PER_OUTPUT = 4 + len(SWITCHES)
CHECKSUM = zlib.crc32(repr((NUMBERS, SWITCHES, MOST_OUTPUTS, NAME, SCOPE)).encode())

# Unpacking everything at once takes a quarter of the time of reading the arrays.
_HEAD = struct.Struct("qq")  # sequence, outputs
_NUMBERS = struct.Struct(f"{len(NUMBERS)}d")
_CHANNEL = struct.Struct(f"{PER_OUTPUT}d")
_OUTPUTS_AT = 8 * WORDS + _NUMBERS.size
_NAMES_AT = _OUTPUTS_AT + _CHANNEL.size * MOST_OUTPUTS
_SCOPE_AT = _NAMES_AT + NAME * MOST_OUTPUTS


class SharedMemory:
    """The memory of one engine, mapped from a file. Raises PhononError."""

    def __init__(self, path: Path, *, create: bool = False) -> None:
        handle = os.open(path, os.O_RDWR | (os.O_CREAT if create else 0), 0o600)
        try:
            if create:
                # Truncating the file would kill an interface that still maps it, and so would a
                # page for which the disk has no room: all of it is written.
                fresh = np.zeros(SIZE // 8, np.int64)
                fresh[[LAYOUT, ENGINE]] = CHECKSUM, os.getpid()
                os.pwrite(handle, fresh.tobytes(), 0)
            self._memory = mmap.mmap(handle, SIZE)
        except (OSError, ValueError) as error:
            raise PhononError(f"the engine's memory {path} cannot be used: {error}") from None
        finally:
            os.close(handle)
        self.words: NDArray[np.int64] = np.frombuffer(self._memory, np.int64, WORDS)
        self._numbers = np.frombuffer(self._memory, np.float64, len(NUMBERS), 8 * WORDS)
        count = MOST_OUTPUTS * PER_OUTPUT
        outputs = np.frombuffer(self._memory, np.float64, count, _OUTPUTS_AT)
        self._outputs = outputs.reshape(MOST_OUTPUTS, PER_OUTPUT)
        names = np.frombuffer(self._memory, np.uint8, MOST_OUTPUTS * NAME, _NAMES_AT)
        self._names = names.reshape(MOST_OUTPUTS, NAME)
        self._scope = np.frombuffer(self._memory, np.float32, SCOPE, _SCOPE_AT)
        if self.words[LAYOUT] != CHECKSUM:
            raise PhononError(f"the engine's memory {path} is laid out by another version")
        self._unread: deque[tuple[int, NDArray[np.float64]]] = deque(maxlen=UNREAD)
        self._labels: list[str] = []

    @property
    def requests(self) -> NDArray[np.int64]:
        """The counters of hush, panic and unhush, which the render loop reads."""
        return self.words[HUSH : HUSH + 3]

    def request(self, word: int) -> None:
        """Count one more request (`HUSH`, `PANIC` or `UNHUSH`)."""
        self.words[word] += 1

    # -- telemetry --------------------------------------------------------------------------------

    def write(self, telemetry: Telemetry, scope: NDArray[np.float32]) -> None:
        """Publish a record; the engine is the only writer.

        Peaks and the least lead cover the time since the last record that was read.
        """
        self.words[SEQUENCE] += 1
        for place, name in enumerate(NUMBERS):
            value = getattr(telemetry, name)
            self._numbers[place] = math.nan if value is None else value
        channels = (telemetry.master, *telemetry.outputs)[:MOST_OUTPUTS]
        self.words[OUTPUTS] = len(channels)
        for place, channel in enumerate(channels):
            switches = [getattr(channel, name) for name in SWITCHES]
            self._outputs[place] = [*channel.peaks, *channel.levels, *switches]
            label = channel.name.encode()[:NAME]
            self._names[place] = 0
            self._names[place, : len(label)] = np.frombuffer(label, np.uint8)
        self._extremes([channel.name for channel in channels])
        self._scope[:] = scope
        self.words[SEQUENCE] += 1

    def _extremes(self, labels: list[str]) -> None:
        """Merge peaks and the least lead with those of the records that nobody has read.

        Records are written more often than read, and no peak may be lost in between.
        """
        if labels != self._labels:
            self._labels = labels
            self._unread.clear()
        while self._unread and self._unread[0][0] <= self.words[READ]:
            self._unread.popleft()
        own = np.append(-self._numbers[_LEAST], self._outputs[:, :2])
        self._unread.append((int(self.words[SEQUENCE]) + 1, own))
        greatest = np.max([each for _, each in self._unread], axis=0)
        self._numbers[_LEAST] = -greatest[0]
        self._outputs[:, :2] = greatest[1:].reshape(-1, 2)

    def read(self, patience: float = 0.01) -> Telemetry:
        """Read the last record."""
        deadline = time.monotonic() + patience
        while True:
            before, count = _HEAD.unpack_from(self._memory, 8 * SEQUENCE)
            numbers = _NUMBERS.unpack_from(self._memory, 8 * WORDS)
            outputs = self._memory[_OUTPUTS_AT : _OUTPUTS_AT + _CHANNEL.size * count]
            names = self._memory[_NAMES_AT : _NAMES_AT + NAME * count]
            whole = _HEAD.unpack_from(self._memory, 8 * SEQUENCE)[0] == before and before % 2 == 0
            if whole or time.monotonic() > deadline:
                break
            time.sleep(0)  # lets a writer in this process run
        self.words[READ] = before
        values: dict[str, Any] = {
            name: mean(number) for (name, mean), number in zip(_MEANINGS, numbers, strict=True)
        }
        channels = [
            _channel(name, levels)
            for name, levels in zip(_labels(names), _CHANNEL.iter_unpack(outputs), strict=True)
        ]
        if channels:
            values["master"], values["outputs"] = channels[0], tuple(channels[1:])
        return Telemetry(**values)

    def scope(self) -> Sequence[float]:
        """The last frames that were heard, oldest first."""
        return memoryview(self._scope.tobytes()).cast("f")


def _optional(number: float) -> float | None:
    return None if math.isnan(number) else number


@lru_cache(maxsize=4)
def _labels(names: bytes) -> tuple[str, ...]:
    """Channel names; cached, for they are read thirty times a second and hardly ever change."""
    starts = range(0, len(names), NAME)
    return tuple(names[at : at + NAME].rstrip(b"\0").decode(errors="replace") for at in starts)


def _channel(name: str, levels: tuple[float, ...]) -> OutputMeter:
    left, right, left_mean, right_mean, *switches = levels
    return OutputMeter(name, (left, right), (left_mean, right_mean), *map(bool, switches))


_CONVERTED: dict[Any, Callable[[float], Any]] = {
    bool: bool,
    int: int,
    float: float,
    float | None: _optional,
}
_MEANINGS = tuple((name, _CONVERTED[_TYPES[name]]) for name in NUMBERS)
