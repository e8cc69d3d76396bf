"""What the engine itself puts into every voice; hidden, for no one plays them by name."""

from phonon.dsp.registry import unit
from phonon.kernel.form import audio, number, state


@unit(name="_gate", hidden=True)
def gate(length: number(0, 1e30), *, age: state):
    """1 for the first `length` frames of a voice, then 0."""
    opened = 1.0 if age < length else 0.0
    age = age + 1.0
    return opened


@unit(name="_spread", hidden=True)
def spread(x: audio):
    """A value that stays, as a signal."""
    return x


@unit(name="_leave", hidden=True)
def leave(left: audio, right: audio, *, fade: state(1.0), step: state, peak: state):
    """The end of a voice: fades out by `step` a frame, keeps its peak, stops what is no number."""
    level = abs(left) + abs(right)
    sound = level < 1e9
    peak = max(peak, level if sound else 1e30)
    gain = fade if sound else 0.0
    fade = max(fade - step, 0.0)
    return (left if sound else 0.0) * gain, (right if sound else 0.0) * gain


@unit(name="_send", hidden=True)
def send(left: audio, right: audio, sum_left: audio, sum_right: audio, level: number(-1e9, 1e9)):
    """Adds a voice to what a port receives."""
    return sum_left + left * level, sum_right + right * level
