"""The engine: events become voices, voices become sound.

In the order of reading:

    clock        cycles to frames, exactly
    scheduler    asks the streams for voices; followers: patterns that set a row
    agenda       everything that will happen, in time's order; events, ring: how it is sent
    layout       where the engine keeps what changes; arena: memory that never moves
    program      a plan (phonon.graph.plan) in memory; nodes: state and delay lines, lanes: patches
    render       compiled: blocks, operations, loops; streams, groups: voices; master: the end
    engine       all of it together, as Python sees it; stats: what it counted

`render(engine, out, frames)` is the only way to sound. It runs without Python, allocates nothing
and waits for nobody: events come through the ring, everything else is in arenas.
"""

from phonon.engine.renderer import Renderer
from phonon.engine.stats import Stats

__all__ = ["Renderer", "Stats"]
