"""Between a device and the player: compiled code that plays, records, and can be cut off.

Every device has a gate of its own, and only the gate that is on calls the player: a device that was
lost may come back at any time, in a thread of its own, and must not play a second time.
"""

from __future__ import annotations

import ctypes
import time
from typing import Protocol

import numpy as np

from phonon.audio.resample import Floats
from phonon.kernel import library
from phonon.kernel.machine import acquire, call, floats, machine, release, words

# The words of a gate
ON = 0
BUSY = 1  # the player is playing for this gate right now
CALLBACK = 2
USER = 3
UNDERFLOWS = 4  # blocks that came too late, as the device says
CALLS = 5
RECORDING = 6  # the address of the ring, or 0
PREVIEW = 7  # the address of what sounds beside the player, unrecorded, or 0
GATE_WORDS = 16

# The words of a preview
SOUND = 0  # the next stereo frame
LEFT = 1  # how many are still to come

# The words of a ring: a ring of stereo frames that is written here and read by the recorder
FRAMES = 0
SIZE = 1  # frames; a power of two
LOST = 2  # frames that found no room
WRITTEN = 8
READ = 16
RING_WORDS = 24

OUTPUT_UNDERFLOW = 4  # of PortAudio's status flags
PATIENCE = 2.0  # seconds; a call that takes longer never ends


class PlayerProtocol(Protocol):
    """What a device needs of a player."""

    sample_rate: int

    @property
    def callback(self) -> int:
        """The address of a PortAudio callback."""

    @property
    def user(self) -> int:
        """What it is given as its user data."""

    def pump(self, now_frame: int | None = None) -> None:
        """Send what is going to sound."""


@machine
def write_ring(ring: int, out: int, frames: int) -> None:
    """Append what was played; what finds no room is lost whole, and counted."""
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


@machine
def add_preview(gate: int, out: int, frames: int) -> None:
    """What somebody listens to beside the music."""
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


@machine("i64(i64, i64, i64, i64, i64, i64)")
def gated(given: int, out: int, frames: int, moment: int, flags: int, gate: int) -> int:
    """The callback that devices get."""
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
    """A callback for one device; it plays while it is on."""

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
        """Whether it plays."""
        return bool(self._words[ON])

    @property
    def calls(self) -> int:
        """How often the device has called."""
        return int(self._words[CALLS])

    @property
    def underflows(self) -> int:
        """How often it said that it had nothing to play."""
        return int(self._words[UNDERFLOWS])

    def play(self, address: int, frames: int, flags: int = 0) -> None:
        """Call from this thread; `address` has room for interleaved stereo frames."""
        self._call(0, address, frames, 0, flags, self.user)

    def frames(self, count: int) -> Floats:
        """The next frames, shape (count, 2)."""
        out = np.empty((count, 2), np.float32)
        self.play(out.ctypes.data, count)
        return out

    def record_to(self, ring: RecordingRing | None) -> None:
        """Write what is played to a ring from now on, or to none; nobody writes to another one."""
        self._words[RECORDING] = 0 if ring is None else ring.address
        self._wait()
        self._kept[0] = ring

    def preview(self, sound: Floats) -> None:
        """Let frames sound beside the player, shape (frames, 2); they replace what did so far."""
        heard = np.ascontiguousarray(sound, np.float32)
        preview = np.array([heard.ctypes.data, len(heard)], np.int64)
        self._words[PREVIEW] = preview.ctypes.data
        self._wait()
        self._kept[1] = heard, preview

    def shut(self) -> None:
        """Play no more; returns when the player is free (a device that hangs is not waited for)."""
        self._words[ON] = 0
        self._words[RECORDING] = 0
        self._wait()

    def _wait(self) -> None:
        """Return when no call goes on that began before this one."""
        time.sleep(0.001)  # what was written is seen by calls that begin from now on
        calls, deadline = self.calls, time.monotonic() + PATIENCE
        while self._words[BUSY] and self.calls == calls and time.monotonic() < deadline:
            time.sleep(0.001)


class RecordingRing:
    """A ring of stereo frames between the audio thread and one reader."""

    def __init__(self, seconds: float, rate: int) -> None:
        self.size = 1 << max(int(seconds * rate) - 1, 1).bit_length()
        self._ring = np.zeros((self.size, 2), np.float32)
        self._ring.fill(0.0)  # touched here, not by the audio thread
        self._words = np.zeros(RING_WORDS, np.int64)
        self._words[FRAMES] = self._ring.ctypes.data
        self._words[SIZE] = self.size

    @property
    def address(self) -> int:
        """Where the audio thread finds it."""
        return int(self._words.ctypes.data)

    @property
    def waiting(self) -> int:
        """Frames that have not been read."""
        return int(self._words[WRITTEN] - self._words[READ])

    @property
    def lost(self) -> int:
        """Frames that found no room."""
        return int(self._words[LOST])

    def read(self, most: int) -> Floats:
        """Up to `most` frames in order, shape (frames, 2); they are a copy."""
        begin = int(self._words[READ])
        count = min(self.waiting, most)
        places = np.arange(begin, begin + count) & (self.size - 1)
        taken: Floats = self._ring[places]
        self._words[READ] = begin + count
        return taken
