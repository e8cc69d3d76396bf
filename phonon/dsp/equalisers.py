"""Equalisers: bells and shelves with the responses of the audio-EQ cookbook.

All bands are trapezoidal state-variable filters in Simper's mixes (2013): the same responses as
Bristow-Johnson's biquads, but exact in single precision at the lowest frequencies, and steady
while they move. The cookbook's A is 10^(gain/40), the square root of a gain's amplitude.
"""

from phonon.dsp.filters import warp
from phonon.dsp.registry import unit
from phonon.kernel.form import DT, audio, choice, db, helper, hz, number, state, states
from phonon.kernel.maths import exp2, sqrt


@helper
def bell(freq, gain, q):
    """Integrator gain, damping, and how much of the band is added."""
    a = exp2(0.08304820 * gain)
    k = 1 / (q * a)
    return warp(freq), k, k * (a * a - 1)


@helper
def low_shelf(freq, gain, q):
    """Integrator gain, damping, and how much of the band and of the low output is added."""
    a = exp2(0.08304820 * gain)
    return warp(freq) / sqrt(a), 1 / q, (a - 1) / q, a * a - 1


@helper
def high_shelf(freq, gain, q):
    """Integrator gain, damping, how much of the band and of what is not low is added."""
    a = exp2(0.08304820 * gain)
    return warp(freq) * sqrt(a), 1 / q, (1 - a) * a / q, a * a - 1


@helper
def shaped(freq, gain, q, kind):
    """The low shelf (kind −1), bell (0) or high shelf (1), with 0 for what a bell does not add."""
    g, k, more = bell(freq, gain, q)
    g_low, k_shelf, more_low, rest = low_shelf(freq, gain, q)
    g_high, k_shelf, more_high, rest = high_shelf(freq, gain, q)
    is_bell = abs(kind) < 0.5
    return (
        g if is_bell else (g_low if kind < 0 else g_high),
        k if is_bell else k_shelf,
        more if is_bell else (more_low if kind < 0 else more_high),
        0.0 if is_bell else rest,
    )


@helper
def tick(x, g, k, s1, s2):
    """One step of the state-variable filter: band, low and the two next states."""
    band = (s1 + g * (x - s2)) / (1 + g * (g + k))
    rise = g * band
    return band, s2 + rise, 2 * band - s1, s2 + 2 * rise


@helper
def hurry(started):
    """The part of their way that coefficients go in this frame.

    They glide to new settings within 5 ms (any mixture of two of them is stable); the first frame
    takes them at once.
    """
    return 200 * DT if started > 0 else 1.0


@unit()
def peak(
    x: audio,
    freq: hz(20, 20_000) = 1_000,
    gain: db(-48, 48) = 6,
    q: number(0.1, 40) = 1,
    *,
    s1: state,
    s2: state,
):
    """Lifts or lowers the surroundings of a frequency.

    The cookbook's peaking equaliser in Simper's form.

    >>> saw 110 # peak 2500 9 2
    """
    g, k, more = bell(freq, gain, q)
    band, _low, s1, s2 = tick(x, g, k, s1, s2)
    return x + more * band


@unit()
def lowshelf(
    x: audio,
    freq: hz(20, 20_000) = 200,
    gain: db(-48, 48) = 6,
    q: number(0.1, 10) = 0.7071,
    *,
    s1: state,
    s2: state,
):
    """Lifts or lowers everything below a frequency.

    The cookbook's low shelf in Simper's form.

    >>> s "bd*4" # lowshelf 120 6
    """
    g, k, more, lower = low_shelf(freq, gain, q)
    band, low, s1, s2 = tick(x, g, k, s1, s2)
    return x + more * band + lower * low


@unit()
def highshelf(
    x: audio,
    freq: hz(20, 20_000) = 5_000,
    gain: db(-48, 48) = 6,
    q: number(0.1, 10) = 0.7071,
    *,
    s1: state,
    s2: state,
):
    """Lifts or lowers everything above a frequency.

    The cookbook's high shelf in Simper's form.

    >>> s "hh*8" # highshelf 6000 -9
    """
    g, k, more, upper = high_shelf(freq, gain, q)
    band, low, s1, s2 = tick(x, g, k, s1, s2)
    return x + more * band + upper * (x - low)


@unit(scope="mix")
def eq3(
    left: audio,
    right: audio,
    low: db(-24, 24) = 0,
    mid: db(-24, 24) = 0,
    high: db(-24, 24) = 0,
    low_freq: hz(20, 20_000) = 200,
    mid_freq: hz(20, 20_000) = 1_000,
    high_freq: hz(20, 20_000) = 5_000,
    mid_q: number(0.1, 10) = 0.7071,
    *,
    started: state,
    c: states(11),
    s: states(12),
):
    """The tone controls of a mixer: low shelf, middle bell and high shelf, in decibels.

    The cookbook's three filters in a row (Simper's form); shelves with a Q of 0.707.

    >>> s "bd*4, hh*8" # eq3 3 -2 4
    """
    part = hurry(started)
    started = 1.0
    aims = (
        *low_shelf(low_freq, low, 0.7071),
        *bell(mid_freq, mid, mid_q),
        *high_shelf(high_freq, high, 0.7071),
    )
    for i in range(11):
        c[i] = c[i] + part * (aims[i] - c[i])
    x = left
    y = right
    band, bass, s[0], s[1] = tick(x, c[0], c[1], s[0], s[1])
    x = x + c[2] * band + c[3] * bass
    band, bass, s[2], s[3] = tick(y, c[0], c[1], s[2], s[3])
    y = y + c[2] * band + c[3] * bass
    band, bass, s[4], s[5] = tick(x, c[4], c[5], s[4], s[5])
    x = x + c[6] * band
    band, bass, s[6], s[7] = tick(y, c[4], c[5], s[6], s[7])
    y = y + c[6] * band
    band, bass, s[8], s[9] = tick(x, c[7], c[8], s[8], s[9])
    x = x + c[9] * band + c[10] * (x - bass)
    band, bass, s[10], s[11] = tick(y, c[7], c[8], s[10], s[11])
    y = y + c[9] * band + c[10] * (y - bass)
    return x, y


@unit(scope="mix")
def eq8(
    left: audio,
    right: audio,
    gain1: db(-24, 24) = 0,
    gain2: db(-24, 24) = 0,
    gain3: db(-24, 24) = 0,
    gain4: db(-24, 24) = 0,
    gain5: db(-24, 24) = 0,
    gain6: db(-24, 24) = 0,
    gain7: db(-24, 24) = 0,
    gain8: db(-24, 24) = 0,
    freq1: hz(20, 20_000) = 60,
    freq2: hz(20, 20_000) = 120,
    freq3: hz(20, 20_000) = 240,
    freq4: hz(20, 20_000) = 480,
    freq5: hz(20, 20_000) = 960,
    freq6: hz(20, 20_000) = 1_920,
    freq7: hz(20, 20_000) = 3_840,
    freq8: hz(20, 20_000) = 7_680,
    q1: number(0.1, 10) = 1,
    q2: number(0.1, 10) = 1,
    q3: number(0.1, 10) = 1,
    q4: number(0.1, 10) = 1,
    q5: number(0.1, 10) = 1,
    q6: number(0.1, 10) = 1,
    q7: number(0.1, 10) = 1,
    q8: number(0.1, 10) = 1,
    ends: choice("bell", "shelf") = "bell",
    *,
    started: state,
    g: states(8),
    k: states(8),
    m: states(8),
    n: states(8),
    s: states(32),
):
    """Eight bands, an octave apart unless they say otherwise; the gains come first, in decibels.

    The cookbook's bells in a row (Simper's form); with `:ends "shelf"` the outer two are shelves.

    >>> s "bd*4, hh*8" # eq8 4 0 -3 :gain7 3 :freq7 5000 :q7 0.6
    """
    gains = (gain1, gain2, gain3, gain4, gain5, gain6, gain7, gain8)
    freqs = (freq1, freq2, freq3, freq4, freq5, freq6, freq7, freq8)
    qs = (q1, q2, q3, q4, q5, q6, q7, q8)
    part = hurry(started)
    started = 1.0
    kinds = (-ends, 0, 0, 0, 0, 0, 0, ends)
    for i in range(8):
        g_aim, k_aim, m_aim, n_aim = shaped(freqs[i], gains[i], qs[i], kinds[i])
        g[i] = g[i] + part * (g_aim - g[i])
        k[i] = k[i] + part * (k_aim - k[i])
        m[i] = m[i] + part * (m_aim - m[i])
        n[i] = n[i] + part * (n_aim - n[i])
    band, low, s[0], s[1] = tick(left, g[0], k[0], s[0], s[1])
    x = left + m[0] * band + n[0] * low
    band, low, s[16], s[17] = tick(right, g[0], k[0], s[16], s[17])
    y = right + m[0] * band + n[0] * low
    for i in range(1, 7):
        band, low, s[2 * i], s[2 * i + 1] = tick(x, g[i], k[i], s[2 * i], s[2 * i + 1])
        x = x + m[i] * band
        band, low, s[16 + 2 * i], s[17 + 2 * i] = tick(y, g[i], k[i], s[16 + 2 * i], s[17 + 2 * i])
        y = y + m[i] * band
    band, low, s[14], s[15] = tick(x, g[7], k[7], s[14], s[15])
    x = x + m[7] * band + n[7] * (x - low)
    band, low, s[30], s[31] = tick(y, g[7], k[7], s[30], s[31])
    y = y + m[7] * band + n[7] * (y - low)
    return x, y
