"""A definition depends on the names that its syntax uses, on nothing else."""

from __future__ import annotations

import pytest

from phonon.errors import Span
from phonon.session.definitions import Definitions, name_of
from phonon.session.dependencies import Dependencies

BASS = "synth bass freq = saw freq"


def rests_on(text: str, *others: str) -> set[str]:
    """The definitions that the output `text` depends on, beside a few definitions and `others`."""
    texts = {name_of(each): each for each in (BASS, "fn wob x = x * 2", "~pad: saw 55", *others)}
    return set(Dependencies({**texts, "o1": text}).of("o1")) - {"o1"}


@pytest.mark.parametrize(
    ("text", "used"),
    [
        ('o1: s "bass*2"', {"synth bass"}),
        ('o1: sound "bd [bass:3 ~]"', {"synth bass"}),
        ('o1: s "<bd bass>(3,8)" # note "c"', {"synth bass"}),
        ('o1: s $ fast 2 $ "bass"', {"synth bass"}),
        ('o1: s . fast 2 $ "bass"', {"synth bass"}),
        ('o1: every 2 (# s "bass") $ s "bd"', {"synth bass"}),
        ('o1: s (stack ["bd", every 2 rev "bass"])', {"synth bass"}),
        ('o1: n "0" # s "bass"', {"synth bass"}),
        ('o1: s "~pad*2"', {"~pad"}),
        ("o1: ~pad # lpf (wob 300)", {"~pad", "fn wob"}),
        ('o1: s "bd" # gain (wob $ "1 2")', {"fn wob"}),
    ],
)
def test_buses_functions_and_played_sounds_are_dependencies(text: str, used: set[str]) -> None:
    assert rests_on(text) == used


@pytest.mark.parametrize(
    "text",
    [
        'o1: s "bd" -- not the bass, nor ~pad, nor wob',
        'o1: s "bd" # vowel "bass"',
        'o1: s "bd" # unit "bass wob"',
        'o1: s (note "bass")',
        'o1: s "bd wob pad"',
        'o1: s "basses" # n "0 .. 3"',
        "o1: track [0 200, 4 2000 wob]",
        "o1: saw ((55",
    ],
)
def test_comments_and_unrelated_strings_are_no_dependencies(text: str) -> None:
    assert rests_on(text) == set()


def test_a_parameter_hides_the_function_of_its_name() -> None:
    texts = {"fn f": "fn f wob = wob + 1", "fn wob": "fn wob x = x", "fn g": "fn g x = wob x"}
    assert Dependencies(texts).of("fn f") == ["fn f"]
    assert Dependencies(texts).of("fn g") == ["fn g", "fn wob"]


def test_a_pattern_in_a_bus_names_sounds_where_s_plays_it() -> None:
    words = '~words: "bd bass"'
    assert "synth bass" in rests_on("o1: s ~words", words)
    assert "synth bass" in rests_on("o1: s (fast 2 ~more)", words, "~more: ~words")
    assert "synth bass" not in rests_on('o1: s "bd" # vowel ~words', words)


def test_the_argument_of_a_function_names_sounds_where_the_function_plays_it() -> None:
    play = "fn play x = s x # gain 0.5"
    assert "synth bass" in rests_on('o1: play "bass"', play)
    assert "synth bass" in rests_on('o1: play $ "bass"', play)
    assert "synth bass" in rests_on('o1: twice "bass"', play, "fn twice x = play (fast 2 x)")
    assert "synth bass" in rests_on('o1: ~play "bass"', "~play: s . fast 2")
    assert "synth bass" not in rests_on('o1: play "bass"', 'fn play x = s "bd" # vowel x')


def test_functions_that_use_each_other_are_found_once() -> None:
    texts = {"fn f": "fn f x = g x", "fn g": "fn g x = f x", "o1": 'o1: s (f "bass")'}
    assert Dependencies(texts).of("o1") == ["o1", "fn f", "fn g"]


def test_the_place_of_a_use_is_the_name_itself() -> None:
    texts = {
        "~a": "~a: saw 55",
        "o1": "o1: saw 1 -- ~a\n  + ~a",
        "synth b": "synth b freq = saw freq",
    }
    assert Dependencies(texts).place("o1", "~a") == Span(20, 22)
    assert Dependencies(texts | {"o2": 'o2: s "bd b"'}).place("o2", "synth b") == Span(10, 11)
    assert Dependencies(texts).place("~a", "o1") is None


def test_an_output_that_only_mentions_what_fails_is_replaced() -> None:
    definitions = Definitions()
    definitions.keep(definitions.evaluate(f'{BASS}\no1: s "bd"\no2: s "bass"', "file"))
    text = 'synth bass freq = sawww freq\no1: s "bd*2" -- without the bass\no2: s "bass*2"'
    change = definitions.evaluate(text, "file")
    assert change.kept == ["synth bass", "o2"]
    assert change.defined == ["o1"]
