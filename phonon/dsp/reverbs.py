"""Reverbs: combs and all-passes (Freeverb), and a feedback delay network as a plate."""

from phonon.dsp.registry import unit
from phonon.kernel.form import (
    DT,
    SR,
    audio,
    bank,
    helper,
    memories,
    memory,
    number,
    phase,
    seconds,
    state,
    vector,
)
from phonon.kernel.maths import (
    cos2pi,
    hadamard,
    hsum,
    lengths,
    read,
    sin2pi,
    spread,
    tap,
    taps_linear,
    to_phase,
    write,
)

# Freeverb's delays in frames at 44.1 kHz (Jezar, 2000); the right side is 23 frames longer.
COMBS = (1116, 1188, 1277, 1356, 1422, 1491, 1557, 1617)
ALLPASSES = (556, 441, 341, 225)
SPREAD = 23
COMB_SECONDS = tuple((n + SPREAD * side) / 44_100 for side in (0, 1) for n in COMBS)
ALLPASS_SECONDS = tuple((n + SPREAD * side) / 44_100 for side in (0, 1) for n in ALLPASSES)
ON_LEFT = (1.0,) * 8 + (0.0,) * 8
ON_RIGHT = (0.0,) * 8 + (1.0,) * 8


@unit(scope="mix")
def reverb(
    left: audio,
    right: audio,
    room: number(0, 1) = 0.5,
    damp: number(0, 1) = 0.5,
    mix: number(0, 1) = 0.3,
    *,
    low: state,
    combs: bank(COMB_SECONDS),
    dull: vector(16),
    allpasses: memories(ALLPASS_SECONDS),
):
    """Reverb: `room` makes it longer, `damp` darker.

    Freeverb (Jezar at Dreampoint, 2000): eight damped combs and four all-passes on each side,
    fed through a high-pass at 20 Hz, because the combs would accumulate direct current.

    >>> s "cp(3,8)" # reverb 0.8 0.3
    """
    fed = 0.015 * (left + right)
    low = low + 126 * DT * (fed - low)
    echoes = read(combs)
    dull = echoes + 0.4 * damp * (dull - echoes)
    write(combs, spread(fed - low, 16) + (0.7 + 0.28 * room) * dull)
    wet_left = hsum(echoes * ON_LEFT)
    wet_right = hsum(echoes * ON_RIGHT)
    for i in range(4):
        late = tap(allpasses[i], ALLPASS_SECONDS[i] * SR + 0.5)
        write(allpasses[i], wet_left + 0.5 * late)
        wet_left = late - wet_left
        late = tap(allpasses[4 + i], ALLPASS_SECONDS[4 + i] * SR + 0.5)
        write(allpasses[4 + i], wet_right + 0.5 * late)
        wet_right = late - wet_right
    return left + mix * (3 * wet_left - left), right + mix * (3 * wet_right - right)


# Sixteen delays of prime lengths (at 48 kHz) from 15 to 73 ms: dense within 50 ms, yet no two
# modes fall together.
LINES = (701, 773, 863, 967, 1077, 1187, 1327, 1481, 1657, 1831, 2039, 2273, 2531, 2819, 3137, 3499)
LINE_SECONDS = tuple(n / 48_000 for n in LINES)
DIFFUSERS = (149, 113, 397, 293, 156, 127, 418, 321)
DIFFUSER_SECONDS = tuple(n / 48_000 for n in DIFFUSERS)
FEED_LEFT = (1.0, 0.0, 1.0, 0.0, -1.0, 0.0, -1.0, 0.0) * 2
FEED_RIGHT = (0.0, 1.0, 0.0, 1.0, 0.0, -1.0, 0.0, -1.0) * 2
HEAR_LEFT = (1.0, 0.0, -1.0, 0.0) * 4
HEAR_RIGHT = (0.0, 1.0, 0.0, -1.0) * 4
SWAY = tuple(tuple(1.0 if i % 4 == k else 0.0 for i in range(16)) for k in range(4))


@helper
def decays(frames, fade):
    """The gains of delay lines so many frames long whose loops fall by 60 dB in `fade` seconds.

    e^u as (1 + u/16 + (u/16)²/2)^16, since vectors have no exponential; within 1 % from 0.2 s on.
    """
    u = frames * (-6.9078 / 16 * DT / fade)
    e = 1 + u + 0.5 * u * u
    e = e * e
    e = e * e
    e = e * e
    return e * e


@unit(scope="mix")
def plate(
    left: audio,
    right: audio,
    predelay: seconds(0, 0.5) = 0.01,
    decay: seconds(0.1, 60) = 2,
    diffusion: number(0, 0.9) = 0.7,
    damping: number(0, 1) = 0.3,
    mod_depth: number(0, 1) = 0.3,
    mix: number(0, 1) = 0.5,
    *,
    before_left: memory(0.5, by="predelay"),
    before_right: memory(0.5, by="predelay"),
    low_left: state,
    low_right: state,
    diffusers: memories(DIFFUSER_SECONDS),
    lines: bank(LINE_SECONDS),
    dull: vector(16),
    slow: phase,
    slower: phase,
):
    """Plate reverb: a dense, smooth tail that falls by 60 dB in `decay` seconds, its highs sooner.

    Feedback delay network after Jot: sixteen slowly modulated delays, mixed by a Hadamard matrix,
    with a one-pole in each and four all-passes before them on each side.

    >>> s "cp ~ ~ ~" # plate 0.02 3
    """
    write(before_left, left)
    write(before_right, right)
    x = tap(before_left, predelay * SR + 1.5)
    y = tap(before_right, predelay * SR + 1.5)
    low_left = low_left + 126 * DT * (x - low_left)
    low_right = low_right + 126 * DT * (y - low_right)
    x = x - low_left
    y = y - low_right
    for i in range(4):
        late = tap(diffusers[i], DIFFUSER_SECONDS[i] * SR + 0.5)
        v = x - diffusion * late
        write(diffusers[i], v)
        x = late + diffusion * v
        late = tap(diffusers[4 + i], DIFFUSER_SECONDS[4 + i] * SR + 0.5)
        v = y - diffusion * late
        write(diffusers[4 + i], v)
        y = late + diffusion * v
    swing = 0.0003 * SR * mod_depth
    sway = spread(swing * (1 + sin2pi(slow)), 16) * SWAY[0]
    sway = sway + spread(swing * (1 + cos2pi(slow)), 16) * SWAY[1]
    sway = sway + spread(swing * (1 + sin2pi(slower)), 16) * SWAY[2]
    sway = sway + spread(swing * (1 + cos2pi(slower)), 16) * SWAY[3]
    slow = slow + to_phase(0.71 * DT)
    slower = slower + to_phase(0.53 * DT)
    echoes = taps_linear(lines, lengths(lines) - sway)
    dull = echoes + 0.8 * damping * (dull - echoes)
    crossed = hadamard(dull * decays(lengths(lines), decay))
    write(lines, crossed + spread(x, 16) * FEED_LEFT + spread(y, 16) * FEED_RIGHT)
    wet_left = 0.35 * hsum(dull * HEAR_LEFT)
    wet_right = 0.35 * hsum(dull * HEAR_RIGHT)
    return left + mix * (wet_left - left), right + mix * (wet_right - right)
