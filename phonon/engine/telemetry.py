"""The telemetry record of a playing engine, and how it is read.

It is one block of memory of fixed shape (`BYTES`), which may be shared between processes. The
audio thread writes it once per call and waits for nobody: readers look at the sequence counter,
which is odd while it writes, and read again if they met it.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from math import hypot, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from phonon.engine import meters as at

BYTES = 8 * at.RECORD_WORDS
MAGIC = 0x50484F4E4C56
TRIES = 1000


@dataclass(frozen=True, slots=True)
class Level:
    """How loud a channel was, left and right: peaks since the last request, RMS over 300 ms."""

    peaks: tuple[float, float] = (0.0, 0.0)
    levels: tuple[float, float] = (0.0, 0.0)
    clipped: bool = False

    @property
    def peak(self) -> float:
        """The peak of the louder side."""
        return max(self.peaks)

    @property
    def rms(self) -> float:
        """The RMS of both sides together."""
        return hypot(*self.levels) / sqrt(2)


@dataclass(frozen=True, slots=True)
class Telemetry:
    """What the engine tells about itself.

    `load` is busy time / period as an average of half a second, `load_peak` the worst call of two
    seconds, `load_thread` the average as the thread's own clock has it; what the thread does
    between two calls, for the sound server, is part of all three. `underruns` are periods
    that were missed before the backend said so, `silence` their seconds, `underrun_frame` the last
    one's frame or -1. `lead` is the least time in seconds by which events were sent ahead since
    the last request; `late` events came after their frame, the worst by `latest` seconds.
    `limiter` is the least gain of the limiter so far. The music was at `cycle` in frame
    `anchor`, at `cps`.
    """

    frame: int
    calls: int
    load: float
    load_peak: float
    load_thread: float
    underruns: int
    silence: float
    underrun_frame: int
    lead: float
    late: int
    latest: float
    voices: int
    most_voices: int
    started: int
    stolen: int
    dropped: int
    faults: int
    swaps: int
    swap_frame: int
    hushed: bool
    limiter: float
    chunk: int
    anchor: int
    cycle: float
    cps: float
    master: Level
    levels: tuple[Level, ...]


def new_record() -> NDArray[np.int64]:
    """A record of one's own."""
    return begin_record(np.zeros(at.RECORD_WORDS, np.int64))


def begin_record(buffer: Any) -> NDArray[np.int64]:
    """A record in a buffer of at least `BYTES`, which has to stay where it is."""
    record = np.frombuffer(buffer, np.int64, at.RECORD_WORDS)
    record[:] = 0
    record[at.MAGIC] = MAGIC
    record[at.R_UNDERRUN_AT] = -1
    record[at.R_LEAST] = at.NOTHING
    return record


def read(buffer: Any, sample_rate: int, strips: tuple[int, ...] = ()) -> Telemetry:
    """What a record says; `strips` are the numbers of the meters that are asked for."""
    record: NDArray[np.int64] = np.frombuffer(buffer, np.int64, at.RECORD_WORDS)
    words = _whole(record, at.R_SCOPE)
    numbers = words.view(np.float64)
    w, f = words.tolist(), numbers.tolist()
    anchor = _anchor(record)
    return Telemetry(
        w[at.R_FRAME],
        w[at.R_CALLS],
        f[at.R_LOAD],
        f[at.R_LOAD_PEAK],
        f[at.R_LOAD_THREAD],
        w[at.R_UNDERRUNS],
        w[at.R_SILENCE] / at.SECOND,
        w[at.R_UNDERRUN_AT],
        0.0 if w[at.R_LEAST] == at.NOTHING else w[at.R_LEAST] / sample_rate,
        w[at.R_LATE],
        w[at.R_LATEST] / sample_rate,
        w[at.R_VOICES],
        w[at.R_MOST_VOICES],
        w[at.R_STARTED],
        w[at.R_STOLEN],
        w[at.R_DROPPED],
        w[at.R_FAULTS],
        w[at.R_SWAPS],
        w[at.R_SWAP_FRAME],
        bool(w[at.R_HUSHED]),
        f[at.R_LIMITER],
        w[at.R_CHUNK],
        *anchor,
        _level(words, 0),
        tuple(_level(words, number) for number in strips),
    )


def begin_anew(buffer: Any) -> None:
    """Ask for peaks and the least lead to begin anew."""
    record: NDArray[np.int64] = np.frombuffer(buffer, np.int64, at.RECORD_WORDS)
    record[at.R_WANTED] += 1


def scope(buffer: Any) -> NDArray[np.float32]:
    """The last frames that were heard, mono, in order."""
    record: NDArray[np.int64] = np.frombuffer(buffer, np.int64, at.RECORD_WORDS)
    kept = record[at.R_SCOPE :].view(np.float32).copy()
    return np.roll(kept, -(int(record[at.R_SCOPE_AT]) % at.SCOPE))


def write_anchor(record: NDArray[np.int64], frame: int, cycle: float, cps: float) -> None:
    """Say where the music is; there is one writer."""
    record[at.R_ANCHOR] += 1
    record[at.R_ANCHOR + 1] = frame
    record[at.R_ANCHOR + 2 : at.R_ANCHOR + 4] = struct.unpack("<qq", struct.pack("<dd", cycle, cps))
    record[at.R_ANCHOR] += 1


def _whole(record: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    for _ in range(TRIES):
        before = int(record[at.SEQUENCE])
        found = record[:size].copy()
        if before % 2 == 0 and int(record[at.SEQUENCE]) == before:
            break
    return found


def _anchor(record: NDArray[np.int64]) -> tuple[int, float, float]:
    for _ in range(TRIES):
        before = int(record[at.R_ANCHOR])
        found = record[at.R_ANCHOR : at.R_ANCHOR + 4].copy()
        if before % 2 == 0 and int(found[0]) == before:
            break
    cycle, cps = found[2:4].view(np.float64).tolist()
    return int(found[1]), cycle, cps


def _level(words: NDArray[np.int64], number: int) -> Level:
    place = at.R_METERS + at.METER_WORDS * number
    numbers = words[place : place + at.METER_WORDS].view(np.float64).tolist()
    left, right = (max(mean, 0.0) for mean in numbers[at.METER_MEAN : at.METER_MEAN + 2])
    return Level(
        (numbers[at.METER_PEAK], numbers[at.METER_PEAK + 1]),
        (sqrt(left), sqrt(right)),
        bool(words[place + at.METER_CLIPPED]),
    )
