"""Strokes: envelopes that only the event of their voice sets off can forget about their gate."""

from __future__ import annotations

from dataclasses import replace

from phonon.graph.node import Const, Control
from phonon.graph.spec import UnitFinder
from phonon.graph.table import Table

ONCE = {"perc": "_stroke"}  # units that a gate strikes, and what they are if it does so only once


def strike_once(table: Table, find: UnitFinder) -> None:
    """Let envelopes that their voice's gate strikes be strokes, where their settings stay.

    A voice opens its gate once, at its start: there is nothing to look out for in every frame.
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
        if vertex.unit in ONCE:
            sound, gate, *settings = vertex.inputs
            if _is_gate(table, gate) and still.issuperset(settings):
                inputs = (sound, *settings)
                table.vertices[number] = replace(vertex, unit=ONCE[vertex.unit], inputs=inputs)


def _is_gate(table: Table, number: int) -> bool:
    leaf = table.vertices[number].leaf
    return isinstance(leaf, Control) and leaf.name == "gate"


def _is_control(leaf: object) -> bool:
    return isinstance(leaf, Control) and leaf.name != "gate"
