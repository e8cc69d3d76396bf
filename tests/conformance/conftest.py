"""The corpora of other systems' answers, and the form in which events are compared with them."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from phonon.patterns import Event, Pattern

FIGURES = pytest.StashKey[list[str]]()

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
def blocks() -> ModuleType:
    """The module blocks.py."""
    spec = importlib.util.spec_from_file_location("blocks", Path(__file__).with_name("blocks.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def corpus(blocks: ModuleType) -> Callable[[str], list[dict[str, Any]]]:
    """The rows of a corpus by its name, each with what is expected under `expected`."""
    return blocks.corpus


@pytest.fixture(scope="session")
def canon() -> SimpleNamespace:
    """`from_row(haps)` and `from_pattern(pattern, spans)`: events in the form to compare."""
    return SimpleNamespace(from_row=from_row, from_pattern=from_pattern)


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Prints a line at the end of the run."""
    return request.config.stash.setdefault(FIGURES, []).append


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    for line in config.stash.get(FIGURES, []):
        terminalreporter.write_line(line)
