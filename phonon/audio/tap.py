"""Between a device and the player: compiled code that plays, records, and can be cut off.

Every device has a tap of its own, and only the tap that is on calls the player: a device that was
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

# The words of a tap
ON = 0
BUSY = 1  # the player is playing for this tap right now
CALLBACK = 2
USER = 3
UNDERFLOWS = 4  # blocks that came too late, as the device says
CALLS = 5
TAPE = 6  # the address of the tape, or 0
PREVIEW = 7  # the address of what sounds beside the player, unrecorded, or 0
TAP_WORDS = 16

# The words of a preview
SOUND = 0  # the next stereo frame
LEFT = 1  # how many are still to come

# The words of a tape: a ring of stereo frames that is written here and read by the recorder
RING = 0
SIZE = 1  # frames; a power of two
LOST = 2  # frames that found no room
WRITTEN = 8
READ = 16
TAPE_WORDS = 24

OUTPUT_UNDERFLOW = 4  # of PortAudio's status flags
PATIENCE = 2.0  # seconds; a call that takes longer never ends


class Playing(Protocol):
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
def write_tape(tape: int, out: int, frames: int) -> None:
    """Append what was played; what finds no room is lost whole, and counted."""
    t = words(tape)
    written = t[WRITTEN]
    if written + frames - acquire(words(tape)[READ]) > t[SIZE]:
        t[LOST] += frames
    else:
        source = words(out)
        ring = words(t[RING])
        mask = t[SIZE] - 1
        for index in range(frames):
            ring[(written + index) & mask] = source[index]  # left and right at once
        release(words(tape)[WRITTEN], written + frames)


@machine
def add_preview(tap: int, out: int, frames: int) -> None:
    """What somebody listens to beside the music."""
    preview = acquire(words(tap)[PREVIEW])
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
def tapped(given: int, out: int, frames: int, moment: int, flags: int, tap: int) -> int:
    """The callback that devices get."""
    t = words(tap)
    release(words(tap)[BUSY], 1)
    t[CALLS] += 1
    if flags & OUTPUT_UNDERFLOW:
        t[UNDERFLOWS] += 1
    if acquire(words(tap)[ON]):
        call(t[CALLBACK], given, out, frames, moment, flags, t[USER])
        tape = acquire(words(tap)[TAPE])
        if tape:
            write_tape(tape, out, frames)
        add_preview(tap, out, frames)
    else:
        silence = floats(out)
        for index in range(2 * frames):
            silence[index] = 0.0
    release(words(tap)[BUSY], 0)
    return 0


class Tap:
    """A callback for one device; it plays while it is on."""

    def __init__(self, player: Playing) -> None:
        self.player = player
        self.callback = library.load({tapped})[tapped]
        self._words = np.zeros(TAP_WORDS, np.int64)
        self._words[CALLBACK] = player.callback
        self._words[USER] = player.user
        self._words[ON] = 1
        self._kept: list[object] = [None, None]  # what the callback may be reading: tape, preview
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

    def feed(self, tape: Tape | None) -> None:
        """Write what is played to a tape from now on, or to none; nobody writes to another one."""
        self._words[TAPE] = 0 if tape is None else tape.address
        self._wait()
        self._kept[0] = tape

    def preview(self, sound: Floats) -> None:
        """Let frames sound beside the player, shape (frames, 2); they replace what did so far."""
        heard = np.ascontiguousarray(sound, np.float32)
        preview = np.array([heard.ctypes.data, len(heard)], np.int64)
        self._words[PREVIEW] = preview.ctypes.data
        self._wait()
        self._kept[1] = heard, preview

    def cut(self) -> None:
        """Play no more; returns when the player is free (a device that hangs is not waited for)."""
        self._words[ON] = 0
        self._words[TAPE] = 0
        self._wait()

    def _wait(self) -> None:
        """Return when no call goes on that began before this one."""
        time.sleep(0.001)  # what was written is seen by calls that begin from now on
        calls, deadline = self.calls, time.monotonic() + PATIENCE
        while self._words[BUSY] and self.calls == calls and time.monotonic() < deadline:
            time.sleep(0.001)


class Tape:
    """A ring of stereo frames between the audio thread and one reader."""

    def __init__(self, seconds: float, rate: int) -> None:
        self.size = 1 << max(int(seconds * rate) - 1, 1).bit_length()
        self._ring = np.zeros((self.size, 2), np.float32)
        self._ring.fill(0.0)  # touched here, not by the audio thread
        self._words = np.zeros(TAPE_WORDS, np.int64)
        self._words[RING] = self._ring.ctypes.data
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
