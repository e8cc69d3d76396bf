"""The corpora of other systems' answers, and the form in which events are compared with them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from phonon.patterns import Event, Pattern

CORPORA = Path(__file__).resolve().parents[3] / "shared" / "conformance"

Key = tuple[tuple[Fraction, Fraction] | None, tuple[Fraction, Fraction], str]


def value(found: Any) -> Any:
    """A value to compare: numbers rounded to nine digits, `bd:3` as one word."""
    if isinstance(found, bool):
        return found
    if isinstance(found, int | float | Fraction):
        return float(f"{float(found):.9g}") + 0.0
    if isinstance(found, list | tuple):
        return ":".join(_part(part) for part in found)
    if isinstance(found, dict):
        if "$frac" in found:
            return value(Fraction(found["$frac"]))
        return {key: value(part) for key, part in sorted(found.items()) if key[0] != "_"}
    try:
        return value(float(found))
    except ValueError:
        return found


def _part(part: Any) -> str:
    return str(int(part)) if isinstance(part, float) and part.is_integer() else str(part)


def from_row(haps: Iterable[dict[str, Any]]) -> list[Key]:
    """The events of a corpus row."""
    return defragmented(
        (hap["w"] and _span(hap["w"]), _span(hap["p"]), _text(hap["v"])) for hap in haps
    )


def from_pattern(pattern: Pattern, spans: Iterable[Sequence[Any]]) -> list[Key]:
    """The events of a pattern over spans, one after another."""
    return defragmented(
        _key(event)
        for begin, end in spans
        for event in pattern.query(Fraction(begin), Fraction(end))
    )


def defragmented(keys: Iterable[Key]) -> list[Key]:
    """Adjacent parts of one whole merged: where a query is split is not meaning."""
    groups: dict[Any, list[tuple[Fraction, Fraction]]] = {}
    for whole, part, text in keys:
        groups.setdefault((whole, text) if whole else (None, text, part), []).append(part)
    found: list[Key] = []
    for group, parts in groups.items():
        runs: list[list[Fraction]] = []
        for begin, end in sorted(parts):
            run = next((run for run in runs if run[1] == begin and end > begin), None)
            if run:
                run[1] = end
            else:
                runs.append([begin, end])
        found += [(group[0], (begin, end), group[1]) for begin, end in runs]
    return sorted(found, key=lambda key: (key[0] or key[1], key[1], key[2]))


def _key(event: Event) -> Key:
    return event.whole and tuple(event.whole), tuple(event.part), _text(event.value)


def _span(pair: Sequence[str]) -> tuple[Fraction, Fraction]:
    return Fraction(pair[0]), Fraction(pair[1])


def _text(found: Any) -> str:
    return json.dumps(value(found), sort_keys=True, ensure_ascii=False)


@pytest.fixture(scope="session")
def corpus() -> Callable[[str], list[dict[str, Any]]]:
    """The rows of a corpus by its name, each with what is expected under `expected`."""

    def read(name: str) -> list[dict[str, Any]]:
        if not (CORPORA / f"{name}.jsonl").is_file():
            pytest.skip("the corpora of other systems' answers are not beside this repository")
        rows = _lines(CORPORA / f"{name}.jsonl")
        answers = {row["id"]: row for row in _lines(CORPORA / f"{name}_expected.jsonl")}
        return [{**row, "expected": _answers(answers[row["id"]])} for row in rows]

    return read


@pytest.fixture(scope="session")
def canon() -> SimpleNamespace:
    """`from_row(haps)` and `from_pattern(pattern, spans)`: events in the form to compare."""
    return SimpleNamespace(from_row=from_row, from_pattern=from_pattern)


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def _answers(row: dict[str, Any]) -> list[dict[str, Any]]:
    """Strudel's answer, and Tidal's where it is another."""
    tidal = row.get("tidal110")
    return [row, tidal] if isinstance(tidal, dict) else [row]
