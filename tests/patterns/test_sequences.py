"""Sequences, rhythms, conditions and picks from lists."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from phonon.errors import Span
from phonon.patterns import (
    Pattern,
    bjorklund,
    euclid_group,
    fast_from_list,
    fastcat,
    from_list,
    inner_bind,
    polymeter,
    pure,
    range_pattern,
    repeat_cycles,
    slowcat,
    squeeze_join,
    stack,
    timecat,
)

F = Fraction
Call = Callable[..., Pattern]
Played = Callable[..., list[tuple[Fraction, Any]]]
Values = Callable[..., list[Any]]


def test_steps_are_equally_long(seq: Call, played: Played) -> None:
    assert played(seq("a b ~ c")) == [(F(0), "a"), (F(1, 4), "b"), (F(3, 4), "c")]


def test_a_step_plays_one_cycle_of_its_pattern(values: Values) -> None:
    alternating = fastcat([slowcat([pure("a"), pure("b")]), pure("x")])
    assert values(alternating, 0, 2) == ["a", "x", "b", "x"]


def test_slowcat_skips_no_cycle_of_its_patterns(values: Values) -> None:
    inner = slowcat([pure(0), pure(1), pure(2)])
    assert values(slowcat([inner, pure("x")]), 0, 6) == [0, "x", 1, "x", 2, "x"]


def test_weights_are_relative_lengths(played: Played) -> None:
    assert played(timecat([(3, pure("a")), (1, pure("b"))])) == [(F(0), "a"), (F(3, 4), "b")]
    assert timecat([(0, pure("a"))]).query(0, 1) == []


def test_a_polymeter_keeps_its_step_length(seq: Call, values: Values) -> None:
    meters = polymeter([(2, seq("a b")), (3, seq("x y z"))], 2)
    assert values(meters, 0, 2) == ["a", "x", "b", "y", "a", "z", "b", "x"]


def test_repeat_cycles_plays_every_cycle_several_times(values: Values) -> None:
    assert values(repeat_cycles(from_list([0, 1]), 3), 0, 6) == [0, 0, 0, 1, 1, 1]


def test_a_range_counts_up_and_down(values: Values) -> None:
    assert values(range_pattern(pure(-1), pure(2))) == [-1, 0, 1, 2]
    assert values(range_pattern(pure(2), slowcat([pure(0), pure(3)])), 0, 2) == [2, 1, 0, 2, 3]


@pytest.mark.parametrize(
    ("pulses", "steps", "rhythm"),
    [
        (3, 8, "x..x..x."),
        (5, 8, "x.xx.xx."),
        (7, 12, "x.xx.x.xx.x."),
        (4, 4, "xxxx"),
        (0, 4, "...."),
        (-3, 8, ".xx.xx.x"),
        (9, 8, "xxxxxxxxx"),
        (3, 0, ""),
    ],
)
def test_euclid_spreads_pulses_evenly(pulses: int, steps: int, rhythm: str) -> None:
    assert bjorklund(pulses, steps) == tuple(step == "x" for step in rhythm)


def test_euclid_off_rotates_to_the_left(call: Call, played: Played) -> None:
    assert [time * 8 for time, _ in played(call("euclidOff", 3, 8, 2, "a"))] == [1, 4, 6]


def test_euclid_squeezes_a_group_into_every_pulse(seq: Call, played: Played) -> None:
    squeezed = euclid_group(seq("a b"), pure(3), pure(8))
    onsets = [(time * 16, value) for time, value in played(squeezed)]
    assert onsets == [(0, "a"), (1, "b"), (6, "a"), (7, "b"), (12, "a"), (13, "b")]


def test_the_pulses_of_euclid_may_be_a_pattern(values: Values) -> None:
    changing = euclid_group(pure("a"), slowcat([pure(3), pure(5)]), pure(8))
    assert [len(values(changing, n, n + 1)) for n in range(3)] == [3, 5, 3]


def test_euclid_full_plays_the_other_pattern_on_the_gaps(call: Call, values: Values) -> None:
    assert values(call("euclidFull", 3, 8, "a", "b")) == list("abbabbab")


def test_euclid_legato_holds_until_the_next_pulse(call: Call) -> None:
    events = call("euclidLegato", 3, 8, "a").query(0, 1)
    assert [event.part.end for event in events] == [F(3, 8), F(6, 8), F(1)]


def test_struct_gives_another_rhythm_and_mask_silences(call: Call, values: Values) -> None:
    rhythm = fast_from_list([True, False, True, True])
    assert [time * 4 for time, _ in _onsets(call("struct", rhythm, "a"))] == [0, 2, 3]
    assert values(call("mask", rhythm, "a b c d")) == ["a", "c", "d"]


def _onsets(pattern: Pattern) -> list[tuple[Fraction, Any]]:
    return [(event.part.begin, event.value) for event in pattern.query(0, 1) if event.has_onset]


def test_sew_and_stitch_choose_by_a_boolean_pattern(call: Call, values: Values) -> None:
    halves = fast_from_list([True, False])
    assert values(call("sew", halves, "a b", "x y")) == ["a", "y"]
    assert values(call("stitch", halves, "a", "x")) == ["a", "x"]


def test_every_and_its_relatives_act_in_their_cycles(call: Call, values: Values) -> None:
    def loud(pattern: Pattern) -> Pattern:
        return pattern.fmap(str.upper)

    def cycles(*arguments: Any) -> str:
        return "".join(values(call(*arguments, "a"), 0, 6))

    assert cycles("every", 3, loud) == "AaaAaa"
    assert cycles("lastOf", 3, loud) == "aaAaaA"
    assert cycles("every'", 3, 1, loud) == "aAaaAa"
    assert cycles("whenmod", 4, 2, loud) == "aaAAaa"
    assert cycles("when", from_list([False, True]), loud) == "aAaAaA"
    assert cycles("every", 0, loud) == "aaaaaa"


def test_while_acts_where_its_condition_is_true(call: Call, values: Values) -> None:
    halves = fast_from_list([True, False])
    assert values(call("while", halves, lambda p: p.fmap(str.upper), "a b")) == ["A", "b"]


def test_reset_restarts_the_cycle_and_restart_the_pattern(call: Call, values: Values) -> None:
    twice = fast_from_list([True, True])
    assert values(call("reset", twice, "a b")) == ["a", "a"]
    assert values(call("restart", pure(True), from_list([0, 1, 2])), 0, 3) == [0, 0, 0]


def test_picks_take_patterns_by_number_or_name(call: Call, values: Values) -> None:
    two = [pure("a"), fastcat([pure("b"), pure("c")])]
    assert values(call("pick", "0 1", two)) == ["a", "c"]
    assert values(call("squeeze", "0 1", two)) == ["a", "b", "c"]
    assert values(call("inhabit", [("x", two[1])], "x")) == ["b", "c"]
    assert values(call("select", pure(0.9), [pure("a"), pure("b"), pure("c")])) == ["b"]
    assert values(call("pickF", pure(1), [Pattern.rev, lambda p: p.fast(2)], "a b")) == list("abab")
    assert values(call("fit", 1, [10, 11, 12], "0 1"), 0, 2) == [10, 11, 11, 12]


def test_run_and_scan_count(call: Call, values: Values) -> None:
    assert values(call("run", 3)) == [0, 1, 2]
    assert values(call("scan", 3), 0, 3) == [0, 0, 1, 0, 1, 2]


def test_wedge_divides_a_cycle_and_spread_takes_arguments_in_turn(
    call: Call, played: Played, values: Values
) -> None:
    assert played(call("wedge", 0.25, "a", "b c")) == [(F(0), "a"), (F(1, 4), "b"), (F(5, 8), "c")]
    faster = call("spread", lambda n: lambda p: p.fast(n), [1, 2], "a")
    assert [len(values(faster, n, n + 1)) for n in range(2)] == [1, 2]


def test_events_keep_the_source_spans_of_their_words() -> None:
    first, second = (pure(n, (Span(n, n + 1),)) for n in (1, 2))
    [added] = first.app_left(second, lambda a, b: a + b).query(0, 1)
    assert added.context == (Span(1, 2), Span(2, 3))
    [bound] = inner_bind(first, lambda _: second).query(0, 1)
    assert set(bound.context) == {Span(1, 2), Span(2, 3)}
    squeezed = squeeze_join(fastcat([first, first]).fmap(lambda _: second)).query(0, 1)
    assert {event.context for event in squeezed} == {(Span(2, 3), Span(1, 2))}
    both = stack([first, second]).fast(2).rev().query(0, F(1, 2))
    assert {event.context for event in both} == {(Span(1, 2),), (Span(2, 3),)}


@pytest.mark.parametrize("ordered", [True, False])
def test_a_short_query_of_a_crowded_cycle_gives_its_part(ordered: bool) -> None:
    steps = fastcat([pure(number) for number in range(40)])
    pattern = steps if ordered else stack([steps, steps.fast(3).late(F(1, 7))])
    whole = pattern.query(0, 1)
    points = [F(0), F(1, 80), F(1, 40), F(3, 40), F(1, 3), F(2, 5), F(39, 40), F(1)]
    for begin in points[:-1]:
        for end in (point for point in points if point >= begin):
            wanted = [
                (event.value, event.whole, max(event.part.begin, begin), min(event.part.end, end))
                for event in whole
                if event.part.begin < max(end, begin + F(1, 10**9)) and begin < event.part.end
            ]
            found = [(e.value, e.whole, *e.part) for e in pattern.query(begin, end)]
            assert found == wanted
