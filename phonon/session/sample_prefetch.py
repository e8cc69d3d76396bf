"""Finds the samples that a program is going to play, so that they are loaded in time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from phonon.session.programs import heard_streams

if TYPE_CHECKING:
    from phonon.score import Score

MOST = 4_096  # events that are queried


def sounds_ahead(score: Score, begin: int, end: int) -> Iterator[tuple[str, int]]:
    """Bank and number of each sound that the events of some cycles play, each once."""
    seen: set[tuple[str, int]] = set()
    looked = 0
    for stream in heard_streams(score):
        for cycle in range(begin, end):
            for event in stream.pattern.query(Fraction(cycle), Fraction(cycle + 1)):
                looked += 1
                if looked > MOST:
                    return
                sound = _sound(event.value)
                if sound is not None and sound not in seen:
                    seen.add(sound)
                    yield sound


def _sound(value: object) -> tuple[str, int] | None:
    if not isinstance(value, Mapping) or "s" not in value:
        return None
    try:
        return str(value["s"]), int(float(value.get("n") or 0))
    except (TypeError, ValueError, OverflowError):
        return str(value["s"]), 0
