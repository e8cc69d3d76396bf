"""Adds up how long each part of a block takes, while a profile is made.

The engine's word `TIMES` is 0, or the address of a table of pairs: nanoseconds, and how often.
The first pair is (time of the last look at the clock, address of one counter per group).
"""

from __future__ import annotations

from phonon.engine.layout import ALL_GROUPS, ALL_GROUPS_END, MASK, PROGRAM, TIMES
from phonon.engine.liveout import CLOCK_WALL
from phonon.engine.meters import now
from phonon.kernel.machine import machine, words

LAST = 0
REST = 1  # everything beside events and operations: the mixer, the limiter, looking after voices
EVENTS = 2
FIRST = 3  # the first operation; the others follow


@machine
def begin_timing(engine: int) -> None:
    """Begin a block: look at the clock, and count the groups in which a voice sounds."""
    e = words(engine)
    times = words(e[TIMES])
    counters = words(times[2 * LAST + 1])
    entry = words(e[PROGRAM])[ALL_GROUPS]
    number = 0
    while entry < words(e[PROGRAM])[ALL_GROUPS_END]:
        if words(words(entry)[0])[MASK]:
            counters[number] += 1
        number += 1
        entry += 16
    times[2 * LAST] = now(engine, e[CLOCK_WALL])


@machine
def mark(engine: int, slot: int) -> None:
    """Add the time since the last look at the clock to a slot."""
    e = words(engine)
    times = words(e[TIMES])
    moment = now(engine, e[CLOCK_WALL])
    times[2 * slot] += moment - times[2 * LAST]
    times[2 * slot + 1] += 1
    times[2 * LAST] = moment


@machine("void(i64, i64)")
def look(engine: int, times: int) -> None:
    """Look at the clock so many times, to know what that costs."""
    e = words(engine)
    words(e[TIMES])[2 * LAST] = now(engine, e[CLOCK_WALL])
    for _ in range(times):
        mark(engine, REST)
