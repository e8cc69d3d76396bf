"""The mixer of a playing engine: strips with gains that move without clicks, the master, hush."""

from __future__ import annotations

from phonon.engine.layout import (
    BLOCK,
    MIX,
    PROGRAM,
    STEMS,
    STEMS_FRAME,
    STEMS_ROW,
    STRIPS,
    STRIPS_END,
    TIME,
)
from phonon.engine.liveout import (
    ALL_STRIPS,
    AT_ONCE,
    FADE,
    FADE_FRAMES,
    FADE_FROM,
    FADE_STRIPS,
    FADE_STRIPS_END,
    GHOST_STRIPS,
    GHOST_STRIPS_END,
    GHOST_UNTIL,
    HUSH_GAIN,
    HUSH_STEP,
    HUSHED,
    MASTER,
    MASTER_GAIN,
    NEVER,
    OUT,
    RECORD,
    STRIP_COUNT,
    STRIP_GAIN,
    STRIP_LEFT,
    STRIP_METER,
    STRIP_RIGHT,
    STRIP_SLOPE,
    STRIP_STEP,
    STRIP_TARGET,
)
from phonon.engine.meters import measure
from phonon.engine.streams import SILENT
from phonon.kernel.machine import doubles, float32, floats, machine, words


@machine
def begin_strips(engine: int) -> None:
    """Empty all strips for a new block, and decide how their gains move in it."""
    e = words(engine)
    d = doubles(engine)
    most = d[STRIP_STEP]
    for number in range(e[STRIP_COUNT]):
        strip = words(e[ALL_STRIPS])[number]
        s = doubles(strip)
        for side in range(2):
            signal = floats(words(strip)[STRIP_LEFT + side])
            for frame in range(e[BLOCK]):
                signal[frame] = 0.0
        way = (s[STRIP_TARGET] - s[STRIP_GAIN]) / e[BLOCK]
        s[STRIP_SLOPE] = min(max(way, -most), most)


@machine
def end_strips(engine: int) -> None:
    """Let the gains arrive where the block has brought them."""
    e = words(engine)
    for number in range(e[STRIP_COUNT]):
        s = doubles(words(e[ALL_STRIPS])[number])
        gain = s[STRIP_GAIN] + s[STRIP_SLOPE] * e[BLOCK]
        far = abs(gain - s[STRIP_TARGET]) > 1e-6
        s[STRIP_GAIN] = gain if far else s[STRIP_TARGET]


@machine
def blend(engine: int, entry: int) -> None:
    """Old and new of a strip as one, without a corner; where they are equal, nothing changes."""
    e = words(engine)
    strip = words(words(entry)[0])
    channel = words(words(entry)[1])
    comes = words(entry)[2]
    goes = words(entry)[3]
    first = e[TIME] - e[FADE_FROM]
    step = 1.0 / e[FADE_FRAMES]
    for side in range(2):
        fresh = floats(strip[STRIP_LEFT + side])
        old = floats(channel[side])
        for frame in range(max(-first, 0), e[BLOCK]):
            way = min((first + frame) * step, 1.0)
            part = float32(way * way * (3.0 - 2.0 * way))
            a = old[frame]
            b = fresh[frame]
            if goes == NEVER:
                fresh[frame] = b if comes == AT_ONCE else b * part
            elif goes == OUT:
                fresh[frame] = a + (b - a) * part
            else:
                fresh[frame] = a + (b if comes == AT_ONCE else b * part)


@machine
def add_strip(engine: int, strip: int, left: int, right: int) -> None:
    """Add a signal to the mix at the gain of its strip; measure it."""
    e = words(engine)
    s = doubles(strip)
    gain = s[STRIP_GAIN]
    slope = s[STRIP_SLOPE]
    moving = gain != 1.0 or slope != 0.0
    for side in range(2):
        signal = floats(right if side else left)
        mix = floats(e[MIX] + 4 * side * e[BLOCK])
        if moving:
            for frame in range(e[BLOCK]):
                signal[frame] = signal[frame] * float32(gain + slope * frame)
        for frame in range(e[BLOCK]):
            mix[frame] += signal[frame]
    measure(engine, e[RECORD] + 8 * words(strip)[STRIP_METER], left, right, e[BLOCK])


@machine
def keep_stem(engine: int, row: int, left: int, right: int) -> None:
    """Copy a block of an output into two rows of the stems."""
    e = words(engine)
    for side in range(2):
        signal = floats(right if side else left)
        stem = floats(e[STEMS] + 4 * (e[STEMS_ROW] * (row + side) + e[STEMS_FRAME]))
        for frame in range(e[BLOCK]):
            stem[frame] = signal[frame]


@machine
def mix_strips(engine: int) -> None:
    """All outputs of the program, in order; then those that are gone and fade out."""
    e = words(engine)
    if e[FADE]:
        fade = words(e[FADE])
        entry = fade[FADE_STRIPS]
        while entry < fade[FADE_STRIPS_END]:
            blend(engine, entry)
            entry += 40
    program = words(e[PROGRAM])
    place = program[STRIPS]
    stem = 2
    while place < program[STRIPS_END]:
        strip = words(place)[0]
        add_strip(engine, strip, words(strip)[STRIP_LEFT], words(strip)[STRIP_RIGHT])
        if e[STEMS]:
            keep_stem(engine, stem, words(strip)[STRIP_LEFT], words(strip)[STRIP_RIGHT])
        stem += 2
        place += 8
    if e[FADE]:
        fade = words(e[FADE])
        entry = fade[FADE_STRIPS]
        while entry < fade[FADE_STRIPS_END]:
            if words(entry)[4]:
                strip = words(entry)[0]
                add_strip(engine, strip, words(strip)[STRIP_LEFT], words(strip)[STRIP_RIGHT])
            entry += 40


@machine
def mix_ghost(engine: int, ghost: int) -> int:
    """Add what a ghost plays; returns whether that can be heard."""
    e = words(engine)
    last = e[TIME] + e[BLOCK] >= words(ghost)[GHOST_UNTIL]
    entry = words(ghost)[GHOST_STRIPS]
    loudest = 0.0
    while entry < words(ghost)[GHOST_STRIPS_END]:
        channel = words(words(entry)[1])
        for side in range(2):
            signal = floats(channel[side])
            for frame in range(e[BLOCK]):
                loudest = max(loudest, abs(signal[frame]))
                if last:
                    signal[frame] = signal[frame] * float32(1.0 - float32(frame) / e[BLOCK])
        add_strip(engine, words(entry)[0], channel[0], channel[1])
        entry += 16
    return 1 if loudest > SILENT else 0


@machine
def master_gain(engine: int) -> None:
    """The gain of everything, and silence where it was asked for."""
    e = words(engine)
    d = doubles(engine)
    hush = d[HUSH_GAIN]
    aim = 0.0 if e[HUSHED] else 1.0
    step = d[HUSH_STEP]
    gain = d[MASTER_GAIN]
    way = (d[MASTER] - gain) / e[BLOCK]
    way = min(max(way, -d[STRIP_STEP]), d[STRIP_STEP])
    if hush == 1.0 and aim == 1.0 and gain == 1.0 and way == 0.0:
        return
    left = floats(e[MIX])
    right = floats(e[MIX] + 4 * e[BLOCK])
    for frame in range(e[BLOCK]):
        hush = min(hush + step, aim) if hush < aim else max(hush - step, aim)
        gain += way
        factor = float32(hush * gain)
        left[frame] = left[frame] * factor
        right[frame] = right[frame] * factor
    d[HUSH_GAIN] = hush
    d[MASTER_GAIN] = gain if abs(gain - d[MASTER]) > 1e-6 else d[MASTER]
