"""Dynamics of a mix: compressors, ducking, expander, gate, limiters."""

from phonon.dsp.registry import unit
from phonon.kernel.form import (
    DT,
    audio,
    db,
    helper,
    memories,
    memory,
    number,
    ratio,
    seconds,
    state,
)
from phonon.kernel.maths import amp_to_db, clip, db_to_amp, exp2, floor, tap, write

OWN = -100.0
"""The value of a side-chain input to which nothing is connected."""


@helper
def share(time):
    """The part of the remaining way that a one-pole goes in a frame: 63 % within `time` seconds."""
    return 1 - exp2(-1.442695 * DT / time)


@helper
def excess(level, threshold, ratio, knee):
    """The gain reduction of a compressor in decibels; a parabola `knee` wide rounds the corner."""
    wide = max(knee, 0.01)
    over = level - threshold + 0.5 * wide
    curved = clip(over, 0, wide)
    return (1 - 1 / ratio) * (curved * curved / (2 * wide) + max(over - wide, 0))


@unit(scope="mix", aliases=("compressor",))
def comp(
    left: audio,
    right: audio,
    threshold: db(-80, 0) = -20,
    ratio: ratio(1, 100) = 4,
    attack: seconds(0.0001, 2) = 0.005,
    release: seconds(0.001, 5) = 0.1,
    makeup: db(-24, 40) = 0,
    knee: db(0, 24) = 1,
    sidechain: number(-100, 100) = OWN,
    *,
    kept: state,
    taken: state,
):
    """Compressor: above `threshold`, `ratio` decibels become one; both sides get the same gain.

    It measures `sidechain` instead of its input where that is given. Feed-forward, in decibels,
    with the smooth decoupled peak detector of Giannoulis, Massberg and Reiss (2012): `attack` is
    the time to 63 % of the reduction, `release` that of its return.

    >>> s "bd*4, hh*8" # comp -24 4 0.005 0.1 6
    """
    own = max(abs(left), abs(right))
    level = amp_to_db(abs(sidechain) if sidechain > OWN else own)
    kept = max(excess(level, threshold, ratio, knee), kept * (1 - share(release)))
    taken = taken + share(attack) * (kept - taken)
    gain = db_to_amp(makeup - taken)
    return left * gain, right * gain


@unit(scope="mix", aliases=("sc_comp", "sidechain_compressor"))
def sidechain_comp(
    left: audio,
    right: audio,
    sidechain: number(-100, 100) = 0,
    threshold: db(-80, 0) = -30,
    ratio: ratio(1, 100) = 4,
    attack: seconds(0.0001, 2) = 0.005,
    release: seconds(0.001, 5) = 0.2,
    *,
    kept: state,
    taken: state,
):
    """Compressor that measures another signal: a pad that ducks under the kick.

    `comp` with the side chain as its first argument.

    >>> saw 110 * 0.3 # sidechain_comp (s "bd*4") -30 8
    """
    kept = max(excess(amp_to_db(sidechain), threshold, ratio, 1), kept * (1 - share(release)))
    taken = taken + share(attack) * (kept - taken)
    gain = db_to_amp(-taken)
    return left * gain, right * gain


@unit(scope="mix")
def duck(
    left: audio,
    right: audio,
    sidechain: number(-100, 100) = 0,
    depth: number(0, 1) = 0.8,
    attack: seconds(0.0001, 2) = 0.005,
    release: seconds(0.001, 5) = 0.2,
    *,
    kept: state,
    heard: state,
):
    """Turns a sound down while another is loud: by the share `depth` at full scale.

    The detector of `comp`, applied to the gain without decibels.

    >>> saw 110 * 0.3 # duck (s "bd*4") 0.9
    """
    kept = max(min(abs(sidechain), 1), kept * (1 - share(release)))
    heard = heard + share(attack) * (kept - heard)
    gain = 1 - depth * heard
    return left * gain, right * gain


@unit(scope="mix", aliases=("expand",))
def expander(
    left: audio,
    right: audio,
    threshold: db(-100, 0) = -40,
    ratio: ratio(1, 20) = 2,
    attack: seconds(0.0001, 2) = 0.005,
    release: seconds(0.001, 5) = 0.1,
    *,
    kept: state,
    taken: state,
):
    """Expander: below `threshold`, one decibel becomes `ratio`, so quiet passages get quieter.

    Peak detector that falls with `release`; the gain is at most 80 dB down and opens with `attack`.

    >>> s "bd sn" # expander -30 3
    """
    kept = max(abs(left), abs(right), kept * (1 - share(release)))
    wanted = clip((ratio - 1) * (threshold - amp_to_db(kept)), 0, 80)
    taken = taken + share(attack if wanted < taken else release) * (wanted - taken)
    gain = db_to_amp(-taken)
    return left * gain, right * gain


@unit(scope="mix", aliases=("noisegate",))
def gate(
    left: audio,
    right: audio,
    threshold: db(-100, 0) = -40,
    attack: seconds(0.0001, 2) = 0.001,
    hold: seconds(0, 5) = 0.05,
    release: seconds(0.001, 5) = 0.1,
    floor: db(-100, 0) = -80,
    *,
    kept: state,
    rest: state,
    gain: state,
):
    """Noise gate: down to `floor` while the level is below `threshold`.

    Peak detector that falls within 10 ms, 3 dB of hysteresis; after `hold` it closes with
    `release`, and opens with `attack`.

    >>> s "bd sn" # reverb 0.9 # gate -30 0.001 0.1 0.05
    """
    kept = max(abs(left), abs(right), kept * (1 - share(0.01)))
    corner = db_to_amp(threshold)
    loud = kept > (0.708 * corner if rest > 0 else corner)
    rest = max(hold, DT) if loud else rest - DT
    target = 1 if rest > 0 else db_to_amp(floor)
    gain = gain + share(attack if target > gain else release) * (target - gain)
    return left * gain, right * gain


LOOK = 128
GRAIN = 65_536.0
"""`limiter` averages the last 128 attenuations in steps of 2^-16: their sum is exact in single
precision, so the running sum never drifts."""
HALVES = (1, 2, 4, 8, 16, 32, 64)


@unit(scope="mix")
def limiter(
    left: audio,
    right: audio,
    ceiling: db(-60, 0) = -0.3,
    release: seconds(0.001, 5) = 0.05,
    *,
    line_left: memory(0.017),
    line_right: memory(0.017),
    peaks: memories((0.009,) * 7),
    steps: memory(0.017),
    kept: state,
    total: state,
):
    """Look-ahead limiter: keeps every peak below `ceiling` without clicks.

    A latency of 127 frames (2.6 ms at 48 kHz): the largest attenuation that those frames need,
    released with `release` and averaged over 128 frames. A sound below the ceiling is delayed and
    otherwise unchanged, bit for bit.

    >>> s "bd*4, sn*2" * 4 # limiter -1
    """
    top = db_to_amp(ceiling)
    peak = max(abs(left), abs(right))
    for i in range(7):
        write(peaks[i], peak)
        peak = max(peak, tap(peaks[i], HALVES[i]))
    kept = max(1 - top / max(peak, top), kept * (1 - share(release)))
    step = floor(kept * GRAIN + 0.75) / GRAIN
    total = total + (step - tap(steps, LOOK))
    write(steps, step)
    write(line_left, left)
    write(line_right, right)
    gain = 1 - total / LOOK
    return (
        clip(gain * tap(line_left, LOOK - 1), -top, top),
        clip(gain * tap(line_right, LOOK - 1), -top, top),
    )


@unit(scope="mix")
def master(
    left: audio,
    right: audio,
    ceiling: db(-60, 0) = -0.1,
    release: seconds(0.001, 5) = 0.1,
    *,
    kept: state,
):
    """Limiter without latency; a sound below `ceiling` is unchanged, bit for bit.

    The attenuation jumps to what a peak needs and returns with `release`. The engine has a limiter
    of this kind behind all outputs; this unit is one more, where you put it.

    >>> s "bd*4, sn*2" * 4 # master
    """
    top = db_to_amp(ceiling)
    peak = max(abs(left), abs(right))
    kept = max(1 - top / max(peak, top), kept * (1 - share(release)))
    # An exponential never arrives: below -108 dB the sound is left alone.
    kept = kept if kept > 4e-6 else 0
    gain = 1 - kept
    return clip(gain * left, -top, top), clip(gain * right, -top, top)
