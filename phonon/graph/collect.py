"""Builds the vertex tables of a program: one for the mix, one for each kind of voice."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field

from phonon.graph.feedback import bus_order
from phonon.graph.node import Bus, Const, Control, Input, Mix, SharedSignal, Stream
from phonon.graph.table import Brought, GraphLeaf, GraphTable, Previous, leaves


@dataclass(frozen=True, slots=True)
class Patch:
    """A kind of voice of a stream: its graph, and the ports that it feeds."""

    stream: Stream
    key: Hashable
    graph: Input
    ports: tuple[tuple[str, str], ...] = (("main", ""),)

    @property
    def name(self) -> str:
        """A name that is stable over evaluations."""
        return f"{self.stream.name}/{self.key}"


@dataclass(slots=True)
class GraphCollection:
    """The tables of a program; `buses` and `outputs` are vertices of `mix`.

    `lanes` has, by the number of a patch, the table of its voice graph and its last vertex.
    """

    buses_defined: Mapping[str, Input]
    patches: Sequence[Patch]
    mix: GraphTable = field(init=False)
    buses: dict[str, int] = field(default_factory=dict)
    outputs: dict[str, int] = field(default_factory=dict)
    lanes: dict[int, tuple[GraphTable, int]] = field(default_factory=dict)
    _closing: set[tuple[str, str]] = field(default_factory=set)
    _owner: str = ""

    def __post_init__(self) -> None:
        self.mix = GraphTable(self._in_mix)

    def collect(self, outputs: Mapping[str, Input]) -> None:
        """Fill the tables with everything that `outputs` need."""
        uses = {name: self._uses(root) for name, root in self.buses_defined.items()}
        wanted = {name for root in outputs.values() for name in self._uses(root)}
        roots = [name for name in self.buses_defined if name in wanted]
        order, self._closing = bus_order(uses, roots)
        for name in order:
            self._owner = name
            self.buses[name] = self.mix.add(self.buses_defined[name], f"~{name}")
        self._owner = ""
        for name, root in outputs.items():
            self.outputs[name] = self.mix.add(root, name)

    def patches_of(self, stream: Stream) -> list[int]:
        """The numbers of a stream's patches."""
        return [number for number, patch in enumerate(self.patches) if patch.stream is stream]

    def _uses(self, root: Input) -> list[str]:
        """The buses that a graph reads, through the voices that it mixes too."""
        found: list[str] = []
        streams: list[Stream] = []
        pending = [root]
        while pending:
            for leaf in leaves([pending.pop()]):
                if isinstance(leaf, Bus):
                    found.append(leaf.name)
                elif isinstance(leaf, Mix) and not any(leaf.stream is known for known in streams):
                    streams.append(leaf.stream)
                    pending += [self.patches[n].graph for n in self.patches_of(leaf.stream)]
        return list(dict.fromkeys(found))

    def _in_mix(self, item: GraphLeaf) -> int | None:
        if isinstance(item, Bus):
            if (self._owner, item.name) in self._closing:
                return self.mix.leaf(Previous(item.name))
            return self.buses[item.name]
        if isinstance(item, SharedSignal):
            return self.mix.add(item.signal, f"~{self._owner}")
        if isinstance(item, Mix):
            return self.mix.leaf(item, (self._voices(item.stream),))
        return None

    def _voices(self, stream: Stream) -> int:
        """The vertex of a stream's voices; its inputs are the signals that the voices share."""
        shared: dict[int, None] = {}
        for number in self.patches_of(stream):
            if number not in self.lanes:
                self.lanes[number] = self._lanes(self.patches[number])
            for vertex in self.lanes[number][0].vertices:
                if isinstance(vertex.leaf, Brought):
                    shared[vertex.leaf.vertex] = None
        return self.mix.leaf(stream, tuple(shared))

    def _lanes(self, patch: Patch) -> tuple[GraphTable, int]:
        """The table of a patch, and the vertex of its output."""

        def resolve(item: GraphLeaf) -> int | None:
            if isinstance(item, Const | Control):
                return None
            signal = item.signal if isinstance(item, SharedSignal) else item
            return table.leaf(Brought(self.mix.add(signal, f"{patch.stream.name}/shared")))

        table = GraphTable(resolve)
        return table, table.add(patch.graph, patch.name)
