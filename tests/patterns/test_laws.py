"""Laws that hold for every pattern."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from phonon.patterns import (
    Event,
    Pattern,
    cycles,
    fastcat,
    inner_join,
    pure,
    silence,
    slowcat,
    stack,
    ticks,
    timecat,
    transforms,
)

Canonical = list[tuple[Any, Any, Any]]

times = st.fractions(min_value=-3, max_value=3, max_denominator=24)
factors = st.fractions(min_value=Fraction(1, 4), max_value=4, max_denominator=7)


def apply(name: str, *arguments: Any) -> Pattern:
    return transforms()[name].call(*arguments)


def grown(children: st.SearchStrategy[Pattern]) -> st.SearchStrategy[Pattern]:
    lists = st.lists(children, min_size=1, max_size=3)
    small = st.integers(1, 4)
    return st.one_of(
        lists.map(fastcat),
        lists.map(slowcat),
        lists.map(stack),
        st.lists(st.tuples(small, children), min_size=1, max_size=3).map(timecat),
        st.tuples(children, factors).map(lambda pair: pair[0].fast(pair[1])),
        st.tuples(children, times).map(lambda pair: pair[0].late(pair[1])),
        children.map(Pattern.rev),
        st.tuples(small, children).map(lambda pair: apply("ply", *pair)),
        st.tuples(small, children).map(lambda pair: apply("iter", *pair)),
        st.tuples(small, children).map(lambda pair: apply("linger", Fraction(1, pair[0]), pair[1])),
        st.tuples(small, children).map(lambda pair: apply("every", pair[0], Pattern.rev, pair[1])),
        st.tuples(small, children).map(lambda pair: apply("chunk", pair[0], Pattern.rev, pair[1])),
        children.map(lambda pattern: apply("degradeBy", 0.4, pattern)),
        children.map(lambda pattern: apply("fast", fastcat([pure(1), pure(2)]), pattern)),
    )


patterns = st.recursive(
    st.one_of(st.sampled_from("abcd").map(pure), st.just(silence)), grown, max_leaves=6
)


def defragmented(events: list[Event]) -> Canonical:
    """Adjacent parts of one whole merged: where a query is split means nothing."""
    parts: dict[Any, list[list[Fraction]]] = {}
    for event in sorted(events, key=lambda event: event.part):
        runs = parts.setdefault((event.whole, event.value), [])
        run = next((run for run in runs if run[1] == event.part.begin), None)
        if run:
            run[1] = event.part.end
        else:
            runs.append(list(event.part))
    return sorted(
        (whole, tuple(run), value) for (whole, value), runs in parts.items() for run in runs
    )


@settings(deadline=None, max_examples=60)
@given(patterns)
def test_a_query_of_two_cycles_is_the_two_queries(pattern: Pattern) -> None:
    apart = pattern.query(0, 1) + pattern.query(1, 2)
    assert defragmented(pattern.query(0, 2)) == defragmented(apart)


@settings(deadline=None, max_examples=60)
@given(patterns, st.fractions(min_value=0, max_value=3, max_denominator=16))
def test_a_query_cut_in_two_gives_the_same_events(pattern: Pattern, cut: Fraction) -> None:
    apart = pattern.query(0, cut) + pattern.query(cut, 3) if 0 < cut < 3 else pattern.query(0, 3)
    assert defragmented(pattern.query(0, 3)) == defragmented(apart)


@settings(deadline=None, max_examples=60)
@given(patterns)
def test_a_part_lies_within_its_whole_and_the_query(pattern: Pattern) -> None:
    for event in pattern.query(Fraction(1, 3), Fraction(8, 3)):
        assert event.whole is not None
        assert event.whole.begin <= event.part.begin < event.part.end <= event.whole.end
        assert Fraction(1, 3) <= event.part.begin
        assert event.part.end <= Fraction(8, 3)


@settings(deadline=None, max_examples=60)
@given(patterns)
def test_cached_events_equal_computed_events(pattern: Pattern) -> None:
    for cycle in (5, 0, 3, 5):
        begin, end = ticks(cycle), ticks(cycle + 1)
        assert sorted(pattern.events(begin, end)) == sorted(pattern.raw(begin, end))


@settings(deadline=None, max_examples=60)
@given(patterns)
def test_events_repeat_after_the_period(pattern: Pattern) -> None:
    discrete, period = pattern.traits
    if discrete and period:
        later = Pattern(pattern.raw).early(period)
        assert defragmented(Pattern(pattern.raw).query(1, 2)) == defragmented(later.query(1, 2))


@settings(deadline=None, max_examples=40)
@given(patterns)
def test_rev_twice_is_the_identity(pattern: Pattern) -> None:
    assert defragmented(pattern.rev().rev().query(0, 3)) == defragmented(pattern.query(0, 3))


@settings(deadline=None, max_examples=40)
@given(patterns, times)
def test_early_undoes_late(pattern: Pattern, time: Fraction) -> None:
    there_and_back = pattern.late(time).early(time)
    assert defragmented(there_and_back.query(0, 2)) == defragmented(pattern.query(0, 2))


@settings(deadline=None, max_examples=40)
@given(patterns, factors)
def test_slow_undoes_fast(pattern: Pattern, factor: Fraction) -> None:
    there_and_back = pattern.fast(factor).slow(factor)
    assert defragmented(there_and_back.query(0, 2)) == defragmented(pattern.query(0, 2))


@settings(deadline=None, max_examples=40)
@given(patterns, patterns, factors)
def test_fast_distributes_over_stack(left: Pattern, right: Pattern, factor: Fraction) -> None:
    together = stack([left, right]).fast(factor)
    apart = stack([left.fast(factor), right.fast(factor)])
    assert defragmented(together.query(0, 2)) == defragmented(apart.query(0, 2))


@settings(deadline=None, max_examples=40)
@given(patterns)
def test_joining_a_constant_pattern_of_patterns_gives_the_pattern(pattern: Pattern) -> None:
    joined = inner_join(fastcat([pure(pattern), pure(pattern)]))
    assert defragmented(joined.query(0, 2)) == defragmented(pattern.query(0, 2))


@given(st.fractions(min_value=-100, max_value=100))
def test_ticks_are_exact(time: Fraction) -> None:
    assert cycles(ticks(time)) == time.limit_denominator(10**9) or cycles(ticks(time)) == time
