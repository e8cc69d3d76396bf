"""The engine's entry point: renders the blocks that a device or a file asks for."""

from __future__ import annotations

from phonon.engine.master import clear_mix, limit
from phonon.engine.memory_layout import EngineRecord
from phonon.engine.meters import begin_call, end_call, measure_block
from phonon.engine.mixer import begin_strips, end_strips, master_gain, mix_strips
from phonon.engine.plan_layout import HOUSEKEEPING
from phonon.engine.render_loop import carry, give, run_program, take_events
from phonon.engine.stopwatch import EVENTS, REST, begin_timing, mark
from phonon.engine.stream_render import update_voices
from phonon.engine.swap import (
    end_fade,
    listen,
    mix_tails,
    run_fade,
    run_tails,
    spare_lines,
    take_swap,
)
from phonon.kernel.native import (
    flush_denormals,
    native,
    release,
    restore_denormals,
)

NARROW = 0xFFFFFFFF  # frames and flags are no wider than this everywhere


@native
def live_block(engine: EngineRecord) -> None:
    """Render a block: requests, swaps, events at their frames, the mixer, the limiter."""
    if engine.times:
        begin_timing(engine)
    listen(engine)
    if engine.time % HOUSEKEEPING == 0:
        update_voices(engine)
    clear_mix(engine)
    begin_strips(engine)
    position = 0
    while position < engine.block:
        if engine.times:
            mark(engine, REST)
        most = take_swap(engine, position)
        cut = take_events(engine, position, most)
        if engine.times:
            mark(engine, EVENTS)
        if engine.fade:
            spare_lines(engine.fade, cut - position)
        run_program(engine, position, cut)
        if engine.fade:
            run_fade(engine, position, cut)
        run_tails(engine, position, cut)
        position = cut
    carry(engine.plan.carried, engine.block)
    mix_strips(engine)
    mix_tails(engine)
    if engine.fade:
        end_fade(engine)
    end_strips(engine)
    master_gain(engine)
    limit(engine)
    if engine.metered:
        measure_block(engine)
    engine.time += engine.block
    release(engine.ring.head, engine.ring_read)
    if engine.times:
        mark(engine, REST)


@native("i64(i64, i64, i64, i64, i64, i64)")
def play(given: int, out: int, frames: int, moment: int, flags: int, engine: EngineRecord) -> int:  # noqa: ARG001 — PortAudio's
    """Write `frames` interleaved stereo frames to `out`: a PortAudio callback."""
    mode = flush_denormals()
    wanted = frames & NARROW
    begin_call(engine, wanted, flags & NARROW)
    left = wanted
    while left > 0:
        if engine.fifo_left == 0:
            live_block(engine)
            engine.fifo_left = engine.block
        count = give(engine, out, left)
        out += 8 * count
        left -= count
    end_call(engine, wanted)
    restore_denormals(mode)
    return 0
