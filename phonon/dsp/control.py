"""Control: smoothing, scaling, sampling and following signals."""

from phonon.dsp.registry import unit
from phonon.kernel.form import SR, audio, helper, hz, number, seconds, state
from phonon.kernel.maths import clip, exp, exp2, log2


@helper
def remaining(time):
    """What is left of a distance after one frame, if −60 dB are left after `time`."""
    return exp(-6.9077554 / max(time * SR, 1.0)) if time > 0.0 else 0.0


@unit()
def lag(x: audio, time: seconds(0, 60) = 0.1, *, value: state, started: state):
    """Follows its input smoothly: 60 dB nearer after `time`. It starts where its input does.

    A one-pole filter with SuperCollider's definition of time.

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
    """Follows its input on straight lines, no faster than `up` and `down` per second.

    >>> sine ((square 2 * 110 + 330) # slew 800 400)
    """
    step = clip(x - value, -down / SR, up / SR)
    value = value + step if started > 0.5 else x
    started = 1.0
    return value


@unit(name="range")
def range_(x: audio, low: number(-1e6, 1e6) = 0, high: number(-1e6, 1e6) = 1):
    """Scales −1 … 1, what oscillators give, to `low` … `high`.

    >>> saw 110 # lpf (sine 0.3 # range 400 2000)
    """
    return low + (high - low) * (0.5 * x + 0.5)


@unit()
def rangex(x: audio, low: number(1e-4, 1e6) = 0.01, high: number(1e-4, 1e6) = 1):
    """Scales −1 … 1 to `low` … `high` by equal ratios, as pitch and loudness are heard.

    >>> saw 110 # lpf (sine 0.3 # rangex 200 5000)
    """
    return low * exp2(log2(high / low) * (0.5 * clip(x, -8.0, 8.0) + 0.5))


@unit()
def sample_hold(x: audio, trigger: number(-1e6, 1e6), *, value: state, last: state, started: state):
    """Takes its input's value whenever `trigger` rises above 0, and at the start; then holds it.

    >>> sine ((noise * 200 + 400) # sample_hold (impulse 8))
    """
    takes = ((trigger > 0.0) & (last <= 0.0)) | (started < 0.5)
    value = x if takes else value
    last = trigger
    started = 1.0
    return value


@unit()
def latch(x: audio, hold: number(-1e6, 1e6), *, value: state):
    """Follows its input, but keeps the last value while `hold` is above 0.5.

    >>> sine ((sine 3 * 100 + 300) # latch (square 2))
    """
    value = value if hold > 0.5 else x
    return value


@unit(aliases=("schmidt",))
def schmitt(x: audio, low: number(-1e6, 1e6) = 0.4, high: number(-1e6, 1e6) = 0.6, *, on: state):
    """1 from when its input rises above `high` until it falls below `low`, else 0.

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
    """The amplitude of its input: rises within `attack`, falls by 60 dB within `release`.

    >>> noise * (dust 8 # amp_follower 0.01 0.2)
    """
    size = abs(x)
    keep = remaining(attack) if size > level else remaining(release)
    level = size + (level - size) * keep
    return level


@unit()
def peak_follower(x: audio, release: seconds(0, 60) = 0.5, *, level: state):
    """The peaks of its input: rises at once, falls by 60 dB within `release`.

    >>> noise * (dust 8 # peak_follower 0.3)
    """
    level = max(abs(x), level * remaining(release))
    return level


@unit(aliases=("dcblock",))
def leakdc(x: audio, cutoff: hz(0.1, 200) = 10, *, slow: state):
    """Takes away what does not move: everything far below `cutoff`.

    A one-pole high-pass; the state follows the input's mean.

    >>> pulse 55 0.2 # leakdc
    """
    slow = slow + (x - slow) * (1.0 - exp(-6.2831855 * cutoff / SR))
    return x - slow
