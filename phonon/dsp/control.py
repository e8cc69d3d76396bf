"""Units for modulation: smoothing, scaling, sample and hold, level followers."""

from phonon.dsp.registry import unit
from phonon.kernel.form import SR, audio, helper, hz, number, seconds, state
from phonon.kernel.maths import clip, exp, exp2, log2


@helper
def remaining(time):
    """The factor by which a distance shrinks in one frame, so that it falls by 60 dB in `time`."""
    return exp(-6.9077554 / max(time * SR, 1.0)) if time > 0.0 else 0.0


@unit()
def lag(x: audio, time: seconds(0, 60) = 0.1, *, value: state, started: state):
    """Smooths its input: `time` seconds after a step, 0.1 % of it (−60 dB) is left to go.

    One-pole filter with the lag time of SuperCollider's Lag; it starts at its first input.

    >>> saw (lag 0.1 "110 220 165") # lpf 900
    """
    value = x + (value - x) * remaining(time) if started > 0.5 else x
    started = 1.0
    return value


@unit()
def slew(
    x: audio,
    up: number(0, 1e9) = 10,
    down: number(0, 1e9) = 10,
    *,
    value: state,
    started: state,
):
    """Limits the slope of its input: at most `up` per second rising, `down` falling.

    >>> sine ((square 2 * 110 + 330) # slew 800 400)
    """
    step = clip(x - value, -down / SR, up / SR)
    value = value + step if started > 0.5 else x
    started = 1.0
    return value


@unit(name="range")
def range_(x: audio, low: number(-1e6, 1e6) = 0, high: number(-1e6, 1e6) = 1):
    """Scales −1 … 1, the range of an oscillator, to `low` … `high`.

    >>> saw 110 # lpf (sine 0.3 # range 400 2000)
    """
    return low + (high - low) * (0.5 * x + 0.5)


@unit()
def rangex(x: audio, low: number(1e-4, 1e6) = 0.01, high: number(1e-4, 1e6) = 1):
    """Scales −1 … 1 to `low` … `high` exponentially, as suits pitch and loudness.

    >>> saw 110 # lpf (sine 0.3 # rangex 200 5000)
    """
    return low * exp2(log2(high / low) * (0.5 * clip(x, -8.0, 8.0) + 0.5))


@unit()
def sample_hold(x: audio, trigger: number(-1e6, 1e6), *, value: state, last: state, started: state):
    """Samples its input at the start and whenever `trigger` rises above 0, and holds the value.

    >>> sine ((noise * 200 + 400) # sample_hold (impulse 8))
    """
    takes = ((trigger > 0.0) & (last <= 0.0)) | (started < 0.5)
    value = x if takes else value
    last = trigger
    started = 1.0
    return value


@unit()
def latch(x: audio, hold: number(-1e6, 1e6), *, value: state):
    """Follows its input, and holds the last value while `hold` is above 0.5.

    >>> sine ((sine 3 * 100 + 300) # latch (square 2))
    """
    value = value if hold > 0.5 else x
    return value


@unit(aliases=("schmidt",))
def schmitt(x: audio, low: number(-1e6, 1e6) = 0.4, high: number(-1e6, 1e6) = 0.6, *, on: state):
    """Schmitt trigger: 1 once its input rises above `high`, 0 once it falls below `low`.

    >>> sine 440 * (sine 3 # schmitt -0.2 0.2)
    """
    on = 1.0 if x > max(high, low) else (0.0 if x < min(low, high) else on)
    return on


@unit(aliases=("follow",))
def amp_follower(
    x: audio,
    attack: seconds(0, 10) = 0.01,
    release: seconds(0, 10) = 0.1,
    *,
    level: state,
):
    """Envelope follower: the level of its input, rising within `attack`, falling within `release`.

    Both are the times in which the distance to the level falls by 60 dB.

    >>> noise * (dust 8 # amp_follower 0.01 0.2)
    """
    size = abs(x)
    keep = remaining(attack) if size > level else remaining(release)
    level = size + (level - size) * keep
    return level


@unit()
def peak_follower(x: audio, release: seconds(0, 60) = 0.5, *, level: state):
    """Peak follower: rises at once, falls by 60 dB within `release`.

    >>> noise * (dust 8 # peak_follower 0.3)
    """
    level = max(abs(x), level * remaining(release))
    return level


@unit(aliases=("dcblock",))
def leakdc(x: audio, cutoff: hz(0.1, 200) = 10, *, slow: state):
    """Removes direct current: a high-pass at `cutoff`, far below what is heard.

    One-pole; its state follows the input's mean.

    >>> pulse 55 0.2 # leakdc
    """
    slow = slow + (x - slow) * (1.0 - exp(-6.2831855 * cutoff / SR))
    return x - slow
