"""Plucked strings: a delay line one period long, which loses its treble as it rings."""

from phonon.dsp.registry import unit
from phonon.kernel.form import DT, SR, bits, hz, memory, number, seed, state
from phonon.kernel.maths import clip, exp2, next_noise, noise, sqrt, tap_cubic, write


@unit()
def pluck(
    freq: hz(30, 12_000) = 220,
    damping: number(0, 1) = 0.5,
    gate: number(0, 1) = 1,
    *,
    string: memory(0.0345),
    seeds: bits(seed),
    held: state,
    left: state,
    mellow: state,
    past: state,
    still: state,
):
    """Plucked string: plucked at the start and whenever `gate` rises above 0.5.

    With `damping` 0 it rings long and bright, with 1 it is a short thud. After Karplus and Strong
    (1983) with Jaffe and Smith's tuning: a burst of noise one period long runs round a delay line
    through a weighted average of two frames. The burst is low-passed, and the direct current
    that it leaves is removed at the output.

    >>> pluck 220 0.3
    """
    on = gate > 0.5
    period = SR / freq
    left = period if on & (held < 0.5) else left - 1.0
    held = 1.0 if on else 0.0
    # Noise up to some harmonics of the string, at one level whatever their number.
    share = clip((1_500.0 + (9.0 - 8.0 * damping) * freq) * DT * 4.0, 0.05, 1.0)
    mellow = mellow + share * (noise(seeds) - mellow)
    seeds = next_noise(seeds)
    burst = 0.45 * mellow * sqrt((2.0 - share) / share) if left > 0.0 else 0.0
    # The average of two frames delays by its weight; the line gives the rest of the period.
    weight = 0.5 * damping
    returned = tap_cubic(string, period - weight)
    smooth = returned + (past - returned) * weight
    past = returned
    # −60 dB after 6 seconds for damping 0, after 0.4 for 1.
    seconds_ = 6.0 - 5.6 * damping
    y = burst + smooth * exp2(-9.965784 / (seconds_ * freq))
    write(string, y)
    still = still + (y - still) * clip(freq * DT * 0.6, 0.0, 0.5)
    return y - still
