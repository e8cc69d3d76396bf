"""The end of the path: guards against what is not a number, the sum of outputs, the limiter."""

from __future__ import annotations

from phonon.engine.layout import (
    BLOCK,
    FAULTS,
    FIFO,
    GUARD_RESETS,
    GUARD_RESETS_END,
    GUARD_SIGNALS,
    GUARD_SIGNALS_END,
    LIMITER_CEILING,
    LIMITER_GAIN,
    LIMITER_LOWEST,
    LIMITER_RELEASE,
    MIX,
    STEMS,
    STEMS_FRAME,
    STEMS_ROW,
)
from phonon.kernel.machine import bits, doubles, float32, floats, machine, words

LOUDEST = 1e9  # whatever is larger is no sound


@machine
def guard(engine: int, place: int, begin: int, end: int) -> None:
    """Silence a signal that is not a number, and let what made it begin anew."""
    w = words(place)
    good = True
    entry = w[GUARD_SIGNALS]
    while entry < w[GUARD_SIGNALS_END]:
        signal = floats(words(entry)[0])
        for frame in range(begin, end):
            good &= abs(signal[frame]) < LOUDEST
        entry += 8
    if good:
        return
    words(engine)[FAULTS] += 1
    entry = w[GUARD_SIGNALS]
    while entry < w[GUARD_SIGNALS_END]:
        signal = floats(words(entry)[0])
        for frame in range(begin, end):
            signal[frame] = 0.0
        entry += 8
    entry = w[GUARD_RESETS]
    while entry < w[GUARD_RESETS_END]:
        reset = words(entry)
        target = bits(reset[0])
        source = bits(reset[1])
        for index in range(reset[2]):
            target[index] = source[index] if reset[1] else 0
        entry += 24


@machine
def clear_mix(engine: int) -> None:
    """Begin a block with an empty mix."""
    e = words(engine)
    mix = floats(e[MIX])
    for frame in range(2 * e[BLOCK]):
        mix[frame] = 0.0


@machine
def limit(engine: int) -> None:
    """The mix into the FIFO. Below the ceiling it passes unchanged, bit for bit.

    Above, the gain falls at once to what is needed and comes back over tens of milliseconds.
    """
    e = words(engine)
    d = doubles(engine)
    left = floats(e[MIX])
    right = floats(e[MIX] + 4 * e[BLOCK])
    out = floats(e[FIFO])
    ceiling = float32(d[LIMITER_CEILING])
    gain = d[LIMITER_GAIN]
    for frame in range(e[BLOCK]):
        a = left[frame]
        b = right[frame]
        level = max(abs(a), abs(b))
        if gain < 1.0:
            gain += (1.0 - gain) * d[LIMITER_RELEASE]
            gain = 1.0 if gain > 0.9999 else gain
        if level * gain > ceiling:
            gain = ceiling / level
            d[LIMITER_LOWEST] = min(d[LIMITER_LOWEST], gain)
        if gain < 1.0:
            a = min(max(float32(a * gain), -ceiling), ceiling)
            b = min(max(float32(b * gain), -ceiling), ceiling)
        out[2 * frame] = a
        out[2 * frame + 1] = b
    d[LIMITER_GAIN] = gain
    if e[STEMS]:
        stem = floats(e[STEMS] + 4 * e[STEMS_FRAME])
        for frame in range(e[BLOCK]):
            stem[frame] = left[frame]
            stem[e[STEMS_ROW] + frame] = right[frame]
        e[STEMS_FRAME] += e[BLOCK]
