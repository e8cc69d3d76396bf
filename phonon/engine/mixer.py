"""Mixes outputs: strips with gains that move without clicks, the master gain, hush."""

from __future__ import annotations

from phonon.engine.live_layout import AT_ONCE, NEVER, OUT, FadeStrip, TailRecord
from phonon.engine.memory_layout import EngineRecord
from phonon.engine.meters import measure
from phonon.engine.plan_layout import ChannelRecord, StripRecord
from phonon.engine.stream_render import SILENT
from phonon.kernel.native import float32, floats, native


@native
def begin_strips(engine: EngineRecord) -> None:
    """Clear all strips for a new block, and decide how their gains move in it."""
    most = engine.strip_step
    for number in range(engine.strip_count):
        strip = engine.strips[number]
        for side in range(2):
            signal = floats(strip.right if side else strip.left)
            for frame in range(engine.block):
                signal[frame] = 0.0
        way = (strip.target - strip.gain) / engine.block
        strip.slope = min(max(way, -most), most)


@native
def end_strips(engine: EngineRecord) -> None:
    """Set the gains to their values at the end of the block."""
    for number in range(engine.strip_count):
        strip = engine.strips[number]
        gain = strip.gain + strip.slope * engine.block
        far = abs(gain - strip.target) > 1e-6
        strip.gain = gain if far else strip.target


@native
def blend(engine: EngineRecord, faded: FadeStrip) -> None:
    """Crossfade the old and the new signal of a strip; where they are equal, nothing changes."""
    strip = faded.strip
    channel = faded.channel
    comes = faded.comes
    goes = faded.goes
    first = engine.time - engine.fade_from
    step = 1.0 / engine.fade_frames
    for side in range(2):
        fresh = floats(strip.right if side else strip.left)
        old = floats(channel.right if side else channel.left)
        for frame in range(max(-first, 0), engine.block):
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


@native
def add_strip(engine: EngineRecord, strip: StripRecord, channel: ChannelRecord) -> None:
    """Add signals to the mix at the gain of a strip; measure them."""
    gain = strip.gain
    slope = strip.slope
    moving = gain != 1.0 or slope != 0.0
    for side in range(2):
        signal = floats(channel.right if side else channel.left)
        mix = floats(engine.mix + 4 * side * engine.block)
        if moving:
            for frame in range(engine.block):
                signal[frame] = signal[frame] * float32(gain + slope * frame)
        for frame in range(engine.block):
            mix[frame] += signal[frame]
    if engine.metered:
        meter = engine.telemetry.meters[strip.meter]
        measure(engine, meter, channel.left, channel.right, engine.block)


@native
def keep_stem(engine: EngineRecord, row: int, channel: ChannelRecord) -> None:
    """Copy a block of an output into two rows of the stems."""
    for side in range(2):
        signal = floats(channel.right if side else channel.left)
        stem = floats(engine.stems + 4 * (engine.stems_row * (row + side) + engine.stems_frame))
        for frame in range(engine.block):
            stem[frame] = signal[frame]


@native
def mix_strips(engine: EngineRecord) -> None:
    """Add all outputs of the plan to the mix, in order; then those that are gone and fade out."""
    fade = engine.fade
    if fade:
        for faded in fade.strips:
            blend(engine, faded)
    stem = 2
    for strip in engine.plan.strips:
        add_strip(engine, strip, strip)
        if engine.stems:
            keep_stem(engine, stem, strip)
        stem += 2
    if fade:
        for faded in fade.strips:
            if faded.gone:
                add_strip(engine, faded.strip, faded.strip)


@native
def mix_tail(engine: EngineRecord, tail: TailRecord) -> int:
    """Add a ringing tail to the mix; returns whether it can be heard."""
    last = engine.time + engine.block >= tail.until
    loudest = 0.0
    for rung in tail.strips:
        channel = rung.channel
        for side in range(2):
            signal = floats(channel.right if side else channel.left)
            for frame in range(engine.block):
                loudest = max(loudest, abs(signal[frame]))
                if last:
                    signal[frame] = signal[frame] * float32(1.0 - float32(frame) / engine.block)
        add_strip(engine, rung.strip, channel)
    return 1 if loudest > SILENT else 0


@native
def master_gain(engine: EngineRecord) -> None:
    """Apply the master gain and hush to the mix."""
    hush = engine.hush_gain
    aim = 0.0 if engine.hushed else 1.0
    step = engine.hush_step
    gain = engine.master_gain
    way = (engine.master - gain) / engine.block
    way = min(max(way, -engine.strip_step), engine.strip_step)
    if hush == 1.0 and aim == 1.0 and gain == 1.0 and way == 0.0:
        return
    left = floats(engine.mix)
    right = floats(engine.mix + 4 * engine.block)
    for frame in range(engine.block):
        hush = min(hush + step, aim) if hush < aim else max(hush - step, aim)
        gain += way
        factor = float32(hush * gain)
        left[frame] = left[frame] * factor
        right[frame] = right[frame] * factor
    engine.hush_gain = hush
    engine.master_gain = gain if abs(gain - engine.master) > 1e-6 else engine.master
