"""Silences signals that are not numbers, and limits the mix; the master gain is in `mixer`."""

from __future__ import annotations

from phonon.engine.memory_layout import EngineRecord
from phonon.engine.plan_layout import GuardRecord
from phonon.kernel.native import bits, float32, floats, native

LOUDEST = 1e9  # whatever is larger is no sound


@native
def guard(engine: EngineRecord, watched: GuardRecord, begin: int, end: int) -> None:
    """Silence a signal that is not a number, and reset the units that made it."""
    good = True
    for address in watched.signals:
        signal = floats(address)
        for frame in range(begin, end):
            good &= abs(signal[frame]) < LOUDEST
    if good:
        return
    engine.faults += 1
    for address in watched.signals:
        signal = floats(address)
        for frame in range(begin, end):
            signal[frame] = 0.0
    begin_anew(watched)


@native
def begin_anew(watched: GuardRecord) -> None:
    """Reset the state and delay lines that belong to a guard."""
    for reset in watched.resets:
        target = bits(reset.target)
        source = bits(reset.source)
        for index in range(reset.count):
            target[index] = source[index] if reset.source else 0


@native
def clear_mix(engine: EngineRecord) -> None:
    """Begin a block with an empty mix."""
    mix = floats(engine.mix)
    for frame in range(2 * engine.block):
        mix[frame] = 0.0


@native
def limit(engine: EngineRecord) -> None:
    """Limit the mix into the FIFO. Below the ceiling it passes unchanged, bit for bit.

    Above it the gain falls at once as far as needed, and recovers over tens of milliseconds.
    """
    left = floats(engine.mix)
    right = floats(engine.mix + 4 * engine.block)
    out = floats(engine.fifo)
    ceiling = float32(engine.limiter_ceiling)
    gain = engine.limiter_gain
    for frame in range(engine.block):
        a = left[frame]
        b = right[frame]
        level = max(abs(a), abs(b))
        if gain < 1.0:
            gain += (1.0 - gain) * engine.limiter_release
            gain = 1.0 if gain > 0.9999 else gain
        if level * gain > ceiling:
            gain = ceiling / level
            engine.limiter_lowest = min(engine.limiter_lowest, gain)
        if gain < 1.0:
            a = min(max(float32(a * gain), -ceiling), ceiling)
            b = min(max(float32(b * gain), -ceiling), ceiling)
        out[2 * frame] = a
        out[2 * frame + 1] = b
    engine.limiter_gain = gain
    if engine.stems:
        stem = floats(engine.stems + 4 * engine.stems_frame)
        for frame in range(engine.block):
            stem[frame] = left[frame]
            stem[engine.stems_row + frame] = right[frame]
        engine.stems_frame += engine.block
