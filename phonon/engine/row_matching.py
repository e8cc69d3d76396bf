"""Finds, at a swap, the automation rows that keep their value and those that get another."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from phonon.engine.automation import CurveAutomation, HeldAutomation
from phonon.engine.clock import Clock
from phonon.graph.node import Curve, Held, Last
from phonon.graph.ops import Plan


def compare_rows(
    old: Plan, new: Plan, clocks: tuple[Clock, Clock], frame: int
) -> tuple[list[tuple[int, int]], set[str]]:
    """The rows whose value goes on at a frame: (old number, new number); and the keys of others.

    The others are those where the new plan begins with another value. `clocks` are those of the
    old and the new score.
    """
    cycles = [clock.at(Fraction(2 * frame - 1, 2)) for clock in clocks]
    known = {row.key: (number, row.source) for number, row in enumerate(old.rows)}
    same: list[tuple[int, int]] = []
    moved: set[str] = set()
    for number, row in enumerate(new.rows):
        before, source = known.get(row.key, (0, None))
        if isinstance(row.source, Held) and isinstance(source, Held):
            holders = (
                HeldAutomation(before, source, clocks[0]),
                HeldAutomation(number, row.source, clocks[1]),
            )
            first, then = _first_values(holders, cycles)
            if first != then:
                moved.add(row.key)
            elif not any(holder.found for holder in holders):
                same.append((before, number))  # what no event says only the row itself knows
        elif isinstance(row.source, Curve) and isinstance(source, Curve):
            curves = (
                CurveAutomation(before, source, clocks[0]),
                CurveAutomation(number, row.source, clocks[1]),
            )
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
    sources: Sequence[HeldAutomation | CurveAutomation], cycles: Sequence[Fraction]
) -> list[float | None]:
    """The values that rows begin with, None where their pattern raises."""
    found: list[float | None] = []
    for source, cycle in zip(sources, cycles, strict=True):
        try:
            found.append(source.first(cycle))
        except Exception:  # noqa: BLE001 — patterns are anybody's functions
            found.append(None)
    return found


def _followed(last: Last) -> tuple[str, str]:
    return last.stream.name, last.control
