"""Modulation effects: tremolo, vibrato, ring modulation, chorus, flanger, phaser."""

from phonon.dsp.filters import warp
from phonon.dsp.registry import unit
from phonon.kernel.form import DT, SR, audio, helper, hz, memory, number, phase, state, states
from phonon.kernel.maths import cos2pi, exp2, sin2pi, tap_cubic, to_phase, write


@unit(aliases=("trem",))
def tremolo(x: audio, rate: hz(0, 200) = 5, depth: number(0, 1) = 0.5, *, turn: phase):
    """Tremolo: the level swings `rate` times a second.

    >>> saw 110 # tremolo 6 0.8
    """
    gain = 1 - 0.5 * depth * (1 - cos2pi(turn))
    turn = turn + to_phase(rate * DT)
    return x * gain


@unit(aliases=("vib",))
def vibrato(
    x: audio, rate: hz(0, 50) = 5, depth: number(0, 1) = 0.3, *, turn: phase, line: memory(0.012)
):
    """Vibrato: the pitch swings `rate` times a second.

    A delay of up to 10 ms, swept by a sine and read by cubic interpolation.

    >>> saw 220 # vibrato 5 0.2
    """
    write(line, x)
    y = tap_cubic(line, 2 + 0.005 * SR * depth * (1 - cos2pi(turn)))
    turn = turn + to_phase(rate * DT)
    return y


@unit()
def ring(x: audio, freq: hz(0, 20_000) = 440, mix: number(0, 1) = 1, *, turn: phase):
    """Ring modulation: multiplies by a cosine of `freq`.

    >>> saw 110 # ring 313
    """
    wave = cos2pi(turn)
    turn = turn + to_phase(freq * DT)
    return x + mix * (wave * x - x)


@unit(scope="mix")
def chorus(
    left: audio,
    right: audio,
    rate: hz(0, 20) = 0.8,
    depth: number(0, 1) = 0.5,
    mix: number(0, 1) = 0.3,
    *,
    turn: phase,
    line_left: memory(0.04),
    line_right: memory(0.04),
):
    """Chorus: adds four copies that drift in pitch, two on each side.

    Cubic taps around 12 and 19 ms, swept by one sine at four points of its turn.

    >>> saw "110 165" # chorus 0.6 0.7
    """
    write(line_left, left)
    write(line_right, right)
    swing = 0.005 * SR * depth
    sine = swing * sin2pi(turn)
    cosine = swing * cos2pi(turn)
    turn = turn + to_phase(rate * DT)
    near = 0.012 * SR
    far = 0.019 * SR
    wet_left = tap_cubic(line_left, near + sine) + tap_cubic(line_left, far - cosine)
    wet_right = tap_cubic(line_right, near + cosine) + tap_cubic(line_right, far - sine)
    return left + mix * (0.7 * wet_left - left), right + mix * (0.7 * wet_right - right)


@unit(scope="mix")
def flanger(
    left: audio,
    right: audio,
    depth: number(0, 1) = 0.7,
    rate: hz(0, 20) = 0.3,
    feedback: number(-0.95, 0.95) = 0.5,
    *,
    turn: phase,
    line_left: memory(0.02),
    line_right: memory(0.02),
):
    """Flanger: the sound and a copy up to 8 ms late form a moving comb filter.

    Feedback delay, read by cubic interpolation and swept by a sine, a quarter turn apart on the
    two sides.

    >>> noise * 0.3 # flanger 0.9 0.2 0.6
    """
    least = 0.0007 * SR
    swing = 0.0036 * SR * depth
    late_left = tap_cubic(line_left, least + swing * (1 - cos2pi(turn)))
    late_right = tap_cubic(line_right, least + swing * (1 - sin2pi(turn)))
    turn = turn + to_phase(rate * DT)
    write(line_left, left + feedback * late_left)
    write(line_right, right + feedback * late_right)
    return 0.5 * (left + late_left), 0.5 * (right + late_right)


@helper
def lag_share(corner):
    """The share of the remaining way that a trapezoidal one-pole goes in a frame."""
    g = warp(corner)
    return g / (1 + g)


@helper
def turned(y, s, p, used):
    """A first-order all-pass if it is `used`, and its next state.

    The one-pole's low output twice, less the input; written so that in a chain of them each waits
    for a single multiplication.
    """
    direct = 2 * p - 1 if used else 1.0
    kept = 2 - 2 * p if used else 0.0
    return direct * y + kept * s, 2 * p * y + (1 - 2 * p) * s


@unit(scope="mix", aliases=("ph",))
def phaser(
    left: audio,
    right: audio,
    rate: hz(0, 20) = 0.5,
    depth: number(0, 1) = 0.7,
    feedback: number(-0.95, 0.95) = 0.5,
    stages: number(2, 12) = 6,
    *,
    turn: phase,
    back_left: state,
    back_right: state,
    s: states(24),
):
    """Phaser: notches that move through the spectrum, one for every two stages.

    First-order all-passes (trapezoidal) around 700 Hz, up to two octaves either way, their
    feedback one frame late; the two sides a quarter turn apart.

    >>> saw 55 # phaser 0.3 0.9 0.6
    """
    p_left = lag_share(700 * exp2(2 * depth * sin2pi(turn)))
    p_right = lag_share(700 * exp2(2 * depth * cos2pi(turn)))
    turn = turn + to_phase(rate * DT)
    y_left = left + feedback * back_left
    y_right = right + feedback * back_right
    for i in range(12):
        used = stages > i + 0.5
        y_left, s[i] = turned(y_left, s[i], p_left, used)
        y_right, s[12 + i] = turned(y_right, s[12 + i], p_right, used)
    back_left = y_left
    back_right = y_right
    return 0.5 * (left + y_left), 0.5 * (right + y_right)
