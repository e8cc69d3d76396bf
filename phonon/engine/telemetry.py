"""The telemetry record of a playing engine, and how it is read.

It is one block of memory of fixed shape (`BYTES`), which may be shared between processes. The
audio thread writes it once per call and waits for nobody: readers look at the sequence counter,
which is odd while it writes, and read again if they met it.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from math import hypot, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from phonon.engine.arena import view
from phonon.engine.live_layout import SCOPE, MeterRecord, TelemetryRecord
from phonon.engine.meters import NOTHING, SECOND
from phonon.kernel.records import size_of

BYTES = size_of(TelemetryRecord)
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


def begin_record(buffer: Any) -> TelemetryRecord:
    """A record in a buffer of at least `BYTES`, which has to stay where it is."""
    record = TelemetryRecord.within(buffer)
    ctypes.memset(record.address, 0, BYTES)
    record.magic = MAGIC
    record.underrun_frame = -1
    record.least_lead = NOTHING
    return record


def read(record: TelemetryRecord, sample_rate: int, strips: tuple[int, ...] = ()) -> Telemetry:
    """What a record says; `strips` are the numbers of the meters that are asked for."""
    found = _whole(record, TelemetryRecord.sequence)
    music = _whole(record, TelemetryRecord.anchor_sequence)
    return Telemetry(
        found.frame,
        found.calls,
        found.load,
        found.load_peak,
        found.load_thread,
        found.underruns,
        found.silence / SECOND,
        found.underrun_frame,
        0.0 if found.least_lead == NOTHING else found.least_lead / sample_rate,
        found.late,
        found.latest / sample_rate,
        found.voices,
        found.most_voices,
        found.started,
        found.stolen,
        found.dropped,
        found.faults,
        found.swaps,
        found.swap_frame,
        bool(found.hushed),
        found.limiter,
        found.chunk,
        music.anchor,
        music.cycle,
        music.cps,
        _level(found.meters[0]),
        tuple(_level(found.meters[number]) for number in strips),
    )


def begin_anew(record: TelemetryRecord) -> None:
    """Ask for peaks and the least lead to begin anew."""
    record.wanted += 1


def scope(record: TelemetryRecord) -> NDArray[np.float32]:
    """The last frames that were heard, mono, in order."""
    kept = view(record.scope.address, SCOPE, np.float32).copy()
    return np.roll(kept, -(record.scope_at % SCOPE))


def write_anchor(record: TelemetryRecord, frame: int, cycle: float, cps: float) -> None:
    """Say where the music is; there is one writer."""
    record.anchor_sequence += 1
    record.anchor, record.cycle, record.cps = frame, cycle, cps
    record.anchor_sequence += 1


def _whole(record: TelemetryRecord, sequence: Any) -> TelemetryRecord:
    """A copy that was not written while it was made, as a counter in it tells."""
    for _ in range(TRIES):
        before = sequence.__get__(record, TelemetryRecord)
        found = TelemetryRecord.within(bytearray(bytes(record)))
        after = sequence.__get__(record, TelemetryRecord)
        if before % 2 == 0 and before == after:
            break
    return found


def _level(meter: MeterRecord) -> Level:
    left, right = (sqrt(max(mean, 0.0)) for mean in meter.mean)
    return Level((meter.peak[0], meter.peak[1]), (left, right), bool(meter.clipped))
