"""Transforms that equal others, and single values of transforms that no other test names."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from phonon.patterns import Pattern, fastcat, pure, slowcat, stack

Call = Callable[..., Pattern]
Values = Callable[..., list[Any]]
Played = Callable[..., list[Any]]

NUMBERS = fastcat([pure(number) for number in range(8)])
OTHERS = fastcat([pure(10), pure(20), pure(30)])


def higher(pattern: Pattern) -> Pattern:
    return pattern.fmap(lambda number: number + 100)


IDENTITIES = {
    "superimpose": (("superimpose", higher, NUMBERS), stack([NUMBERS, higher(NUMBERS)])),
    "layer": (("layer", [higher, Pattern.rev], NUMBERS), stack([higher(NUMBERS), NUMBERS.rev()])),
    "append": (("append", NUMBERS, OTHERS), slowcat([NUMBERS, OTHERS])),
    "fastAppend": (("fastAppend", NUMBERS, OTHERS), fastcat([NUMBERS, OTHERS])),
    "fromList": (("fromList", [4, 5, 6]), slowcat([pure(4), pure(5), pure(6)])),
    "fastFromList": (("fastFromList", [4, 5, 6]), fastcat([pure(4), pure(5), pure(6)])),
    "const": (("const", OTHERS, NUMBERS), OTHERS),
    "early": (("early", Fraction(1, 3), NUMBERS), NUMBERS.early(Fraction(1, 3))),
}


@pytest.mark.parametrize("name", IDENTITIES)
def test_a_transform_equals_its_definition(name: str, call: Call, played: Played) -> None:
    (word, *arguments), wanted = IDENTITIES[name]
    assert played(call(word, *arguments), 0, 6) == played(wanted, 0, 6)


@pytest.mark.parametrize(
    ("word", "other"),
    [
        (("swing", 2), ("swingBy", Fraction(1, 3), 2)),
        (("press",), ("pressBy", Fraction(1, 2))),
        (("rolled",), ("rolledBy", Fraction(1, 4))),
        (("arpeggiate",), ("arp", pure("up"))),
        (("degrade",), ("degradeBy", 0.5)),
        (("undegrade",), ("undegradeBy", 0.5)),
        (("sometimes", higher), ("sometimesBy", 0.5, higher)),
        (("someCycles", higher), ("someCyclesBy", 0.5, higher)),
        (
            ("off", Fraction(1, 8), higher),
            ("superimpose", lambda p: higher(p.late(Fraction(1, 8)))),
        ),
        (("echoWith", 2, Fraction(1, 8), higher), ("off", Fraction(1, 8), higher)),
    ],
)
def test_a_word_is_short_for_another(word: Any, other: Any, call: Call, played: Played) -> None:
    chords = stack([NUMBERS, NUMBERS.fmap(lambda number: number + 4)])
    assert played(call(*word, chords), 0, 6) == played(call(*other, chords), 0, 6)


@pytest.mark.parametrize("rotation", [0, 1, 2, 5, 11])
def test_rotated_euclidean_rhythms_divide_the_steps(
    rotation: int, call: Call, played: Played
) -> None:
    pulses = played(call("euclidOff", 3, 8, rotation, "a"))
    gaps = played(call("euclidOffInv", 3, 8, rotation, "b"))
    both = played(call("euclidOffFull", 3, 8, rotation, "a", "b"))
    assert (len(pulses), len(gaps)) == (3, 5)
    assert both == sorted(pulses + gaps)


def test_select_f_picks_a_function_by_a_number_from_0_to_1(call: Call, values: Values) -> None:
    functions = [higher, lambda pattern: pattern.fmap(lambda number: -number)]
    picked = call("selectF", slowcat([pure(0), pure(1)]), functions, "1 2")
    assert values(picked, 0, 2) == [101, 102, -1, -2]


def test_to_scale_reads_places_below_and_continues_in_octaves(call: Call, values: Values) -> None:
    places = fastcat([pure(place) for place in (0, 1.9, 2, 3, -1)])
    assert values(call("toScale", [0, 2, 7], places)) == [0, 2, 7, 12, -5]


def test_quantise_rounds_to_parts_of_one(call: Call, values: Values) -> None:
    assert values(call("quantise", 4, fastcat([pure(0.3), pure(-0.9)]))) == [0.25, -1]


@pytest.mark.parametrize(
    ("wave", "quarters"),
    [
        ("cosine2", [1, 0, -1, 0]),
        ("saw2", [-1, -0.5, 0, 0.5]),
        ("isaw2", [1, 0.5, 0, -0.5]),
        ("tri2", [-1, 0, 1, 0]),
        ("square2", [-1, -1, 1, 1]),
        ("time", [0, 0.25, 0.5, 0.75]),
    ],
)
def test_bipolar_waves_at_the_quarters_of_a_cycle(
    wave: str, quarters: list[float], call: Call, values: Values
) -> None:
    assert values(call("segment", 4, call(wave))) == pytest.approx(quarters, abs=1e-12)


def test_env_l_rises_during_the_first_cycle_and_stays(call: Call, values: Values) -> None:
    assert values(call("segment", 2, call("envL")), 0, 2) == [0, 0.5, 1, 1]


def test_binary_rhythms_have_the_bits_of_their_number(call: Call, values: Values) -> None:
    assert values(call("binaryN", 6, 11)) == [False, False, True, False, True, True]
    assert values(call("binary", 11)) == [True, False, True, True]


def test_spin_shifts_and_pans_each_copy_by_its_share(call: Call) -> None:
    events = call("spin", 4, pure({"n": 1}).fast(2)).query(0, Fraction(1, 8))
    assert sorted(event.value["pan"] for event in events) == [0, 0.25, 0.5, 0.75]
    onsets = {event.value["pan"] for event in events if event.has_onset}
    assert onsets == {0, 0.5}
