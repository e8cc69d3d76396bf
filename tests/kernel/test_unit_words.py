"""Every word of the vocabulary: what the kernel computes is what plain Python means by it."""

from math import pi

import numpy as np
import pytest

from phonon.kernel.form import (
    DT,
    SR,
    audio,
    bank,
    bits,
    boolean,
    choice,
    fixed,
    helper,
    hz,
    memories,
    memory,
    number,
    phase,
    read,
    sample,
    seconds,
    seed,
    state,
    states,
    table,
    vector,
)
from phonon.kernel.harness import disagreement, run
from phonon.kernel.maths import (
    amp_to_db,
    clip,
    cos2pi,
    cubic,
    db_to_amp,
    exp,
    exp2,
    floor,
    frac,
    frames,
    hadamard,
    hsum,
    lane,
    lengths,
    log,
    log2,
    look,
    look_linear,
    midi_to_hz,
    mix,
    next_noise,
    noise,
    pow,  # noqa: A004 — the vocabulary's
    rate,
    reach,
    rotate,
    scramble,
    search,
    sign,
    sin2pi,
    size,
    spread,
    sqrt,
    tanh,
    tanpi,
    tap,
    tap_cubic,
    tap_linear,
    taps_linear,
    to_bits,
    to_fixed,
    to_float,
    to_phase,
    unphase,
    unphase_signed,
    where,
    write,
)
from phonon.kernel.values import Recording

COUNT = 400
WEIGHTS = (0.5, -0.25, 0.125, 1.0)
TAPS = (0.001, 0.0023, 0.0017, 0.0031)


def u_powers(x: audio):
    return exp(x), exp2(x * 3) + pow(abs(x) + 0.01, 1.7)


def u_logs(x: audio):
    y = abs(x) + 1e-3
    return log(y) * 0.1 + log2(y) * 0.1, sqrt(y) + amp_to_db(y) * 0.01 + db_to_amp(x * 6)


def u_angles(x: audio):
    return sin2pi(x * 7) + cos2pi(x * 5 + 0.1), tanpi(abs(x) * 0.1) + tanh(x * 3)


def u_steps(x: audio):
    y = x * 4
    a = floor(y) + round(y) + sign(x) + frac(y)
    return a, min(x, 0.3, -x) + max(x, 0.1) + clip(x, -0.2, 0.2) + abs(x) + mix(x, 1, 0.25)


def u_choices(x: audio, word: choice("one", "two", "three") = "two", on: boolean = 1):
    a = 1 if x > 0.5 else 2 if -0.5 < x <= 0.5 else x
    b = where((x > 0 and not x > 0.9) or x < -0.9, x, -x)
    c = x if (x > 0) & (word > 0.5) | (on > 0.5) else 0
    return a, b + c + midi_to_hz(69 + x * 12) / 440


def u_sine(freq: hz(1, 20_000) = 440, *, p: phase):
    y = sin2pi(p) + cos2pi(p) * 0.5 + unphase(p) + unphase_signed(p)
    p += to_phase(freq * DT)
    return y


def u_noise(gain: number(0, 1) = 1, *, n: bits(seed), m: bits(99)):
    n = next_noise(n)
    m = (m * 1664525 + 1013904223) ^ (m >> 7) | 1
    low = to_float(scramble(m) & 0xFFFF) / 65536 if n > 0x80000000 else 0
    return noise(n) * gain, unphase_signed(~m) + low + unphase(to_bits(gain * 4e9))


@helper
def one_pole(x, before, amount=0.5):
    return before + (x - before) * amount


@helper
def twice(x, s):
    y = one_pole(x, s, amount=0.25)
    return y, one_pole(y, x)


def u_ladder(x: audio, *, s: states(4), last: state(0.5)):
    for i in range(4):
        x, other = twice(x, s[i])
        s[i] = x
    total = sum(s) * 0.25 + s[0] * WEIGHTS[1] + other
    for i, weight in enumerate(WEIGHTS):
        total += s[i] * weight
    out = total - last
    last = x
    return out / pi


def u_echo(x: audio, time: seconds(0, 0.01) = 0.001, *, line: memory(0.01), far: memory(0.005)):
    a = tap_linear(line, time * SR)
    b = tap_cubic(line, time * SR + 3.3)
    c = tap(far, 7)
    write(line, x + 0.5 * a)
    write(far, b)
    return a + b, c + reach(line) * 1e-4


def u_diffuse(x: audio, *, lines: memories((0.001, 0.002))):
    for line in lines:
        delayed = tap(line, reach(line) * 0.6)
        inner = x - 0.6 * delayed
        write(line, inner)
        x = delayed + 0.6 * inner
    return x


def u_tank(x: audio, size: number(0.5, 1) = 0.8, *, lines: bank(TAPS), damp: vector(4)):
    wet = taps_linear(lines, lengths(lines) * size)
    damp = tanh(wet) * 0.7 + damp * exp(-abs(lengths(lines)) * 0.02)
    mixed = hadamard(damp) * 0.9
    write(lines, spread(x, 4) * WEIGHTS + rotate(mixed, 1))
    return hsum(wet), lane(damp, 2)


def u_curve(x: audio, *, points: table, values: table, near: state):
    near = search(points, x, near)
    between = look_linear(values, near + 0.5) + look_linear(values, x * 10)
    return between + look(values, near), size(values) + near


def u_player(speed: number(-4, 4) = 1, *, source: sample, at: fixed):
    y = cubic(source, at), cubic(source, at, 1)
    at += speed * rate(source)
    at = at - frames(source) if at >= frames(source) else at
    at = at + to_fixed(frames(source)) if at < 0 else at
    return y[0] + to_float(at) * 1e-3, y[1]


FORMS = [
    read(f)
    for f in (
        u_powers,
        u_logs,
        u_angles,
        u_steps,
        u_choices,
        u_sine,
        u_noise,
        u_ladder,
        u_echo,
        u_diffuse,
        u_curve,
        u_player,
        u_tank,
    )
]
NAMES = [form.name for form in FORMS]


def material(form, width):
    rng = np.random.default_rng(7)
    ranges = {"x": (-1, 1), "freq": (20, 9000), "time": (0, 0.001), "speed": (-3, 3)}
    shape = (COUNT, width) if width > 1 else (COUNT,)
    inputs = {
        name: rng.uniform(*ranges[name], shape).astype(np.float32)
        for name in form.slots
        if name in ranges
    }
    options = {}
    kinds = [item.kept.kind for item in form.states]
    if "table" in kinds:
        options["tables"] = [(-0.5, -0.1, 0.0, 0.4), (1.0, -1.0, 2.0, 0.5, 3.0)]
    if "sample" in kinds:
        wave = np.sin(np.arange(150) * 0.3)
        options["recordings"] = [Recording([list(wave), list(-wave)], 0.9)]
    return inputs, options


@pytest.mark.parametrize("width", [1, 16])
@pytest.mark.parametrize("form", FORMS, ids=NAMES)
def test_a_kernel_agrees_with_plain_python(form, width):
    if width > 1 and form.mix_only:
        pytest.skip("uses lanes within itself")
    inputs, options = material(form, width)
    assert disagreement(form, inputs, COUNT, width=width, **options) <= 1e-5


@pytest.mark.parametrize("form", FORMS, ids=NAMES)
def test_lanes_do_not_depend_on_how_a_block_is_split(form):
    width = 1 if form.mix_only else 16
    inputs, options = material(form, width)
    whole = run(form, inputs, COUNT, width=width, **options)
    split = run(form, inputs, COUNT, width=width, blocks=[1, 2, 3, 64, 5, 100], **options)
    np.testing.assert_allclose(split, whole, rtol=0, atol=0 if width > 1 else 1e-6)
