"""Band-limited edges and corners: closed-form residuals that oscillators add to their shapes.

An ideal edge has unlimited bandwidth; sampled directly, everything above half the sample rate
aliases. Here it is replaced by the integral of a short kernel, REACH frames to each side: the
even polynomial (1 − u²)·p₆(u²) whose spectrum, by linear programming, stays within ±0.45 dB up
to 0.3125 of the sample rate (15 kHz at 48 kHz) and is lowest (−59.9 dB, rising with frequency
as the harmonics fall) from 2/3 of it, where aliases begin to fall below 16 kHz.
`tests/dsp/test_blep.py` recomputes these figures from the coefficients.

A waveform is a function of its phase and increment alone, so frequency modulation, sweeps and
negative frequencies stay band-limited. While a period lasts at least REACH frames, at most two
edges of one kind, the last and the next, are within reach of a sample. Below SHORTEST frames
(where the next period's edge would add −45 dB) the waveform keeps its shape, nearly a sine.
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

# Twice the integral of (1 − edge) / 2 from u to 1, times REACH: the rounding of a corner, in v
# too, without its odd part −REACH·|u|.
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
def limited_step(step):
    """The absolute increment in cycles per frame, for periods of at least SHORTEST frames."""
    return clip(abs(step), 1e-9, 1 / SHORTEST)


@helper
def edge(u):
    """A band-limited step from −1 to 1 at u = 0; it starts at u = −1 and ends at u = 1."""
    u = clip(u, -1.0, 1.0)
    v = 2.0 * u * u - 1.0
    y = EDGE[0]
    for k in range(7):
        y = y * v + EDGE[k + 1]
    return y * u


@helper
def corner(u):
    """The residual of a band-limited corner at u = 0, per slope change of 2 a frame; u ≥ 0."""
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
