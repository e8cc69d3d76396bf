"""Envelopes: they multiply their input by a contour that a gate starts.

Inside a voice the gate is open for the event's length; elsewhere it is open from the start unless
one is given. Attacks rise on a straight line from wherever the envelope is, so that a new note
does not click. Decay and release approach their goal exponentially, as a capacitor does: the
distance falls by 60 dB in the given time.
"""

from phonon.dsp.control import remaining
from phonon.dsp.registry import unit
from phonon.kernel.form import SR, audio, bits, helper, number, seconds, state
from phonon.kernel.maths import exp2, log2, to_bits, unphase

FULL = 4294967040.0  # the largest float below 2^32


@helper
def pace(time):
    """The share of `time` that one frame is."""
    return 1.0 / max(time * SR, 1.0)


@helper
def stride(time):
    """The share of `time` that one frame is, in bits (2^32 = all): sums of floats would drift."""
    return to_bits(FULL * pace(time))


@helper
def over(position, step):
    """Whether the time is over, to the nearest frame; past its end the bits wrap around."""
    return (position > ~(step >> 1)) | (position < step)


@unit(aliases=("env", "envelope"))
def adsr(
    x: audio,
    gate: audio = 1.0,
    attack: seconds(0, 60) = 0.01,
    decay: seconds(0, 60) = 0.1,
    sustain: number(0, 1) = 0.7,
    release: seconds(0, 60) = 0.2,
    *,
    level: state,
    start: state,
    falling: state,
    held: state,
    position: bits,
):
    """Attack, decay to `sustain` while the gate is open, release when it closes.

    >>> saw 110 # adsr 0.01 0.2 0.5 0.3
    """
    on = gate > 0.5
    begins = on & (held < 0.5)
    rising = on & (begins | (falling < 0.5))
    start = level if begins else start
    step = stride(attack)
    position = (position & 0 if begins else position) + step
    rise = start + unphase(position)
    top = over(position, step) | (rise >= 1.0)
    goal = sustain if on else 0.0
    fall = goal + (level - goal) * (remaining(decay) if on else remaining(release))
    level = (1.0 if top else rise) if rising else fall
    falling = 0.0 if rising & (level < 1.0) else 1.0
    held = 1.0 if on else 0.0
    return x * level


@unit(aliases=("ar",))
def asr(
    x: audio,
    gate: audio = 1.0,
    attack: seconds(0, 60) = 0.01,
    release: seconds(0, 60) = 0.2,
    *,
    level: state,
    start: state,
    held: state,
    position: bits,
):
    """Attack, full level while the gate is open, release when it closes.

    >>> saw 110 # asr 0.05 0.5
    """
    on = gate > 0.5
    begins = on & (held < 0.5)
    start = level if begins else start
    step = stride(attack)
    position = (position & 0 if begins else position) + step
    rise = start + unphase(position)
    top = over(position, step) | (rise >= 1.0) | (level >= 1.0)
    level = (1.0 if top else rise) if on else level * remaining(release)
    held = 1.0 if on else 0.0
    return x * level


@unit()
def ad(
    x: audio,
    gate: audio = 1.0,
    attack: seconds(0, 60) = 0.01,
    decay: seconds(0, 60) = 0.3,
    *,
    level: state,
    start: state,
    rising: state,
    held: state,
    position: bits,
):
    """Attack, then decay at once, whether or not the gate is still open.

    >>> saw 110 # ad 0.005 0.4
    """
    on = gate > 0.5
    begins = on & (held < 0.5)
    climbs = begins | (rising > 0.5)
    start = level if begins else start
    step = stride(attack)
    position = (position & 0 if begins else position) + step
    rise = start + unphase(position)
    top = over(position, step) | (rise >= 1.0)
    fall = level * remaining(decay)
    level = (1.0 if top else rise) if climbs else fall
    rising = 1.0 if climbs & (level < 1.0) else 0.0
    held = 1.0 if on else 0.0
    return x * level


@unit()
def perc(
    x: audio,
    gate: audio = 1.0,
    attack: seconds(0, 60) = 0.001,
    release: seconds(0, 60) = 0.3,
    curve: number(0.01, 16) = 4,
    *,
    position: bits,
    start: state,
    part: bits,
    height: state,
    held: state,
):
    """Percussive envelope: attack, then a release that ends exactly after its time.

    `curve` bends the release: near 0 a straight line, 4 as in SuperCollider's Env.perc, 16 a
    click.

    >>> noise # perc 0.001 0.2
    """
    on = gate > 0.5
    begins = on & (held < 0.5)
    # part: 0 at rest, 1 rising, 2 falling. A restart climbs from the current height in the
    # whole attack: so `position` never waits for `height`, and frames overlap in the processor.
    start = height if begins else start
    part = 1 if begins else part
    climbs = part == 1
    position = position & 0 if begins else position
    step = stride(attack) if climbs else stride(release)
    position = position + step
    last = over(position, step)
    way = unphase(position)
    scale = curve * 1.442695
    fall = (exp2(scale * (1.0 - way)) - 1.0) * (1.0 / (exp2(scale) - 1.0))
    rise = start + (1.0 - start) * way
    moving = (1.0 if last else rise) if climbs else (0.0 if last else fall)
    height = moving if part > 0 else 0.0
    position = position & 0 if last else position
    part = (part & 1) << 1 if last else part
    held = 1.0 if on else 0.0
    return x * height


@unit()
def line(
    start: number(-1e6, 1e6) = 0,
    end: number(-1e6, 1e6) = 1,
    length: seconds(0, 3600) = 1,
    *,
    position: bits,
    done: state,
):
    """A straight line from `start` to `end` in `length` seconds; then it stays at `end`.

    >>> sine (line 220 440 2)
    """
    way = 1.0 if done > 0.5 else unphase(position)
    done = 1.0 if (done > 0.5) | (way > 1.0 - 1.5 * pace(length)) else 0.0
    position = position + stride(length)
    return start + (end - start) * way


@unit()
def xline(
    start: number(1e-4, 1e6) = 1,
    end: number(1e-4, 1e6) = 1e-3,
    length: seconds(0, 3600) = 1,
    *,
    position: bits,
    done: state,
):
    """An exponential from `start` to `end` in `length` seconds; then it stays at `end`.

    >>> sine (xline 880 110 0.5)
    """
    way = 1.0 if done > 0.5 else unphase(position)
    done = 1.0 if (done > 0.5) | (way > 1.0 - 1.5 * pace(length)) else 0.0
    position = position + stride(length)
    return start * exp2(log2(end / start) * way)


@unit()
def curve(
    start: number(-1e6, 1e6) = 0,
    end: number(-1e6, 1e6) = 1,
    length: seconds(0, 3600) = 1,
    shape: number(-16, 16) = -4,
    *,
    position: bits,
    done: state,
):
    """A curve from `start` to `end` in `length` seconds; then it stays at `end`.

    `shape` is the curvature of SuperCollider's Env: below 0 fast first, above 0 slow first.

    >>> sine (curve 220 880 1 4)
    """
    way = 1.0 if done > 0.5 else unphase(position)
    done = 1.0 if (done > 0.5) | (way > 1.0 - 1.5 * pace(length)) else 0.0
    position = position + stride(length)
    bend = shape if abs(shape) > 0.01 else 0.01
    bent = (exp2(bend * 1.442695 * way) - 1.0) / (exp2(bend * 1.442695) - 1.0)
    return start + (end - start) * bent
