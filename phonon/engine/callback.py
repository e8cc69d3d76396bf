"""The engine's entry point: renders blocks for a device or a file, with all that goes with them."""

from __future__ import annotations

from phonon.engine.desk import begin_strips, end_strips, master_gain, mix_strips
from phonon.engine.layout import (
    BLOCK,
    CARRIED,
    CARRIED_END,
    FIFO_LEFT,
    HOUSEKEEPING,
    PROGRAM,
    RING,
    RING_HEAD,
    RING_READ,
    TIME,
    TIMES,
)
from phonon.engine.liveout import FADE
from phonon.engine.master import clear_mix, limit
from phonon.engine.meters import begin_call, end_call, measure_block
from phonon.engine.render import carry, give, run_program, take_events
from phonon.engine.stopwatch import EVENTS, REST, begin_timing, mark
from phonon.engine.streams import look_after
from phonon.engine.swap import (
    end_fade,
    listen,
    mix_ghosts,
    run_fade,
    run_ghosts,
    spare_lines,
    take_swap,
)
from phonon.kernel.machine import (
    flush_denormals,
    machine,
    release,
    restore_denormals,
    words,
)

NARROW = 0xFFFFFFFF  # frames and flags are no wider than this everywhere


@machine
def live_block(engine: int) -> None:
    """One block: requests, swaps and events at their frames; then the mixer and the limiter."""
    e = words(engine)
    if e[TIMES]:
        begin_timing(engine)
    listen(engine)
    if e[TIME] % HOUSEKEEPING == 0:
        look_after(engine)
    clear_mix(engine)
    begin_strips(engine)
    position = 0
    while position < e[BLOCK]:
        if e[TIMES]:
            mark(engine, REST)
        most = take_swap(engine, position)
        cut = take_events(engine, position, most)
        if e[TIMES]:
            mark(engine, EVENTS)
        if e[FADE]:
            spare_lines(e[FADE], cut - position)
        run_program(engine, position, cut)
        if e[FADE]:
            run_fade(engine, position, cut)
        run_ghosts(engine, position, cut)
        position = cut
    program = words(e[PROGRAM])
    carry(program[CARRIED], program[CARRIED_END], e[BLOCK])
    mix_strips(engine)
    mix_ghosts(engine)
    if e[FADE]:
        end_fade(engine)
    end_strips(engine)
    master_gain(engine)
    limit(engine)
    measure_block(engine)
    e[TIME] += e[BLOCK]
    release(words(e[RING])[RING_HEAD], e[RING_READ])
    if e[TIMES]:
        mark(engine, REST)


@machine("i64(i64, i64, i64, i64, i64, i64)")
def play(given: int, out: int, frames: int, moment: int, flags: int, engine: int) -> int:  # noqa: ARG001 — PortAudio's
    """Write `frames` interleaved stereo frames to `out`: a PortAudio callback."""
    mode = flush_denormals()
    e = words(engine)
    wanted = frames & NARROW
    begin_call(engine, wanted, flags & NARROW)
    left = wanted
    while left > 0:
        if e[FIFO_LEFT] == 0:
            live_block(engine)
            e[FIFO_LEFT] = e[BLOCK]
        count = give(engine, out, left)
        out += 8 * count
        left -= count
    end_call(engine, wanted)
    restore_denormals(mode)
    return 0
