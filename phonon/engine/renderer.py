"""Renders a score without a device: the live engine, run as fast as it goes."""

from __future__ import annotations

import time
from collections.abc import Callable
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from phonon.engine.engine_memory import EngineMemory
from phonon.engine.loaded_plan import LoadedPlan
from phonon.engine.loaded_scores import LoadedScores
from phonon.engine.lookahead import EventFeed, PlannedCycles
from phonon.engine.scheduler import ScoreProtocol
from phonon.engine.score_draft import unchanged
from phonon.engine.stats import Stats, read_stats
from phonon.graph.voice import SampleSource

Floats = NDArray[np.float32]
Progress = Callable[[str, float, float], None]

STEP = 4096  # frames for which events are sent at a time
PLANNED_CYCLES = 16  # cycles that are asked for in advance …
PLANNED_SECONDS = 60  # … or this many seconds …
PLANNED_VOICES = 4096  # … or until so many voices are known


class Renderer:
    """Renders a score from cycle `begin` on. No event begins at or after frame `end`.

    All kinds of voices are found before the first frame, so that signals that voices bring along
    run from the beginning. Events are planned as the music goes, some cycles ahead, so that memory
    does not grow with the length of the piece; a kind of voice that was overlooked joins the
    running plan, as it does live. `progress` is told (what, how much is done, of how much) while
    events are queried and kernels compiled. `timer` measures how long the engine works. Raises
    what a pattern raises.
    """

    def __init__(
        self,
        score: ScoreProtocol,
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
        self.sample_rate = sample_rate
        self.memory = EngineMemory(sample_rate, block, voices, metered=False)
        self._scores = LoadedScores(self.memory, samples, seed, 0.0, lambda: False)
        self._progress = progress
        self._timer = timer
        self._busy = 0.0
        self._frame = 0
        self._stems = np.zeros((0, STEP + 2 * block), np.float32)
        planned: PlannedCycles = {}
        draft = self._scores.draft(
            score, "now", unchanged, begin=Fraction(begin), end=end, planned=planned
        )
        self._plan_ahead(draft.feed, STEP + block)
        draft.feed.find_kinds(self._told("events"))
        self._raise_problem(draft.feed)
        draft.prepare(progress=self._told("kernels"))
        self._raise_problem(draft.feed)
        self._scores.load(draft, "now")
        self.plan = draft.plan
        if stems:
            self._stems = np.zeros((2 + 2 * len(self.plan.outputs), STEP + 2 * block), np.float32)
            self.memory.keep_stems(self._stems)

    # -- sound ------------------------------------------------------------------------------------

    def render(self, frames: int) -> Floats:
        """Render the next `frames` frames, shape (frames, 2)."""
        return self.render_parts(frames)[0]

    def render_outputs(self, frames: int) -> tuple[Floats, dict[str, Floats]]:
        """Render the mix, and with stems every output before the master."""
        out, _, outputs = self.render_parts(frames)
        return out, outputs

    def render_parts(self, frames: int) -> tuple[Floats, Floats, dict[str, Floats]]:
        """Render the mix, the mix before the limiter, and the outputs that it is the sum of."""
        out = np.empty((frames, 2), np.float32)
        kept = np.empty((len(self._stems), frames), np.float32)
        done = 0
        while done < frames:
            count = self._send(min(frames - done, STEP))
            begun = self._timer()
            self.memory.play(out.ctypes.data + 8 * done, count)
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
        return out, mix, dict(zip(self.plan.outputs, pairs[1:], strict=False))

    def _take_stems(self, target: Floats) -> None:
        """Copy the stems of what was just rendered; blocks ahead of the mix wait."""
        count = target.shape[1]
        written = self.memory.engine.stems_frame
        target[:] = self._stems[:, :count]
        self._stems[:, : written - count] = self._stems[:, count:written]
        self.memory.engine.stems_frame = written - count

    @property
    def loaded_plan(self) -> LoadedPlan:
        """Return the plan in memory."""
        return self._scores.latest.loaded_plan

    # -- figures ----------------------------------------------------------------------------------

    @property
    def stats(self) -> Stats:
        """Return the engine's counters."""
        return read_stats(self.memory.engine, self._frame / self.sample_rate, self._busy)

    @property
    def peak_voices(self) -> int:
        """Return the most voices that sounded at once."""
        return self.stats.peak_voices

    @property
    def stolen(self) -> int:
        """Return how many voices had to end for others."""
        return self.stats.stolen

    # -- events -----------------------------------------------------------------------------------

    def _send(self, frames: int) -> int:
        """Send the events of the next frames; returns how many frames may be rendered now."""
        scores, block = self._scores, self.memory.block
        scores.settle()
        until = scores.frame + frames + block
        self._plan_ahead(scores.latest.feed, until)
        if scores.incomplete:
            draft = scores.growing()
            draft.load(self._told("kernels"))
            scores.load(draft, "now")
        feed = scores.latest.feed
        feed.push(until)
        feed.forget(scores.frame)
        feed.clock.forget(feed.clock.cycle(scores.frame) - 1)
        self._raise_problem(feed)
        if feed.sent >= until:
            return frames
        return min(frames, max(feed.sent // block * block - self._frame, 1))  # the ring is full

    def _plan_ahead(self, feed: EventFeed, until: int) -> None:
        """Query events up to a frame at least, and some cycles further."""
        feed.scout(until)
        frame, clock = self._scores.frame, feed.clock
        goal = min(
            clock.frame(clock.at(frame) + PLANNED_CYCLES),
            frame + PLANNED_SECONDS * self.sample_rate,
        )
        while feed.planned_voices < PLANNED_VOICES and not feed.scout(goal, most=1):
            pass

    def _raise_problem(self, feed: EventFeed) -> None:
        problem = feed.problem or self._scores.take_problem()
        if problem is not None:
            raise problem

    def _told(self, what: str) -> Callable[[int, int], None] | None:
        """The progress of one thing alone."""
        progress = self._progress
        return None if progress is None else lambda done, total: progress(what, done, total)
