"""Arithmetic of signals; the operators of the language become these units.

The second operand is a parameter where a program names the unit (`x # max 0.5`).
"""

from phonon.dsp.registry import unit
from phonon.kernel.form import audio, helper, number
from phonon.kernel.maths import clip as clamp
from phonon.kernel.maths import exp2, floor, log2, midi_to_hz, sign
from phonon.kernel.maths import sqrt as root

SMALLEST = 1e-6


@helper
def power(x, y):
    """|x| to the power of y with x's sign, within what a float holds."""
    return sign(x) * exp2(clamp(y * log2(max(abs(x), 1e-30)), -120.0, 120.0))


@helper
def over(x, y):
    """The quotient x / y, where a y near 0 counts as ±1e-6 so that the result stays finite."""
    divisor = y if abs(y) > SMALLEST else (SMALLEST if y >= 0.0 else -SMALLEST)
    return x / divisor


@unit()
def add(x: audio, y: audio):
    """The sum of two signals; what `+` means.

    >>> sine 220 * 0.3 + saw 110 * 0.3
    """
    return x + y


@unit(aliases=("subtract",))
def sub(x: audio, y: audio):
    """The first signal minus the second; what `-` means.

    >>> saw 110 - saw 110.5
    """
    return x - y


@unit()
def mul(x: audio, y: audio):
    """The product of two signals; what `*` means.

    >>> sine 220 * sine 3
    """
    return x * y


@unit()
def div(x: audio, y: number(-1e9, 1e9)):
    """The first signal divided by the second; what `/` means. A divisor near 0 counts as 1e-6.

    >>> sine 220 / 4
    """
    return over(x, y)


@unit()
def mod(x: audio, y: number(-1e9, 1e9)):
    """The remainder of a division rounded down, from 0 up to `y`; 0 where `y` is 0.

    >>> sine ((phasor 1 * 900) # mod 300)
    """
    return x - y * floor(over(x, y)) if abs(y) > SMALLEST else 0.0


@unit(name="pow")
def pow_(x: audio, y: number(-1e9, 1e9)):
    """The first signal to the power of the second; a negative base keeps its sign.

    As in SuperCollider: −0.5 to the power of 2 is −0.25.

    >>> sine 110 # pow 3
    """
    return power(x, y)


@unit()
def neg(x: audio):
    """The signal times −1.

    >>> saw 110 # neg
    """
    return -x


@unit(name="abs")
def abs_(x: audio):
    """The absolute value of the signal.

    >>> sine 110 # abs
    """
    return abs(x)


@unit(name="min")
def min_(x: audio, y: number(-1e9, 1e9)):
    """The smaller of two signals.

    >>> saw 110 # min (sine 3)
    """
    return min(x, y)


@unit(name="max")
def max_(x: audio, y: number(-1e9, 1e9)):
    """The larger of two signals.

    >>> saw 110 # max (sine 3) * 0.5
    """
    return max(x, y)


@unit()
def clip(x: audio, low: number(-1e6, 1e6) = -1, high: number(-1e6, 1e6) = 1):
    """The signal, limited to `low` … `high`.

    >>> sine 110 * 2 # clip -0.7 0.7
    """
    return max(min(x, max(low, high)), min(low, high))


@unit()
def wrap(x: audio, low: number(-1e6, 1e6) = -1, high: number(-1e6, 1e6) = 1):
    """Wraps the signal into `low` … `high`: past one end it continues from the other.

    >>> sine 110 * 1.5 # wrap -1 1
    """
    bottom = min(low, high)
    size = max(max(low, high) - bottom, SMALLEST)
    return x - size * floor((x - bottom) / size)


@unit(name="floor")
def floor_(x: audio):
    """The largest whole number that is not above the signal.

    >>> sine ((sine 0.5 * 4) # floor * 55 + 330)
    """
    return floor(x)


@unit()
def ceil(x: audio):
    """The smallest whole number that is not below the signal.

    >>> sine ((sine 0.5 * 4) # ceil * 55 + 330)
    """
    return -floor(-x)


@unit(name="round")
def round_(x: audio):
    """The nearest whole number, halves upwards.

    >>> sine ((sine 0.5 * 4) # round * 55 + 330)
    """
    return floor(x + 0.5)


@unit()
def quantize(x: audio, step: number(1e-6, 1e6) = 1):
    """The nearest multiple of `step`, halves upwards.

    >>> sine ((sine 0.5 * 220 + 330) # quantize 55)
    """
    return floor(x / step + 0.5) * step


@unit()
def sqrt(x: audio):
    """The square root; a negative signal keeps its sign.

    >>> sine 110 # sqrt * 0.7
    """
    return sign(x) * root(abs(x))


@unit(name="sign")
def sign_(x: audio):
    """−1 where the signal is negative, 1 where it is positive, 0 between.

    >>> sine 55 # sign * 0.3
    """
    return sign(x)


@unit()
def mtof(x: audio):
    """The frequency in Hz of a MIDI note number: 69 is 440 Hz.

    >>> saw ((sine 0.5 * 2 + 45) # mtof)
    """
    return midi_to_hz(clamp(x, -120.0, 240.0))


@unit()
def gt(x: audio, y: number(-1e9, 1e9)):
    """1 while the first signal is above the second, else 0.

    >>> noise * (sine 4 # gt 0.5)
    """
    return 1.0 if x > y else 0.0


@unit()
def lt(x: audio, y: number(-1e9, 1e9)):
    """1 while the first signal is below the second, else 0.

    >>> noise * (sine 4 # lt -0.5)
    """
    return 1.0 if x < y else 0.0
