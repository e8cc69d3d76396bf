"""The engine as Python sees it: a score in, sound out, chunk by chunk."""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable, Hashable
from fractions import Fraction
from math import exp, isfinite

import numpy as np
from numpy.typing import NDArray

from phonon.engine import layout as at
from phonon.engine.arena import Arena, view
from phonon.engine.clock import Clock
from phonon.engine.events import Event, Start
from phonon.engine.program import Program, needed
from phonon.engine.recordings import Recordings
from phonon.engine.render import render
from phonon.engine.ring import Ring
from phonon.engine.scheduler import Onset, Playable, Rows, Scheduler
from phonon.engine.stats import Stats, read_stats
from phonon.errors import Fault, PhononError
from phonon.graph.ops import PatchPlan
from phonon.graph.plan import make_plan
from phonon.graph.voice import SampleSource
from phonon.kernel import library

Floats = NDArray[np.float32]
Progress = Callable[[str, float, float], None]

FADE_SECONDS = 0.005
CEILING = 10 ** (-0.1 / 20)
RELEASE_SECONDS = 0.05
STEP = 4096  # frames between two looks at what is coming
LONGEST_HOLD = 1 << 40


class Engine:
    """Plays a score from cycle `begin` on. No event begins at or after frame `end`.

    Everything that the stretch needs is found, compiled and put into memory here; `progress` is
    told (what, how much is done, of how much). Rendering then allocates nothing but its result.
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
    ) -> None:
        if at.HOUSEKEEPING % block:
            raise ValueError(f"a block of {block} frames does not divide {at.HOUSEKEEPING}")
        self.sample_rate = sample_rate
        self.clock = Clock(score.cps, sample_rate, begin)
        self._samples = Recordings()
        self._cuts: dict[Hashable, int] = {}
        scheduler = Scheduler(
            score, self.clock, sample_rate, samples, score.seed if seed is None else seed
        )
        onsets = self._onsets(scheduler, end, progress)
        try:
            plan = make_plan(score.outputs, score.buses, list(scheduler.patches.values()))
        except Fault as fault:
            raise PhononError(fault.message) from fault
        addresses = library.load({render, *needed(plan)}, _told(progress, "kernels"))
        self.program = Program(plan, Arena(), addresses, sample_rate, block, voices)
        self._outputs = plan.outputs
        self._rows = Rows(plan, self.clock, scheduler)
        for row, value in self._rows.first(self.clock.origin):
            self.program.rows[row] = [value, 0.0, 0.0, 0.0]
        by_key = {
            (id(patch.stream), patch.key, patch.ports): (number, patch)
            for number, patch in enumerate(plan.patches)
        }
        self._known: list[Event] = [
            self._start(onset, *by_key[onset.patch]) for onset in onsets if onset.patch in by_key
        ]
        self._known = sorted([*self._rows.lasts(), *self._known], key=lambda event: event.frame)
        self._coming: list[Event] = []  # in reverse: the next one last
        self._asked = self.clock.origin
        self._arena = Arena()
        self._words = view(
            self._arena.take(8 * at.ENGINE_WORDS, "the engine"), at.ENGINE_WORDS, np.int64
        )
        self._ring = Ring(self._arena, self._words)
        self._set_up(block, voices, stems)
        self._call = ctypes.CFUNCTYPE(None, *[ctypes.c_int64] * 3)(addresses[render])
        self._frame = 0
        self._busy = 0.0

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
            count = min(frames - done, STEP, self._feed(done, frames))
            begun = time.perf_counter()
            self._call(self._address, out.ctypes.data + 8 * done, count)
            self._busy += time.perf_counter() - begun
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
        return read_stats(self._words, self._frame / self.sample_rate, self._busy)

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
        words = self._words
        numbers = words.view(np.float64)
        self._address = words.ctypes.data
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

    def _onsets(self, scheduler: Scheduler, end: int, progress: Progress | None) -> list[Onset]:
        found: list[Onset] = []
        cycle = self.clock.origin
        while self.clock.frame(cycle) < end:
            found += scheduler.onsets(cycle, cycle + 1, end)
            cycle += 1
            if progress is not None:
                progress("events", min(self.clock.frame(cycle), end), end)
        return found

    def _start(self, onset: Onset, number: int, patch: PatchPlan) -> Start:
        voice = onset.voice
        gate = voice.gate * self.sample_rate
        gate_frames = round(gate) if isfinite(gate) else LONGEST_HOLD
        hold = voice.hold * self.sample_rate
        hold_frames = round(hold) if isfinite(hold) else LONGEST_HOLD
        values = dict(voice.controls)
        values["gate"] = gate_frames
        return Start(
            onset.frame,
            number,
            onset.seed,
            hold_frames,
            0 if voice.cut is None else self._cuts.setdefault(voice.cut, len(self._cuts) + 1),
            self._samples.describe(voice.sample),
            [values.get(name, default) for name, default in patch.controls],
        )

    # -- events -----------------------------------------------------------------------------------

    def _feed(self, done: int, frames: int) -> int:
        """Send what is due; returns how many frames may be rendered before more is sent."""
        block = int(self._words[at.BLOCK])
        until = self._frame + min(frames - done, STEP) + block
        while self.clock.frame(self._asked) < until:
            self._ask()
        while self._coming and self._coming[-1].frame < until:
            if not self._ring.send(self._coming[-1].words()):
                ready = self._coming[-1].frame // block * block - self._frame
                self._ring.publish()
                return max(ready, 1)
            self._coming.pop()
        self._ring.publish()
        return STEP

    def _ask(self) -> None:
        """Ask for the next cycle and put what happens in it behind what is coming."""
        begin, end = self._asked, self._asked + 1
        self._asked = end
        stop = self.clock.frame(end)
        count = 0
        while count < len(self._known) and self._known[count].frame < stop:
            count += 1
        events: list[Event] = [*self._rows.follow(begin, end), *self._known[:count]]
        del self._known[:count]
        events.sort(key=lambda event: (event.frame, isinstance(event, Start)))
        self._coming = [*reversed(events), *self._coming]

    def _take_stems(self, target: Floats) -> None:
        """The stems come block by block; what is ahead of the mix waits."""
        count = target.shape[1]
        written = int(self._words[at.STEMS_FRAME])
        target[:] = self._stems[:, :count]
        self._stems[:, : written - count] = self._stems[:, count:written]
        self._words[at.STEMS_FRAME] = written - count


def _told(progress: Progress | None, what: str) -> Callable[[int, int], None] | None:
    """A progress of one thing alone."""
    if progress is None:
        return None
    return lambda done, total: progress(what, done, total)
