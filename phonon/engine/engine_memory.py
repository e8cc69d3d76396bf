"""The engine's memory and compiled code, and the switches that Python moves in it."""

from __future__ import annotations

import ctypes
import time
from collections.abc import Iterable
from math import exp
from typing import Any

import numpy as np
from numpy.typing import NDArray

from phonon.engine import layout as at
from phonon.engine import liveout as live
from phonon.engine import meters, telemetry
from phonon.engine.arena import Arena, view
from phonon.engine.callback import play
from phonon.engine.render import publish
from phonon.errors import PhononError
from phonon.kernel import library

FADE_SECONDS = 0.005
CEILING = 10 ** (-0.1 / 20)
RELEASE_SECONDS = 0.05
CROSSFADE_SECONDS = 0.010
HUSH_SECONDS = 0.020
RAMP_SECONDS = 0.005
SEEN = 0.001  # seconds after which other processors have long seen what was written
LONGEST_CALL = 5.0  # seconds; after so many its thread is dead, not busy
MOST_STRIPS = meters.METERS - 1


class EngineMemory:
    """Allocates the engine's memory, loads its code, and sets its requests, gains and strips.

    `record` is the buffer for telemetry, if it is to be elsewhere.
    """

    def __init__(
        self, sample_rate: int, block: int = 64, voices: int = 256, record: Any = None
    ) -> None:
        if at.HOUSEKEEPING % block:
            raise ValueError(f"a block of {block} frames does not divide {at.HOUSEKEEPING}")
        code = library.load({play, publish})
        self.callback = code[play]
        self.publish = ctypes.CFUNCTYPE(None, *[ctypes.c_int64] * 2)(code[publish])
        self._play = ctypes.CFUNCTYPE(ctypes.c_int64, *[ctypes.c_int64] * 6)(code[play])
        self._arena = Arena()
        self.sample_rate, self.block, self.voices = sample_rate, block, voices
        take = self._arena.take
        self.address = take(8 * at.ENGINE_WORDS, "the engine")
        self.words: NDArray[np.int64] = view(self.address, at.ENGINE_WORDS, np.int64)
        self._numbers = self.words.view(np.float64)
        self._strips: dict[str, int] = {}
        self._muted: set[str] = set()
        self._soloed: set[str] = set()
        self._buffer = record if record is not None else np.zeros(meters.RECORD_WORDS, np.int64)
        self.record = telemetry.begin_record(self._buffer)
        self._requests: NDArray[np.int64] = view(take(64, "requests"), 3, np.int64)
        self._table: NDArray[np.int64] = view(
            take(8 * MOST_STRIPS, "strips"), MOST_STRIPS, np.int64
        )
        words, numbers = self.words, self._numbers
        words[at.BLOCK] = block
        words[at.VOICE_LIMIT] = voices
        words[at.FIFO] = take(8 * block, "a block")
        words[at.MIX] = take(8 * block, "the mix")
        words[live.ALL_STRIPS] = self._table.ctypes.data
        words[live.REQUESTS] = self._requests.ctypes.data
        words[live.RECORD] = self.record.ctypes.data
        words[live.MOMENT] = take(64, "the time")
        words[live.FADE_FRAMES] = round(CROSSFADE_SECONDS * sample_rate)
        words[live.WHOLE_RATE] = sample_rate
        numbers[live.RATE] = sample_rate
        numbers[at.FADE_STEP] = 1 / (FADE_SECONDS * sample_rate)
        numbers[at.LIMITER_CEILING] = CEILING
        numbers[at.LIMITER_RELEASE] = 1 - exp(-1 / (RELEASE_SECONDS * sample_rate))
        numbers[at.LIMITER_GAIN] = numbers[at.LIMITER_LOWEST] = 1.0
        numbers[live.HUSH_GAIN] = numbers[live.MASTER] = numbers[live.MASTER_GAIN] = 1.0
        numbers[live.HUSH_STEP] = 1 / (HUSH_SECONDS * sample_rate)
        numbers[live.STRIP_STEP] = 1 / (RAMP_SECONDS * sample_rate)
        self._find_clock()

    def _find_clock(self) -> None:
        """The C library's clock, where it has one."""
        function = getattr(ctypes.CDLL(None), "clock_gettime", None)
        if function is not None:
            self.words[live.CLOCK] = ctypes.cast(function, ctypes.c_void_p).value or 0
            self.words[live.CLOCK_WALL] = time.CLOCK_MONOTONIC
            self.words[live.CLOCK_THREAD] = time.CLOCK_THREAD_CPUTIME_ID

    def play(self, out: int, frames: int, flags: int = 0) -> None:
        """Call the engine from here."""
        self._play(0, out, frames, 0, flags, self.address)

    def keep_stems(self, stems: NDArray[np.float32]) -> None:
        """Copy the mix and every output into rows of `stems` from now on, left and right each.

        `STEMS_FRAME` says how many frames have been written; the caller sets it back.
        """
        self.words[at.STEMS] = stems.ctypes.data
        self.words[at.STEMS_ROW] = stems.shape[1]

    @property
    def calls(self) -> int:
        """How often the engine was called."""
        return int(self.record[meters.R_CALLS])

    @property
    def since_call(self) -> float:
        """Seconds since the engine was called last; many, if it never was."""
        begun = int(self.words[live.BEGUN])
        return time.monotonic() - begun / 1e9 if begun else 1e9

    def wait_for_call(self) -> None:
        """Return when no call goes on that may have missed what was set before this."""
        time.sleep(SEEN)
        calls, deadline = self.calls, time.monotonic() + LONGEST_CALL
        while self.words[live.CALLING] and self.calls == calls and time.monotonic() < deadline:
            time.sleep(SEEN)

    def set(self, word: int, value: int) -> None:
        """Set a word so that all that was written before is seen with it."""
        self.publish(self.address + 8 * word, value)

    @staticmethod
    def poke(address: int, word: int, value: int) -> None:
        """Set a word of a structure that nobody reads yet."""
        view(address, word + 1, np.int64)[word] = value

    def ask(self, request: int) -> None:
        """Count one more request: 0 hush, 1 panic, 2 unhush."""
        self._requests[request] += 1

    def listen(self, requests: NDArray[np.int64]) -> None:
        """Read the requests from elsewhere from now on, from three words that stay where they are.

        They may be shared with a process that asks for silence while this one is busy.
        """
        requests[:3] = self._requests
        self.set(live.REQUESTS, requests.ctypes.data)
        self._requests = requests

    def master(self, gain: float) -> None:
        """Linear gain of everything."""
        self._numbers[live.MASTER] = gain

    # -- strips -----------------------------------------------------------------------------------

    def strip(self, name: str) -> int:
        """The mixer's strip of an output; it stays, whatever program plays."""
        if name not in self._strips:
            number = len(self._strips)
            if number == MOST_STRIPS:
                raise PhononError(f"there are {MOST_STRIPS} outputs already, no room for {name}")
            take = self._arena.take
            words = [0] * live.STRIP_WORDS
            words[live.STRIP_LEFT] = take(4 * (self.block + 16), "a strip")
            words[live.STRIP_RIGHT] = take(4 * (self.block + 16), "a strip")
            words[live.STRIP_METER] = meters.R_METERS + meters.METER_WORDS * (number + 1)
            address = self._strips[name] = self._arena.words(words)
            gain = self._gain(name)
            view(address, live.STRIP_WORDS, np.float64)[[live.STRIP_TARGET, live.STRIP_GAIN]] = gain
            self._table[number] = address
            self.set(live.STRIP_COUNT, number + 1)
        return self._strips[name]

    def meter(self, name: str) -> int:
        """The number of an output's meter in the record."""
        return list(self._strips).index(name) + 1

    def mute(self, names: Iterable[str]) -> None:
        """These and no others."""
        self._muted = set(names)
        self._set_gains()

    def solo(self, names: Iterable[str]) -> None:
        """These and no others."""
        self._soloed = set(names)
        self._set_gains()

    def _gain(self, name: str) -> float:
        silent = name in self._muted or (bool(self._soloed) and name not in self._soloed)
        return 0.0 if silent else 1.0

    def _set_gains(self) -> None:
        for name, address in list(self._strips.items()):  # another thread may add one
            view(address, live.STRIP_WORDS, np.float64)[live.STRIP_TARGET] = self._gain(name)
