"""Adds up the time that each part of a block takes, while a profile is made."""

from __future__ import annotations

from phonon.engine.memory_layout import EngineRecord
from phonon.engine.meters import now
from phonon.kernel.native import native, words

REST = 0  # everything beside events and operations: the mixer, the limiter, looking after voices
EVENTS = 1
FIRST = 2  # the first operation; the others follow


@native
def begin_timing(engine: EngineRecord) -> None:
    """Begin a block: look at the clock, and count the groups in which a voice sounds."""
    counters = words(engine.times.counters)
    groups = engine.plan.groups
    for number in range(len(groups)):
        if groups[number].group.mask:
            counters[number] += 1
    engine.times.last = now(engine, engine.clock_wall)


@native
def mark(engine: EngineRecord, slot: int) -> None:
    """Add the time since the last look at the clock to a slot."""
    times = engine.times
    moment = now(engine, engine.clock_wall)
    times.slots[slot].nanoseconds += moment - times.last
    times.slots[slot].calls += 1
    times.last = moment


@native("void(i64, i64)")
def look(engine: EngineRecord, times: int) -> None:
    """Look at the clock `times` times, to measure what a look costs."""
    engine.times.last = now(engine, engine.clock_wall)
    for _ in range(times):
        mark(engine, REST)
