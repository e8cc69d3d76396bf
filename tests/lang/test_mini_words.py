"""Words of mini-notation are read as numbers, notes, times, booleans, Hz."""

from __future__ import annotations

from fractions import Fraction

import pytest

from phonon.errors import Fault, Span
from phonon.lang.mini_words import CONVERTERS, word_reader

PLACE = Span(3, 5)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("number", "3", 3), ("number", "-0.5", -0.5), ("number", ".5", 0.5),
        ("number", "1e3", 1000), ("number", "+1", 1), ("number", "007", 7), ("number", "0x10", 16),
        ("number", "1%8", 0.125), ("number", "1q", 0.25), ("number", "q", 0.25),
        ("number", "3e", 0.375), ("number", "1.0", 1), ("integer", "4", 4), ("integer", "4.0", 4),
        ("time", "0.1", Fraction(1, 10)), ("time", "1%3", Fraction(1, 3)),
        ("time", "t", Fraction(1, 3)), ("boolean", "t", True), ("boolean", "f", False),
        ("boolean", "1", True), ("boolean", "0", False), ("word", "0", "0"),
        ("sound", "808", "808"), ("sound", "~pad", "~pad"), ("note", "c", 0), ("note", "c4", 0),
        ("note", "c5", 12), ("note", "a3", -3), ("note", "ef3", -9), ("note", "eb3", -9),
        ("note", "c#5", 13), ("note", "cs5", 13), ("note", "Db4", 1), ("note", "c-1", -60),
        ("note", "bn", 11), ("note", "7", 7), ("note", "0.5", 0.5), ("note", "e", 4),
        ("n", "3", 3), ("n", "c", 0), ("hz", "110", 110), ("hz", "a4", 440.0),
        ("auto", "3", 3), ("auto", "bd", "bd"), ("auto", "e", "e"), ("auto", "1q", 0.25),
    ],
)  # fmt: skip
def test_a_word_is_read_according_to_the_kind(kind: str, text: str, value: object) -> None:
    found = word_reader(kind)(text, PLACE)
    assert found == pytest.approx(value) if isinstance(value, float) else found == value
    assert type(found) is type(value) or isinstance(value, float | Fraction | int)


def test_middle_c_is_261_63_hz() -> None:
    assert word_reader("hz")("c", PLACE) == pytest.approx(261.63, abs=0.005)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("number", "bd"), ("number", "c4"), ("integer", "1.5"), ("integer", "x"), ("time", "soon"),
        ("boolean", "x"), ("boolean", "yes"), ("note", "h"), ("note", "c444"), ("hz", "loud"),
        ("number", "1%0"), ("number", "9" * 60), ("number", "1e999"), ("n", "bd"),
    ],
)  # fmt: skip
def test_a_word_that_is_not_of_the_kind_is_an_error_at_that_word(kind: str, text: str) -> None:
    with pytest.raises(Fault) as caught:
        word_reader(kind)(text, PLACE)
    assert caught.value.span == PLACE


def test_every_kind_has_its_converter() -> None:
    assert set(CONVERTERS) == {
        "number", "integer", "time", "boolean", "word", "sound", "note", "n", "hz", "auto",
    }  # fmt: skip
