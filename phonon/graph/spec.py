"""Checks graphs: known units, right inputs, leaves that may stand in a voice or in the mix."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from phonon.dsp import registry
from phonon.dsp.registry import Unit
from phonon.errors import Fault, nearest
from phonon.graph.node import Bus, Const, Control, Input, Node, SharedSignal

UnitFinder = Callable[[str], Unit]


def find_unit(name: str) -> Unit:
    """The unit of that name; a Fault with the nearest names where there is none."""
    found = registry.find(name)
    if found is None:
        raise Fault(f"there is no unit {name!r}", suggestions=nearest(name, registry.names()))
    return found


def check_mix(root: Input, buses: Mapping[str, Input], find: UnitFinder = find_unit) -> None:
    """Raise a Fault unless `root` is legal in the mix."""
    for item in _items(root):
        if isinstance(item, Control):
            raise Fault(f"{item.name!r} is a control of voices and has no value in the mix")
        _check(item, buses, find)


def check_voice(root: Input, buses: Mapping[str, Input], find: UnitFinder = find_unit) -> None:
    """Raise a Fault unless `root` is legal in a voice."""
    for item in _items(root):
        if isinstance(item, SharedSignal):
            check_mix(item.signal, buses, find)
        elif isinstance(item, Node) and (unit := find(item.unit)).scope == "mix":
            raise Fault(f"{unit.name} acts on the sum of voices and cannot be part of each")
        else:
            _check(item, buses, find)


def _check(item: Input, buses: Mapping[str, Input], find: UnitFinder) -> None:
    if isinstance(item, Bus) and item.name not in buses:
        names = nearest(item.name, buses)
        raise Fault(f"there is no bus ~{item.name}", suggestions=[f"~{name}" for name in names])
    if not isinstance(item, Node):
        return
    unit = find(item.unit)
    if len(item.inputs) != len(unit.pairs):
        raise Fault(f"{unit.name} has {len(unit.pairs)} inputs, not {len(item.inputs)}")
    tables = sum(kept.kept.kind == "table" for kept in unit.states)
    if len(item.data) != tables:
        raise Fault(f"{unit.name} reads {tables} tables, not {len(item.data)}")
    check_lines(unit, item)


def check_lines(unit: Unit, node: Node) -> None:
    """Raise a Fault where a constant time is longer than the delay line of its unit."""
    if not any(kept.kept.kind in ("memory", "bank") for kept in unit.states):
        return
    values = node.inputs[len(unit.inputs) :]
    for parameter, value in zip(unit.parameters, values, strict=True):
        if parameter.kind != "seconds" or parameter.high is None or not isinstance(value, Const):
            continue
        if value.value > parameter.high:
            raise Fault(
                f"{unit.name}: {parameter.name} of {value.value:g} seconds is more than "
                f"the {parameter.high:g} that its delay line holds"
            )


def _items(root: Input) -> list[Input]:
    """Every node and leaf under `root`, once; without the insides of shared signals."""
    seen: set[int] = set()
    found: list[Input] = []
    stack = [root]
    while stack:
        item = stack.pop()
        if id(item) not in seen:
            seen.add(id(item))
            found.append(item)
            if isinstance(item, Node):
                stack += reversed(item.inputs)
    return found
