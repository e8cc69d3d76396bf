"""What a playing engine measures of itself: levels, its load, underruns; all in its record."""

from __future__ import annotations

from phonon.engine.layout import (
    BLOCK,
    DROPPED,
    FAULTS,
    FIFO,
    LATE,
    LATEST,
    LIMITER_LOWEST,
    MOST_VOICES,
    STARTED,
    STOLEN,
    TIME,
    VOICES,
)
from phonon.engine.liveout import (
    BEGUN,
    BETWEEN,
    BUCKET,
    BUCKET_FRAMES,
    BUCKETS,
    CALLING,
    CHUNK,
    CLOCK,
    CLOCK_THREAD,
    CLOCK_WALL,
    ENDED,
    GAP,
    GAP_AGE,
    HUSHED,
    MEASURED,
    MOMENT,
    PEAK_BUCKET,
    PEAK_FRAMES,
    PEAKS,
    RATE,
    RECORD,
    SENT,
    STALL,
    SWAP_FRAME,
    SWAPS,
    THREAD,
    UNTOLD,
    UNTOLD_AGE,
    WHOLE_RATE,
)
from phonon.kernel.machine import acquire, call, doubles, floats, machine, release, words

# The record: words; `telemetry` says what each is
MAGIC = 0
SEQUENCE = 1
R_FRAME = 2
R_CALLS = 3
R_LOAD = 4
R_LOAD_PEAK = 5
R_LOAD_THREAD = 6
R_UNDERRUNS = 7
R_SILENCE = 8
R_UNDERRUN_AT = 9
R_LEAST = 10
R_LATE = 11
R_LATEST = 12
R_VOICES = 13
R_MOST_VOICES = 14
R_STARTED = 15
R_STOLEN = 16
R_DROPPED = 17
R_FAULTS = 18
R_SWAPS = 19
R_SWAP_FRAME = 20
R_HUSHED = 21
R_LIMITER = 22
R_CHUNK = 23
R_WANTED = 24  # a reader counts up; peaks and the least lead then begin anew
R_SCOPE_AT = 25
R_ANCHOR = 26  # sequence, frame, cycle, cps: where the music is
R_METERS = 32
METER_PEAK = 0  # left and right, of the time since the last request
METER_MEAN = 2  # left and right, of squares, over 300 ms
METER_CLIPPED = 4
METER_WORDS = 8
METERS = 65  # the master's and those of all strips
R_SCOPE = R_METERS + METERS * METER_WORDS
SCOPE = 2048
RECORD_WORDS = R_SCOPE + SCOPE // 2

SECOND = 1_000_000_000
UNDERFLOW = 4  # of PortAudio's status flags
STRETCHES = 8  # of which averages and worst values are made
MEAN_SECONDS = 0.3
FORGOTTEN = 32  # calls after which a long gap has nothing to do with an underrun
NOTHING = 1 << 62


@machine
def measure(engine: int, meter: int, left: int, right: int, frames: int) -> None:
    """Note how loud a signal is."""
    for side in range(2):
        signal = floats(right if side else left)
        peak = 0.0
        total = 0.0
        for frame in range(frames):
            value = signal[frame]
            peak = max(peak, abs(value))
            total += value * value
        note_level(engine, meter, side, peak, total / frames, frames)


@machine
def note_level(engine: int, meter: int, side: int, peak: float, mean: float, frames: int) -> None:
    """Take the peak and the mean square of some frames of one side into a meter."""
    d = doubles(meter)
    d[METER_PEAK + side] = max(d[METER_PEAK + side], peak)
    part = min(frames / (MEAN_SECONDS * doubles(engine)[RATE]), 1.0)
    d[METER_MEAN + side] += (mean - d[METER_MEAN + side]) * part
    if peak >= 1.0:
        words(meter)[METER_CLIPPED] = 1


@machine
def measure_block(engine: int) -> None:
    """Note what is heard of a block, and how far ahead its events have been sent."""
    e = words(engine)
    record = words(e[RECORD])
    out = floats(e[FIFO])
    scope = floats(e[RECORD] + 8 * R_SCOPE)
    at = record[R_SCOPE_AT]
    meter = e[RECORD] + 8 * R_METERS
    for frame in range(e[BLOCK]):
        scope[(at + frame) & (SCOPE - 1)] = 0.5 * (out[2 * frame] + out[2 * frame + 1])
    record[R_SCOPE_AT] = at + e[BLOCK]
    for side in range(2):
        peak = 0.0
        total = 0.0
        for frame in range(e[BLOCK]):
            value = out[2 * frame + side]
            peak = max(peak, abs(value))
            total += value * value
        note_level(engine, meter, side, peak, total / e[BLOCK], e[BLOCK])
    record[R_LEAST] = min(record[R_LEAST], e[SENT] - e[TIME])


@machine
def now(engine: int, clock: int) -> int:
    """Nanoseconds of a clock; 0 where there is none."""
    e = words(engine)
    if e[CLOCK] == 0:
        return 0
    call(e[CLOCK], clock, e[MOMENT])
    moment: int = words(e[MOMENT])[0] * SECOND + words(e[MOMENT])[1]
    return moment


@machine
def begin_call(engine: int, frames: int, flags: int) -> None:
    """Note when a call begins, and what was missed before it."""
    e = words(engine)
    record = words(e[RECORD])
    release(words(engine)[CALLING], 1)
    release(words(e[RECORD])[SEQUENCE], record[SEQUENCE] + 1)
    wanted = acquire(words(e[RECORD])[R_WANTED])
    if wanted != e[MEASURED]:
        e[MEASURED] = wanted
        record[R_LEAST] = NOTHING
        for number in range(METERS):
            peaks = doubles(e[RECORD] + 8 * (R_METERS + METER_WORDS * number + METER_PEAK))
            peaks[0] = 0.0
            peaks[1] = 0.0
    moment = now(engine, e[CLOCK_WALL])
    e[GAP_AGE] += 1
    gap = moment - e[BEGUN] if e[BEGUN] else 0
    if gap > e[GAP] or e[GAP_AGE] > FORGOTTEN:
        e[GAP] = gap
        e[GAP_AGE] = 0
    e[UNTOLD_AGE] += 1
    if flags & UNDERFLOW:
        count_underrun(engine, frames * SECOND // e[WHOLE_RATE])
    e[BEGUN] = moment
    e[THREAD] = now(engine, e[CLOCK_THREAD])
    between = e[THREAD] - e[ENDED]
    e[BETWEEN] = between if (e[ENDED] > 0) & (between > 0) & (between < gap) else 0


@machine
def count_underrun(engine: int, period: int) -> None:
    """Note what the backend says was missed: as many periods as the longest gap of late has.

    A sound server may tell of each missed block by itself and some calls later; what no gap of
    its own explains then belongs to the one that has been counted.
    """
    e = words(engine)
    gap = e[GAP]
    missed = (gap + period // 2) // period - 1
    e[GAP] = 0
    on_time = gap <= period + period // 8
    if on_time and e[UNTOLD] > 0 and e[UNTOLD_AGE] <= FORGOTTEN:
        e[UNTOLD] -= 1
    else:
        missed = max(missed, 1)
        record = words(e[RECORD])
        record[R_UNDERRUNS] += missed
        record[R_SILENCE] += missed * period
        record[R_UNDERRUN_AT] = e[TIME]
        e[UNTOLD] = missed - 1
        e[UNTOLD_AGE] = 0


@machine
def end_call(engine: int, frames: int) -> None:
    """Note how long a call took, and everything else there is to tell."""
    e = words(engine)
    while e[STALL] > now(engine, e[CLOCK_WALL]) - e[BEGUN]:
        pass
    e[STALL] = 0
    busy = now(engine, e[CLOCK_WALL]) - e[BEGUN]
    e[ENDED] = now(engine, e[CLOCK_THREAD])
    note_load(engine, e[BETWEEN] + busy, e[BETWEEN] + e[ENDED] - e[THREAD], frames)
    record = words(e[RECORD])
    record[R_FRAME] = e[TIME]
    record[R_CALLS] += 1
    record[R_LATE] = e[LATE]
    record[R_LATEST] = e[LATEST]
    record[R_VOICES] = e[VOICES]
    record[R_MOST_VOICES] = e[MOST_VOICES]
    record[R_STARTED] = e[STARTED]
    record[R_STOLEN] = e[STOLEN]
    record[R_DROPPED] = e[DROPPED]
    record[R_FAULTS] = e[FAULTS]
    record[R_SWAPS] = e[SWAPS]
    record[R_SWAP_FRAME] = e[SWAP_FRAME]
    record[R_HUSHED] = e[HUSHED]
    record[R_LIMITER] = e[LIMITER_LOWEST]
    record[R_CHUNK] = e[CHUNK]
    release(words(e[RECORD])[SEQUENCE], record[SEQUENCE] + 1)
    release(words(engine)[CALLING], 0)


@machine
def note_load(engine: int, busy: int, thread: int, frames: int) -> None:
    """The average load of half a second, and the worst of two, in eight stretches each."""
    e = words(engine)
    rate = doubles(engine)[RATE]
    record = doubles(e[RECORD])
    e[CHUNK] = frames
    bucket = BUCKETS + 3 * e[BUCKET]
    e[bucket] += busy
    e[bucket + 1] += frames
    e[bucket + 2] += thread
    total, length, worked = 0, 0, 0
    for number in range(STRETCHES):
        total += e[BUCKETS + 3 * number]
        length += e[BUCKETS + 3 * number + 1]
        worked += e[BUCKETS + 3 * number + 2]
    nanoseconds = length * SECOND / rate
    record[R_LOAD] = total / nanoseconds
    record[R_LOAD_THREAD] = worked / nanoseconds
    e[BUCKET_FRAMES] += frames
    if e[BUCKET_FRAMES] > rate / 16.0:
        e[BUCKET_FRAMES] = 0
        e[BUCKET] = (e[BUCKET] + 1) & 7
        bucket = BUCKETS + 3 * e[BUCKET]
        e[bucket] = 0
        e[bucket + 1] = 0
        e[bucket + 2] = 0
    peaks = doubles(engine)
    load = busy * rate / (frames * SECOND)
    place = PEAKS + e[PEAK_BUCKET]
    peaks[place] = max(peaks[place], load)
    worst = 0.0
    for number in range(STRETCHES):
        worst = max(worst, peaks[PEAKS + number])
    record[R_LOAD_PEAK] = worst
    e[PEAK_FRAMES] += frames
    if e[PEAK_FRAMES] > rate / 4.0:
        e[PEAK_FRAMES] = 0
        e[PEAK_BUCKET] = (e[PEAK_BUCKET] + 1) & 7
        peaks[PEAKS + e[PEAK_BUCKET]] = 0.0
