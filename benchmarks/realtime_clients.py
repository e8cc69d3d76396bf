"""The processes of `realtime.py`: the engine against everything, a client that rests, a witness.

Each writes down, call by call, what really happened to it, and hands that over when it is told to
end: that is, when its standard input closes or its session does.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from phonon.kernel import library
from phonon.kernel.native import call, floats, native, words

# The words of a log
CALLBACK = 0  # what is called, or 0: silence then
USER = 1
CLOCK = 2  # the address of clock_gettime
WALL = 3
THREAD = 4
MOMENT = 5
ENTRIES = 6
SIZE = 7
COUNT = 8
LOG_WORDS = 16

# An entry: nanoseconds, and what the engine says of itself
BEGUN = 0
BUSY = 1
CPU = 2
FLAGS = 3
VOICES = 4
SWAPS = 5
ENTRY_WORDS = 6

ENGINE_VOICES, ENGINE_SWAPS = 16, 17  # where the log finds these words of an engine, or 0
WITNESS_SLEEP = 0.001
WITNESS_PRIORITY = 80  # above the sound server: whoever keeps this one waiting is the host
NOTEWORTHY = 200_000  # nanoseconds by which a witness wakes up too late


@native
def nanoseconds(log: int, clock: int) -> int:
    """A clock's time."""
    w = words(log)
    call(w[CLOCK], clock, w[MOMENT])
    moment: int = words(w[MOMENT])[0] * 1_000_000_000 + words(w[MOMENT])[1]
    return moment


@native("i64(i64, i64, i64, i64, i64, i64)")
def noted(given: int, out: int, frames: int, moment: int, flags: int, log: int) -> int:
    """A PortAudio callback that calls another and notes what that took; without one, silence."""
    w = words(log)
    begun = nanoseconds(log, w[WALL])
    worked = nanoseconds(log, w[THREAD])
    if w[CALLBACK]:
        call(w[CALLBACK], given, out, frames, moment, flags, w[USER])
    else:
        sound = floats(out)
        for index in range(2 * frames):
            sound[index] = 0.0
    if w[COUNT] < w[SIZE]:
        entry = words(w[ENTRIES] + 48 * w[COUNT])
        entry[BEGUN] = begun
        entry[CPU] = nanoseconds(log, w[THREAD]) - worked
        entry[BUSY] = nanoseconds(log, w[WALL]) - begun
        entry[FLAGS] = flags & 0xFFFFFFFF
        if w[ENGINE_VOICES]:
            entry[VOICES] = words(w[ENGINE_VOICES])[0]
            entry[SWAPS] = words(w[ENGINE_SWAPS])[0]
        w[COUNT] += 1
    return 0


class Noted:
    """A player, or nobody, for a device to play; its calls are noted."""

    sample_rate = 48_000

    def __init__(self, calls: int, player: Any = None) -> None:
        self.callback = library.load({noted})[noted]
        self._player = player
        self._moment = np.zeros(2, np.int64)
        self._entries = np.zeros((calls, ENTRY_WORDS), np.int64)
        self._entries.fill(0)  # touched here, not by the audio thread
        self._words = np.zeros(LOG_WORDS + 2, np.int64)
        clock = ctypes.cast(ctypes.CDLL(None).clock_gettime, ctypes.c_void_p).value
        self._words[[CLOCK, WALL, THREAD]] = (
            *(clock, time.CLOCK_MONOTONIC),
            time.CLOCK_THREAD_CPUTIME_ID,
        )
        self._words[MOMENT] = self._moment.ctypes.data
        self._words[[ENTRIES, SIZE]] = self._entries.ctypes.data, calls
        if player is not None:
            from phonon.engine.memory_layout import EngineRecord

            engine = EngineRecord.at(player.user)
            self._words[[CALLBACK, USER]] = player.callback, player.user
            self._words[ENGINE_VOICES] = engine.place("voices")
            self._words[ENGINE_SWAPS] = engine.place("swaps")

    @property
    def user(self) -> int:
        """The callback's user data."""
        return int(self._words.ctypes.data)

    def pump(self, now_frame: int | None = None) -> None:
        """Look ahead, if there is somebody to do so."""
        if self._player is not None:
            self._player.pump(now_frame)

    def entries(self) -> NDArray[np.int64]:
        """What was noted."""
        return self._entries[: int(self._words[COUNT])]


def engine(options: dict[str, Any]) -> None:
    """Phonon's engine process as editors get it, with a thread that takes the interpreter."""
    from phonon.session import local
    from phonon.session.engine_paths import EnginePaths
    from phonon.session.server import serve

    made: list[Noted] = []
    real = local.open_device

    def open_noted(player: Any, **rest: Any) -> Any:
        made.append(Noted(options["calls"], player))
        return real(made[0], **rest)

    local.open_device = open_noted
    if options["burner"]:
        threading.Thread(target=burn, daemon=True).start()
    backend = "python" if options["callback"] == "python" else "auto"
    serve(
        EnginePaths.of(options["folder"]), device="JACK", block=options["frames"], backend=backend
    )
    np.save(options["log"], made[0].entries())


def burn() -> None:
    """Take the interpreter and give it back only when it is taken away."""
    while True:
        sum(number * number for number in range(1_000))


def bare(options: dict[str, Any]) -> None:
    """A client that plays silence from compiled code and does nothing else."""
    from phonon.audio.callback_gate import CallbackGate
    from phonon.audio.portaudio import DeviceStream, find_device

    player = Noted(options["calls"])
    device = find_device("JACK")
    stream = DeviceStream(
        device, CallbackGate(player), rate=48_000, block=options["frames"], latency="low"
    )
    stream.start()
    Path(options["log"]).touch()  # it plays
    sys.stdin.read()
    stream.close()
    np.save(options["log"], player.entries())


def witness(options: dict[str, Any]) -> None:
    """Sleep on one core, above everybody else if it may, and note when that lasted too long."""
    os.sched_setaffinity(0, {options["core"]})
    with contextlib.suppress(PermissionError):
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(WITNESS_PRIORITY))
    ending = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ending.set()), daemon=True).start()
    stalls = []
    while not ending.is_set():
        due = time.monotonic_ns() + int(1e9 * WITNESS_SLEEP)
        time.sleep(WITNESS_SLEEP)
        late = time.monotonic_ns() - due
        if late > NOTEWORTHY:
            stalls.append((due, due + late))
    Path(options["log"]).write_text(json.dumps(stalls), encoding="utf-8")


if __name__ == "__main__":
    import realtime_clients as here  # functions of __main__ have no place in the code cache

    getattr(here, sys.argv[1])(json.loads(sys.argv[2]))
    os._exit(0)  # JACK may be taken down under us
