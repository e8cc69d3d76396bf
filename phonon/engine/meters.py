"""Measures levels, load and underruns into the telemetry record."""

from __future__ import annotations

from phonon.engine.live_layout import METERS, SCOPE, MeterRecord
from phonon.engine.memory_layout import STRETCHES, EngineRecord
from phonon.kernel.native import acquire, address_of, call, floats, native, release

SECOND = 1_000_000_000
UNDERFLOW = 4  # of PortAudio's status flags
MEAN_SECONDS = 0.3
FORGOTTEN = 32  # calls after which a long gap has nothing to do with an underrun
NOTHING = 1 << 62


@native
def measure(engine: EngineRecord, meter: MeterRecord, left: int, right: int, frames: int) -> None:
    """Measure the level of a signal, left and right."""
    measure_side(engine, meter, 0, left, 1, frames)
    measure_side(engine, meter, 1, right, 1, frames)


@native
def measure_side(
    engine: EngineRecord, meter: MeterRecord, side: int, first: int, step: int, frames: int
) -> None:
    """Measure the level of one side of a signal, whose frames are `step` floats apart.

    Four sums at a time need not wait for each other.
    """
    signal = floats(first)
    peak_a, peak_b, peak_c, peak_d = 0.0, 0.0, 0.0, 0.0
    sum_a, sum_b, sum_c, sum_d = 0.0, 0.0, 0.0, 0.0
    whole = frames // 4
    for number in range(whole):
        a = signal[4 * number * step]
        b = signal[(4 * number + 1) * step]
        c = signal[(4 * number + 2) * step]
        d = signal[(4 * number + 3) * step]
        peak_a = max(peak_a, abs(a))
        peak_b = max(peak_b, abs(b))
        peak_c = max(peak_c, abs(c))
        peak_d = max(peak_d, abs(d))
        sum_a += a * a
        sum_b += b * b
        sum_c += c * c
        sum_d += d * d
    for frame in range(4 * whole, frames):
        a = signal[frame * step]
        peak_a = max(peak_a, abs(a))
        sum_a += a * a
    peak_a = max(peak_a, peak_b)
    peak_c = max(peak_c, peak_d)
    total = (sum_a + sum_b) + (sum_c + sum_d)
    note_level(engine, meter, side, max(peak_a, peak_c), total / frames, frames)


@native
def note_level(
    engine: EngineRecord, meter: MeterRecord, side: int, peak: float, mean: float, frames: int
) -> None:
    """Update one side of a meter with the peak and the mean square of some frames."""
    meter.peak[side] = max(meter.peak[side], peak)
    part = min(frames / (MEAN_SECONDS * engine.rate), 1.0)
    meter.mean[side] += (mean - meter.mean[side]) * part
    if peak >= 1.0:
        meter.clipped = 1


@native
def measure_block(engine: EngineRecord) -> None:
    """Measure the block that is heard, and how far ahead events have been sent."""
    record = engine.telemetry
    out = floats(engine.fifo)
    at = record.scope_at
    for frame in range(engine.block):
        record.scope[(at + frame) & (SCOPE - 1)] = 0.5 * (out[2 * frame] + out[2 * frame + 1])
    record.scope_at = at + engine.block
    for side in range(2):
        measure_side(engine, record.meters[0], side, engine.fifo + 4 * side, 2, engine.block)
    record.least_lead = min(record.least_lead, engine.sent - engine.time)


@native
def now(engine: EngineRecord, clock: int) -> int:
    """The time of a clock in nanoseconds; 0 where there is none."""
    if engine.clock == 0:
        return 0
    call(engine.clock, clock, address_of(engine.moment))
    return engine.moment[0] * SECOND + engine.moment[1]


@native
def begin_call(engine: EngineRecord, frames: int, flags: int) -> None:
    """Note the time at which a call begins, and underruns before it."""
    record = engine.telemetry
    release(engine.calling, 1)
    release(record.sequence, record.sequence + 1)
    wanted = acquire(record.wanted)
    if wanted != engine.measured:
        engine.measured = wanted
        record.least_lead = NOTHING
        for number in range(METERS):
            record.meters[number].peak[0] = 0.0
            record.meters[number].peak[1] = 0.0
    moment = now(engine, engine.clock_wall)
    engine.gap_age += 1
    gap = moment - engine.begun if engine.begun else 0
    if gap > engine.gap or engine.gap_age > FORGOTTEN:
        engine.gap = gap
        engine.gap_age = 0
    engine.untold_age += 1
    if flags & UNDERFLOW:
        count_underrun(engine, frames * SECOND // engine.whole_rate)
    engine.begun = moment
    engine.thread = now(engine, engine.clock_thread)
    between = engine.thread - engine.ended
    engine.between = between if (engine.ended > 0) & (between > 0) & (between < gap) else 0


@native
def count_underrun(engine: EngineRecord, period: int) -> None:
    """Count an underrun: as many periods as fit into the longest gap of the last calls.

    A sound server may tell of each missed block by itself and some calls later; what no gap of
    its own explains then belongs to the one that has been counted.
    """
    gap = engine.gap
    missed = (gap + period // 2) // period - 1
    engine.gap = 0
    on_time = gap <= period + period // 8
    if on_time and engine.untold > 0 and engine.untold_age <= FORGOTTEN:
        engine.untold -= 1
    else:
        missed = max(missed, 1)
        record = engine.telemetry
        record.underruns += missed
        record.silence += missed * period
        record.underrun_frame = engine.time
        engine.untold = missed - 1
        engine.untold_age = 0


@native
def end_call(engine: EngineRecord, frames: int) -> None:
    """Note the time that a call took, and write the telemetry record."""
    while engine.stall > now(engine, engine.clock_wall) - engine.begun:
        pass
    engine.stall = 0
    busy = now(engine, engine.clock_wall) - engine.begun
    engine.ended = now(engine, engine.clock_thread)
    note_load(engine, engine.between + busy, engine.between + engine.ended - engine.thread, frames)
    record = engine.telemetry
    record.frame = engine.time
    record.calls += 1
    record.late = engine.late
    record.latest = engine.latest
    record.voices = engine.voices
    record.most_voices = engine.most_voices
    record.started = engine.started
    record.stolen = engine.stolen
    record.dropped = engine.dropped
    record.faults = engine.faults
    record.swaps = engine.swaps
    record.swap_frame = engine.swap_frame
    record.hushed = engine.hushed
    record.limiter = engine.limiter_lowest
    record.chunk = engine.chunk
    release(record.sequence, record.sequence + 1)
    release(engine.calling, 0)


@native
def note_load(engine: EngineRecord, busy: int, thread: int, frames: int) -> None:
    """Update the average load of half a second and the worst of two, in eight stretches each."""
    rate = engine.rate
    record = engine.telemetry
    engine.chunk = frames
    stretch = engine.stretches[engine.stretch]
    stretch.busy += busy
    stretch.frames += frames
    stretch.thread += thread
    total, length, worked = 0, 0, 0
    for part in engine.stretches:
        total += part.busy
        length += part.frames
        worked += part.thread
    nanoseconds = length * SECOND / rate
    record.load = total / nanoseconds
    record.load_thread = worked / nanoseconds
    engine.stretch_frames += frames
    if engine.stretch_frames > rate / 16.0:
        engine.stretch_frames = 0
        engine.stretch = (engine.stretch + 1) & (STRETCHES - 1)
        stretch = engine.stretches[engine.stretch]
        stretch.busy = 0
        stretch.frames = 0
        stretch.thread = 0
    load = busy * rate / (frames * SECOND)
    engine.peaks[engine.peak_stretch] = max(engine.peaks[engine.peak_stretch], load)
    worst = 0.0
    for peak in engine.peaks:
        worst = max(worst, peak)
    record.load_peak = worst
    engine.peak_frames += frames
    if engine.peak_frames > rate / 4.0:
        engine.peak_frames = 0
        engine.peak_stretch = (engine.peak_stretch + 1) & (STRETCHES - 1)
        engine.peaks[engine.peak_stretch] = 0.0
