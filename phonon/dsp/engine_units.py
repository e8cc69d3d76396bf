"""Hidden units that are added to every voice: gate, level and pan, fade-out, sends."""

from phonon.dsp.registry import unit
from phonon.kernel.form import SR, audio, helper, number, seconds, state
from phonon.kernel.maths import cos2pi, exp2, floor, sin2pi


@unit(name="_gate", hidden=True)
def gate(length: number(0, 1e30), *, age: state):
    """1 for the first `length` frames of a voice, then 0."""
    opened = 1.0 if age < length else 0.0
    age = age + 1.0
    return opened


@unit(name="_spread", hidden=True)
def spread(x: audio):
    """A value of control rate as a signal of audio rate."""
    return x


@helper
def placed(left, right, level, position):
    """A voice at its level, panned at constant power."""
    return left * (level * cos2pi(position * 0.25)), right * (level * sin2pi(position * 0.25))


@helper
def parting(left, right, fade, step, peak):
    """A voice times its fade-out, and the next `fade` and `peak`; non-numbers become silence."""
    level = abs(left) + abs(right)
    sound = level < 1e9
    gain = fade if sound else 0.0
    left = (left if sound else 0.0) * gain
    right = (right if sound else 0.0) * gain
    return left, right, max(fade - step, 0.0), max(peak, level if sound else 1e30)


@unit(name="_stroke", hidden=True)
def stroke(
    x: audio,
    attack: seconds(0, 60) = 0.001,
    release: seconds(0, 60) = 0.3,
    curve: number(0.01, 16) = 4,
    *,
    age: state,
):
    """`perc` that starts once, with its voice, so that its value follows from the age alone."""
    rising = max(attack * SR, 1.0)
    falling = max(release * SR, 1.0)
    top = floor(rising + 0.5)
    age = age + 1.0
    rise = age * (1.0 / rising)
    left = 1.0 - (age - top) * (1.0 / falling)
    scale = curve * 1.442695
    fall = (exp2(scale * left) - 1.0) * (1.0 / (exp2(scale) - 1.0))
    height = rise if age < top else fall
    return x * (height if age < top + floor(falling + 0.5) else 0.0)


@unit(name="_place", hidden=True)
def place(left: audio, right: audio, level: number(-1e9, 1e9), position: number(0, 1) = 0.5):
    """The level of a voice and its pan position."""
    left, right = placed(left, right, level, position)
    return left, right


@unit(name="_leave", hidden=True)
def leave(left: audio, right: audio, *, fade: state(1.0), step: state, peak: state):
    """The end of a voice: fades out by `step` a frame, keeps the peak, silences non-numbers."""
    left, right, fade, peak = parting(left, right, fade, step, peak)
    return left, right


@unit(name="_send", hidden=True)
def send(left: audio, right: audio, sum_left: audio, sum_right: audio, level: number(-1e9, 1e9)):
    """Adds a voice to the sum of a port."""
    return sum_left + left * level, sum_right + right * level


@unit(name="_out", hidden=True)
def out(
    left: audio,
    right: audio,
    sum_left: audio,
    sum_right: audio,
    level: number(-1e9, 1e9),
    position: number(0, 1),
    *,
    fade: state(1.0),
    step: state,
    peak: state,
):
    """`_place`, `_leave` and `_send` in one unit, for voices that go to a single port."""
    left, right = placed(left, right, level, position)
    left, right, fade, peak = parting(left, right, fade, step, peak)
    return sum_left + left, sum_right + right
