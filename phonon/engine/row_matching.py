"""Which rows of a new program go on from the old one's, and which jump."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from phonon.engine.followers import Follower, Holder
from phonon.graph.node import Curve, Held, Last

if TYPE_CHECKING:
    from phonon.engine.loaded_scores import LoadedScore


def rows_compared(
    old: LoadedScore, new: LoadedScore, frame: int
) -> tuple[list[tuple[int, int]], set[str]]:
    """Rows whose value goes on, as far as can be seen, and the keys of those where it jumps."""
    clocks = old.feed.clock, new.feed.clock
    cycles = [clock.at(Fraction(2 * frame - 1, 2)) for clock in clocks]
    known = {row.key: (number, row.source) for number, row in enumerate(old.program.plan.rows)}
    same: list[tuple[int, int]] = []
    moved: set[str] = set()
    for number, row in enumerate(new.program.plan.rows):
        before, source = known.get(row.key, (0, None))
        if isinstance(row.source, Held) and isinstance(source, Held):
            holders = Holder(before, source, clocks[0]), Holder(number, row.source, clocks[1])
            first, then = _first_values(holders, cycles)
            if first != then:
                moved.add(row.key)
            elif not any(holder.found for holder in holders):
                same.append((before, number))  # what no event says only the row itself knows
        elif isinstance(row.source, Curve) and isinstance(source, Curve):
            curves = Follower(before, source, clocks[0]), Follower(number, row.source, clocks[1])
            first, then = _first_values(curves, cycles)
            if first != then:
                moved.add(row.key)
        elif isinstance(row.source, Last) and isinstance(source, Last):
            if _followed(source) == _followed(row.source):
                same.append((before, number))
            else:
                moved.add(row.key)
    return same, moved


def _first_values(
    sources: Sequence[Holder | Follower], cycles: Sequence[Fraction]
) -> list[float | None]:
    """What rows begin with, None where their pattern cannot be asked."""
    found: list[float | None] = []
    for source, cycle in zip(sources, cycles, strict=True):
        try:
            found.append(source.first(cycle))
        except Exception:  # noqa: BLE001 — patterns are anybody's functions
            found.append(None)
    return found


def _followed(last: Last) -> tuple[str, str]:
    return last.stream.name, last.control
