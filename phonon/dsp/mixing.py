"""Mixing: level, pan, stereo width, single sides, crossfades."""

from phonon.dsp.registry import unit
from phonon.kernel.form import audio, number
from phonon.kernel.maths import cos2pi, sin2pi, sqrt


@unit(aliases=("amp",))
def gain(x: audio, amount: number(-1_000, 1_000) = 1):
    """The signal times `amount`: 0.5 is 6 dB less, a negative amount inverts it.

    >>> saw 110 # gain 0.4
    """
    return x * amount


@unit(aliases=("pan2",))
def pan(left: audio, right: audio, position: number(0, 1) = 0.5):
    """Pans a sound from left (0) to right (1) at constant power, −3 dB in the middle.

    For a stereo sound it is a balance.

    >>> saw 110 # pan (sine 0.2 * 0.5 + 0.5)
    """
    return left * cos2pi(position * 0.25), right * sin2pi(position * 0.25)


@unit(scope="mix", aliases=("widener",))
def width(left: audio, right: audio, amount: number(0, 4) = 1):
    """Stereo width: 0 is mono, 1 no change, 2 doubles the difference of the sides.

    >>> s "bd hh" # pan "0.2 0.8" # width 1.6
    """
    middle = 0.5 * (left + right)
    side = 0.5 * (left - right) * amount
    return middle + side, middle - side


@unit()
def stereo(x: audio, other: number(-1e6, 1e6)):
    """One signal on the left, another on the right.

    >>> saw 110 # stereo (saw 110.4)
    """
    return x, other


@unit()
def left(left: audio, right: audio):
    """The left side alone.

    >>> saw 110 # pan 0.2 # left
    """
    return left


@unit()
def right(left: audio, right: audio):
    """The right side alone.

    >>> saw 110 # pan 0.8 # right
    """
    return right


@unit()
def mono(left: audio, right: audio):
    """The mean of both sides.

    >>> saw 110 # pan 0.2 # mono
    """
    return 0.5 * (left + right)


@unit()
def xfade(x: audio, other: number(-1e6, 1e6), position: number(0, 1) = 0.5):
    """Crossfades from one signal (0) to another (1) at constant power.

    >>> saw 110 # xfade (square 110) (sine 0.2 * 0.5 + 0.5)
    """
    return x * sqrt(1.0 - position) + other * sqrt(position)
