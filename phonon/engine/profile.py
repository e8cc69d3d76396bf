"""Measures the time of each unit by reading the clock after every operation."""

from __future__ import annotations

import ctypes
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from phonon.engine.arena import Arena, view
from phonon.engine.loaded_plan import LoadedPatch, LoadedPlan, base_name
from phonon.engine.memory_layout import TimeSlot, TimesRecord
from phonon.engine.plan_layout import RunOp
from phonon.engine.renderer import STEP, Renderer
from phonon.engine.stopwatch import EVENTS, FIRST, REST, look
from phonon.graph.ops import Fill, Guard, Loop, Op, Output, Run, RunVoices
from phonon.kernel import library
from phonon.kernel.native import call, flush_denormals, native, restore_denormals
from phonon.kernel.records import size_of

REPEATS = 200  # calls of a kernel alone, to tell those of a voice apart
LOOKS = 200  # looks at the clock at a time, to know what they cost
HELD_UP = 1.25  # a block that took so many times its working time was held up


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of one unit of a definition: seconds, and number of calls."""

    owner: str
    unit: str
    seconds: float
    calls: int


@dataclass(frozen=True, slots=True)
class Profile:
    """The costs of a render of so many frames; `seconds` is what they add up to."""

    costs: list[Cost]
    frames: int
    sample_rate: int

    @property
    def seconds(self) -> float:
        """The sum of all costs."""
        return sum(cost.seconds for cost in self.costs)

    def by(self, name: str) -> dict[str, float]:
        """The seconds per `unit` or per `owner`, dearest first."""
        found: dict[str, float] = defaultdict(float)
        for cost in self.costs:
            found[getattr(cost, name)] += cost.seconds
        return dict(sorted(found.items(), key=lambda item: -item[1]))


@native("void(i64, i64, i64, i64)")
def repeat(kernel: int, io: int, frames: int, times: int) -> None:
    """Call a kernel so many times."""
    mode = flush_denormals()
    for _ in range(times):
        call(kernel, io, 0, frames)
    restore_denormals(mode)


def profile(renderer: Renderer, frames: int, beside: Renderer | None = None) -> Profile:
    """Measure the next frames of a renderer.

    Both renderers have to measure with `time.thread_time`. One `beside` it renders as many frames
    without a look at the clock, in turns: what slows one down slows down the other.
    """
    return _Profiler(renderer).run(frames, beside)


class _Profiler:
    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer
        self._memory = renderer.memory
        renderer.render(0)
        self._loaded_plan: LoadedPlan = renderer.loaded_plan
        code = library.load({look, repeat})
        self._look = _function(code[look], 2)
        self._repeat = _function(code[repeat], 4)
        self._alone: dict[tuple[int, int], float] = {}
        self._arena = Arena()
        count = FIRST + len(self._loaded_plan.plan.ops)
        size = size_of(TimesRecord) + count * size_of(TimeSlot)
        self._times = TimesRecord.at(self._arena.take(size, "the times"))
        slots = view(self._times.slots.address, 2 * count, np.int64)
        self._slots: NDArray[np.int64] = slots.reshape(count, 2)  # nanoseconds, calls
        entries = [entry for entries in self._loaded_plan.entries.values() for entry in entries]
        self._places = [entry for entry in entries for _ in entry.memory.groups]
        self._groups = np.zeros(max(len(self._places), 1), np.int64)
        self._times.counters = self._groups.ctypes.data

    def run(self, frames: int, beside: Renderer | None) -> Profile:
        self._memory.engine.times = self._times
        pairs = self._slots
        once = self._look_cost()
        worked = 0.0
        seconds = np.zeros(len(pairs))
        calls = np.zeros(len(pairs), np.int64)
        done = 0
        while done < frames:
            count = min(STEP, frames - done)
            self._slots[:] = 0
            begun = self._renderer.stats.busy_seconds
            self._renderer.render(count)
            busy = self._renderer.stats.busy_seconds - begun
            taken = 1e-9 * (pairs[:, 0] - once * pairs[:, 1])
            worked += busy - 1e-9 * once * int(pairs[:, 1].sum())
            seconds += taken if 1e-9 * pairs[:, 0].sum() < HELD_UP * busy else 1e-6 * taken
            calls += pairs[:, 1]
            done += count
            if beside is not None:
                beside.render(count)
        self._memory.engine.times = TimesRecord.at(0)
        seconds = np.maximum(seconds, 0.0)
        # the share of each is known from the clock; how much it is altogether, from the work
        seconds *= worked / max(float(seconds.sum()), 1e-12)
        costs = [
            Cost("", "mixer", float(seconds[REST]), int(calls[REST])),
            Cost("", "events", float(seconds[EVENTS]), int(calls[EVENTS])),
        ]
        for number, op in enumerate(self._loaded_plan.plan.ops):
            slot = FIRST + number
            costs += self._costs(op, float(seconds[slot]), int(calls[slot]))
        return Profile(costs, done, self._renderer.sample_rate)

    def _look_cost(self) -> float:
        """The nanoseconds that one look at the clock takes."""
        found = []
        for _ in range(50):
            self._slots[:] = 0
            self._look(self._memory.address, LOOKS)
            found.append(self._slots[REST, 0] / LOOKS)
        return float(np.median(found))

    def _costs(self, op: Op, seconds: float, calls: int) -> Iterator[Cost]:
        """The costs of an operation; of voices and loops, divided as their kernels cost alone."""
        match op:
            case Run():
                yield Cost(op.owner, op.unit, seconds, calls)
            case RunVoices():
                yield from self._shared(list(self._voices(op)), seconds, calls)
            case Loop():
                parts: list[tuple[str, str, float]] = []
                for inner in op.body:
                    if isinstance(inner, Run):
                        op_run = RunOp.at(self._loaded_plan.operations[id(inner)])
                        cost = self._cost_alone(op_run.kernel, op_run.io, 1)
                        parts.append((inner.owner, inner.unit, cost))
                    elif isinstance(inner, RunVoices):
                        parts += self._voices(inner)
                yield from self._shared(parts, seconds, calls)
            case Fill():
                yield Cost("", "patterns", seconds, calls)
            case Guard():
                yield Cost(op.owner, "guard", seconds, calls)
            case Output():
                yield Cost(op.name, "mixer", seconds, calls)

    @staticmethod
    def _shared(parts: list[tuple[str, str, float]], seconds: float, calls: int) -> Iterator[Cost]:
        total = sum(weight for *_, weight in parts)
        if not total:
            yield Cost("", "voices", seconds, calls)
            return
        for owner, unit, weight in parts:
            yield Cost(owner, unit, seconds * weight / total, calls)

    def _voices(self, op: RunVoices) -> Iterator[tuple[str, str, float]]:
        for entry in self._loaded_plan.entries[op.stream.name]:
            ran = sum(
                int(count)
                for place, count in zip(self._places, self._groups, strict=False)
                if place is entry
            )
            if ran and entry.number is not None:
                yield from self._patch(entry, entry.number, ran)

    def _patch(self, entry: LoadedPatch, number: int, ran: int) -> Iterator[tuple[str, str, float]]:
        patch = self._loaded_plan.plan.patches[number]
        for run, call_of in zip(patch.runs, entry.memory.groups[0].calls, strict=True):
            frames = 1 if call_of.once else self._memory.block
            weight = ran * self._cost_alone(call_of.kernel, call_of.io, frames)
            yield base_name(patch.stream.name), run.unit.lstrip("_"), weight

    def _cost_alone(self, kernel: int, io: int, frames: int) -> float:
        if (kernel, io) not in self._alone:
            self._repeat(kernel, io, frames, REPEATS // 4)
            begun = time.perf_counter()
            self._repeat(kernel, io, frames, REPEATS)
            self._alone[kernel, io] = time.perf_counter() - begun
        return self._alone[kernel, io]


def _function(address: int, arguments: int) -> Callable[..., None]:
    return ctypes.CFUNCTYPE(None, *[ctypes.c_int64] * arguments)(address)
