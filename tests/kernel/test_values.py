"""The numbers of the oracle: 32-bit integers that wrap, and 32.32 fixed-point numbers."""

from __future__ import annotations

import operator
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phonon.kernel.values import Bits, Fixed

WORDS = st.integers(0, 2**32 - 1)
ARITHMETIC = [operator.add, operator.sub, operator.mul]
BITWISE = [operator.and_, operator.or_, operator.xor]
COMPARISONS = [operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne]


@given(WORDS, WORDS)
@pytest.mark.parametrize("law", [*ARITHMETIC, *BITWISE])
def test_bits_calculate_modulo_two_to_the_32(law, a, b):
    expected = law(a, b) % 2**32
    assert law(Bits(a), Bits(b)).value == expected
    assert law(Bits(a), b).value == expected
    assert law(a, Bits(b)).value == expected


@given(WORDS, st.integers(0, 31))
def test_bits_shift_out_at_both_ends(a, count):
    assert (Bits(a) << count).value == a * 2**count % 2**32
    assert (Bits(a) >> count).value == a // 2**count


@given(WORDS)
def test_inverse_and_negative_of_bits(a):
    assert (~Bits(a)).value == 2**32 - 1 - a
    assert (Bits(a) + -Bits(a)).value == 0


@given(WORDS, WORDS)
@pytest.mark.parametrize("law", COMPARISONS)
def test_bits_compare_without_a_sign(law, a, b):
    assert law(Bits(a), Bits(b)) == law(a, b)


def test_bits_and_floats_do_not_mix():
    with pytest.raises(TypeError):
        Bits(1) + 0.5


@given(st.integers(-(2**40), 2**40), st.integers(-(2**40), 2**40))
@pytest.mark.parametrize("law", [operator.add, operator.sub])
def test_fixed_point_sums_are_exact(law, a, b):
    assert law(Fixed(a), Fixed(b)).value == law(a, b)
    assert law(Fixed(a), b / 2**32).value == law(a, b)
    assert law(a / 2**32, Fixed(b)).value == law(a, b)


@given(st.integers(-(2**40), 2**40), st.integers(-(2**40), 2**40))
@pytest.mark.parametrize("law", COMPARISONS)
def test_fixed_point_numbers_compare_with_their_sign(law, a, b):
    assert law(Fixed(a), Fixed(b)) == law(a, b)


def test_fixed_point_numbers_wrap_and_their_operands_saturate():
    most = Fixed(2**63 - 1)
    assert (most + 2.0**-32).value == -(2**63)
    assert Fixed.of(1e30) == 2**63 - 1
    assert Fixed.of(-1e30) == -(2**63)
    assert [Fixed.of(odd) for odd in (inf, -inf, nan)] == [0, 0, 0]
    assert Fixed.of(Bits(3)) == 3 * 2**32
