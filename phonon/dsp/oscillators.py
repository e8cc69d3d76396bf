"""Oscillators: band-limited classic shapes, sines and their modulation, pulse trains, organ.

Frequencies may be negative and change at audio rate. Shapes start at phase 0 where they pass
through zero, so that a voice begins without a click.
"""

from phonon.dsp.blep import REACH, corner, limited_step, ramp
from phonon.dsp.registry import unit
from phonon.kernel.form import DT, bits, helper, hz, number, phase
from phonon.kernel.maths import (
    clip,
    cos2pi,
    floor,
    sin2pi,
    to_bits,
    to_phase,
    unphase,
    unphase_signed,
)

HALF = 0x80000000
QUARTER = 0x40000000


@helper
def saw_at(position, step):
    """The saw at a phase in bits, rising through zero at phase 0."""
    return ramp(unphase_signed(position + HALF), 1.0 / (2.0 * REACH * limited_step(step)))


@helper
def pulse_at(position, width, step):
    """The pulse that is high for the first `width` of a cycle: two saws apart."""
    scale = 1.0 / (2.0 * REACH * limited_step(step))
    fall = ramp(unphase_signed(position - to_phase(width)), scale)
    return fall - ramp(unphase_signed(position), scale)


@unit()
def sine(freq: hz(-20_000, 20_000) = 440, *, position: phase):
    """Sine wave.

    >>> sine 220 * 0.5
    """
    y = sin2pi(position)
    position = position + to_phase(freq * DT)
    return y


@unit(aliases=("saw_hz",))
def saw(freq: hz(-20_000, 20_000) = 440, *, position: phase):
    """Sawtooth, rising; band-limited at every frequency and under any modulation.

    Edges are integrated minimax kernels of 6.6 frames (see `blep`): aliases stay 77 dB below a
    5 kHz fundamental, harmonics within 0.5 dB to 15 kHz.

    >>> saw 110 # lpf 800
    """
    y = saw_at(position, freq * DT)
    position = position + to_phase(freq * DT)
    return y


@unit()
def isaw(freq: hz(-20_000, 20_000) = 440, *, position: phase):
    """Sawtooth, falling; band-limited like `saw`.

    >>> isaw 110 # lpf 800
    """
    y = -saw_at(position + HALF, freq * DT)
    position = position + to_phase(freq * DT)
    return y


@unit(aliases=("square_hz",))
def square(freq: hz(-20_000, 20_000) = 440, *, position: phase):
    """Square wave, band-limited: the difference of two saws half a cycle apart.

    >>> square 110 # lpf 900
    """
    y = pulse_at(position, 0.5, freq * DT)
    position = position + to_phase(freq * DT)
    return y


@unit()
def pulse(freq: hz(-20_000, 20_000) = 440, width: number(0.01, 0.99) = 0.5, *, position: phase):
    """Pulse wave that is high for `width` of a cycle, band-limited and free of DC at any width.

    The difference of two saws `width` apart, as in analogue synthesizers: 2 from top to bottom.

    >>> pulse 110 (sine 0.3 * 0.3 + 0.5) # lpf 1200
    """
    y = pulse_at(position, width, freq * DT)
    position = position + to_phase(freq * DT)
    return y


@unit(aliases=("triangle", "triangle_hz"))
def tri(freq: hz(-20_000, 20_000) = 440, *, position: phase):
    """Triangle wave, band-limited: its corners are rounded by the integrated edge of `saw`.

    >>> tri 220 * 0.6
    """
    step = limited_step(freq * DT)
    scale = 1.0 / (2.0 * REACH * step)
    x = abs(unphase_signed(position + QUARTER))
    bottom = corner(x * scale) + corner((2.0 - x) * scale)
    top = corner((1.0 - x) * scale) + corner((1.0 + x) * scale)
    position = position + to_phase(freq * DT)
    return 2.0 * x - 1.0 + 4.0 * step * (bottom - top)


@unit()
def vco(
    freq: hz(-20_000, 20_000) = 440,
    wave: number(0, 3) = 0,
    width: number(0.01, 0.99) = 0.5,
    *,
    position: phase,
):
    """Saw (0), pulse (1), triangle (2), sine (3), and mixtures between neighbours.

    `wave` may be modulated without clicks.

    >>> vco 110 (sine 0.2 * 1.5 + 1.5) # lpf 1500
    """
    step = limited_step(freq * DT)
    scale = 1.0 / (2.0 * REACH * step)
    x = abs(unphase_signed(position + QUARTER))
    bottom = corner(x * scale) + corner((2.0 - x) * scale)
    top = corner((1.0 - x) * scale) + corner((1.0 + x) * scale)
    triangle = 2.0 * x - 1.0 + 4.0 * step * (bottom - top)
    y = saw_at(position, step) * clip(1.0 - wave, 0.0, 1.0)
    y = y + pulse_at(position, width, step) * clip(1.0 - abs(wave - 1.0), 0.0, 1.0)
    y = y + triangle * clip(1.0 - abs(wave - 2.0), 0.0, 1.0)
    y = y + sin2pi(position) * clip(wave - 2.0, 0.0, 1.0)
    position = position + to_phase(freq * DT)
    return y


@unit()
def fm(
    carrier: hz(-20_000, 20_000) = 220,
    modulator: hz(-20_000, 20_000) = 220,
    index: number(0, 100) = 1,
    *,
    position: phase,
    inner: phase,
):
    """Frequency modulation of a sine by a sine, two operators after John Chowning.

    `index` is the peak phase deviation in radians, as in the textbook.

    >>> fm 220 330 (line 6 1 2)
    """
    y = sin2pi(position + to_phase(index * 0.15915494 * sin2pi(inner)))
    position = position + to_phase(carrier * DT)
    inner = inner + to_phase(modulator * DT)
    return y


@unit()
def pm(
    carrier: hz(-20_000, 20_000) = 220,
    modulator: number(-100, 100) = 0,
    index: number(0, 100) = 1,
    *,
    position: phase,
):
    """A sine whose phase any signal modulates, `index` radians for a signal of 1.

    >>> pm 220 (saw 110) 1.5
    """
    y = sin2pi(position + to_phase(modulator * index * 0.15915494))
    position = position + to_phase(carrier * DT)
    return y


@unit()
def blip(
    freq: hz(-20_000, 20_000) = 220,
    harmonics: number(1, 500) = 200,
    *,
    position: phase,
):
    """A train of `harmonics` cosines of equal level, never above half the sample rate.

    Closed form of the cosine sum (Winham and Steiglitz 1970); the highest harmonic fades with
    the fraction of `harmonics`. The peak is 1.

    >>> blip 110 (sine 0.25 * 10 + 12)
    """
    step = max(abs(freq * DT), 1e-6)
    # Room for the fading harmonic too, so that nothing stands above half the sample rate.
    count = min(harmonics, max(0.5 / step - 1.0, 1.0))
    whole = floor(count)
    top = to_bits(whole)
    # The sum is sin((2n + 1)πp) / sin(πp) − 1. Half the phase, with its sign, is exact in bits,
    # and so is its product with 2n + 1. Below 1e-4 the ratio is within 0.2 % of its limit.
    half = ((position + HALF) >> 1) - QUARTER
    below = sin2pi(half)
    above = sin2pi(half * (top + top + 1))
    pole = abs(below) < 1e-4
    sum_ = (2.0 * whole + 1.0) if pole else above / (1.0 if pole else below)
    y = sum_ - 1.0 + 2.0 * (count - whole) * cos2pi(position * (top + 1))
    position = position + to_phase(freq * DT)
    return y / (2.0 * count)


@unit()
def impulse(freq: hz(0, 20_000) = 1, *, position: phase, started: bits):
    """One frame of 1 at the start and then `freq` times a second, as a trigger.

    >>> impulse 2 # comb 220 2
    """
    last = position
    position = position + to_phase(freq * DT)
    y = 1.0 if (position < last) | (started == 0) else 0.0
    started = started | 1
    return y


@unit()
def phasor(freq: hz(-20_000, 20_000) = 1, *, position: phase):
    """A ramp from 0 to 1, `freq` times a second; not band-limited, meant for control.

    >>> sine (phasor 0.5 * 200 + 200)
    """
    y = unphase(position)
    position = position + to_phase(freq * DT)
    return y


DRAWBARS = (0.8, 0.6, 1.0, 0.7, 0.45, 0.4, 0.25, 0.2, 0.3)
FOOTAGES = (1, 3, 2, 4, 6, 8, 10, 12, 16)  # in halves of the fundamental


@unit(aliases=("organ_hz",))
def organ(freq: hz(0, 20_000) = 220, bright: number(0, 1) = 0.5, *, position: phase):
    """Drawbar organ: nine sines from 16' to 1'.

    The upper six rise with the square of `bright`. Partials fade out before they reach half the
    sample rate.

    >>> organ 220 0.7 * 0.5
    """
    y = 0.0
    for k in range(9):
        step = freq * DT * (0.5 * FOOTAGES[k])
        level = DRAWBARS[k] * clip((0.46 - step) * 50.0, 0.0, 1.0)
        tilt = 1.0 if k < 3 else 2.0 * bright * bright
        y = y + sin2pi(position * FOOTAGES[k]) * (level * tilt)
    position = position + to_phase(freq * DT * 0.5)
    return y * 0.3
