"""Turns vertices into kernel calls: mono or stereo, audio or control rate, places of signals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from phonon.graph.ops import Place, Run
from phonon.graph.spec import UnitFinder
from phonon.graph.table import GraphTable


@dataclass(slots=True)
class Flattener:
    """Assigns places to the vertices of a table, one per channel, and makes their runs."""

    table: GraphTable
    find: UnitFinder
    places: dict[int, tuple[Place, ...]] = field(default_factory=dict)
    constants: dict[float, int] = field(default_factory=dict)  # values and their numbers
    buffers: int = 0
    rows: int = 0
    new_row: Callable[[], Place] | None = None

    def buffer(self) -> Place:
        """A new place at audio rate."""
        self.buffers += 1
        return Place("buffer", self.buffers - 1)

    def row(self) -> Place:
        """A new place at control rate."""
        if self.new_row is not None:
            return self.new_row()
        self.rows += 1
        return Place("row", self.rows - 1)

    def constant(self, value: float) -> Place:
        """The place of a number."""
        return Place("constant", self.constants.setdefault(value, len(self.constants)))

    def runs(self, number: int, carried: tuple[Place, ...] | None = None) -> list[Run]:
        """The kernel calls of a unit's vertex; assigns its places.

        A mono unit with a stereo input becomes two runs. If it makes two channels out of one,
        the first run gives the left side and the second the right (so `pan` is a balance).
        """
        vertex = self.table.vertices[number]
        unit = self.find(vertex.unit)
        inputs = [self.places[row] for row in vertex.inputs]
        wide = any(
            len(places) == 2 and not pair for places, pair in zip(inputs, unit.pairs, strict=True)
        )
        once = unit.stateless and all(p.rate == "k" for places in inputs for p in places)
        made: list[Run] = []
        sides: list[Place] = []
        for side in range(2 if wide else 1):
            operands: list[Place] = []
            for places, pair in zip(inputs, unit.pairs, strict=True):
                operands += (
                    (places[0], places[-1]) if pair else (places[min(side, len(places) - 1)],)
                )
            outputs = tuple(self.row() if once else self.buffer() for _ in range(unit.outputs))
            if carried is not None:
                if wide and unit.outputs == 2:
                    outputs = tuple(
                        carried[side] if channel == side else outputs[channel]
                        for channel in range(2)
                    )
                else:
                    outputs = carried[side : side + 1] if wide else carried
            sides += (outputs[min(side, len(outputs) - 1)],) if wide else outputs
            made.append(
                Run(
                    vertex.unit,
                    outputs,
                    tuple(operands),
                    f"{self.table.keys[number]}:{side}",
                    self.table.seeds[number] + side,
                    vertex.data,
                    vertex.owner,
                    once,
                )
            )
        self.places[number] = tuple(sides)
        return made


def channels(table: GraphTable, find: UnitFinder, known: dict[int, int]) -> dict[int, int]:
    """One or two channels for every vertex; `known` has the leaves that are not mono."""
    counts: dict[int, int] = {}
    for number, vertex in enumerate(table.vertices):
        if vertex.leaf is not None:
            counts[number] = known.get(number, 1)
            continue
        unit = find(vertex.unit)
        wide = any(
            counts[row] == 2 and not pair
            for row, pair in zip(vertex.inputs, unit.pairs, strict=True)
        )
        counts[number] = 2 if wide else unit.outputs
    return counts
