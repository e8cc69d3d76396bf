"""Exact time, and the transforms of time."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from phonon.errors import Fault
from phonon.patterns import CYCLE, Pattern, cycles, exact, fastcat, pure, silence, slowcat, ticks

F = Fraction
Call = Callable[..., Pattern]
Played = Callable[..., list[tuple[Fraction, Any]]]
Values = Callable[..., list[Any]]


def test_a_decimal_becomes_its_exact_fraction() -> None:
    assert exact(0.1) == F(1, 10)
    assert exact(1 / 3) == F(1, 3)
    assert cycles(ticks(0.1)) == F(1, 10)
    assert exact(4.0) == 4


def test_musical_divisions_are_whole_ticks() -> None:
    assert all(CYCLE % divisor == 0 for divisor in (2**16, 3**5, 5**4, 7, 11, 13, 17, 1000, 48))


def test_a_division_that_is_not_whole_stays_exact(call: Call) -> None:
    event = call("fast", F(37, 19), "a b c").query(0, 1)[1]
    assert event.whole is not None
    assert event.whole.begin == F(19, 111)


def test_infinite_and_undefined_times_are_refused() -> None:
    with pytest.raises(Fault):
        exact(float("inf"))


def test_fast_two_plays_everything_twice(call: Call, values: Values) -> None:
    assert values(call("fast", 2, "a b")) == ["a", "b", "a", "b"]


def test_slow_two_spreads_a_cycle_over_two(call: Call, played: Played) -> None:
    assert played(call("slow", 2, "a b"), 0, 2) == [(F(0), "a"), (F(1), "b")]


def test_fast_zero_is_silence_and_negative_reverses(call: Call, values: Values) -> None:
    assert values(call("fast", 0, "a b")) == []
    assert values(call("fast", -1, "a b c")) == ["c", "b", "a"]


def test_late_moves_into_the_next_cycle(call: Call, played: Played) -> None:
    assert played(call("~>", 0.25, "a b")) == [(F(1, 4), "a"), (F(3, 4), "b")]


def test_rev_plays_backwards(call: Call, values: Values) -> None:
    assert values(call("rev", "a b c")) == ["c", "b", "a"]


def test_palindrome_alternates_forwards_and_backwards(call: Call, values: Values) -> None:
    assert values(call("palindrome", "a b c"), 0, 2) == ["a", "b", "c", "c", "b", "a"]


def test_iter_starts_a_step_later_each_cycle(call: Call, values: Values) -> None:
    turning = call("iter", 4, "a b c d")
    assert ["".join(values(turning, n, n + 1)) for n in range(4)] == [
        "abcd",
        "bcda",
        "cdab",
        "dabc",
    ]
    back = call("iter'", 4, "a b c d")
    assert ["".join(values(back, n, n + 1)) for n in range(3)] == ["abcd", "dabc", "cdab"]


def test_ply_repeats_every_event_within_its_length(call: Call, played: Played) -> None:
    expected = [(F(0), "a"), (F(1, 4), "a"), (F(1, 2), "b"), (F(3, 4), "b")]
    assert played(call("ply", 2, "a b")) == expected


def test_segment_samples_a_continuous_pattern(call: Call, played: Played) -> None:
    assert played(call("segment", 4, call("saw"))) == [(F(n, 4), n / 4) for n in range(4)]


def test_swing_delays_every_second_eighth(call: Call, played: Played) -> None:
    swung = [time for time, _ in played(call("swingBy", F(1, 3), 4, pure("h").fast(8)))]
    expected = [F(n, 4) + offset for n in range(4) for offset in (F(0), F(1, 8) + F(1, 12))]
    assert swung == expected


def test_press_delays_onsets_by_half_an_event(call: Call, played: Played) -> None:
    assert played(call("press", "a b")) == [(F(1, 4), "a"), (F(3, 4), "b")]


def test_brak_squeezes_every_second_cycle(call: Call, played: Played) -> None:
    broken = call("brak", "a b")
    assert played(broken, 1, 2) == [(F(5, 4), "a"), (F(3, 2), "b")]
    assert played(broken, 2, 3) == played(fastcat([pure("a"), pure("b")]), 2, 3)


def test_linger_repeats_the_first_or_the_last_part(call: Call, values: Values) -> None:
    assert values(call("linger", 0.25, "a b c d")) == ["a"] * 4
    assert values(call("linger", -0.25, "a b c d")) == ["d"] * 4


def test_zoom_stretches_a_part_and_compress_squeezes_into_one(
    call: Call, played: Played, values: Values
) -> None:
    assert values(call("zoom", (0.25, 0.75), "a b c d")) == ["b", "c"]
    assert played(call("compress", (0.25, 0.75), "a b")) == [(F(1, 4), "a"), (F(1, 2), "b")]


def test_the_limits_of_a_span_may_be_patterns(call: Call, values: Values) -> None:
    begins = slowcat([pure(0), pure(F(1, 2))])
    stretch = call("zoom", (begins, 1), "a b")
    assert [values(stretch, n, n + 1) for n in range(2)] == [["a", "b"], ["b"]]


def test_within_acts_on_a_part_of_the_cycle(call: Call, values: Values) -> None:
    doubled = call("within", (0, 0.5), lambda p: call("ply", 2, p), "a b c d")
    assert values(doubled) == ["a", "a", "b", "b", "c", "d"]


def test_inside_and_outside_scale_the_cycle_for_a_function(call: Call, values: Values) -> None:
    assert values(call("inside", 2, Pattern.rev, "a b c d")) == ["b", "a", "d", "c"]
    turned = call("outside", 2, Pattern.rev, slowcat([pure("a"), pure("b")]))
    assert values(turned, 0, 2) == ["b", "a"]


def test_bite_plays_pieces_in_the_given_order(call: Call, values: Values) -> None:
    assert values(call("bite", 4, "3 0 1 1", "a b c d")) == ["d", "a", "b", "b"]


def test_trunc_cuts_off_the_end_of_every_cycle(call: Call, values: Values) -> None:
    assert values(call("trunc", 0.75, "a b c d"), 0, 2) == ["a", "b", "c"] * 2


def test_hurry_speeds_up_samples_too(call: Call) -> None:
    [event] = call("hurry", 2, pure({"s": "bd", "speed": 1.5})).query(0, F(1, 2))
    assert event.value == {"s": "bd", "speed": 3.0}


def test_a_query_of_an_instant_gives_the_events_that_sound_then(call: Call) -> None:
    pattern = call("fast", 2, "a b")
    assert [event.value for event in pattern.query(F(1, 4), F(1, 4))] == ["b"]
    assert [event.value for event in pure(1).query(1, 1)] == [1]
    assert silence.query(0, 0) == []


def test_a_long_event_is_not_cut_at_cycle_borders(call: Call) -> None:
    [event] = call("slow", 4, "a").query(0, 4)
    assert event.part == (0, 4)


def test_repeated_shifts_do_not_cut_events() -> None:
    pattern = pure("pad")
    for _ in range(60):
        pattern = pattern.late(F(1, 64))
    assert len(pattern.query(4, 5)) == 2
