"""Cycles and frames are converted exactly under every tempo."""

from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phonon.engine.clock import Clock, frames_of_cycles
from phonon.patterns import CYCLE, fastcat, pure, slowcat
from phonon.patterns.signals import cyclic

TEMPI = slowcat([pure(0.5), fastcat([pure(0.75), pure(2)]), pure(Fraction(13, 24))])


def test_half_a_cycle_per_second_is_two_seconds_per_cycle():
    assert frames_of_cycles(pure(0.5), 0, 4) == 8 * 48_000


def test_a_tempo_of_130_bpm_given_as_a_float_is_exact():
    assert frames_of_cycles(pure(130 / 60 / 4), 0, 13) == 24 * 48_000


def test_a_tempo_pattern_counts_piece_by_piece():
    clock = Clock(TEMPI, 48_000)
    assert clock.exact(Fraction(1)) == 96_000
    assert clock.exact(Fraction(3, 2)) == 96_000 + 32_000
    assert clock.exact(Fraction(2)) == 96_000 + 32_000 + 12_000


def test_rests_and_values_that_are_not_numbers_keep_the_tempo():
    clock = Clock(fastcat([pure(1), pure("x"), pure(float("nan"))]), 48_000)
    assert clock.exact(Fraction(5)) == 5 * 48_000


def test_a_tempo_out_of_range_is_brought_into_it():
    assert frames_of_cycles(pure(1e300), 0, 1_000) == 48_000
    assert frames_of_cycles(pure(-3), 0, 1) == 48_000_000


def test_a_continuous_tempo_is_followed():
    frames = frames_of_cycles(cyclic(lambda x: 0.5 + x), 0, 1)
    assert frames == pytest.approx(48_000 * 1.0986, rel=0.01)


def test_the_clock_can_begin_at_any_cycle():
    clock = Clock(TEMPI, 48_000, Fraction(5, 4))
    assert clock.frame(Fraction(5, 4)) == 0
    assert clock.exact(Fraction(2)) == 16_000 + 12_000


@given(st.integers(0, 10**7))
def test_cycle_and_frame_are_inverse(frame):
    clock = Clock(TEMPI, 48_000)
    assert clock.exact(clock.cycle(frame)) == frame


@given(st.lists(st.fractions(0, 100), min_size=1, max_size=8), st.fractions(0, 3))
def test_a_frame_is_the_exact_one_rounded_half_up(cycles, origin):
    clock = Clock(TEMPI, 44_100, origin)
    for cycle in cycles:
        assert clock.frame(cycle) == floor(clock.exact(cycle) + Fraction(1, 2))


def test_tempo_is_queried_only_as_far_as_needed():
    asked = []
    clock = Clock(cyclic(lambda x: asked.append(x) or 0.5 + x), 48_000)
    for _ in range(100):
        clock.cycle(40_000)
        clock.ticks(40_000)
    assert 64 <= len(asked) < 80  # one cycle, in steps
    clock.cycle(10 * 48_000)
    assert 9 * 64 <= len(asked) < 14 * 64


@given(st.integers(0, 10**6))
def test_ticks_are_the_last_before_a_frame(frame):
    clock = Clock(TEMPI, 48_000)
    assert clock.ticks(frame) == clock.cycle(frame) * CYCLE // 1


@given(st.lists(st.integers(0, 10**6), min_size=2, max_size=8))
def test_ticks_may_be_asked_in_any_order(frames):
    clock = Clock(TEMPI, 48_000)
    assert [clock.ticks(f) for f in frames] == [clock.cycle(f) * CYCLE // 1 for f in frames]
