"""Mini-notation against what Strudel and Tidal make of the same strings."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from phonon.errors import Fault
from phonon.lang import mini_patterns as meaning
from phonon.lang import mini_syntax as syntax
from phonon.lang.mini_parser import parse_mini
from phonon.lang.mini_patterns import mini_pattern
from phonon.lang.mini_words import word_reader
from phonon.patterns import Pattern, inner_bind, pure, struct, with_rng
from phonon.patterns.rhythm import bjorklund
from phonon.patterns.sequence import fast_from_list

Rows = Callable[[str], list[dict[str, Any]]]

# Neither system reads these as Phonon does, which takes Euclid from Tidal (rotation turns left, a
# group is squeezed whole into every pulse) and everything around it from Strudel. That nothing
# else differs is tested below.
EUCLID_OF_TIDAL_IN_NOTATION_OF_STRUDEL = {
    "p120": "Tidal rejects the string; a group in a rhythm",
    "p121": "Tidal reads {}@3 otherwise; a group in a rhythm",
    "p123": "Tidal reads %3@2 otherwise; a polymeter in a rhythm",
    "p273": "Tidal rejects @1.5(3,8); a group in a turned rhythm",
    "p275": "Tidal reads /2*1.5 otherwise; a group in a rhythm",
    "p276": "Tidal rejects @1.5(5,8,2); a group in a turned rhythm",
    "p277": "Tidal rejects !2(3,8); a repeated step in a rhythm",
    "p279": "Tidal rejects @3(5,8,2); a turned rhythm",
    "p280": "Tidal reads (5,8,2)*2 otherwise; a turned rhythm",
    "p283": "Tidal rejects !3@1.5; a group in a turned rhythm",
    "p286": "Tidal rejects (3,8)(5,8,2); a rhythm in a turned rhythm",
    "p287": "Tidal rejects !3/2; a turned rhythm",
    "p289": "Tidal reads {}%4 otherwise; a polymeter in a rhythm",
    "p309": "Tidal reads weights in <> otherwise; a group in a rhythm",
    "p311": "Tidal rejects %2!3; a group in a rhythm",
}


def read(row: dict[str, Any]) -> Pattern:
    kind = "number" if row["type"] == "d" else "word"
    with with_rng("strudel"):
        return mini_pattern(parse_mini(row["mini"]), word_reader(kind))


def matches(row: dict[str, Any], canon: SimpleNamespace) -> bool:
    found = canon.from_pattern(read(row), row["spans"])
    return any("haps" in want and canon.from_row(want["haps"]) == found for want in row["expected"])


def test_every_row_is_as_strudel_or_tidal_has_it(corpus: Rows, canon: SimpleNamespace) -> None:
    rows = [row for row in corpus("mini_public") if row["expect"] == "ok"]
    wrong = {row["id"] for row in rows if not matches(row, canon)}
    assert wrong == set(EUCLID_OF_TIDAL_IN_NOTATION_OF_STRUDEL)


def test_random_rows_are_bit_for_bit_as_strudel_has_them(
    corpus: Rows, canon: SimpleNamespace
) -> None:
    rows = [row for row in corpus("mini_public") if "random" in row["features"]]
    assert rows
    for row in rows:
        strudel = canon.from_row(row["expected"][0]["haps"])
        assert canon.from_pattern(read(row), row["spans"]) == strudel, row["mini"]


def test_every_error_is_refused_at_its_place(corpus: Rows) -> None:
    rows = [row for row in corpus("mini_public") if row["expect"] == "error"]
    assert len(rows) == 30
    for row in rows:
        with pytest.raises(Fault) as caught:
            read(row)
        assert caught.value.span is not None
        assert 0 <= caught.value.span.begin < len(row["mini"])


def test_with_the_euclid_of_strudel_the_listed_rows_equal_strudel(
    corpus: Rows, canon: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With Strudel's Euclid in place of Tidal's, the rows are exactly Strudel's."""

    def strudels(self: Any, node: syntax.Euclid) -> Pattern:
        def rhythm(numbers: tuple[int, int, int]) -> Pattern:
            pulses, steps, turn = map(int, numbers)
            beats = bjorklund(pulses, steps)
            return fast_from_list([beats[(index - turn) % steps] for index in range(steps)])

        turns = pure(0) if node.rotation is None else meaning._number(node.rotation)
        counts = meaning._number(node.pulses).app_left(
            meaning._number(node.steps), lambda k, n: (k, n)
        )
        numbers = counts.app_left(turns, lambda kn, turn: (*kn, turn))
        return inner_bind(numbers, lambda found: struct(rhythm(found), self.make(node.body)))

    monkeypatch.setattr(meaning._Maker, "euclid", strudels)
    rows = [
        row for row in corpus("mini_public") if row["id"] in EUCLID_OF_TIDAL_IN_NOTATION_OF_STRUDEL
    ]
    for row in rows:
        assert matches(row, canon), row["mini"]
