"""Creates the telemetry record, and reads it while the audio thread writes it.

It is one block of memory of fixed shape (`BYTES`), which may be shared between processes. The
audio thread writes it once per call and waits for nobody: readers look at the sequence counter,
which is odd while it writes, and read again if they met it.
"""

from __future__ import annotations

import ctypes
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from phonon.engine.arena import view
from phonon.engine.live_layout import SCOPE, MeterRecord, TelemetryRecord
from phonon.engine.meters import NOTHING
from phonon.kernel.records import size_of

BYTES = size_of(TelemetryRecord)
MAGIC = 0x50484F4E4C56
TRIES = 1000

_SIDES = ctypes.c_double * 2  # read at once: 17 channels are read sixty times a second


def begin_record(buffer: Any) -> TelemetryRecord:
    """A record in a buffer of at least `BYTES`, which has to stay where it is."""
    record = TelemetryRecord.within(buffer)
    ctypes.memset(record.address, 0, BYTES)
    record.magic = MAGIC
    record.underrun_frame = -1
    record.least_lead = NOTHING
    return record


def read(record: TelemetryRecord) -> TelemetryRecord:
    """A copy of a record in which all figures are of one moment, and so is the tempo's anchor."""
    found = _whole(record, TelemetryRecord.sequence)
    music = _whole(record, TelemetryRecord.anchor_sequence)
    found.anchor, found.cycle, found.cps = music.anchor, music.cycle, music.cps
    return found


def peaks(meter: MeterRecord) -> tuple[float, float]:
    """Peaks of a channel since the last request, left and right."""
    left, right = _SIDES.from_address(meter.peak.address)
    return left, right


def levels(meter: MeterRecord) -> tuple[float, float]:
    """RMS of a channel over 300 ms, left and right."""
    left, right = _SIDES.from_address(meter.mean.address)
    return sqrt(max(left, 0.0)), sqrt(max(right, 0.0))


def begin_anew(record: TelemetryRecord) -> None:
    """Ask for peaks and the least lead to begin anew."""
    record.wanted += 1


def scope(record: TelemetryRecord) -> NDArray[np.float32]:
    """The last frames that were heard, mono, in order."""
    kept = view(record.scope.address, SCOPE, np.float32).copy()
    return np.roll(kept, -(record.scope_at % SCOPE))


def write_anchor(record: TelemetryRecord, frame: int, cycle: float, cps: float) -> None:
    """Write which cycle of the music a frame is; one thread only may do so."""
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
