"""Distortion: saturation, folding, and the dirt of few bits and few samples."""

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
    """Between −1 and 1; what goes beyond comes back as by a mirror."""
    return 4 * abs(frac(0.25 * (x - 1)) - 0.5) - 1


@helper
def folded_area(x):
    """The antiderivative of `folded`, which repeats every 4."""
    half = 0.5 * folded(x) * folded(x)
    return half if frac(0.25 * (x + 1)) < 0.5 else 1 - half


@helper
def rounded(x, bits):
    """On a grid of 2^(bits − 1) steps for each sign."""
    steps = exp2(bits - 1)
    return floor(steps * x + 0.5) / steps


@unit(aliases=("distortion", "dist"))
def distort(
    x: audio, drive: number(0.1, 100) = 3, mix: number(0, 1) = 0.5, *, last: state, area: state
):
    """Overdrive: pushes a sound into a rounded ceiling.

    tanh, averaged from frame to frame through its antiderivative (Parker, Zavalishin and
    Le Bivic, 2016), which takes 30 dB off what would fold back below the note.

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
    """Soft clipping.

    The hyperbolic tangent of the driven sound.

    >>> saw 55 # soft 4
    """
    return tanh(drive * x)


@unit(aliases=("waveshape",))
def shape(x: audio, amount: number(0, 0.99) = 0.4):
    """SuperDirt's waveshaper: louder and rounder as `amount` nears 1.

    The curve (1 + k) x / (1 + k |x|) with k = 2 amount / (1 − amount).

    >>> s "bd*4" # shape 0.6
    """
    k = 2 * amount / (1 - amount)
    return (1 + k) * x / (1 + k * abs(x))


@unit(aliases=("wavefold",))
def fold(x: audio, drive: number(0.1, 40) = 2, *, last: state, area: state):
    """Folds back what goes beyond full scale, again and again.

    A triangle of the driven sound, averaged from frame to frame through its antiderivative.

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
    """Rounds to a number of bits, as SuperDirt's `crush`.

    >>> s "bd*4" # crush 4
    """
    return rounded(x, bits)


@unit()
def coarse(x: audio, factor: number(1, 1_000) = 8, *, wait: state, kept: state):
    """Holds a value for `factor` frames, as SuperDirt's `coarse`.

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
    """An old sampler: few bits, and `rate` samples a second.

    The clock starts just before it strikes, so that the first frame is heard.

    >>> s "bd*4" # bitcrush 6 6000
    """
    pace = rate * DT
    following = clock + to_phase(min(pace, 0.4999))
    kept = x if (following < clock) | (pace > 0.4999) else kept
    clock = following
    return rounded(kept, bits)
