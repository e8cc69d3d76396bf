"""The polynomials beside the C library, over all they are meant for."""

import numpy as np
import pytest

from phonon.kernel.form import audio, bits, read
from phonon.kernel.harness import run
from phonon.kernel.maths import (
    cos2pi,
    exp,
    exp2,
    log2,
    pow,  # noqa: A004 — the vocabulary's
    sin2pi,
    tanh,
    tanpi,
    to_bits,
)


def p_sine(x: audio):
    return sin2pi(x), cos2pi(x)


def p_sine_bits(x: audio, *, p: bits):
    p = to_bits(x) << 8
    return sin2pi(p), cos2pi(p)


def p_exp(x: audio):
    return exp(x), exp2(x)


def p_log(x: audio):
    return log2(x), pow(x, 0.37)


def p_tan(x: audio):
    return tanpi(x), tanh(x)


def values(function, x, width=16):
    x = np.asarray(x, np.float32)
    rows = x[: len(x) // 16 * 16].reshape(-1, 16)
    found = run(read(function), {"x": rows}, len(rows), width=width)
    return rows.astype(np.float64), found.astype(np.float64)


def worst(found, meant, least=0.0):
    return float(np.max(np.abs(found - meant) / np.maximum(np.abs(meant), least)))


def test_sine_and_cosine_of_cycles_agree_with_exact_ones():
    x, (sine, cosine) = values(p_sine, np.linspace(-3, 3, 20_000))
    assert worst(sine, np.sin(2 * np.pi * x), 1) < 4e-7
    assert worst(cosine, np.cos(2 * np.pi * x), 1) < 4e-7


def test_sine_of_phases_is_exact_to_the_bit_of_a_float_also_near_zero():
    x, (sine, cosine) = values(p_sine_bits, np.concatenate([2 ** np.arange(24.0)] * 2))
    assert worst(sine, np.sin(2 * np.pi * x / 2**24), 1e-7) < 4e-7
    assert worst(cosine, np.cos(2 * np.pi * x / 2**24), 1e-2) < 4e-7


def test_exponentials_agree_with_exact_ones():
    x, (natural, _) = values(p_exp, np.linspace(-87, 88, 20_000))
    assert worst(natural, np.exp(x)) < 3e-7
    x, (_, two) = values(p_exp, np.linspace(-126, 127, 20_000))
    assert worst(two, 2.0**x) < 3e-7


def test_whole_powers_of_two_are_exact():
    x, (_, two) = values(p_exp, np.arange(-64.0, 64.0))
    assert np.abs(two / 2.0**x - 1).max() < 1e-7


def test_logarithms_and_powers_agree_with_exact_ones():
    x, (binary, power) = values(p_log, np.geomspace(1e-30, 1e30, 20_000))
    assert worst(binary, np.log2(x), 1) < 4e-7
    x, (binary, power) = values(p_log, np.linspace(0.9, 1.1, 4_000))
    assert np.abs(binary - np.log2(x)).max() < 1e-7
    assert worst(power, x**0.37) < 4e-7


def test_tangent_and_hyperbolic_tangent_agree_with_exact_ones():
    x, (tangent, _) = values(p_tan, np.linspace(0, 0.497, 20_000)[16:])
    assert worst(tangent, np.tan(np.pi * x)) < 2e-6
    x, (_, hyperbolic) = values(p_tan, np.linspace(-12, 12, 20_000))
    assert worst(hyperbolic, np.tanh(x)) < 2e-6
    assert np.abs(hyperbolic).max() <= 1


@pytest.mark.parametrize("function", [p_sine, p_exp, p_log, p_tan])
def test_extreme_inputs_give_finite_numbers(function):
    extremes = [0.0, -0.0, 1e38, -1e38, np.inf, -np.inf, 1e-45, 3e9] * 2
    if function is p_sine:
        extremes = [x if np.isfinite(x) else 0.0 for x in extremes]  # no phase is infinite
    _, found = values(function, extremes)
    assert np.isfinite(found).all()
