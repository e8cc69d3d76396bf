"""The engine as Python sees it: a score in, sound out, chunk by chunk."""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable
from fractions import Fraction
from math import exp
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from phonon.engine import layout as at
from phonon.engine.agenda import Agenda, Starter
from phonon.engine.arena import Arena, view
from phonon.engine.clock import Clock
from phonon.engine.lanes import Pool
from phonon.engine.program import Program, needed
from phonon.engine.render import publish, render
from phonon.engine.ring import Ring
from phonon.engine.scheduler import Playable, Rows, Scheduler
from phonon.engine.stats import Stats, read_stats
from phonon.errors import Fault, PhononError
from phonon.graph.plan import make_plan
from phonon.graph.voice import SampleSource
from phonon.kernel import library

Floats = NDArray[np.float32]
Progress = Callable[[str, float, float], None]

FADE_SECONDS = 0.005
CEILING = 10 ** (-0.1 / 20)
RELEASE_SECONDS = 0.05
STEP = 4096  # frames between two looks at what is coming


class Engine:
    """Plays a score from cycle `begin` on. No event begins at or after frame `end`.

    Everything that the stretch needs is found, compiled and put into memory here; `progress` is
    told (what, how much is done, of how much). Rendering then allocates nothing but its result,
    and is timed with `timer`.
    """

    def __init__(
        self,
        score: Playable,
        *,
        end: int,
        sample_rate: int = 48_000,
        block: int = 64,
        voices: int = 256,
        samples: SampleSource | None = None,
        seed: int | None = None,
        begin: Fraction | int = 0,
        stems: bool = False,
        progress: Progress | None = None,
        timer: Callable[[], float] = time.perf_counter,
    ) -> None:
        if at.HOUSEKEEPING % block:
            raise ValueError(f"a block of {block} frames does not divide {at.HOUSEKEEPING}")
        self.sample_rate = sample_rate
        self.clock = Clock(score.cps, sample_rate, begin)
        scheduler = Scheduler(
            score, self.clock, sample_rate, samples, score.seed if seed is None else seed
        )
        onsets = scheduler.all_onsets(end, _told(progress, "events"))
        try:
            plan = make_plan(score.outputs, score.buses, list(scheduler.patches.values()))
        except Fault as fault:
            raise PhononError(fault.message) from fault
        for run in plan.runs() if scheduler.seed else ():
            run.seed = crc32(f"{scheduler.seed} {run.seed}".encode())
        addresses = library.load({render, publish, *needed(plan)}, _told(progress, "kernels"))
        arena = Arena()
        self.program = Program(
            plan, arena, addresses, sample_rate, block, voices, Pool(arena, block)
        )
        self._outputs = plan.outputs
        rows = Rows(plan, self.clock, scheduler)
        for row, value in rows.first(self.clock.origin):
            self.program.rows[row] = [value, 0.0, 0.0, 0.0]
        self._starter = Starter(plan, sample_rate)
        self._agenda = Agenda(self.clock, rows, self._starter.starts(onsets))
        self._arena = Arena()
        self.words = view(
            self._arena.take(8 * at.ENGINE_WORDS, "the engine"), at.ENGINE_WORDS, np.int64
        )
        publisher = ctypes.CFUNCTYPE(None, *[ctypes.c_int64] * 2)(addresses[publish])
        self._ring = Ring(self._arena, publisher)
        self.words[at.RING] = self._ring.address
        self._set_up(block, voices, stems)
        self._call = ctypes.CFUNCTYPE(None, *[ctypes.c_int64] * 3)(addresses[render])
        self._frame = 0
        self._busy = 0.0
        self._timer = timer

    # -- sound ------------------------------------------------------------------------------------

    def render(self, frames: int) -> Floats:
        """The next `frames` frames of what is heard, shape (frames, 2)."""
        return self.render_parts(frames)[0]

    def render_outputs(self, frames: int) -> tuple[Floats, dict[str, Floats]]:
        """What is heard, and every output before the master (if the engine keeps stems)."""
        out, _, outputs = self.render_parts(frames)
        return out, outputs

    def render_parts(self, frames: int) -> tuple[Floats, Floats, dict[str, Floats]]:
        """What is heard, the mix before the limiter, and the outputs that it is the sum of."""
        out = np.empty((frames, 2), np.float32)
        kept = np.empty((len(self._stems), frames), np.float32)
        done = 0
        while done < frames:
            count = min(frames - done, STEP, self.feed(frames - done))
            begun = self._timer()
            self._call(self.address, out.ctypes.data + 8 * done, count)
            self._busy += self._timer() - begun
            if len(self._stems):
                self._take_stems(kept[:, done : done + count])
            done += count
            self._frame += count
        pairs = [
            np.ascontiguousarray(kept[2 * number : 2 * number + 2].T)
            for number in range(len(kept) // 2)
        ]
        mix = pairs[0] if pairs else out
        return out, mix, dict(zip(self._outputs, pairs[1:], strict=False))

    # -- figures ----------------------------------------------------------------------------------

    @property
    def stats(self) -> Stats:
        """What the engine has counted so far."""
        return read_stats(self.words, self._frame / self.sample_rate, self._busy)

    @property
    def peak_voices(self) -> int:
        """The most voices that sounded at once."""
        return self.stats.peak_voices

    @property
    def stolen(self) -> int:
        """Voices that had to end for others."""
        return self.stats.stolen

    # -- setting up -------------------------------------------------------------------------------

    def _set_up(self, block: int, voices: int, stems: bool) -> None:
        words = self.words
        numbers = words.view(np.float64)
        self.address = words.ctypes.data
        words[at.BLOCK] = block
        words[at.VOICE_LIMIT] = voices
        words[at.FIFO] = self._arena.take(8 * block, "a block")
        words[at.MIX] = self._arena.take(8 * block, "the mix")
        words[at.PROGRAM] = self.program.address
        numbers[at.FADE_STEP] = 1 / (FADE_SECONDS * self.sample_rate)
        numbers[at.LIMITER_CEILING] = CEILING
        numbers[at.LIMITER_RELEASE] = 1 - exp(-1 / (RELEASE_SECONDS * self.sample_rate))
        numbers[at.LIMITER_GAIN] = numbers[at.LIMITER_LOWEST] = 1.0
        channels = 2 + 2 * len(self._outputs) if stems else 0
        self._stems = np.zeros((channels, STEP + 2 * block), np.float32)
        if stems:
            words[at.STEMS] = self._stems.ctypes.data
            words[at.STEMS_ROW] = self._stems.shape[1]

    # -- events -----------------------------------------------------------------------------------

    def feed(self, frames: int) -> int:
        """Send what is due; returns how many frames may be rendered before more is sent."""
        block = int(self.words[at.BLOCK])
        until = self._frame + min(frames, STEP) + block
        for event in self._agenda.before(until):
            if not self._ring.send(event.words()):
                self._agenda.put_back(event)
                self._ring.publish()
                return max(event.frame // block * block - self._frame, 1)
        self._ring.publish()
        return STEP

    def skip(self, frames: int) -> None:
        """Somebody else has rendered so many frames."""
        self._frame += frames

    def _take_stems(self, target: Floats) -> None:
        """The stems come block by block; what is ahead of the mix waits."""
        count = target.shape[1]
        written = int(self.words[at.STEMS_FRAME])
        target[:] = self._stems[:, :count]
        self._stems[:, : written - count] = self._stems[:, count:written]
        self.words[at.STEMS_FRAME] = written - count


def _told(progress: Progress | None, what: str) -> Callable[[int, int], None] | None:
    """A progress of one thing alone."""
    if progress is None:
        return None
    return lambda done, total: progress(what, done, total)
