"""Compiles graphs to a plan: outputs, buses, feedback loops and patches in one order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from phonon.graph.buffer_allocation import allocate_buffers, with_buffers
from phonon.graph.collect import GraphCollection, Patch
from phonon.graph.feedback import components
from phonon.graph.flatten import Flattener, channels
from phonon.graph.node import Const, Curve, Held, Input, Last, Mix, Stream
from phonon.graph.ops import (
    AutomationRow,
    Fill,
    Guard,
    Loop,
    Op,
    Output,
    Place,
    Plan,
    Run,
    RunVoices,
)
from phonon.graph.patch_plan import make_patch_plan
from phonon.graph.spec import UnitFinder, check_mix, check_voice, find_unit
from phonon.graph.table import Previous

__all__ = ["Patch", "make_plan"]


def make_plan(
    outputs: Mapping[str, Input],
    buses: Mapping[str, Input] | None = None,
    patches: Sequence[Patch] = (),
    find: UnitFinder = find_unit,
) -> Plan:
    """The plan of a program; raises Fault where a graph breaks the rules of `spec`."""
    buses = buses or {}
    for root in (*outputs.values(), *buses.values()):
        check_mix(root, buses, find)
    for patch in patches:
        check_voice(patch.graph, buses, find)
    collected = GraphCollection(buses, patches)
    collected.collect(outputs)
    return _Writer(collected, find).write()


@dataclass(slots=True)
class _Writer:
    """Writes the operations of collected graphs, each after its inputs."""

    collected: GraphCollection
    find: UnitFinder
    plan: Plan = field(default_factory=Plan)
    flat: Flattener = field(init=False)
    carried: dict[int, tuple[Place, ...]] = field(default_factory=dict)  # by vertex of a bus
    ports: dict[tuple[int, str], tuple[Place, Place]] = field(default_factory=dict)

    def write(self) -> Plan:
        """The plan."""
        self.flat = Flattener(self.collected.mix, self.find, new_row=self._row)
        self._carry()
        ops: list[Op] = []
        buses = set(self.collected.buses.values())
        roots = [*self.collected.buses.values(), *self.collected.outputs.values()]
        for part in components(roots, self._edges):
            body = [op for number in part for op in self._ops(number)]
            feedback = len(part) > 1 or part[0] in self._edges(part[0])
            ops += [Loop(body)] if feedback and body else body
            ops += [guard for number in part if number in buses for guard in self._guards(number)]
        for name, number in self.collected.outputs.items():
            left, right = self._sounding(number, ops)
            ops += [Guard(tuple({left: 0, right: 0}), name), Output(name, left, right)]
        buffer_of, self.plan.buffers = allocate_buffers(ops)
        self.plan.ops = [with_buffers(op, buffer_of) for op in ops]
        for patch in self.plan.patches:
            patch.shared = [(buffer_of.get(mix, mix), lane) for mix, lane in patch.shared]
        self.plan.constants = list(self.flat.constants)
        self.plan.outputs = list(self.collected.outputs)
        return self.plan

    def _edges(self, number: int) -> tuple[int, ...]:
        """The inputs of a vertex, and the bus that it reads one frame back, which closes a loop."""
        vertex = self.collected.mix.vertices[number]
        if isinstance(vertex.leaf, Previous):
            return (self.collected.buses[vertex.leaf.bus],)
        return vertex.inputs

    def _carry(self) -> None:
        """Give buses that are read one frame back places that keep their last frame."""
        table, buses = self.collected.mix, self.collected.buses
        read = {
            number: buses[vertex.leaf.bus]
            for number, vertex in enumerate(table.vertices)
            if isinstance(vertex.leaf, Previous)
        }
        known = {n: 2 for n, vertex in enumerate(table.vertices) if isinstance(vertex.leaf, Mix)}
        while True:  # a feedback loop is stereo if anything in it is
            counts = channels(table, self.find, known)
            wider = {number: 2 for number, bus in read.items() if counts[bus] == 2}
            if wider.items() <= known.items():
                break
            known |= wider
        for bus in dict.fromkeys(read.values()):
            if isinstance(table.vertices[bus].leaf, Previous):
                continue  # `~a: ~a` is silence
            first = self.plan.carried
            self.plan.carried_keys += [f"{table.keys[bus]}:{side}" for side in range(counts[bus])]
            self.carried[bus] = tuple(
                Place("carried", index) for index in range(first, self.plan.carried)
            )

    def _row(
        self, initial: float = 0.0, source: Held | Curve | Last | None = None, key: str = ""
    ) -> Place:
        self.plan.rows.append(AutomationRow(initial, source, key))
        return Place("row", len(self.plan.rows) - 1)

    def _ops(self, number: int) -> list[Run | Fill | RunVoices]:
        """The operations of a vertex; assigns its places."""
        vertex = self.collected.mix.vertices[number]
        places = self.flat.places
        match vertex.leaf:
            case None:
                return [*self.flat.runs(number, self.carried.get(number))]
            case Const(value):
                places[number] = (self.flat.constant(value),)
            case Held() | Last():
                key = self.collected.mix.keys[number]
                places[number] = (self._row(vertex.leaf.default, vertex.leaf, key),)
            case Curve():
                places[number] = (self.flat.buffer(),)
                row = self._row(0.0, vertex.leaf, self.collected.mix.keys[number])
                return [Fill(row.index, places[number][0])]
            case Previous(bus):
                carried = self.carried.get(self.collected.buses[bus])
                places[number] = (
                    tuple(Place("previous", place.index) for place in carried)
                    if carried
                    else (self.flat.constant(0.0),)
                )
            case Mix(stream, port):
                places[number] = self.ports[id(stream), port]
            case Stream():
                return [self._voices(vertex.leaf)]
        return []

    def _voices(self, stream: Stream) -> RunVoices:
        """The operation that runs a stream's voices into all ports that the program mixes."""
        heard: dict[str, tuple[Place, Place]] = {}
        for number, vertex in enumerate(self.collected.mix.vertices):
            if isinstance(vertex.leaf, Mix) and vertex.leaf.stream is stream:
                own = self.carried.get(number)
                pair = (own[0], own[1]) if own else (self.flat.buffer(), self.flat.buffer())
                heard[vertex.leaf.port] = self.ports[id(stream), vertex.leaf.port] = pair
        numbers = []
        for number in self.collected.patches_of(stream):
            lanes, root = self.collected.lanes[number]
            patch = make_patch_plan(
                self.collected.patches[number], lanes, root, self.flat, list(heard), self.find
            )
            numbers.append(len(self.plan.patches))
            self.plan.patches.append(patch)
        shared = [mix for number in numbers for mix, _ in self.plan.patches[number].shared]
        return RunVoices(stream, tuple(numbers), heard, tuple(dict.fromkeys(shared)))

    def _guards(self, bus: int) -> list[Guard]:
        moving = tuple(place for place in self.flat.places[bus] if place.rate == "a")
        owner = self.collected.mix.vertices[bus].owner
        return [Guard(moving, owner)] if moving else []

    def _sounding(self, number: int, ops: list[Op]) -> tuple[Place, Place]:
        """Left and right of an output at audio rate."""
        sides = [self._moving(place, ops) for place in self.flat.places[number]]
        return sides[0], sides[-1]

    def _moving(self, place: Place, ops: list[Op]) -> Place:
        """A place at audio rate with the signal of `place`."""
        if place.rate == "a":
            return place
        if place.kind == "constant":
            place = self._row(list(self.flat.constants)[place.index])
        moving = self.flat.buffer()
        ops.append(Fill(place.index, moving))
        return moving
