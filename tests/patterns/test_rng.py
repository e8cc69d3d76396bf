"""Random formulas, bit-equal to Tidal and Strudel, and the transforms that use them."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest

from phonon.patterns import (
    Pattern,
    choose_cycles_seeded,
    degrade_seeded,
    fastcat,
    pure,
    rand,
    ticks,
    with_rng,
)

TIMES = [Fraction(0), *(Fraction(1, n) for n in (8, 4, 3, 2, 1)), Fraction(7, 2), Fraction(300)]
TABLE = {
    "strudel": [
        0,
        0.6852155700325966,
        0.36975969187915325,
        0.336072051897645,
        0.2604806162416935,
        0.5195421651005745,
        0.40994881466031075,
        0,
    ],
    "precise": [
        0.3880893050227314,
        0.6546637422870845,
        0.12939242972061038,
        0.11797208851203322,
        0.3268951131030917,
        0.1182357866782695,
        0.24720186134800315,
        0.751419703476131,
    ],
    "tidal": [
        0.5,
        0.3147844299674034,
        0.6295689214020967,
        0.338086212053895,
        0.2591378428041935,
        0.5177721455693245,
        0.5736937634646893,
        0,
    ],
}


@pytest.mark.parametrize("name", TABLE)
def test_rand_is_bit_equal_to_tidal_and_strudel(name: str) -> None:
    with with_rng(name):
        pattern = rand()
    assert [pattern.events(ticks(t), ticks(t))[0][4] for t in TIMES] == TABLE[name]


def test_the_formula_is_chosen_when_a_pattern_is_built(values: Callable[..., list[Any]]) -> None:
    pattern = fastcat([pure(place) for place in range(16)])
    with with_rng("tidal"):
        tidal = degrade_seeded(pattern, 0.5, 0)
    precise = degrade_seeded(pattern, 0.5, 0)
    with with_rng("tidal"):
        assert values(tidal, 0, 4) != values(precise, 0, 4)


def test_a_patterned_amount_keeps_the_formula_it_was_built_with(
    call: Callable[..., Pattern], values: Callable[..., list[Any]]
) -> None:
    pattern = fastcat([pure(place) for place in range(16)])
    amounts = fastcat([pure(0.5), pure(0.5)])
    with with_rng("strudel"):
        plain, patterned = call("degradeBy", 0.5, pattern), call("degradeBy", amounts, pattern)
    assert values(plain, 0, 4) == values(patterned, 0, 4)


def test_degrade_drops_about_half(
    call: Callable[..., Pattern], values: Callable[..., list[Any]]
) -> None:
    assert 450 < len(values(call("degrade", pure("hh").fast(10)), 0, 100)) < 550


def test_undegrade_keeps_what_degrade_drops(
    call: Callable[..., Pattern], values: Callable[..., list[Any]]
) -> None:
    numbers = fastcat([pure(place) for place in range(32)])
    kept, dropped = call("degrade", numbers), call("undegrade", numbers)
    assert sorted(values(kept) + values(dropped)) == list(range(32))


NUMBERS = fastcat([pure(place) for place in range(32)])


def changed(pattern: Pattern) -> Pattern:
    return pattern.fmap(lambda number: number + 100)


@pytest.mark.parametrize("amount", [0, 0.1, 0.3, 0.5, 0.9, 1])
def test_sometimes_by_partitions_the_events(
    call: Callable[..., Pattern], values: Callable[..., list[Any]], amount: float
) -> None:
    found = values(call("sometimesBy", amount, changed, NUMBERS), 0, 8)
    kept = values(call("degradeBy", amount, NUMBERS), 0, 8)
    assert sorted(value % 100 for value in found) == sorted(8 * list(range(32)))
    assert sorted(value for value in found if value < 100) == sorted(kept)


@pytest.mark.parametrize(
    ("name", "share"),
    [
        ("never", 0),
        ("almostNever", 0.1),
        ("rarely", 0.25),
        ("sometimes", 0.5),
        ("often", 0.75),
        ("almostAlways", 0.9),
        ("always", 1),
    ],
)
def test_sometimes_and_its_relatives_change_their_share_of_the_events(
    call: Callable[..., Pattern], values: Callable[..., list[Any]], name: str, share: float
) -> None:
    found = values(call(name, changed, NUMBERS), 0, 64)
    assert len(found) == 64 * 32
    assert sum(value >= 100 for value in found) / len(found) == pytest.approx(share, abs=0.03)


@pytest.mark.parametrize("amount", [0, 0.25, 0.5, 0.75, 1])
def test_some_cycles_by_changes_whole_cycles(
    call: Callable[..., Pattern], values: Callable[..., list[Any]], amount: float
) -> None:
    pattern = call("someCyclesBy", amount, changed, NUMBERS)
    cycles = [values(pattern, cycle, cycle + 1) for cycle in range(256)]
    plain, other = list(range(32)), list(range(100, 132))
    assert all(found in (plain, other) for found in cycles)
    assert cycles.count(other) / 256 == pytest.approx(amount, abs=0.08)


def test_a_shuffle_plays_every_piece_once(
    call: Callable[..., Pattern], values: Callable[..., list[Any]]
) -> None:
    shuffled = call("shuffle", 4, "0 1 2 3")
    orders = [tuple(values(shuffled, cycle, cycle + 1)) for cycle in range(16)]
    assert all(sorted(order) == [0, 1, 2, 3] for order in orders)
    assert len(set(orders)) > 5


def test_seeds_make_independent_choices(values: Callable[..., list[Any]]) -> None:
    numbers = fastcat([pure(place) for place in range(32)])
    first, second = (degrade_seeded(numbers, 0.5, seed) for seed in (0, 1))
    assert values(first) != values(second)
    sides = [choose_cycles_seeded([pure(0), pure(1)], seed) for seed in (0, 1)]
    assert values(sides[0], 0, 32) != values(sides[1], 0, 32)


def test_perlin_is_smooth_and_stays_between_0_and_1(call: Callable[..., Pattern]) -> None:
    pattern = call("perlin")
    heights = [
        pattern.events(ticks(Fraction(n, 64)), ticks(Fraction(n, 64)))[0][4] for n in range(640)
    ]
    assert 0 <= min(heights) < max(heights) < 1
    assert max(abs(b - a) for a, b in pairwise(heights)) < 0.05
