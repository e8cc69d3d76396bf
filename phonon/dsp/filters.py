"""Filters by cutoff and resonance, stable while both are modulated at audio rate."""

from phonon.dsp.registry import unit
from phonon.kernel.form import DT, SR, audio, helper, hz, memory, number, seconds, state
from phonon.kernel.maths import exp2, sqrt, tanh, tanpi, tap_cubic, tap_linear, write


@helper
def warp(cutoff):
    """The gain of a trapezoidal integrator whose corner stands exactly at `cutoff`."""
    return tanpi(min(cutoff * DT, 0.49))


@helper
def svf(x, g, k, s1, s2):
    """The trapezoidal state-variable filter (Simper, 2013): band, low and the two next states.

    Each state waits for two operations only; single precision suffices from 1 Hz on.
    """
    h = 1 / (1 + g * (g + k))
    a2 = g * h
    a3 = g * a2
    v = x - s2
    band = h * s1 + a2 * v
    low = s2 + (a2 * s1 + a3 * v)
    return band, low, (2 * h - 1) * s1 + 2 * a2 * v, s2 + 2 * a2 * s1 + 2 * a3 * v


@unit(aliases=("lp", "svf_lp", "bq_lp"))
def lpf(x: audio, cutoff: hz(20, 20_000) = 1_000, q: number(0.1, 40) = 1, *, s1: state, s2: state):
    """Low-pass, 12 dB per octave.

    Trapezoidal state-variable filter after Andrew Simper.

    >>> saw 110 # lpf 800 2
    """
    _band, low, s1, s2 = svf(x, warp(cutoff), 1 / q, s1, s2)
    return low


@unit(aliases=("hp", "svf_hp", "bq_hp"))
def hpf(x: audio, cutoff: hz(20, 20_000) = 1_000, q: number(0.1, 40) = 1, *, s1: state, s2: state):
    """High-pass, 12 dB per octave.

    Trapezoidal state-variable filter after Andrew Simper.

    >>> noise # hpf 4000
    """
    k = 1 / q
    band, low, s1, s2 = svf(x, warp(cutoff), k, s1, s2)
    return x - k * band - low


@unit(aliases=("bp", "resonz", "svf_bp", "bq_bp"))
def bpf(x: audio, cutoff: hz(20, 20_000) = 1_000, q: number(0.1, 100) = 1, *, s1: state, s2: state):
    """Band-pass, 0 dB at its centre for any `q`.

    Trapezoidal state-variable filter after Andrew Simper.

    >>> noise # bpf 900 8
    """
    k = 1 / q
    band, _low, s1, s2 = svf(x, warp(cutoff), k, s1, s2)
    return k * band


@unit(aliases=("svf_notch", "bq_notch"))
def notch(
    x: audio, cutoff: hz(20, 20_000) = 1_000, q: number(0.1, 40) = 1, *, s1: state, s2: state
):
    """Notch: takes one frequency out and leaves the rest.

    Trapezoidal state-variable filter after Andrew Simper.

    >>> saw 110 # notch (sine 0.2 * 400 + 800) 0.5
    """
    k = 1 / q
    band, _low, s1, s2 = svf(x, warp(cutoff), k, s1, s2)
    return x - k * band


@unit()
def rlpf(
    x: audio, cutoff: hz(20, 20_000) = 1_000, res: number(0.5, 40) = 3, *, s1: state, s2: state
):
    """Resonant low-pass whose loudness hardly changes with its resonance.

    Trapezoidal state-variable filter after Andrew Simper, its input divided by the root of `res`.

    >>> square 55 # rlpf 1400 6
    """
    _band, low, s1, s2 = svf(x / sqrt(max(res, 1)), warp(cutoff), 1 / res, s1, s2)
    return low


@unit()
def rhpf(
    x: audio, cutoff: hz(20, 20_000) = 1_000, res: number(0.5, 40) = 3, *, s1: state, s2: state
):
    """Resonant high-pass whose loudness hardly changes with its resonance.

    Trapezoidal state-variable filter after Andrew Simper, its input divided by the root of `res`.

    >>> noise # rhpf 3000 6
    """
    k = 1 / res
    u = x / sqrt(max(res, 1))
    band, low, s1, s2 = svf(u, warp(cutoff), k, s1, s2)
    return u - k * band - low


@unit(aliases=("lpf1",))
def onepole(x: audio, cutoff: hz(1, 20_000) = 1_000, *, s: state):
    """Low-pass, 6 dB per octave.

    Trapezoidal integrator (Zavalishin, The Art of VA Filter Design).

    >>> noise # onepole 500
    """
    h = 1 / (1 + warp(cutoff))
    low = (1 - h) * x + h * s
    s = 2 * (1 - h) * x + (2 * h - 1) * s
    return low


@unit()
def hpf1(x: audio, cutoff: hz(1, 20_000) = 1_000, *, s: state):
    """High-pass, 6 dB per octave.

    Trapezoidal integrator (Zavalishin, The Art of VA Filter Design).

    >>> noise # hpf1 4000
    """
    h = 1 / (1 + warp(cutoff))
    low = (1 - h) * x + h * s
    s = 2 * (1 - h) * x + (2 * h - 1) * s
    return x - low


@unit(aliases=("moog_ladder", "moog_hz"))
def moog(
    x: audio,
    cutoff: hz(20, 20_000) = 1_000,
    resonance: number(0, 1.2) = 0.3,
    *,
    s1: state,
    s2: state,
    s3: state,
    s4: state,
):
    """Moog ladder: low-pass, 24 dB per octave, saturating; oscillates from `resonance` 1 on.

    Four trapezoidal one-poles whose feedback is solved without delay (Zavalishin), and a tanh
    where the feedback meets the input, which bounds the oscillation.

    >>> saw 55 # moog 700 0.8
    """
    g = warp(cutoff)
    h = 1 / (1 + g)
    p = g * h
    p4 = p * p * p * p
    k = 4 * resonance
    kept = h * (s4 + p * (s3 + p * (s2 + p * s1)))
    u = tanh(x - k * (p4 * x + kept) / (1 + k * p4))
    y1 = p * u + h * s1
    y2 = p * y1 + h * s2
    y3 = p * y2 + h * s3
    y4 = p * y3 + h * s4
    s1 = 2 * y1 - s1
    s2 = 2 * y2 - s2
    s3 = 2 * y3 - s3
    s4 = 2 * y4 - s4
    return y4


@unit()
def djf(x: audio, position: number(0, 1) = 0.5, *, s1: state, s2: state):
    """The one-knob filter of a DJ mixer: low-pass below 0.5, off at 0.5, high-pass above.

    One trapezoidal state-variable filter; each half of the knob sweeps ten octaves, 20 Hz to
    20 480 Hz.

    >>> saw "55 82.5" # djf (sine 0.1 * 0.4 + 0.5)
    """
    turn = abs(2 * position - 1)
    above = position > 0.5
    cutoff = 20 * exp2(10 * (turn if above else 1 - turn))
    band, low, s1, s2 = svf(x, warp(cutoff), 1.2, s1, s2)
    wet = x - 1.2 * band - low if above else low
    return x + min(20 * turn, 1) * (wet - x)


@unit()
def comb(
    x: audio,
    freq: hz(20, 20_000) = 220,
    feedback: number(-0.99, 0.99) = 0.7,
    *,
    line: memory(0.051),
):
    """Comb filter: echoes so close together that they ring at the pitch `freq`.

    Feedback comb, read by cubic interpolation.

    >>> noise * 0.2 # comb 220 0.95
    """
    y = x + feedback * tap_cubic(line, SR / freq)
    write(line, y)
    return y


@unit()
def allpass(
    x: audio,
    coeff: number(-0.98, 0.98) = 0.5,
    time: seconds(0, 0.1) = 0.01,
    *,
    line: memory(0.1, by="time"),
):
    """All-pass: smears a sound in time and keeps its spectrum.

    Schroeder's all-pass section.

    >>> s "cp" # allpass 0.7 0.03
    """
    kept = tap_linear(line, time * SR)
    v = x - coeff * kept
    write(line, v)
    return kept + coeff * v
