"""The compiled callback that a device calls: plays, records and mixes the preview, or is shut.

Every device has a gate of its own, and a gate that is shut plays silence: a device that was lost
may call again at any time, from a thread of its own, and must not play the music a second time.
"""

from __future__ import annotations

import ctypes
import time
from typing import Protocol

import numpy as np

from phonon.audio.resample import Floats
from phonon.kernel import library
from phonon.kernel.native import acquire, call, floats, native, release, words
from phonon.kernel.records import Record, own_line, size_of

OUTPUT_UNDERFLOW = 4  # of PortAudio's status flags
PATIENCE = 2.0  # seconds; a call that takes longer counts as hanging


class PreviewRecord(Record):
    """The preview: a sound that is mixed in after the player has played."""

    sound: int  # address of the next stereo frame
    left: int  # frames still to come


class RingRecord(Record):
    """A ring of recorded stereo frames; two threads meet at `written` and `read`."""

    frames: int  # address of the first one
    size: int  # frames; a power of two
    lost: int  # frames that found no room
    written: int = own_line()
    read: int = own_line()


class GateRecord(Record):
    """The record of a gate: open or shut, the player, the recording, the preview, counters."""

    on: int
    busy: int  # the player is playing for this gate right now
    callback: int
    user: int
    underflows: int  # blocks that came too late, as the device says
    calls: int
    recording: RingRecord  # or none
    preview: PreviewRecord  # or none


class PlayerProtocol(Protocol):
    """The part of a player that devices use."""

    sample_rate: int

    @property
    def callback(self) -> int:
        """Address of a callback with PortAudio's parameters."""

    @property
    def user(self) -> int:
        """The callback's user data."""

    def pump(self, now_frame: int | None = None) -> None:
        """Plan the events ahead of a frame (by default of the present)."""


@native
def write_ring(ring: RingRecord, out: int, frames: int) -> None:
    """Append a block to a recording; one that does not fit is lost and counted."""
    written = ring.written
    if written + frames - acquire(ring.read) > ring.size:
        ring.lost += frames
    else:
        source = words(out)
        buffer = words(ring.frames)
        mask = ring.size - 1
        for index in range(frames):
            buffer[(written + index) & mask] = source[index]  # left and right at once
        release(ring.written, written + frames)


@native
def add_preview(gate: GateRecord, out: int, frames: int) -> None:
    """Mix the preview into a block that has been recorded already."""
    preview = acquire(gate.preview)
    if preview:
        count = min(preview.left, frames)
        sound = floats(out)
        source = floats(preview.sound)
        for index in range(2 * count):
            sound[index] += source[index]
        preview.sound += 8 * count
        preview.left -= count


@native("i64(i64, i64, i64, i64, i64, i64)")
def gated(given: int, out: int, frames: int, moment: int, flags: int, gate: GateRecord) -> int:
    """The callback that a device calls: plays if the gate is open, else silence."""
    release(gate.busy, 1)
    gate.calls += 1
    if flags & OUTPUT_UNDERFLOW:
        gate.underflows += 1
    if acquire(gate.on):
        call(gate.callback, given, out, frames, moment, flags, gate.user)
        ring = acquire(gate.recording)
        if ring:
            write_ring(ring, out, frames)
        add_preview(gate, out, frames)
    else:
        silence = floats(out)
        for index in range(2 * frames):
            silence[index] = 0.0
    release(gate.busy, 0)
    return 0


class CallbackGate:
    """A callback for one device; plays until it is shut."""

    def __init__(self, player: PlayerProtocol) -> None:
        self.player = player
        self.callback = library.load({gated})[gated]
        self._gate = GateRecord.within(bytearray(size_of(GateRecord)))
        self._gate.callback = player.callback
        self._gate.user = player.user
        self._gate.on = 1
        self._kept: list[object] = [
            None,
            None,
        ]  # the ring and preview in use
        kind = ctypes.CFUNCTYPE(ctypes.c_int64, *[ctypes.c_int64] * 6)
        self._call = kind(self.callback)

    @property
    def user(self) -> int:
        """The callback's user data."""
        return self._gate.address

    @property
    def on(self) -> bool:
        """Whether the gate is open."""
        return bool(self._gate.on)

    @property
    def calls(self) -> int:
        """Number of calls."""
        return self._gate.calls

    @property
    def underflows(self) -> int:
        """Number of calls that reported an output underflow."""
        return self._gate.underflows

    def play(self, address: int, frames: int, flags: int = 0) -> None:
        """Call from this thread; `address` has room for interleaved stereo frames."""
        self._call(0, address, frames, 0, flags, self.user)

    def frames(self, count: int) -> Floats:
        """Play the next frames from this thread, shape (count, 2)."""
        out = np.empty((count, 2), np.float32)
        self.play(out.ctypes.data, count)
        return out

    def record_to(self, ring: RecordingRing | None) -> None:
        """Record to a ring from now on, or to none; returns when the former one is free."""
        self._gate.recording = RingRecord.at(0) if ring is None else ring.record
        self._wait()
        self._kept[0] = ring

    def preview(self, sound: Floats) -> None:
        """Play frames of shape (frames, 2) beside the player, instead of an earlier preview."""
        heard = np.ascontiguousarray(sound, np.float32)
        preview = PreviewRecord.within(bytearray(size_of(PreviewRecord)))
        preview.sound, preview.left = heard.ctypes.data, len(heard)
        self._gate.preview = preview
        self._wait()
        self._kept[1] = heard, preview

    def shut(self) -> None:
        """Play silence from now on; returns when no call uses the player (or one hangs)."""
        self._gate.on = 0
        self._gate.recording = RingRecord.at(0)
        self._wait()

    def _wait(self) -> None:
        """Return when no call is left that began before this one."""
        time.sleep(0.001)  # calls that begin from now on see what was written
        calls, deadline = self.calls, time.monotonic() + PATIENCE
        while self._gate.busy and self.calls == calls and time.monotonic() < deadline:
            time.sleep(0.001)


class RecordingRing:
    """Ring buffer of stereo frames, written by the audio thread and read by one other."""

    def __init__(self, seconds: float, rate: int) -> None:
        self.size = 1 << max(int(seconds * rate) - 1, 1).bit_length()
        self._ring = np.zeros((self.size, 2), np.float32)
        self._ring.fill(0.0)  # maps its pages now, not in the audio thread
        self.record = RingRecord.within(bytearray(size_of(RingRecord)))
        self.record.frames = self._ring.ctypes.data
        self.record.size = self.size

    @property
    def waiting(self) -> int:
        """Number of frames that have not been read."""
        return self.record.written - self.record.read

    @property
    def lost(self) -> int:
        """Number of frames that did not fit."""
        return self.record.lost

    def read(self, most: int) -> Floats:
        """Take up to `most` frames, oldest first, shape (frames, 2)."""
        begin = self.record.read
        count = min(self.waiting, most)
        places = np.arange(begin, begin + count) & (self.size - 1)
        taken: Floats = self._ring[places]
        self.record.read = begin + count
        return taken
