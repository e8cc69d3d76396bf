"""Rich oscillators: stacks of detuned shapes, and shapes with modulation built in."""

from phonon.dsp.oscillators import pulse_at, saw_at
from phonon.dsp.registry import unit
from phonon.kernel.form import DT, bits, hz, number, phase, ratio, seed
from phonon.kernel.maths import clip, sin2pi, sqrt, to_phase

# Detuning of a Roland JP-8000's six side saws at full spread, as measured by Adam Szabo (2010),
# in steps of 1 / 4096, which single precision multiplies exactly.
SPREAD = (-80 / 4096, 82 / 4096, -258 / 4096, 255 / 4096, -451 / 4096, 440 / 4096)


@unit()
def supersaw(
    freq: hz(-20_000, 20_000) = 220,
    detune: number(0, 1) = 0.3,
    voices: number(1, 7) = 7,
    *,
    p0: bits(seed),
    p1: bits(seed),
    p2: bits(seed),
    p3: bits(seed),
    p4: bits(seed),
    p5: bits(seed),
    p6: bits(seed),
):
    """Up to seven detuned saws; equally loud for any number of `voices`.

    The spacing of a Roland JP-8000 after Adam Szabo; `detune` 0.3 is about 17 cents, 1 a whole
    tone. Every saw is band-limited like `saw` and starts at a random phase.

    >>> supersaw "110 146.83" 0.4 # lpf 2400
    """
    step = freq * DT
    wide = step * detune * detune
    level1 = clip(voices - 1.0, 0.0, 1.0)
    level2 = clip(voices - 2.0, 0.0, 1.0)
    level3 = clip(voices - 3.0, 0.0, 1.0)
    level4 = clip(voices - 4.0, 0.0, 1.0)
    level5 = clip(voices - 5.0, 0.0, 1.0)
    level6 = clip(voices - 6.0, 0.0, 1.0)
    pairs = level1 * level1 + level2 * level2 + level3 * level3
    power = 1.0 + pairs + level4 * level4 + level5 * level5 + level6 * level6
    y = saw_at(p0, step)
    y = y + level1 * saw_at(p1, step + wide * SPREAD[0])
    y = y + level2 * saw_at(p2, step + wide * SPREAD[1])
    y = y + level3 * saw_at(p3, step + wide * SPREAD[2])
    y = y + level4 * saw_at(p4, step + wide * SPREAD[3])
    y = y + level5 * saw_at(p5, step + wide * SPREAD[4])
    y = y + level6 * saw_at(p6, step + wide * SPREAD[5])
    p0 = p0 + to_phase(step)
    p1 = p1 + to_phase(step + wide * SPREAD[0])
    p2 = p2 + to_phase(step + wide * SPREAD[1])
    p3 = p3 + to_phase(step + wide * SPREAD[2])
    p4 = p4 + to_phase(step + wide * SPREAD[3])
    p5 = p5 + to_phase(step + wide * SPREAD[4])
    p6 = p6 + to_phase(step + wide * SPREAD[5])
    return y / sqrt(power)


@unit()
def supersquare(
    freq: hz(-20_000, 20_000) = 220,
    detune: number(0, 1) = 0.3,
    width: number(0.01, 0.99) = 0.5,
    *,
    p0: bits(seed),
    p1: bits(seed),
    p2: bits(seed),
):
    """Three detuned band-limited pulses.

    >>> supersquare 110 0.5 0.3 # lpf 1500
    """
    step = freq * DT
    wide = step * detune * detune * 0.0625
    y = pulse_at(p0, width, step)
    y = y + pulse_at(p1, width, step - wide) + pulse_at(p2, width, step + wide)
    p0 = p0 + to_phase(step)
    p1 = p1 + to_phase(step - wide)
    p2 = p2 + to_phase(step + wide)
    return y * 0.5773503  # 1 / √3: as loud as one of them


@unit()
def superpwm(
    freq: hz(-20_000, 20_000) = 220,
    rate: hz(0, 1_000) = 0.5,
    depth: number(0, 1) = 0.8,
    *,
    position: phase,
    swing: phase,
):
    """A band-limited pulse whose width swings around 0.5, `rate` times a second.

    `depth` 1 reaches from 5 % to 95 %.

    >>> superpwm 110 0.3 0.9 # lpf 1800
    """
    y = pulse_at(position, 0.5 + 0.45 * depth * sin2pi(swing), freq * DT)
    position = position + to_phase(freq * DT)
    swing = swing + to_phase(rate * DT)
    return y


@unit()
def superfm(
    freq: hz(-20_000, 20_000) = 220,
    ratio: ratio(0, 64) = 2,
    index: number(0, 100) = 1,
    *,
    position: phase,
    inner: phase,
):
    """A sine modulated by a sine at `ratio` times its frequency: whole ratios are harmonic.

    Two operators after John Chowning; `index` is the phase deviation in radians.

    >>> superfm 220 3.5 2 # perc 0.002 1.5
    """
    y = sin2pi(position + to_phase(index * 0.15915494 * sin2pi(inner)))
    position = position + to_phase(freq * DT)
    inner = inner + to_phase(freq * ratio * DT)
    return y


@unit()
def superchip(
    freq: hz(-20_000, 20_000) = 220,
    rate: hz(0, 1_000) = 5,
    depth: number(0, 1) = 0.05,
    *,
    position: phase,
    swing: phase,
):
    """A band-limited square with vibrato, as in early game consoles.

    The frequency swings by `depth` of itself to both sides, `rate` times a second.

    >>> superchip 330 6 0.02 * 0.4
    """
    step = freq * DT * (1.0 + depth * sin2pi(swing))
    y = pulse_at(position, 0.5, step)
    position = position + to_phase(step)
    swing = swing + to_phase(rate * DT)
    return y
