"""The engine: turns the events of a score into voices, and voices into sound.

In the order of reading:

    clock          cycles to frames and back, exactly
    scheduler      asks streams for the voices that their events start
    automation     patterns that set a row as time goes; events: what is sent to the engine
    lookahead      asks a score ahead of the sound and sends its events into the event ring
    plan_layout,   the records that compiled functions and Python share;
    memory_layout  live_layout: those of swaps, fades and telemetry; arena: where they lie
    loaded_plan    a plan (phonon.graph.plan) in memory; kernel_io: state and delay lines,
                   patch_memory: voices in groups, sample_memory: recorded sounds
    swap_plan      what goes from one plan to the next; row_matching: rows that keep their value
    callback       compiled: a block with all that goes with it; render_loop: operations,
                   stream_render and voice_groups: voices, mixer, master, swap, meters
    engine_memory  the engine's memory and code; loaded_scores: scores that follow each other
    player         plays scores live; renderer: renders one without a device

`callback.play` is the only way to sound. It runs without Python, allocates nothing and waits for
nobody: events come through the event ring, everything else is in arenas.
"""

from phonon.engine.renderer import Renderer
from phonon.engine.stats import Stats

__all__ = ["Renderer", "Stats"]
