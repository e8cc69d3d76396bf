"""Transforms against what Strudel and Tidal make of the same expressions."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import phonon
from phonon.lang.parser import parse_expression

Rows = Callable[[str], list[dict[str, Any]]]

# Calls of Strudel written as Phonon's own expressions, by the row's name.
CALLS: dict[str, str] = json.loads(
    Path(__file__).with_name("strudel_calls.json").read_text(encoding="utf-8")
)

# Where Phonon decides otherwise.
OCTAVES = "note names are in scientific pitch: no octave means 4, and values are semitones"
OTHERWISE = {
    **dict.fromkeys(("fp044", "fp425", "fp426", "fp427", "fp440", "fp441"), OCTAVES),
    **dict.fromkeys(("fp443", "fp444", "tp035", "tp110"), OCTAVES),
    **dict.fromkeys(
        ("fp232", "fp233", "fp234", "fp235", "fp236"),
        "someCycles chooses whole cycles, as in Tidal",
    ),
    "tp106": "without a consumer, t and f are words",
    "tp108": "without a consumer, lone letters are words",
    "tp124": "Tidal draws the order of cycle 0 by another rule than all others",
}

# Words that are still to come.
LATER = {"interlace", "ur"}


def right(source: str, row: dict[str, Any], canon: SimpleNamespace) -> bool:
    """Whether one of the systems gives the same events, random ones by its own formula."""
    random = row.get("random") or "random" in row["fn"]
    for rng in ("strudel", "tidal") if random else ("precise",):
        found = canon.from_pattern(phonon.pattern(source, rng=rng), row["spans"])
        if any(
            "haps" in want and canon.from_row(want["haps"]) == found for want in row["expected"]
        ):
            return True
    return False


def wrong(rows: list[tuple[str, dict[str, Any]]], canon: SimpleNamespace) -> dict[str, str]:
    """The rows that are not right, and what they say."""
    return {row["id"]: source for source, row in rows if not right(source, row, canon)}


def test_every_expression_of_the_corpora_parses(corpus: Rows) -> None:
    rows = [*corpus("functions_public"), *corpus("functions_tidal_public")]
    written = [row["hs"] for row in rows if row["hs"]]
    assert len(written) == 430
    for source in written:
        parse_expression(source)


def test_every_expression_shared_by_both_systems_is_right(
    corpus: Rows, canon: SimpleNamespace
) -> None:
    rows = [(row["hs"], row) for row in corpus("functions_public") if row["hs"]]
    assert len(rows) == 300
    assert wrong(rows, canon) == {}


def test_every_expression_of_tidal_alone_is_right(corpus: Rows, canon: SimpleNamespace) -> None:
    rows = [
        (row["hs"], row)
        for row in corpus("functions_tidal_public")
        if row["fn"] not in LATER and row["id"] not in OTHERWISE
    ]
    assert len(rows) > 120
    assert wrong(rows, canon) == {}


def test_every_call_of_strudel_that_phonon_has_is_right(
    corpus: Rows, canon: SimpleNamespace
) -> None:
    rows = {row["id"]: row for row in corpus("functions_public")}
    calls = [(source, rows[name]) for name, source in CALLS.items() if name not in OTHERWISE]
    assert len(calls) > 75
    assert wrong(calls, canon) == {}
