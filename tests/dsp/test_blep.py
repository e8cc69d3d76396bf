"""The band-limited edge: its spectrum, recomputed from the coefficients."""

import numpy as np
from numpy.polynomial import Polynomial, legendre

from phonon.dsp.blep import CORNER, EDGE, REACH

U = Polynomial([0.0, 1.0])
V = 2 * U**2 - 1
EDGE_POLYNOMIAL = U * Polynomial(EDGE[::-1])(V)
CORNER_POLYNOMIAL = Polynomial(CORNER[::-1])(V)


def gain(frequencies: np.ndarray) -> np.ndarray:
    """The kernel's gain at frequencies in parts of the sample rate."""
    u, weight = legendre.leggauss(200)
    kernel = EDGE_POLYNOMIAL.deriv()(u) / 2
    return np.cos(2 * np.pi * np.outer(frequencies * REACH, u)) @ (kernel * weight)


def decibels(x: np.ndarray) -> np.ndarray:
    return 20 * np.log10(np.abs(x))


def test_the_edge_goes_from_minus_one_to_one() -> None:
    assert abs(EDGE_POLYNOMIAL(1.0) - 1) < 1e-6
    assert abs(gain(np.zeros(1))[0] - 1) < 1e-6


def test_the_edge_ends_with_slope_zero() -> None:
    assert abs(EDGE_POLYNOMIAL.deriv()(1.0)) < 1e-5


def test_harmonics_up_to_15_khz_stay_within_half_a_decibel() -> None:
    passed = decibels(gain(np.linspace(0, 15_000 / 48_000, 200)))
    assert np.abs(passed).max() < 0.46


def test_aliases_below_16_khz_are_59_db_down_and_fall_with_the_harmonics() -> None:
    frequencies = np.linspace(32_000 / 48_000, 8, 4_000)
    stopped = gain(frequencies) * (frequencies[0] / frequencies)
    assert decibels(stopped).max() < -59.5


def test_the_corner_is_the_integral_of_the_edge() -> None:
    u = np.linspace(0, 1, 50)
    integral = ((1 - EDGE_POLYNOMIAL) / 2).integ()
    wanted = 2 * REACH * (integral(1.0) - integral(u))
    assert np.abs(CORNER_POLYNOMIAL(u) - REACH * u - wanted).max() < 1e-5
