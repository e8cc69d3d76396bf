"""Whole blocks and programs of Tidal, Strudel and the older Phonon: a ratchet."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import pytest

# How many rows must pass. Raise a figure when the run prints a higher one; never lower it.
FLOORS = {"blocks_tidal": 83, "blocks_strudel": 69, "programs_ph": 32}


@pytest.mark.parametrize("name", FLOORS)
def test_no_fewer_blocks_pass_than_before(
    blocks: ModuleType, figure: Callable[[str], None], name: str
) -> None:
    rows = blocks.corpus(f"{name}_public")
    passed = sum(not blocks.judge(row, blocks.RNG[name]) for row in rows)
    figure(f"{name}: {passed} of {len(rows)} pass, {FLOORS[name]} must")
    assert passed >= FLOORS[name]


def test_the_judge_tells_wrong_answers_from_right_ones(blocks: ModuleType) -> None:
    hap = {"w": ["0/1", "1/2"], "p": ["0/1", "1/2"], "v": {"s": "bd:3", "lpf": 800}}
    same = {"w": (0, 0.5), "p": (0, 0.5), "v": {"s": "bd", "n": 3.0, "cutoff": 800.0}}
    right = {"outputs": {"d1": [hap], "d2": []}}
    assert blocks._differs(right, {"outputs": {"o1": [same]}}, pitched=False) == ""
    for change in ({"v": {"s": "bd", "n": 3.0}}, {"w": (0, 0.25)}, {"w": (0.25, 0.5)}):
        assert blocks._differs(right, {"outputs": {"o1": [same | change]}}, pitched=False)
    assert blocks._differs(right, {"outputs": {"o2": [same]}}, pitched=False)
    assert blocks._differs(right, {"outputs": {}}, pitched=False)
    assert blocks._differs(right, {"error": "no", "line": 1, "column": 1}, pitched=False)


def test_the_judge_requires_errors_at_the_expected_position(blocks: ModuleType) -> None:
    wrong = {"error": {"at": [[2, 5, 8]]}}
    for line, column, text in ((2, 4, ""), (2, 9, ""), (2, 10, "2:10"), (1, 5, "1:5")):
        found = blocks._differs(wrong, {"error": "no", "line": line, "column": column}, False)
        assert found.endswith(text)
        assert bool(found) == bool(text)
    assert blocks._differs(wrong, {"outputs": {}}, pitched=False) == "not refused"


def test_the_judge_forgives_whole_octaves_of_a_pitched_output_only(blocks: ModuleType) -> None:
    def haps(*notes: object) -> list[dict[str, object]]:
        return [
            {"w": (at, at + 1), "p": (at, at + 1), "v": {"note": n}} for at, n in enumerate(notes)
        ]

    assert blocks._same(haps("c4", "e4"), haps(0.0, 4.0), pitched=True)
    assert not blocks._same(haps("c4", "e4"), haps(0.0, 3.0), pitched=True)
    assert not blocks._same(haps("c4", "e4"), haps(1.0, 5.0), pitched=True)
    assert not blocks._same(haps(12, 16), haps(0.0, 4.0), pitched=False)
