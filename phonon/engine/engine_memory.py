"""Allocates the memory of the engine, loads its compiled code, and sets its switches."""

from __future__ import annotations

import ctypes
import time
from collections.abc import Iterable
from math import exp
from typing import Any

import numpy as np
from numpy.typing import NDArray

from phonon.engine import telemetry
from phonon.engine.arena import Arena
from phonon.engine.callback import play
from phonon.engine.live_layout import RequestsRecord, SwapRecord
from phonon.engine.memory_layout import MOST_STRIPS, EngineRecord
from phonon.engine.plan_layout import HOUSEKEEPING, StripRecord
from phonon.engine.render_loop import publish
from phonon.errors import PhononError
from phonon.kernel import library
from phonon.kernel.records import LINE, size_of

FADE_SECONDS = 0.005
CEILING = 10 ** (-0.1 / 20)
RELEASE_SECONDS = 0.05
CROSSFADE_SECONDS = 0.010
HUSH_SECONDS = 0.020
RAMP_SECONDS = 0.005
SEEN = 0.001  # seconds after which other processors have long seen what was written
LONGEST_CALL = 5.0  # seconds; after so many its thread is dead, not busy


class EngineMemory:
    """Allocates the engine's memory, loads its code, and sets its requests, gains and strips.

    `record` is the buffer for telemetry, if it is to be elsewhere.
    """

    def __init__(
        self,
        sample_rate: int,
        block: int = 64,
        voices: int = 256,
        record: Any = None,
        *,
        metered: bool = True,
    ) -> None:
        if HOUSEKEEPING % block:
            raise ValueError(f"a block of {block} frames does not divide {HOUSEKEEPING}")
        code = library.load({play, publish})
        self.callback = code[play]
        self.publish = ctypes.CFUNCTYPE(None, *[ctypes.c_int64] * 2)(code[publish])
        self._play = ctypes.CFUNCTYPE(ctypes.c_int64, *[ctypes.c_int64] * 6)(code[play])
        self._arena = Arena()
        self.sample_rate, self.block, self.voices = sample_rate, block, voices
        take = self._arena.take
        engine = self.engine = EngineRecord.at(take(size_of(EngineRecord), "the engine"))
        self._strips: dict[str, StripRecord] = {}
        self._muted: set[str] = set()
        self._soloed: set[str] = set()
        buffer = record if record is not None else bytearray(telemetry.BYTES)
        self.record = telemetry.begin_record(buffer)
        self._requests = RequestsRecord.at(take(LINE, "requests"))
        engine.block = block
        engine.voice_limit = voices
        engine.fifo = take(8 * block, "a block")
        engine.mix = take(8 * block, "the mix")
        engine.requests = self._requests
        engine.telemetry = self.record
        engine.fade_frames = round(CROSSFADE_SECONDS * sample_rate)
        engine.rate = engine.whole_rate = sample_rate
        engine.metered = int(metered)
        engine.fade_step = 1 / (FADE_SECONDS * sample_rate)
        engine.limiter_ceiling = CEILING
        engine.limiter_release = 1 - exp(-1 / (RELEASE_SECONDS * sample_rate))
        engine.limiter_gain = engine.limiter_lowest = 1.0
        engine.hush_gain = engine.master = engine.master_gain = 1.0
        engine.hush_step = 1 / (HUSH_SECONDS * sample_rate)
        engine.strip_step = 1 / (RAMP_SECONDS * sample_rate)
        self._find_clock()

    def _find_clock(self) -> None:
        """Find the C library's clock, where it has one."""
        function = getattr(ctypes.CDLL(None), "clock_gettime", None)
        if function is not None:
            self.engine.clock = ctypes.cast(function, ctypes.c_void_p).value or 0
            self.engine.clock_wall = time.CLOCK_MONOTONIC
            self.engine.clock_thread = time.CLOCK_THREAD_CPUTIME_ID

    @property
    def address(self) -> int:
        """Return the address that the callback takes as its user data."""
        return self.engine.address

    def play(self, out: int, frames: int, flags: int = 0) -> None:
        """Call the engine from Python: render so many frames to an address."""
        self._play(0, out, frames, 0, flags, self.address)

    def keep_stems(self, stems: NDArray[np.float32]) -> None:
        """Copy the mix and every output into rows of `stems` from now on, left and right each.

        The engine's `stems_frame` says how many frames have been written; the caller sets it back.
        """
        self.engine.stems = stems.ctypes.data
        self.engine.stems_row = stems.shape[1]

    @property
    def calls(self) -> int:
        """Return how often the engine was called."""
        return self.record.calls

    @property
    def since_call(self) -> float:
        """Return the seconds since the last call of the engine; 1e9 if there was none."""
        begun = self.engine.begun
        return time.monotonic() - begun / 1e9 if begun else 1e9

    def wait_for_call(self) -> None:
        """Wait until a call that began before the last write has ended."""
        time.sleep(SEEN)
        calls, deadline = self.calls, time.monotonic() + LONGEST_CALL
        while self.engine.calling and self.calls == calls and time.monotonic() < deadline:
            time.sleep(SEEN)

    def hand_over(self, swap: SwapRecord) -> None:
        """Let the engine carry out a swap, or none, with all that was written before."""
        self.publish(self.engine.place("swap"), swap.address)

    def ask(self, request: int) -> None:
        """Count one more request: 0 hush, 1 panic, 2 unhush."""
        self._requests.counts[request] += 1

    def listen(self, requests: NDArray[np.int64]) -> None:
        """Read the requests from elsewhere from now on, from three words that stay where they are.

        They may be shared with a process that asks for silence while this one is busy.
        """
        record = RequestsRecord.within(requests)
        for number, count in enumerate(self._requests.counts):
            record.counts[number] = count
        self.publish(self.engine.place("requests"), record.address)
        self._requests = record

    def master(self, gain: float) -> None:
        """Set the linear gain of the whole mix."""
        self.engine.master = gain

    # -- strips -----------------------------------------------------------------------------------

    def strip(self, name: str) -> StripRecord:
        """Return the mixer strip of an output, made when first asked for and kept from then on."""
        if name not in self._strips:
            number = len(self._strips)
            if number == MOST_STRIPS:
                raise PhononError(f"there are {MOST_STRIPS} outputs already, no room for {name}")
            take = self._arena.take
            strip = StripRecord(
                left=take(4 * (self.block + 16), "a strip"),
                right=take(4 * (self.block + 16), "a strip"),
                target=self._gain(name),
                gain=self._gain(name),
                meter=number + 1,  # the first is the master's
            )
            self._strips[name] = self.engine.strips[number] = self._arena.put(strip)
            self.publish(self.engine.place("strip_count"), number + 1)
        return self._strips[name]

    def meter(self, name: str) -> int:
        """Return the number of an output's meter in the record."""
        return list(self._strips).index(name) + 1

    def mute(self, names: Iterable[str]) -> None:
        """Mute these outputs, and no others."""
        self._muted = set(names)
        self._set_gains()

    def solo(self, names: Iterable[str]) -> None:
        """Solo these outputs, and no others."""
        self._soloed = set(names)
        self._set_gains()

    def _gain(self, name: str) -> float:
        silent = name in self._muted or (bool(self._soloed) and name not in self._soloed)
        return 0.0 if silent else 1.0

    def _set_gains(self) -> None:
        for name, strip in list(self._strips.items()):  # another thread may add one
            strip.target = self._gain(name)
