"""Edges and corners without aliases: closed-form residuals that oscillators add to their shapes.

An ideal edge holds frequencies without end; sampled as it is, all above half the sample rate
fold back. Here it is replaced by the integral of a short kernel, REACH frames to each side: the
even polynomial (1 − u²)·p₆(u²) whose spectrum, by linear programming, stays within ±0.45 dB up
to 0.3125 of the sample rate (15 kHz at 48 kHz) and is lowest (−59.9 dB, rising with frequency
as the harmonics fall) from 2/3 of it, where what folds back begins to land below 16 kHz.
`tests/dsp/test_blep.py` derives these figures again from the numbers below.

A waveform is a function of its phase and increment alone, so frequency modulation, sweeps and
negative frequencies keep the band limit of the moment. Two edges of one kind, the last and the
next, are in reach of any sample while a period lasts REACH frames. From SHORTEST frames on
(where the next period's edge would add −45 dB) the waveform keeps its shape, a near sine.
"""

from phonon.kernel.form import helper
from phonon.kernel.maths import clip

REACH = 3.3
SHORTEST = 3.0

# ∫ of the kernel from −1 to 1, over u: a polynomial in v = 2u² − 1, highest power first. (In u²
# its coefficients would reach 227, and cost a digit and a half of single precision.)
EDGE = (
    -0.129668809,
    0.375228483,
    -0.616711981,
    0.908705224,
    -1.02277817,
    0.812365778,
    -0.701347283,
    1.37420675,
)

# Twice the integral of (1 − edge) / 2 from u to 1, times REACH: what rounds a corner off, in v
# again, without its odd part −REACH·|u|.
CORNER = (
    -0.0133720959,
    0.0442233569,
    -0.0847978974,
    0.149936362,
    -0.210947997,
    0.223400589,
    -0.289305754,
    1.13372057,
    2.34714286,
)


@helper
def limited(step):
    """The increment in cycles per frame, without sign, between never and SHORTEST frames."""
    return clip(abs(step), 1e-9, 1 / SHORTEST)


@helper
def edge(u):
    """A band-limited step from −1 to 1 at u = 0, which begins at −1 and is done at 1."""
    u = clip(u, -1.0, 1.0)
    v = 2.0 * u * u - 1.0
    y = EDGE[0]
    for k in range(7):
        y = y * v + EDGE[k + 1]
    return y * u


@helper
def corner(u):
    """What a band-limited corner at u = 0 adds, per slope change of 2 a frame; u ≥ 0."""
    u = min(u, 1.0)
    v = 2.0 * u * u - 1.0
    y = CORNER[0]
    for k in range(8):
        y = y * v + CORNER[k + 1]
    return y - REACH * u


@helper
def ramp(x, scale):
    """A saw rising from −1 to 1 whose edge falls at x = 0, the middle of −1 ≤ x < 1.

    `scale` is 1 / (2 · REACH · increment): x as a fraction of the kernel.
    """
    near = edge(x * scale)
    far = 1.0 - edge((2.0 - abs(x)) * scale)
    return x - near - (far if x >= 0.0 else -far)
