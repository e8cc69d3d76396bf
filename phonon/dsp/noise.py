"""Noise: white, pink, brown and dust; every node and every voice has a sequence of its own."""

from phonon.dsp.registry import unit
from phonon.kernel.form import DT, bits, helper, hz, seed, state
from phonon.kernel.maths import exp, next_noise, scramble, sqrt, unphase
from phonon.kernel.maths import noise as white

# Poles and zeros in hertz whose cascade falls by 10 dB a decade, within 0.12 dB from 40 Hz to
# 16 kHz at 48 kHz (0.21 dB at 44.1 kHz); found by minimising the largest deviation.
PINK_POLES = (22.187, 171.029, 1123.754, 7841.742)
PINK_ZEROS = (65.518, 438.717, 2899.225)
MINUS_TAU = -6.2831855


@helper
def pole(frequency):
    """The pole of a one-pole filter with this corner frequency."""
    return exp(MINUS_TAU * DT * frequency)


@unit(aliases=("white", "white_noise"))
def noise(*, seeds: bits(seed)):
    """White noise between −1 and 1: equal power per hertz.

    O'Neill's PCG.

    >>> noise * 0.2 # bpf 1200 4
    """
    y = white(seeds)
    seeds = next_noise(seeds)
    return y


@unit(aliases=("pink_noise",))
def pink(*, seeds: bits(seed), s1: state, s2: state, s3: state, s4: state):
    """Pink noise: equal power per octave, RMS 0.25.

    White noise through four poles and three zeros, within 0.15 dB of −3 dB per octave.

    >>> pink * 0.3 # hpf 200
    """
    x = white(seeds) * 0.24735  # 0.25 / (1 / √3 · 1.7507, the gain of the cascade)
    seeds = next_noise(seeds)
    y1 = x + pole(PINK_POLES[0]) * s1
    y2 = y1 - pole(PINK_ZEROS[0]) * s1 + pole(PINK_POLES[1]) * s2
    y3 = y2 - pole(PINK_ZEROS[1]) * s2 + pole(PINK_POLES[2]) * s3
    y4 = y3 - pole(PINK_ZEROS[2]) * s3 + pole(PINK_POLES[3]) * s4
    s1 = y1
    s2 = y2
    s3 = y3
    s4 = y4
    return y4


@unit(aliases=("brown_noise",))
def brown(*, seeds: bits(seed), sum_: state):
    """Brown noise: −6 dB per octave above 10 Hz, RMS 0.25.

    White noise integrated by a one-pole filter, which keeps it from drifting.

    >>> brown * 0.4 # lpf 300
    """
    # √3 · 0.25 · √(1 − pole²), where 1 − pole² is 4π · 10 Hz · DT, within 0.1 %.
    sum_ = sum_ * pole(10.0) + white(seeds) * (0.4330127 * sqrt(125.66371 * DT))
    seeds = next_noise(seeds)
    return sum_


@unit()
def dust(density: hz(0, 20_000) = 4, *, seeds: bits(seed)):
    """Single frames between 0 and 1 at random times, on average `density` a second.

    >>> dust 20 # comb 440 1
    """
    chance = density * DT
    x = unphase(scramble(seeds))
    seeds = next_noise(seeds)
    return x / max(chance, 1e-9) if x < chance else 0.0
