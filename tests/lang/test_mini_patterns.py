"""Patterns of mini-notation, feature by feature."""

from __future__ import annotations

from fractions import Fraction

import pytest

from phonon.errors import Fault, Span
from phonon.lang.mini_parser import parse_mini
from phonon.lang.mini_patterns import mini_pattern
from phonon.lang.mini_words import word_reader
from phonon.patterns import Pattern, with_rng


def pattern(text: str, kind: str = "word") -> Pattern:
    return mini_pattern(parse_mini(text), word_reader(kind))


def played(text: str, kind: str = "word", cycle: int = 0) -> list[tuple[str, str, object]]:
    """What begins in a cycle: onset and end within it, value."""
    events = [event for event in pattern(text, kind).query(cycle, cycle + 1) if event.has_onset]
    found = [
        (str(event.whole.begin - cycle), str(event.whole.end - cycle), event.value)
        for event in events
        if event.whole
    ]
    return sorted(found, key=lambda item: (Fraction(item[0]), Fraction(item[1]), str(item[2])))


SAME = [
    # feature, one way to write it, another
    ("rests", "a ~ b", "a - b"),
    ("groups", "a [b [c d]]", "[a] [[b] [c d]]"),
    ("fast", "a*2 b", "[a a] b"),
    ("fast by ratio", "a*1.5", "a*3/2"),
    ("fast by pattern", "a*<2 3>", "<a*2 a*3>"),
    ("replicate", "a!3 b", "a a a b"),
    ("replicate by marks", "a ! ! b", "a a a b"),
    ("weight", "a@3 b", "a _ _ b"),
    ("bare weight", "a@ b", "a@2 b"),
    ("no step of weight 0", "a@0 b", "b"),
    ("no step without copies", "a!0 b", "b"),
    ("weights in alternation", "<a!2 b>", "<a a b>"),
    ("alternation of several", "<a b , c d e>", "[<a b>, <c d e>]"),
    ("stack without brackets", "a b, c d e", "[a b, c d e]"),
    ("steps of a polymeter", "{a b c}%4", "<a b c>*4"),
    ("first voice counts", "{a b, c d e}", "[a b, <c d e>*2]"),
    ("steps by pattern", "{a b c}%<4 8>", "<a b c>*<4 8>"),
    ("operators after %", "{a b}%3*2", "[{a b}%3]*2"),
    ("euclid", "a(3,8)", "a ~ ~ a ~ ~ a ~"),
    ("rotation turns left", "a(3,8,2)", "~ a ~ ~ a ~ a ~"),
    ("negative pulses fill the gaps", "a(-3,8)", "~ a a ~ a a ~ a"),
    ("patterned euclid", "a(<3 5>,8,<0 2>)", "<a(3,8,0) a(5,8,2)>"),
    ("a sequence in euclid", "a(3 5,8)", "a([3 5],8)"),
    ("at most as many pulses as steps", "a(9,8)", "a!8"),
    ("no pulse", "a(0,8)", "~"),
    ("no steps", "a(3,0)", "~"),
    ("a group in euclid", "[a b](3,8)", "[a b] ~ ~ [a b] ~ ~ [a b] ~"),
    ("feet", "a b . c d e", "[a b] [c d e]"),
    ("feet and stack", "a . b c, d", "[a [b c], d]"),
    ("tight brackets", "a[b c]d", "a [b c] d"),
    ("space before operators", "a (3,8) * 2", "a(3,8)*2"),
    ("newline is space", "a\n b", "a b"),
    ("non-breaking space is space", "a\u00a0b", "a b"),
    ("caret", "^a b c", "a b c"),
    ("range", "0 .. 3", "[0 1 2 3]"),
    ("range without spaces", "0..3", "0 .. 3"),
    ("range downwards", "1 .. -1", "[1 0 -1]"),
    ("range of a pattern", "0 .. <2 3>", "<[0 1 2] [0 1 2 3]>"),
    ("tail of a pattern", "<bd sn>:2", "<bd:2 sn:2>"),
    ("patterned tail", "bd:<0 1>", "<bd:0 bd:1>"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), [row[1:] for row in SAME], ids=[row[0] for row in SAME])
def test_equivalent_spellings_make_the_same_pattern(one: str, other: str) -> None:
    kind = "number" if one[0].isdigit() else "word"
    for cycle in range(4):
        assert played(one, kind, cycle) == played(other, kind, cycle)


def test_a_sequence_divides_the_cycle() -> None:
    assert played("a b c") == [("0", "1/3", "a"), ("1/3", "2/3", "b"), ("2/3", "1", "c")]


def test_a_slowed_group_lasts_several_cycles() -> None:
    assert played("[a b]/2", cycle=0) == [("0", "1", "a")]
    assert played("[a b]/2", cycle=1) == [("0", "1", "b")]


def test_repeating_an_alternation_repeats_its_cycle() -> None:
    assert [value for _, _, value in played("<a b>!2")] == ["a", "a"]
    assert [value for _, _, value in played("<a b>*2")] == ["a", "b"]


def test_a_patterned_factor_clips_wholes_in_the_middle_of_a_cycle() -> None:
    events = pattern("a*[2 3]").query(Fraction(1, 2), 1)
    assert [(str(e.part.begin), str(e.part.end)) for e in events] == [("1/2", "2/3"), ("2/3", "1")]
    assert not events[0].has_onset


def test_alternation_of_weighted_steps_holds_them_for_cycles() -> None:
    assert played("<a@3 b>", cycle=0) == [("0", "3", "a")]
    assert played("<a@3 b>", cycle=3) == [("0", "1", "b")]


def test_a_word_with_colons_is_a_tuple_of_its_parts() -> None:
    assert played("bd:3:0.5", "sound")[0][2] == ("bd", 3, 0.5)


def test_degrading_repeats_from_query_to_query_and_differs_between_steps() -> None:
    once = played("a*32? , b*32?")
    assert once == played("a*32? , b*32?")
    for name in "ab":
        assert 4 < sum(value == name for _, _, value in once) < 28
    assert [t for t, _, v in once if v == "a"] != [t for t, _, v in once if v == "b"]


def test_chance_one_drops_all_and_zero_none() -> None:
    assert played("a*16?1") == []
    assert len(played("a*16?0")) == 16


def test_a_choice_takes_one_per_cycle() -> None:
    seen = {played("a|b|c", cycle=cycle)[0][2] for cycle in range(24)}
    assert seen == {"a", "b", "c"}
    assert all(len(played("a|b|c", cycle=cycle)) == 1 for cycle in range(24))


def test_the_random_formula_can_be_chosen() -> None:
    kept = []
    for name in ("precise", "tidal", "strudel"):
        with with_rng(name):
            kept.append(tuple(played("a*64?")))
    assert len(set(kept)) == 3


def test_the_context_of_an_event_is_the_span_of_its_words() -> None:
    text = "bd <sn:3 cp>(3,8)"
    events = mini_pattern(parse_mini(text, 100), word_reader("sound")).query(0, 1)
    words = {text[s.begin - 100 : s.end - 100] for event in events for s in event.context}
    assert words == {"bd", "sn", "3"}
    assert events[0].context == (Span(100, 102),)


def test_a_euclid_of_booleans_is_false_between_its_pulses() -> None:
    assert [value for _, _, value in played("t(3,8)", "boolean")] == [
        True, False, False, True, False, False, True, False,
    ]  # fmt: skip
    assert [value for _, _, value in played("f(1,2)", "boolean")] == [False, True]


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("c'maj", [0, 4, 7]),
        ("c'major", [0, 4, 7]),
        ("e'min7", [4, 7, 11, 14]),
        ("e'min'ii", [11, 16, 19]),
        ("c'six'i'o", [-8, -3, 7, 12]),
        ("c'maj'5", [0, 4, 7, 12, 16]),
        ("c'maj'd1", [-5, 0, 4]),
        ("c'i", [4, 7, 12]),
        ("c5'5", [12, 19]),
        ("0'min", [0, 3, 7]),
    ],
)
def test_the_notes_of_a_chord_are_simultaneous(text: str, notes: list[int]) -> None:
    assert sorted(value for _, _, value in played(text, "note")) == notes  # type: ignore[type-var]


def test_the_parts_of_a_chord_are_patterns() -> None:
    assert played("c'<maj min>'<i o>", "note", 0) == played("c'maj'i", "note")
    assert played("c'<maj min>'<i o>", "note", 1) == played("c'min'o", "note")
    assert played("<c e>'maj [g'min ~]", "note", 1) == played("e'maj [g'min ~]", "note")


def test_a_chord_keeps_the_length_of_its_root() -> None:
    assert {(begin, end) for begin, end, _ in played("c'maj ~", "note")} == {("0", "1/2")}


def test_a_chord_in_hz_is_in_tune() -> None:
    assert [round(hz, 2) for _, _, hz in played("a'maj", "hz")] == [440, 554.37, 659.26]  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("text", "kind", "place", "offers"),
    [
        ("0 bd", "number", (2, 4), None),
        ("c h4", "note", (2, 4), None),
        ("t x", "boolean", (2, 3), "t"),
        ("c'majr", "note", (2, 6), "maj"),
        ("c'maj'q", "note", (6, 7), None),
        ("bd .. sn", "word", (0, 2), None),
        ("bd'maj", "word", (0, 2), None),
    ],
)
def test_a_word_of_the_wrong_kind_is_an_error_at_the_word(
    text: str, kind: str, place: tuple[int, int], offers: str | None
) -> None:
    with pytest.raises(Fault) as caught:
        pattern(text, kind)
    assert caught.value.span == Span(*place)
    assert (offers in caught.value.suggestions) if offers else True
