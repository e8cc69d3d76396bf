"""Compiled callback between a device and the player, which also records and can be shut.

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

# The words of a gate
ON = 0
BUSY = 1  # the player is playing for this gate right now
CALLBACK = 2
USER = 3
UNDERFLOWS = 4  # blocks that came too late, as the device says
CALLS = 5
RECORDING = 6  # address of the recording ring, or 0
PREVIEW = 7  # address of the preview, or 0
GATE_WORDS = 16

# The words of a preview
SOUND = 0  # the next stereo frame
LEFT = 1  # how many are still to come

# The words of a recording ring
FRAMES = 0
SIZE = 1  # frames; a power of two
LOST = 2  # frames that found no room
WRITTEN = 8
READ = 16
RING_WORDS = 24

OUTPUT_UNDERFLOW = 4  # of PortAudio's status flags
PATIENCE = 2.0  # seconds; a call that takes longer counts as hanging


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
def write_ring(ring: int, out: int, frames: int) -> None:
    """Append a block to a recording; one that does not fit is lost and counted."""
    t = words(ring)
    written = t[WRITTEN]
    if written + frames - acquire(words(ring)[READ]) > t[SIZE]:
        t[LOST] += frames
    else:
        source = words(out)
        buffer = words(t[FRAMES])
        mask = t[SIZE] - 1
        for index in range(frames):
            buffer[(written + index) & mask] = source[index]  # left and right at once
        release(words(ring)[WRITTEN], written + frames)


@native
def add_preview(gate: int, out: int, frames: int) -> None:
    """Mix the preview into a block that has been recorded already."""
    preview = acquire(words(gate)[PREVIEW])
    if preview:
        p = words(preview)
        count = min(p[LEFT], frames)
        sound = floats(out)
        source = floats(p[SOUND])
        for index in range(2 * count):
            sound[index] += source[index]
        p[SOUND] += 8 * count
        p[LEFT] -= count


@native("i64(i64, i64, i64, i64, i64, i64)")
def gated(given: int, out: int, frames: int, moment: int, flags: int, gate: int) -> int:
    """The callback that a device calls: plays if the gate is open, else silence."""
    t = words(gate)
    release(words(gate)[BUSY], 1)
    t[CALLS] += 1
    if flags & OUTPUT_UNDERFLOW:
        t[UNDERFLOWS] += 1
    if acquire(words(gate)[ON]):
        call(t[CALLBACK], given, out, frames, moment, flags, t[USER])
        ring = acquire(words(gate)[RECORDING])
        if ring:
            write_ring(ring, out, frames)
        add_preview(gate, out, frames)
    else:
        silence = floats(out)
        for index in range(2 * frames):
            silence[index] = 0.0
    release(words(gate)[BUSY], 0)
    return 0


class CallbackGate:
    """A callback for one device; plays until it is shut."""

    def __init__(self, player: PlayerProtocol) -> None:
        self.player = player
        self.callback = library.load({gated})[gated]
        self._words = np.zeros(GATE_WORDS, np.int64)
        self._words[CALLBACK] = player.callback
        self._words[USER] = player.user
        self._words[ON] = 1
        self._kept: list[object] = [None, None]  # what the callback may be reading: ring, preview
        kind = ctypes.CFUNCTYPE(ctypes.c_int64, *[ctypes.c_int64] * 6)
        self._call = kind(self.callback)

    @property
    def user(self) -> int:
        """The callback's user data."""
        return int(self._words.ctypes.data)

    @property
    def on(self) -> bool:
        """Whether the gate is open."""
        return bool(self._words[ON])

    @property
    def calls(self) -> int:
        """Number of calls."""
        return int(self._words[CALLS])

    @property
    def underflows(self) -> int:
        """Number of calls that reported an output underflow."""
        return int(self._words[UNDERFLOWS])

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
        self._words[RECORDING] = 0 if ring is None else ring.address
        self._wait()
        self._kept[0] = ring

    def preview(self, sound: Floats) -> None:
        """Play frames of shape (frames, 2) beside the player, instead of an earlier preview."""
        heard = np.ascontiguousarray(sound, np.float32)
        preview = np.array([heard.ctypes.data, len(heard)], np.int64)
        self._words[PREVIEW] = preview.ctypes.data
        self._wait()
        self._kept[1] = heard, preview

    def shut(self) -> None:
        """Play silence from now on; returns when no call uses the player (or one hangs)."""
        self._words[ON] = 0
        self._words[RECORDING] = 0
        self._wait()

    def _wait(self) -> None:
        """Return when no call is left that began before this one."""
        time.sleep(0.001)  # calls that begin from now on see what was written
        calls, deadline = self.calls, time.monotonic() + PATIENCE
        while self._words[BUSY] and self.calls == calls and time.monotonic() < deadline:
            time.sleep(0.001)


class RecordingRing:
    """Ring buffer of stereo frames, written by the audio thread and read by one other."""

    def __init__(self, seconds: float, rate: int) -> None:
        self.size = 1 << max(int(seconds * rate) - 1, 1).bit_length()
        self._ring = np.zeros((self.size, 2), np.float32)
        self._ring.fill(0.0)  # touched here, not by the audio thread
        self._words = np.zeros(RING_WORDS, np.int64)
        self._words[FRAMES] = self._ring.ctypes.data
        self._words[SIZE] = self.size

    @property
    def address(self) -> int:
        """Address of the ring's words."""
        return int(self._words.ctypes.data)

    @property
    def waiting(self) -> int:
        """Number of frames that have not been read."""
        return int(self._words[WRITTEN] - self._words[READ])

    @property
    def lost(self) -> int:
        """Number of frames that did not fit."""
        return int(self._words[LOST])

    def read(self, most: int) -> Floats:
        """Take up to `most` frames, oldest first, shape (frames, 2)."""
        begin = int(self._words[READ])
        count = min(self.waiting, most)
        places = np.arange(begin, begin + count) & (self.size - 1)
        taken: Floats = self._ring[places]
        self._words[READ] = begin + count
        return taken
