"""What sounding costs, unit by unit: a render that looks at the clock after every operation."""

from __future__ import annotations

import ctypes
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from phonon.engine import layout as at
from phonon.engine import liveout as live
from phonon.engine.arena import view
from phonon.engine.engine import Engine
from phonon.engine.layout import (
    ALL_GROUPS,
    ALL_GROUPS_END,
    BLOCK,
    CARRIED,
    CARRIED_END,
    HOUSEKEEPING,
    LOOP,
    MASK,
    OP_WORDS,
    OPS,
    OPS_END,
    PROGRAM,
    RING,
    RING_HEAD,
    RING_READ,
    TIME,
)
from phonon.engine.liveout import CLOCK_WALL
from phonon.engine.master import clear_mix, limit
from phonon.engine.meters import now
from phonon.engine.program import Entry, Program, base_name
from phonon.engine.render import carry, run_all, take_events
from phonon.engine.streams import look_after
from phonon.graph.ops import Fill, Guard, Loop, Op, Output, Run, RunVoices
from phonon.kernel import library
from phonon.kernel.machine import (
    call,
    flush_denormals,
    machine,
    release,
    restore_denormals,
    words,
)

# The table of times: (nanoseconds, how often), of the first two, then of every operation
LAST = 0  # when the clock was looked at last
REST = 1  # everything between blocks: the mixer, the limiter, looking after voices
EVENTS = 2
FIRST = 3
REPEATS = 200  # calls of a kernel alone, to tell those of a voice apart
LOOKS = 200  # looks at the clock at a time, to know what they cost
HELD_UP = 1.25  # times what it has worked: who took longer was held up


@dataclass(frozen=True, slots=True)
class Cost:
    """What one unit of a definition has cost: seconds, and how often it was called."""

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
        """Everything."""
        return sum(cost.seconds for cost in self.costs)

    def by(self, name: str) -> dict[str, float]:
        """The seconds per `unit` or per `owner`, dearest first."""
        found: dict[str, float] = defaultdict(float)
        for cost in self.costs:
            found[getattr(cost, name)] += cost.seconds
        return dict(sorted(found.items(), key=lambda item: -item[1]))


@machine
def mark(engine: int, table: int, slot: int) -> None:
    """What happened since the last look at the clock was this."""
    t = words(table)
    moment = now(engine, words(engine)[CLOCK_WALL])
    t[2 * slot] += moment - t[LAST]
    t[2 * slot + 1] += 1
    t[LAST] = moment


@machine
def timed_program(engine: int, table: int, begin: int, end: int) -> None:
    """Every operation, and how long it took."""
    program = words(words(engine)[PROGRAM])
    op = program[OPS]
    slot = FIRST
    while op < program[OPS_END]:
        after = op + 8 * OP_WORDS
        if words(op)[0] == LOOP:
            after = words(op)[1]
        run_all(engine, op, after, begin, end)
        mark(engine, table, slot)
        op = after
        slot += 1


@machine
def timed_block(engine: int, table: int, groups: int) -> None:
    """One block of the offline engine."""
    e = words(engine)
    entry = words(e[PROGRAM])[ALL_GROUPS]
    number = 0
    while entry < words(e[PROGRAM])[ALL_GROUPS_END]:
        if words(words(entry)[0])[MASK]:
            words(groups)[number] += 1
        number += 1
        entry += 16
    words(table)[LAST] = now(engine, e[CLOCK_WALL])
    if e[TIME] % HOUSEKEEPING == 0:
        look_after(engine)
    clear_mix(engine)
    mark(engine, table, REST)
    position = 0
    while position < e[BLOCK]:
        cut = take_events(engine, position, e[BLOCK])
        mark(engine, table, EVENTS)
        timed_program(engine, table, position, cut)
        position = cut
    program = words(e[PROGRAM])
    carry(program[CARRIED], program[CARRIED_END], e[BLOCK])
    limit(engine)
    e[TIME] += e[BLOCK]
    release(words(e[RING])[RING_HEAD], e[RING_READ])
    mark(engine, table, REST)


@machine("void(i64, i64, i64, i64)")
def timed(engine: int, frames: int, table: int, groups: int) -> None:
    """Render whole blocks."""
    mode = flush_denormals()
    while frames > 0:
        timed_block(engine, table, groups)
        frames -= words(engine)[BLOCK]
    restore_denormals(mode)


@machine("void(i64, i64, i64)")
def look(engine: int, table: int, times: int) -> None:
    """Look at the clock so many times, to know what that costs."""
    words(table)[LAST] = now(engine, words(engine)[CLOCK_WALL])
    for _ in range(times):
        mark(engine, table, REST)


@machine("void(i64, i64, i64, i64)")
def repeat(kernel: int, io: int, frames: int, times: int) -> None:
    """Call a kernel so many times."""
    mode = flush_denormals()
    for _ in range(times):
        call(kernel, io, 0, frames)
    restore_denormals(mode)


def profile(engine: Engine, frames: int, beside: Engine | None = None) -> Profile:
    """The costs of the next frames of an offline engine; for sound it is of no use after that.

    An engine `beside` it renders as many, in turns: what slows one down slows down the other.
    """
    return _Profiler(engine).run(frames, beside)


class _Profiler:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._program: Program = engine.program
        code = library.load({timed, look, repeat})
        self._timed = _function(code[timed], 4)
        self._look = _function(code[look], 3)
        self._repeat = _function(code[repeat], 4)
        self._alone: dict[tuple[int, int], float] = {}
        self._moment = np.zeros(2, np.int64)
        self._slots: NDArray[np.int64] = np.zeros(
            2 * (FIRST + len(self._program.plan.ops)), np.int64
        )
        entries = [entry for entries in self._program.entries.values() for entry in entries]
        self._places = [entry for entry in entries for _ in entry.memory.groups]
        self._groups = np.zeros(max(len(self._places), 1), np.int64)

    def run(self, frames: int, beside: Engine | None) -> Profile:
        words, address = self._engine.words, self._engine.address
        function = ctypes.CDLL(None).clock_gettime
        words[live.CLOCK] = ctypes.cast(function, ctypes.c_void_p).value or 0
        words[live.CLOCK_WALL] = time.CLOCK_MONOTONIC
        words[live.MOMENT] = self._moment.ctypes.data
        table = self._slots.ctypes.data
        pairs = self._slots.reshape(-1, 2)
        once = self._look_cost()
        worked = 0.0
        seconds = np.zeros(len(pairs))
        calls = np.zeros(len(pairs), np.int64)
        block = int(words[at.BLOCK])
        done = 0
        while done < frames:
            count = max(min(self._engine.feed(frames), frames - done) // block, 1) * block
            self._slots[:] = 0
            begun = time.thread_time()
            self._timed(address, count, table, self._groups.ctypes.data)
            busy = time.thread_time() - begun
            self._slots[2 * LAST] = 0  # a moment, and no time that has passed
            taken = 1e-9 * (pairs[:, 0] - once * pairs[:, 1])
            worked += busy - 1e-9 * once * int(pairs[:, 1].sum())
            seconds += taken if 1e-9 * pairs[:, 0].sum() < HELD_UP * busy else 1e-6 * taken
            calls += pairs[:, 1]
            done += count
            self._engine.skip(count)
            if beside is not None:
                beside.render(count)
        seconds = np.maximum(seconds, 0.0)
        # the share of each is known from the clock; how much it is altogether, from the work
        seconds *= worked / max(float(seconds.sum()), 1e-12)
        costs = [
            Cost("", "mixer", float(seconds[REST]), int(calls[REST])),
            Cost("", "events", float(seconds[EVENTS]), int(calls[EVENTS])),
        ]
        for number, op in enumerate(self._program.plan.ops):
            slot = FIRST + number
            costs += self._costs(op, float(seconds[slot]), int(calls[slot]))
        return Profile(costs, done, self._engine.sample_rate)

    def _look_cost(self) -> float:
        """The nanoseconds that one look at the clock takes."""
        found = []
        for _ in range(50):
            self._slots[:] = 0
            self._look(self._engine.address, self._slots.ctypes.data, LOOKS)
            found.append(self._slots[2 * REST] / LOOKS)
        return float(np.median(found))

    def _costs(self, op: Op, seconds: float, calls: int) -> Iterator[Cost]:
        """What an operation cost; one of many kernels by what each of them costs alone."""
        match op:
            case Run():
                yield Cost(op.owner, op.unit, seconds, calls)
            case RunVoices():
                yield from self._shared(list(self._voices(op)), seconds, calls)
            case Loop():
                parts: list[tuple[str, str, float]] = []
                for inner in op.body:
                    if isinstance(inner, Run):
                        kernel, io = self._words_of(inner)[1:3]
                        parts.append((inner.owner, inner.unit, self._cost_alone(kernel, io, 1)))
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
        for entry in self._program.entries[op.stream.name]:
            ran = sum(
                int(count)
                for place, count in zip(self._places, self._groups, strict=False)
                if place is entry
            )
            if ran and entry.number is not None:
                yield from self._patch(entry, entry.number, ran)

    def _patch(self, entry: Entry, number: int, ran: int) -> Iterator[tuple[str, str, float]]:
        patch = self._program.plan.patches[number]
        group = view(entry.memory.groups[0], at.GROUP_WORDS, np.int64)
        for index, run in enumerate(patch.runs):
            kernel, io, once = map(int, view(int(group[at.CALLS]) + 24 * index, 3, np.int64))
            frames = 1 if once else int(self._engine.words[at.BLOCK])
            weight = ran * self._cost_alone(kernel, io, frames)
            yield base_name(patch.stream.name), run.unit.lstrip("_"), weight

    def _cost_alone(self, kernel: int, io: int, frames: int) -> float:
        if (kernel, io) not in self._alone:
            self._repeat(kernel, io, frames, REPEATS // 4)
            begun = time.perf_counter()
            self._repeat(kernel, io, frames, REPEATS)
            self._alone[kernel, io] = time.perf_counter() - begun
        return self._alone[kernel, io]

    def _words_of(self, op: Op) -> list[int]:
        return [int(word) for word in view(self._program.addresses[id(op)], at.OP_WORDS, np.int64)]


def _function(address: int, arguments: int) -> Callable[..., None]:
    return ctypes.CFUNCTYPE(None, *[ctypes.c_int64] * arguments)(address)
