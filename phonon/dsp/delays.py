"""Stereo delays: plain, ping-pong, tape, multi-tap."""

from phonon.dsp.registry import unit
from phonon.kernel.form import DT, SR, audio, helper, hz, memory, number, phase, seconds, state
from phonon.kernel.maths import exp2, floor, sin2pi, tanh, tap_cubic, tap_linear, to_phase, write

TAP_LEVELS = (1.0, 0.8, 0.64, 0.512, 0.41, 0.328, 0.262, 0.21)


@helper
def glide(frames, last, rest):
    """The frames left to a new delay time; they shrink, so that the change bends the pitch.

    Kept as a difference (time constant 30 ms), so that a steady delay is exact to the frame.
    """
    # Chosen first, so that no compiler adds the small rest to a large number of frames.
    moved = last - frames if (last > 0) & (last != frames) else 0.0
    return (rest + moved) * (1 - 33.3 * DT)


@unit(scope="mix")
def delay(
    left: audio,
    right: audio,
    time: seconds(0, 8) = 0.25,
    feedback: number(0, 0.99) = 0.5,
    mix: number(0, 1) = 0.5,
    *,
    last: state,
    rest: state,
    line_left: memory(8, by="time"),
    line_right: memory(8, by="time"),
):
    """Echo: repeats after `time` seconds, each `feedback` times as loud as the one before.

    A delay line per side, read by cubic interpolation; a new `time` is reached by gliding within
    0.1 s, as on tape.

    >>> s "cp ~ ~ ~" # delay 0.375 0.6
    """
    frames = max(time * SR, 2)
    rest = glide(frames, last, rest)
    last = frames
    wet_left = tap_cubic(line_left, frames + rest)
    wet_right = tap_cubic(line_right, frames + rest)
    write(line_left, left + feedback * wet_left)
    write(line_right, right + feedback * wet_right)
    return left + mix * (wet_left - left), right + mix * (wet_right - right)


@unit(scope="mix")
def pingpong(
    left: audio,
    right: audio,
    time: seconds(0, 8) = 0.25,
    feedback: number(0, 0.99) = 0.5,
    width: number(0, 1) = 0.8,
    mix: number(0, 1) = 0.5,
    *,
    last: state,
    rest: state,
    line_left: memory(8, by="time"),
    line_right: memory(8, by="time"),
):
    """Ping-pong delay: echoes alternate between the sides, the first on the left.

    Two delay lines, each fed by the other; `width` 0 puts the echoes in the middle.

    >>> s "cp ~ ~ ~" # pingpong 0.25 0.7
    """
    frames = max(time * SR, 2)
    rest = glide(frames, last, rest)
    last = frames
    odd = tap_cubic(line_left, frames + rest)
    even = tap_cubic(line_right, frames + rest)
    write(line_left, 0.5 * (left + right) + feedback * even)
    write(line_right, feedback * odd)
    near = 0.5 + 0.5 * width
    far = 1 - near
    wet_left = near * odd + far * even
    wet_right = far * odd + near * even
    return left + mix * (wet_left - left), right + mix * (wet_right - right)


@unit(scope="mix", aliases=("tape",))
def tapedelay(
    left: audio,
    right: audio,
    time: seconds(0, 4) = 0.35,
    feedback: number(0, 1.2) = 0.5,
    wow_rate: hz(0, 20) = 0.5,
    wow_depth: number(0, 1) = 0.02,
    flut_rate: hz(0, 100) = 6,
    flut_depth: number(0, 1) = 0.05,
    sat: number(0, 1) = 0.3,
    mix: number(0, 1) = 0.5,
    *,
    last: state,
    rest: state,
    wow: phase,
    flutter: phase,
    dull_left: state,
    dull_right: state,
    line_left: memory(4.05),
    line_right: memory(4.05),
):
    """Tape echo: every repeat is duller and more saturated; wow and flutter bend the pitch.

    A swept delay with a one-pole low-pass at 5 kHz and a tanh in its feedback, so that a feedback
    above 1 stays bounded. A wow of 1 is 20 ms, a flutter of 1 is 1 ms.

    >>> s "rim(3,8)" # tapedelay 0.33 0.7 :sat 0.6
    """
    frames = max(time * SR, 2)
    rest = glide(frames, last, rest)
    last = frames
    drift = 0.01 * wow_depth * (1 + sin2pi(wow)) + 0.0005 * flut_depth * (1 + sin2pi(flutter))
    wow = wow + to_phase(wow_rate * DT)
    flutter = flutter + to_phase(flut_rate * DT)
    reach = frames + rest + drift * SR
    wet_left = tap_cubic(line_left, reach)
    wet_right = tap_cubic(line_right, reach)
    slow = exp2(-45_324 * DT)
    dull_left = wet_left + slow * (dull_left - wet_left)
    dull_right = wet_right + slow * (dull_right - wet_right)
    drive = 0.2 + 2 * sat
    write(line_left, left + tanh(drive * feedback * dull_left) / drive)
    write(line_right, right + tanh(drive * feedback * dull_right) / drive)
    return left + mix * (wet_left - left), right + mix * (wet_right - right)


@unit(scope="mix")
def multitap(
    left: audio,
    right: audio,
    time: seconds(0, 1) = 0.125,
    taps: number(1, 8) = 3,
    feedback: number(0, 0.95) = 0.3,
    mix: number(0, 1) = 0.6,
    *,
    line_left: memory(8),
    line_right: memory(8),
):
    """Up to eight echoes, `time` apart, each softer, alternately left and right.

    One delay line per side; the last tap feeds back.

    >>> s "cp ~ ~ ~" # multitap 0.125 5
    """
    count = floor(taps)
    step = max(time * SR, 1)
    wet_left = 0.0
    wet_right = 0.0
    for i in range(8):
        level = TAP_LEVELS[i] if count > i else 0.0
        if i % 2 == 0:
            wet_left = wet_left + level * tap_linear(line_left, (i + 1) * step)
        else:
            wet_right = wet_right + level * tap_linear(line_right, (i + 1) * step)
    write(line_left, left + feedback * tap_linear(line_left, count * step))
    write(line_right, right + feedback * tap_linear(line_right, count * step))
    return left + mix * (wet_left - left), right + mix * (wet_right - right)
