"""Operators, layers, parts of samples, scales, chords and arpeggios."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from phonon.errors import Fault
from phonon.patterns import (
    CHORDS,
    OPERATORS,
    SCALES,
    Pattern,
    fast_from_list,
    fastcat,
    note_number,
    operate,
    pure,
    slowcat,
    stack,
)
from phonon.patterns.chords import chord_notes
from phonon.patterns.notes import scale_named

F = Fraction
Call = Callable[..., Pattern]
Played = Callable[..., list[tuple[Fraction, Any]]]
Values = Callable[..., list[Any]]


def numbers(*values: float, name: str = "n") -> Pattern:
    return fast_from_list([{name: value} for value in values])


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        ("|+", [(0, 11), (F(1, 2), 22)]),
        ("+|", [(0, 11), (F(1, 3), 21), (F(2, 3), 32)]),
        ("|+|", [(0, 11), (F(1, 3), 21), (F(1, 2), 22), (F(2, 3), 32)]),
        ("+", [(0, 11), (F(1, 3), 21), (F(1, 2), 22), (F(2, 3), 32)]),
    ],
)
def test_the_bar_of_an_operator_is_on_the_side_of_the_structure(
    operator: str, expected: list[Any], seq: Call
) -> None:
    summed = operate(operator, seq("1 2"), seq("10 20 30"))
    found = {
        (event.part.begin, event.value)
        for event in summed.query(0, 1)
        if event.part.begin in {time for time, _ in expected}
    }
    assert found >= set(expected)


def test_squeeze_puts_a_cycle_of_the_right_into_each_left_event(seq: Call, values: Values) -> None:
    assert values(operate("||+", seq("0 10"), seq("1 2"))) == [1, 2, 11, 12]


def test_controls_join_and_shared_numbers_are_calculated() -> None:
    left, right = pure({"s": "bd", "n": 2}), pure({"n": 3, "pan": 0.5})
    results = {
        operator: operate(operator, left, right).query(0, 1)[0].value
        for operator in ("#", "|<", "|+", "|*", "|**")
    }
    assert results["#"] == {"s": "bd", "n": 3, "pan": 0.5}
    assert results["|<"] == {"s": "bd", "n": 2, "pan": 0.5}
    assert results["|+"]["n"] == 5
    assert results["|*"]["n"] == 6
    assert results["|**"]["n"] == 8
    assert list(results["#"]) == ["s", "n", "pan"]


def test_plus_keeps_words_and_plus_plus_joins_them() -> None:
    left, right = pure({"s": "drum"}), pure({"s": "2"})
    assert operate("|+", left, right).query(0, 1)[0].value == {"s": "drum"}
    assert operate("|++", left, right).query(0, 1)[0].value == {"s": "drum2"}


def test_an_operator_keeps_values_that_are_not_numbers() -> None:
    thing = object()
    [event] = operate("|*", pure({"lpf": thing}), pure({"lpf": 2})).query(0, 1)
    assert event.value["lpf"] is thing


def test_calculations_that_fail_give_zero_instead_of_raising(seq: Call) -> None:
    for operator in OPERATORS:
        for left, right in (("1", "0"), ("-8", "0"), ("0", "-1"), ("9", "99999")):
            operate(operator, seq(left), seq(right)).query(0, 1)
    root = operate("|**", pure(-8), pure(F(1, 3)))
    assert root.query(0, 1)[0].value == 0


def test_overlay_stacks_and_ply_with_applies_its_function_repeatedly(
    call: Call, played: Played, values: Values
) -> None:
    assert played(call("overlay", "a", "b c")) == [(0, "a"), (0, "b"), (F(1, 2), "c")]
    risen = call("plyWith", 3, lambda p: p.fmap(lambda n: n + 12), "0 5")
    assert values(risen) == [0, 12, 24, 5, 17, 29]


def test_ribbon_loops_its_cycles(call: Call, values: Values) -> None:
    counted = slowcat([pure(number) for number in range(8)])
    assert values(call("ribbon", 2, 3, counted), 0, 7) == [2, 3, 4, 2, 3, 4, 2]


def test_off_adds_a_changed_copy_later(call: Call, played: Played) -> None:
    higher = call("off", F(1, 4), lambda p: operate("|+", p, pure(12)), "0")
    assert played(higher) == [(F(0), 0), (F(1, 4), 12)]


def test_jux_pans_the_copy_to_the_right(call: Call, values: Values) -> None:
    wide = call("jux", Pattern.rev, numbers(0, 1))
    assert values(wide, 0, 0.5) == [{"n": 0, "pan": 0}, {"n": 1, "pan": 1}]


def test_jux_by_pans_each_copy_half_its_width_from_the_middle(call: Call) -> None:
    events = call("juxBy", 0.5, lambda p: p, pure({"n": 1})).query(0, 1)
    assert [event.value["pan"] for event in events] == [0.25, 0.75]


def test_stut_fades_evenly_and_echo_by_a_factor(call: Call) -> None:
    def gains(pattern: Pattern) -> list[float]:
        return [event.value["gain"] for event in pattern.query(1, 2) if event.has_onset]

    note = pure({"gain": 1})
    assert gains(call("stut", 3, 0.5, F(1, 8), note)) == pytest.approx([1, 5 / 6, 4 / 6])
    assert gains(call("echo", 3, F(1, 8), 0.5, note)) == [1, 0.5, 0.25]


def test_stutter_repeats(call: Call, played: Played) -> None:
    assert [time for time, _ in played(call("stutter", 3, F(1, 16), "a"))] == [
        F(0),
        F(1, 16),
        F(1, 8),
    ]


def test_chop_cuts_the_part_that_begin_and_end_select(call: Call, values: Values) -> None:
    parts = values(call("chop", 2, pure({"s": "x", "begin": 0.5, "end": 1})))
    assert [(part["begin"], part["end"]) for part in parts] == [(0.5, 0.75), (0.75, 1)]


def test_striate_interlaces_the_parts(call: Call, values: Values) -> None:
    striped = values(call("striate", 2, fast_from_list([{"s": "a"}, {"s": "b"}])))
    assert [(part["s"], part["begin"]) for part in striped] == [
        ("a", 0),
        ("b", 0),
        ("a", 0.5),
        ("b", 0.5),
    ]


def test_slice_and_splice_play_parts_by_number(call: Call) -> None:
    [sliced] = call("slice", 4, "3", pure({"s": "break"})).query(0, 1)
    assert sliced.value == {"begin": 0.75, "end": 1, "s": "break"}
    [spliced] = call("splice", 4, "3", pure({"s": "break"})).query(0, 1)
    assert (spliced.value["speed"], spliced.value["unit"]) == (0.25, "c")


def test_loop_at_fits_a_sound_to_cycles(call: Call) -> None:
    [event] = call("loopAt", 2, pure({"s": "break"})).query(0, 1)
    assert event.value == {"s": "break", "speed": 0.5, "unit": "c"}


@pytest.mark.parametrize(
    ("name", "number"),
    [("c", 0), ("c4", 0), ("a4", 9), ("c5", 12), ("eb3", -9), ("ef3", -9), ("cs5", 13), ("bn", 11)],
)
def test_notes_are_in_scientific_pitch(name: str, number: int) -> None:
    assert note_number(name) == number


def test_words_that_are_not_note_names_give_none() -> None:
    assert [note_number(word) for word in ("h", "c4x", "", "kick")] == [None] * 4


def test_scale_degrees_continue_in_the_next_octave(call: Call, values: Values) -> None:
    assert values(call("scale", "minor", "0 2 7 -1")) == [0, 3, 12, -2]
    assert values(call("scale", "d:major", "0 7")) == [2, 14]
    assert values(call("scale", "minor", numbers(2))) == [{"note": 3}]
    assert values(call("toScale", [0, 2, 7], "0 1 2 3")) == [0, 2, 7, 12]


def test_scales_have_other_spellings_and_unknown_ones_are_faults() -> None:
    assert scale_named("C4:minor:pentatonic") == (0, SCALES["minPent"])
    with pytest.raises(Fault) as caught:
        scale_named("minro")
    assert "minor" in caught.value.suggestions


def test_every_scale_and_chord_begins_on_its_root() -> None:
    assert len(SCALES) >= 76
    assert len(CHORDS) >= 100
    assert all(notes[0] == 0 for notes in (*SCALES.values(), *CHORDS.values()))


def test_chords_are_inverted_opened_dropped_and_extended() -> None:
    assert chord_notes("maj") == (0, 4, 7)
    assert chord_notes("min'ii") == (7, 12, 15)
    assert chord_notes("six'i'o") == (-8, -3, 7, 12)
    assert chord_notes("maj'5") == (0, 4, 7, 12, 16)
    assert chord_notes("maj7'd1") == (-1, 0, 4, 7)
    with pytest.raises(Fault, match="more than"):
        chord_notes("maj'1000000")


def test_chord_plays_its_notes_on_every_root(call: Call, values: Values) -> None:
    assert values(call("chord", "min7'i", "0")) == [10, 12, 3, 7]


@pytest.mark.parametrize(
    ("chord", "voiced"),
    [
        ((0, 4, 7, 11), [4, 7, 11, 12]),
        ((9, 12, 16, 19), [4, 7, 9, 12]),
        ((-24, -20, -17), [4, 7, 12]),
        ((2,), [2]),
    ],
)
def test_the_highest_note_of_a_voicing_is_at_most_c5(
    chord: tuple[int, ...], voiced: list[int], call: Call
) -> None:
    notes = stack([pure({"note": note, "s": "piano"}) for note in chord])
    found = call("voicing", notes).query(0, 1)
    assert sorted(event.value["note"] for event in found) == voiced


def test_transpose_makes_a_note_of_n(call: Call, values: Values) -> None:
    assert values(call("transpose", 5, numbers(0, 7))) == [{"note": 5}, {"note": 12}]
    assert values(call("transpose", 5, numbers(0, 7, name="pan"))) == [{"pan": 0}, {"pan": 7}]


@pytest.mark.parametrize(
    ("mode", "order"),
    [
        ("up", [0, 4, 7]),
        ("down", [7, 4, 0]),
        ("updown", [0, 4, 7, 4]),
        ("up&down", [0, 4, 7, 7, 4, 0]),
        ("converge", [0, 7, 4]),
        ("pinkyup", [0, 7, 4, 7]),
        ("thumbup", [0, 4, 0, 7]),
    ],
)
def test_arpeggios_play_notes_in_the_order_of_their_mode(
    mode: str, order: list[int], call: Call, values: Values
) -> None:
    assert values(call("arp", pure(mode), stack([pure(n) for n in (0, 4, 7)]))) == order


def test_arp_by_number_takes_the_rhythm_of_the_numbers(call: Call, played: Played) -> None:
    chords = slowcat([stack([pure(n) for n in notes]) for notes in ((0, 3, 7), (0, 5, 9))])
    assert played(call("arp", "0 2", chords), 1, 2) == [(F(1), 0), (F(3, 2), 9)]


def test_a_roll_spreads_the_onsets(call: Call, played: Played) -> None:
    chord = stack([pure(0), pure(4)])
    assert played(call("rolled", chord)) == [(F(0), 0), (F(1, 8), 4)]
    assert played(call("rolledBy", F(-1, 2), chord)) == [(F(0), 4), (F(1, 4), 0)]


def test_rot_moves_values_and_keeps_the_rhythm(call: Call, played: Played) -> None:
    assert played(call("rot", 1, "a ~ b c")) == [(F(0), "b"), (F(1, 2), "c"), (F(3, 4), "a")]


def test_fix_acts_on_events_with_certain_controls(call: Call, values: Values) -> None:
    fixed = call("fix", lambda p: p.fmap(lambda c: {**c, "x": 1}), pure({"n": 1}), numbers(0, 1))
    assert values(fixed) == [{"n": 0}, {"n": 1, "x": 1}]


def test_continuous_patterns_are_sampled_at_onsets(call: Call, values: Values) -> None:
    panned = operate("#", numbers(0, 1), call("saw").fmap(lambda v: {"pan": v}))
    assert values(panned) == [{"n": 0, "pan": 0}, {"n": 1, "pan": 0.5}]
    [event] = call("range", 100, 300, call("saw")).query(F(1, 4), F(1, 2))
    assert (event.whole, event.value) == (None, 150)


@pytest.mark.parametrize(
    ("wave", "quarters"),
    [
        ("sine", [0.5, 1, 0.5, 0]),
        ("cosine", [1, 0.5, 0, 0.5]),
        ("saw", [0, 0.25, 0.5, 0.75]),
        ("isaw", [1, 0.75, 0.5, 0.25]),
        ("tri", [0, 0.5, 1, 0.5]),
        ("square", [0, 0, 1, 1]),
        ("saw2", [-1, -0.5, 0, 0.5]),
        ("sine2", [0, 1, 0, -1]),
    ],
)
def test_waves_have_their_values_at_the_quarters_of_a_cycle(
    wave: str, quarters: list[float], call: Call, values: Values
) -> None:
    assert values(call("segment", 4, call(wave))) == pytest.approx(quarters)


def test_smooth_interpolates_and_round_rounds(call: Call, values: Values) -> None:
    glide = values(call("segment", 4, call("smooth", "0 4")))
    assert glide == [1, 3, 3, 1]
    halves = fastcat([pure(0.5), pure(-0.5), pure(1.2)])
    assert [values(call(name, halves)) for name in ("round", "floor", "ceil")] == [
        [1, 0, 1],
        [0, -1, 1],
        [1, 0, 2],
    ]
