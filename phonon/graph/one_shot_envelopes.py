"""Replaces envelopes whose gate opens only once, at the voice's start, by cheaper units."""

from __future__ import annotations

from dataclasses import replace

from phonon.graph.node import Const, Control
from phonon.graph.spec import UnitFinder
from phonon.graph.table import GraphTable

# Envelopes that start at a rising gate, and the units that start once, with their voice.
ONE_SHOT = {"perc": "_stroke"}


def use_one_shot_envelopes(table: GraphTable, find: UnitFinder) -> None:
    """Replace the envelopes of a voice that read its own gate and whose settings stay the same.

    A voice opens its gate once, at its start, so no frame has to look for a rising gate.
    """
    still: set[int] = set()
    for number, vertex in enumerate(table.vertices):
        if vertex.leaf is not None:
            if isinstance(vertex.leaf, Const) or _is_control(vertex.leaf):
                still.add(number)
            continue
        unit = find(vertex.unit)
        if unit.stateless and still.issuperset(vertex.inputs):
            still.add(number)
        if vertex.unit in ONE_SHOT:
            sound, gate, *settings = vertex.inputs
            if _is_gate(table, gate) and still.issuperset(settings):
                inputs = (sound, *settings)
                table.vertices[number] = replace(vertex, unit=ONE_SHOT[vertex.unit], inputs=inputs)


def _is_gate(table: GraphTable, number: int) -> bool:
    leaf = table.vertices[number].leaf
    return isinstance(leaf, Control) and leaf.name == "gate"


def _is_control(leaf: object) -> bool:
    return isinstance(leaf, Control) and leaf.name != "gate"
