"""Equalisers: bells and shelves with the responses of the Audio EQ Cookbook.

All bands are trapezoidal state-variable filters in Simper's mixes (2013): the same responses as
Bristow-Johnson's biquads, but exact in single precision at the lowest frequencies, and steady
while they move. The cookbook's A is 10^(gain/40), the square root of a gain's amplitude.
"""

from phonon.dsp.filters import warp
from phonon.dsp.registry import unit
from phonon.kernel.form import DT, audio, choice, db, helper, hz, number, state, states, vector
from phonon.kernel.maths import exp2, lane, spread, sqrt


@helper
def bell(freq, gain, q):
    """Coefficients of a bell: integrator gain, damping, amount of the band to add."""
    a = exp2(0.08304820 * gain)
    k = 1 / (q * a)
    return warp(freq), k, k * (a * a - 1)


@helper
def low_shelf(freq, gain, q):
    """Coefficients of a low shelf: integrator gain, damping, amounts of band and low to add."""
    a = exp2(0.08304820 * gain)
    return warp(freq) / sqrt(a), 1 / q, (a - 1) / q, a * a - 1


@helper
def high_shelf(freq, gain, q):
    """Coefficients of a high shelf: integrator gain, damping, amounts of band and x − low."""
    a = exp2(0.08304820 * gain)
    return warp(freq) * sqrt(a), 1 / q, (1 - a) * a / q, a * a - 1


@helper
def shaped(freq, gain, q, kind):
    """Coefficients of a low shelf (kind −1), bell (0, the last is 0) or high shelf (1)."""
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
def settled(g, k):
    """1 / (1 + g (g + k)): solves the delay-free loop of the state-variable filter."""
    return 1 / (1 + g * (g + k))


@helper
def tick(x, g, h, s1, s2):
    """One step of the state-variable filter: band, low and the two next states."""
    band = h * (s1 + g * (x - s2))
    rise = g * band
    return band, s2 + rise, 2 * band - s1, s2 + 2 * rise


@helper
def glide_share(started):
    """The share of the way to new settings that coefficients go in this frame.

    They glide within 5 ms (any mixture of two settings is stable); the first frame takes them at
    once.
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
    """Bell: boosts or cuts around `freq` by `gain` decibels.

    The cookbook's peaking equaliser in Simper's form.

    >>> saw 110 # peak 2500 9 2
    """
    g, k, more = bell(freq, gain, q)
    band, _low, s1, s2 = tick(x, g, settled(g, k), s1, s2)
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
    """Low shelf: boosts or cuts everything below `freq` by `gain` decibels.

    The cookbook's low shelf in Simper's form.

    >>> s "bd*4" # lowshelf 120 6
    """
    g, k, more, lower = low_shelf(freq, gain, q)
    band, low, s1, s2 = tick(x, g, settled(g, k), s1, s2)
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
    """High shelf: boosts or cuts everything above `freq` by `gain` decibels.

    The cookbook's high shelf in Simper's form.

    >>> s "hh*8" # highshelf 6000 -9
    """
    g, k, more, upper = high_shelf(freq, gain, q)
    band, low, s1, s2 = tick(x, g, settled(g, k), s1, s2)
    return x + more * band + upper * (x - low)


@unit(aliases=("eq",))
def parametric_eq(
    x: audio,
    low_freq: hz(20, 20_000) = 200,
    low: db(-48, 48) = 0,
    low_q: number(0.1, 10) = 0.7071,
    mid_freq: hz(20, 20_000) = 1_000,
    mid: db(-48, 48) = 0,
    mid_q: number(0.1, 40) = 1,
    high_freq: hz(20, 20_000) = 5_000,
    high: db(-48, 48) = 0,
    high_q: number(0.1, 10) = 0.7071,
    *,
    s: states(6),
):
    """Three bands: low shelf, bell and high shelf, each with frequency, decibels and Q.

    The cookbook's three filters in a row (Simper's form).

    >>> saw 110 # parametric_eq 150 4 0.7 900 -6 2 6000 3 0.7
    """
    g, k, more, lower = low_shelf(low_freq, low, low_q)
    band, bass, s[0], s[1] = tick(x, g, settled(g, k), s[0], s[1])
    x = x + more * band + lower * bass
    g, k, more = bell(mid_freq, mid, mid_q)
    band, bass, s[2], s[3] = tick(x, g, settled(g, k), s[2], s[3])
    x = x + more * band
    g, k, more, upper = high_shelf(high_freq, high, high_q)
    band, bass, s[4], s[5] = tick(x, g, settled(g, k), s[4], s[5])
    return x + more * band + upper * (x - bass)


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
    part = glide_share(started)
    started = 1.0
    lows = low_shelf(low_freq, low, 0.7071)
    mids = bell(mid_freq, mid, mid_q)
    highs = high_shelf(high_freq, high, 0.7071)
    for i in range(4):
        c[i] = c[i] + part * (lows[i] - c[i])
        c[7 + i] = c[7 + i] + part * (highs[i] - c[7 + i])
    for i in range(3):
        c[4 + i] = c[4 + i] + part * (mids[i] - c[4 + i])
    h = settled(c[0], c[1])
    band, bass, s[0], s[1] = tick(left, c[0], h, s[0], s[1])
    x = left + c[2] * band + c[3] * bass
    band, bass, s[2], s[3] = tick(right, c[0], h, s[2], s[3])
    y = right + c[2] * band + c[3] * bass
    h = settled(c[4], c[5])
    band, bass, s[4], s[5] = tick(x, c[4], h, s[4], s[5])
    x = x + c[6] * band
    band, bass, s[6], s[7] = tick(y, c[4], h, s[6], s[7])
    y = y + c[6] * band
    h = settled(c[7], c[8])
    band, bass, s[8], s[9] = tick(x, c[7], h, s[8], s[9])
    x = x + c[9] * band + c[10] * (x - bass)
    band, bass, s[10], s[11] = tick(y, c[7], h, s[10], s[11])
    y = y + c[9] * band + c[10] * (y - bass)
    return x, y


PLACES = tuple(tuple(1.0 if i == band else 0.0 for i in range(8)) for band in range(8))


@helper
def belled(x, g, h, m, i, a, b):
    """Both sides through bell number i, and the next states of the bell."""
    band, _low, a, b = tick(x, lane(g, i), lane(h, i), a, b)
    return x + lane(m, i) * band, a, b


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
    g: vector(8),
    k: vector(8),
    m: vector(8),
    n: vector(8),
    a1: vector(2),
    b1: vector(2),
    a2: vector(2),
    b2: vector(2),
    a3: vector(2),
    b3: vector(2),
    a4: vector(2),
    b4: vector(2),
    a5: vector(2),
    b5: vector(2),
    a6: vector(2),
    b6: vector(2),
    a7: vector(2),
    b7: vector(2),
    a8: vector(2),
    b8: vector(2),
):
    """Eight bells, by default an octave apart; the gains come first, in decibels.

    The cookbook's bells in a row (Simper's form); with `:ends "shelf"` the outer two are shelves.

    >>> s "bd*4, hh*8" # eq8 4 0 -3 :gain7 3 :freq7 5000 :q7 0.6
    """
    gains = (gain1, gain2, gain3, gain4, gain5, gain6, gain7, gain8)
    freqs = (freq1, freq2, freq3, freq4, freq5, freq6, freq7, freq8)
    qs = (q1, q2, q3, q4, q5, q6, q7, q8)
    kinds = (-ends, 0, 0, 0, 0, 0, 0, ends)
    part = glide_share(started)
    started = 1.0
    g_aim = spread(0.0, 8)
    k_aim = spread(0.0, 8)
    m_aim = spread(0.0, 8)
    n_aim = spread(0.0, 8)
    for i in range(8):
        aims = shaped(freqs[i], gains[i], qs[i], kinds[i])
        g_aim = g_aim + spread(aims[0], 8) * PLACES[i]
        k_aim = k_aim + spread(aims[1], 8) * PLACES[i]
        m_aim = m_aim + spread(aims[2], 8) * PLACES[i]
        n_aim = n_aim + spread(aims[3], 8) * PLACES[i]
    g = g + part * (g_aim - g)
    k = k + part * (k_aim - k)
    m = m + part * (m_aim - m)
    n = n + part * (n_aim - n)
    h = 1 / (1 + g * (g + k))
    x = spread(left, 2) * (1.0, 0.0) + spread(right, 2) * (0.0, 1.0)
    band, low, a1, b1 = tick(x, lane(g, 0), lane(h, 0), a1, b1)
    x = x + lane(m, 0) * band + lane(n, 0) * low
    x, a2, b2 = belled(x, g, h, m, 1, a2, b2)
    x, a3, b3 = belled(x, g, h, m, 2, a3, b3)
    x, a4, b4 = belled(x, g, h, m, 3, a4, b4)
    x, a5, b5 = belled(x, g, h, m, 4, a5, b5)
    x, a6, b6 = belled(x, g, h, m, 5, a6, b6)
    x, a7, b7 = belled(x, g, h, m, 6, a7, b7)
    band, low, a8, b8 = tick(x, lane(g, 7), lane(h, 7), a8, b8)
    x = x + lane(m, 7) * band + lane(n, 7) * (x - low)
    return lane(x, 0), lane(x, 1)
