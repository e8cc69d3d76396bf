"""Lists the events that a score plays in the next cycles."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import islice
from math import ceil, floor, isfinite
from typing import TYPE_CHECKING, Any

from phonon.errors import Fault, PhononError
from phonon.session.programs import heard_streams
from phonon.session.protocol import Control, UpcomingEvent

if TYPE_CHECKING:
    from phonon.graph.node import Stream
    from phonon.score import Score

MOST_CYCLES = 16
MOST_EVENTS = 4_096


def upcoming_events(score: Score, begin: float, end: float) -> list[UpcomingEvent]:
    """The onsets between two cycles, in order. Raises PhononError where that is too much."""
    if not (isfinite(begin) and isfinite(end) and end - begin <= MOST_CYCLES):
        raise PhononError(f"cycles {begin:g} to {end:g}; up to {MOST_CYCLES} at a time will do")
    found: list[UpcomingEvent] = []
    for stream in heard_streams(score):
        try:
            found += islice(_onsets(stream, Fraction(begin), Fraction(end)), MOST_EVENTS)
        except (Fault, PhononError):
            continue  # the engine leaves out such a stream, too
        if len(found) > MOST_EVENTS:
            break
    return sorted(found, key=lambda event: event.begin)[:MOST_EVENTS]


def _onsets(stream: Stream, begin: Fraction, end: Fraction) -> Iterator[UpcomingEvent]:
    output = stream.name.partition("/")[0]
    for cycle in range(floor(begin), ceil(end)):  # as the engine queries: shares its caches
        first, last = max(begin, Fraction(cycle)), min(end, Fraction(cycle + 1))
        for event in stream.pattern.query(first, last):
            if event.whole is not None and event.has_onset:
                controls = {name: _plain(value) for name, value in event.value.items()}
                yield UpcomingEvent(
                    float(event.whole.begin), float(event.whole.end), output, controls
                )


def _plain(value: Any) -> Control:
    """A control's value; None for a signal, which has no single one."""
    if isinstance(value, bool | str):
        return value
    if isinstance(value, int | float | Fraction):
        try:
            number = float(value)
        except OverflowError:  # an integer beyond all floats
            return None
        if isfinite(number):
            return value if isinstance(value, int) else number
    return None
