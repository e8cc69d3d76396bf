"""Recordings played by voices: at any speed, either way, any stretch of them, once or looping."""

from phonon.dsp.registry import unit
from phonon.kernel.form import SR, boolean, fixed, helper, number, sample, seconds, state
from phonon.kernel.maths import clip, cubic, exp2, frames, rate, to_fixed, to_float

# A stretch cut out of a recording begins and ends with a short slope, so that it does not click;
# a recording's own beginning keeps its attack.
FADE_IN = 0.0005
FADE_OUT = 0.0015


@helper
def step_of(source, speed, note):
    """How many frames of the recording go by in a frame."""
    return speed * exp2(note * 0.083333333) * rate(source)


@helper
def bent(step, accelerate, age, length, sustain):
    """The step after `accelerate`: it goes from 1 to 1 + accelerate times within `sustain`."""
    lasting = sustain * SR if sustain > 0 else length / max(abs(step), 1e-6)
    return step * (1 + accelerate * min(age / max(lasting, 1), 1))


@helper
def placed(position, age, step, first, last, looping):
    """Where the recording is read: its start at first, back by the stretch after each lap."""
    start = to_fixed(first) if step >= 0 else to_fixed(last) - 1
    position = start if age < 1 else position
    lap = to_fixed(last - first)
    position = position - lap if looping & (position >= to_fixed(last)) else position
    return position + lap if looping & (position < to_fixed(first)) else position


@helper
def faded(position, age, step, first, last, edge, looping):
    """The level within the stretch's slopes; 0 outside it and at no speed."""
    pace = max(abs(step), 1e-9)
    left = to_float(to_fixed(last) - position if step > 0 else position - to_fixed(first) + 1)
    begun = 1 if (first if step > 0 else edge - last) < 1 else (age + 1) / (FADE_IN * SR)
    ended = 1 if looping else left / (FADE_OUT * SR * pace)
    return min(begun, 1) * clip(ended, 0, 1) if pace > 1e-6 else 0.0


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
    position: fixed,
    age: state,
):
    """The first channel of a recording, as `sampler` plays it."""
    first = min(begin, end) * frames(source)
    last = max(begin, end) * frames(source)
    step = bent(step_of(source, speed, note), accelerate, age, last - first, sustain)
    position = placed(position, age, step, first, last, loop > 0.5)
    level = faded(position, age, step, first, last, frames(source), loop > 0.5)
    y = level * cubic(source, position)
    position = position + to_fixed(step)
    age = age + 1
    return y


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
    position: fixed,
    age: state,
):
    """Plays a voice's recording in stereo: what `s` does with a sample bank.

    Hermite's cubic at a 32.32 position. Backwards where `speed` is negative; from `begin` to
    `end`, as parts of the whole; `note` in semitones; `accelerate` within `sustain` seconds, or
    within the stretch's own length.

    >>> s "bd" # speed -1 # begin 0.25
    """
    first = min(begin, end) * frames(source)
    last = max(begin, end) * frames(source)
    step = bent(step_of(source, speed, note), accelerate, age, last - first, sustain)
    position = placed(position, age, step, first, last, loop > 0.5)
    level = faded(position, age, step, first, last, frames(source), loop > 0.5)
    left = level * cubic(source, position, 0)
    right = level * cubic(source, position, 1)
    position = position + to_fixed(step)
    age = age + 1
    return left, right
