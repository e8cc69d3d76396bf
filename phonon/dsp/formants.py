"""Formant filters: single resonances of a mouth, and vowels made of five."""

from phonon.dsp.filters import svf, warp
from phonon.dsp.registry import unit
from phonon.kernel.form import audio, choice, hz, states

# The formants of a tenor singing a e i o u (frequency in Hz, level, bandwidth in Hz), as Csound's
# manual tabulates them after the synthesis of singing at IRCAM.
FREQUENCIES = (
    (650.0, 400.0, 290.0, 400.0, 350.0),
    (1080.0, 1700.0, 1870.0, 800.0, 600.0),
    (2650.0, 2600.0, 2800.0, 2600.0, 2700.0),
    (2900.0, 3200.0, 3250.0, 2800.0, 2900.0),
    (3250.0, 3580.0, 3540.0, 3000.0, 3300.0),
)
LEVELS = (
    (1.0, 1.0, 1.0, 1.0, 1.0),
    (0.501, 0.200, 0.178, 0.316, 0.100),
    (0.447, 0.251, 0.126, 0.251, 0.141),
    (0.398, 0.200, 0.100, 0.251, 0.200),
    (0.079, 0.100, 0.032, 0.050, 0.050),
)
BANDWIDTHS = (
    (80.0, 70.0, 40.0, 40.0, 40.0),
    (90.0, 80.0, 90.0, 80.0, 60.0),
    (120.0, 100.0, 100.0, 100.0, 100.0),
    (130.0, 120.0, 120.0, 120.0, 120.0),
    (140.0, 120.0, 120.0, 120.0, 120.0),
)


@unit()
def formant(
    x: audio,
    f1: hz(20, 20_000) = 650,
    f2: hz(20, 20_000) = 1080,
    f3: hz(20, 20_000) = 2650,
    bw1: hz(1, 5_000) = 80,
    bw2: hz(1, 5_000) = 90,
    bw3: hz(1, 5_000) = 120,
    *,
    s: states(6),
):
    """Three formants in parallel, each with frequency and bandwidth.

    Parallel band-passes with 0 dB at their centres (Klatt's parallel branch, trapezoidal).

    >>> saw 110 # formant 650 1080 2650
    """
    y = 0.0
    for i in range(3):
        centre = (f1, f2, f3)[i]
        k = (bw1, bw2, bw3)[i] / centre
        band, _low, s[2 * i], s[2 * i + 1] = svf(x, warp(centre), k, s[2 * i], s[2 * i + 1])
        y = y + k * band
    return y


@unit()
def vowel(x: audio, letter: choice("a", "e", "i", "o", "u") = "a", *, s: states(10)):
    """Vowel filter; numbers from 0 to 4 glide between a, e, i, o and u.

    Five parallel band-passes at the formants of a tenor.

    >>> saw 110 # vowel "<a e i o>"
    """
    y = 0.0
    for i in range(5):
        centre = 0.0
        level = 0.0
        width = 0.0
        for j in range(5):
            near = max(1 - abs(letter - j), 0)
            centre = centre + near * FREQUENCIES[i][j]
            level = level + near * LEVELS[i][j]
            width = width + near * BANDWIDTHS[i][j]
        k = width / centre
        band, _low, s[2 * i], s[2 * i + 1] = svf(x, warp(centre), k, s[2 * i], s[2 * i + 1])
        y = y + 2 * level * k * band
    return y
