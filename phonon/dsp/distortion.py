"""Distortion: saturation, wave folding, reduction of bits and of the sample rate."""

from phonon.dsp.registry import unit
from phonon.kernel.form import DT, audio, helper, hz, number, phase, state
from phonon.kernel.maths import exp2, floor, frac, log2, tanh, to_phase


@helper
def log_cosh(x):
    """The antiderivative of tanh that is 0 at 0, in a form that cannot overflow."""
    a = abs(x)
    return a + 0.6931472 * (log2(1 + exp2(-2.885390 * a)) - 1)


@helper
def folded(x):
    """x reflected at −1 and at 1, as often as it takes."""
    return 4 * abs(frac(0.25 * (x - 1)) - 0.5) - 1


@helper
def folded_area(x):
    """The antiderivative of `folded`, which repeats every 4."""
    half = 0.5 * folded(x) * folded(x)
    return half if frac(0.25 * (x + 1)) < 0.5 else 1 - half


@helper
def rounded(x, bits):
    """x rounded to a grid of 2^(bits − 1) steps for each sign."""
    steps = exp2(bits - 1)
    return floor(steps * x + 0.5) / steps


@unit(aliases=("distortion", "dist"))
def distort(
    x: audio, drive: number(0.1, 100) = 3, mix: number(0, 1) = 0.5, *, last: state, area: state
):
    """Overdrive: tanh of the sound times `drive`.

    First-order antiderivative antialiasing (Parker, Zavalishin and Le Bivic, 2016), which takes
    30 dB off the aliases below the fundamental.

    >>> saw 55 # distort 8 0.7
    """
    u = drive * x
    step = u - last
    steep = abs(step) > 0.05
    here = log_cosh(u)
    mean = (here - area) / (step if steep else 1)
    wet = mean if steep else tanh(0.5 * (u + last))
    last = u
    area = here
    return x + mix * (wet - x)


@unit(aliases=("tanh",))
def soft(x: audio, drive: number(0.1, 100) = 1):
    """Soft clipping: tanh of the sound times `drive`, without antialiasing.

    >>> saw 55 # soft 4
    """
    return tanh(drive * x)


@unit(aliases=("waveshape",))
def shape(x: audio, amount: number(0, 0.99) = 0.4):
    """SuperDirt's `shape`: louder and more saturated as `amount` nears 1.

    The curve (1 + k) x / (1 + k |x|) with k = 2 amount / (1 − amount).

    >>> s "bd*4" # shape 0.6
    """
    k = 2 * amount / (1 - amount)
    return (1 + k) * x / (1 + k * abs(x))


@unit(aliases=("wavefold",))
def fold(x: audio, drive: number(0.1, 40) = 2, *, last: state, area: state):
    """Wave folder: reflects the sound times `drive` at full scale, as often as it takes.

    First-order antiderivative antialiasing, as in `distort`.

    >>> sine 110 # fold 4
    """
    u = drive * x
    step = u - last
    steep = abs(step) > 0.06
    here = folded_area(u)
    mean = (here - area) / (step if steep else 1)
    wet = mean if steep else folded(0.5 * (u + last))
    last = u
    area = here
    return wet


@unit()
def crush(x: audio, bits: number(1, 16) = 4):
    """Rounds to `bits` bits, as SuperDirt's `crush`.

    >>> s "bd*4" # crush 4
    """
    return rounded(x, bits)


@unit()
def coarse(x: audio, factor: number(1, 1_000) = 8, *, wait: state, kept: state):
    """Reduces the sample rate: holds each value for `factor` frames, as SuperDirt's `coarse`.

    >>> s "bd*4" # coarse 12
    """
    fresh = wait < 0.5
    kept = x if fresh else kept
    wait = (wait + factor if fresh else wait) - 1
    return kept


@unit()
def bitcrush(
    x: audio,
    bits: number(1, 16) = 8,
    rate: hz(20, 384_000) = 8_000,
    *,
    clock: phase(4_294_900_000),
    kept: state,
):
    """Rounds to `bits` bits and holds each value for a period of `rate`, like an early sampler.

    The first frame is sampled at once.

    >>> s "bd*4" # bitcrush 6 6000
    """
    pace = rate * DT
    following = clock + to_phase(min(pace, 0.4999))
    kept = x if (following < clock) | (pace > 0.4999) else kept
    clock = following
    return rounded(kept, bits)
