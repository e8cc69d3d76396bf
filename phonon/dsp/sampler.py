"""Sample playback: any speed and direction, any part of a recording, once or looping."""

from phonon.dsp.registry import unit
from phonon.kernel.form import SR, boolean, fixed, helper, number, sample, seconds, state
from phonon.kernel.maths import clip, cubic, exp2, frames, rate, to_fixed, to_float

# A stretch cut out of a recording begins and ends with a short slope, so that it does not click;
# a recording's own beginning keeps its attack.
FADE_IN = 0.0005
FADE_OUT = 0.0015
# At speed 0 the output would stay at one value: below 1/4096 of the speed it fades out.
STILL = 4_096.0


@helper
def needle(source, way, age, speed, note, begin, end, loop, accelerate, sustain):
    """The reading position in a recording, the level, and the distance gone after this frame."""
    step = speed * exp2(note * 0.083333333) * rate(source)
    ahead = 1.0 if step >= 0 else -1.0
    first = min(begin, end) * frames(source)
    last = max(begin, end) * frames(source)
    length = max(last - first, 1)
    gone = ahead * to_float(way)

    cut = (first if step >= 0 else frames(source) - last) >= 1
    rise = 1 / (FADE_IN * SR) if cut else 1.0
    slope = FADE_OUT * SR * abs(step)
    fall = 1 / slope if slope > 1e-4 else 0.0
    left = 1e30 if loop > 0.5 else length - gone
    level = min((age + 1) * rise, 1) * clip(min(left, gone + slope) * fall, 0, 1)

    lasting = sustain * SR if sustain > 0 else length / max(abs(step), 1e-6)
    pace = step * (1 + accelerate * min(age * (1 / max(lasting, 1)), 1))
    level = level * min(abs(pace) * STILL, 1)
    onward = to_fixed(pace)
    back = onward - to_fixed(ahead * length)
    onward = back if (loop > 0.5) & (gone >= length - ahead * pace) else onward
    start = to_fixed(first if step >= 0 else last - 1)
    return start + way, level, way + onward


@unit(name="_sampler_mono", hidden=True)
def sampler_mono(
    speed: number(-1_000, 1_000) = 1,
    note: number(-120, 120) = 0,
    begin: number(0, 1) = 0,
    end: number(0, 1) = 1,
    loop: boolean = 0,
    accelerate: number(-100, 100) = 0,
    sustain: seconds(0, 100_000) = 0,
    *,
    source: sample,
    way: fixed,
    age: state,
):
    """The first channel of a recording, as `sampler` plays it."""
    place, level, way = needle(source, way, age, speed, note, begin, end, loop, accelerate, sustain)
    age = age + 1
    return level * cubic(source, place)


@unit()
def sampler(
    speed: number(-1_000, 1_000) = 1,
    note: number(-120, 120) = 0,
    begin: number(0, 1) = 0,
    end: number(0, 1) = 1,
    loop: boolean = 0,
    accelerate: number(-100, 100) = 0,
    sustain: seconds(0, 100_000) = 0,
    *,
    source: sample,
    way: fixed,
    age: state,
):
    """Plays a voice's sample in stereo; `s` uses it for sample banks.

    Cubic (Hermite) interpolation at a 32.32 position. A negative `speed` plays backwards; `begin`
    and `end` are parts of the whole; `note` is in semitones; `accelerate` is reached after
    `sustain` seconds, or at the end of the part that plays.

    >>> s "bd" # speed -1.5
    """
    place, level, way = needle(source, way, age, speed, note, begin, end, loop, accelerate, sustain)
    age = age + 1
    return level * cubic(source, place, 0), level * cubic(source, place, 1)
