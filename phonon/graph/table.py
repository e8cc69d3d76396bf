"""A graph as a list of vertices: equal nodes once, inputs before their users, constants folded."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from zlib import crc32

from phonon.graph.node import (
    Bus,
    Const,
    Control,
    Curve,
    Held,
    Input,
    Last,
    Mix,
    Node,
    SharedSignal,
    Stream,
)
from phonon.graph.simplify import simplified


@dataclass(frozen=True, slots=True)
class Previous:
    """A bus in a feedback loop, one frame ago."""

    bus: str


@dataclass(frozen=True, slots=True)
class Brought:
    """In a voice's table: a signal of the mix, by its vertex in the table of the mix."""

    vertex: int


TableLeaf = Const | Control | Held | Curve | Last | Mix | Stream | Previous | Brought
GraphLeaf = Const | Control | Held | Curve | Last | Mix | Bus | SharedSignal


@dataclass(frozen=True, slots=True, eq=False)
class Vertex:
    """A unit with its inputs, or a leaf; `inputs` are numbers of vertices."""

    unit: str
    leaf: TableLeaf | None
    inputs: tuple[int, ...] = ()
    data: tuple[tuple[float, ...], ...] = ()
    owner: str = ""

    @property
    def constant(self) -> float | None:
        """Its value if it is a number, else None."""
        return self.leaf.value if isinstance(self.leaf, Const) else None


@dataclass(slots=True)
class GraphTable:
    """Vertices by number; a vertex stands after its inputs.

    `resolve` gives the vertex of a leaf that the table cannot know: a bus in the mix, a shared
    signal in a voice. `keys` name the state of a vertex, stable over evaluations: owner, unit,
    ordinal. `seeds` depend on the unit and everything under it (leaves by the names of their
    classes too), not on other outputs, so that no output changes the noise of another.
    """

    resolve: Callable[[GraphLeaf], int | None]
    vertices: list[Vertex] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    seeds: list[int] = field(default_factory=list)
    _known: dict[object, int] = field(default_factory=dict)
    _counts: dict[tuple[str, str], int] = field(default_factory=dict)
    _alive: list[object] = field(default_factory=list)  # leaves whose id is in _known

    def add(self, root: Input, owner: str) -> int:
        """The vertex of `root`; adds everything under it."""
        done: dict[int, int] = {}
        stack: list[Input] = [root]
        while stack:
            item = stack[-1]
            if id(item) in done:
                stack.pop()
            elif isinstance(item, Node):
                missing = [child for child in item.inputs if id(child) not in done]
                if missing:
                    stack += reversed(missing)
                    continue
                stack.pop()
                inputs = tuple(done[id(child)] for child in item.inputs)
                done[id(item)] = self._node(item, inputs, owner)
            else:
                stack.pop()
                done[id(item)] = self._leaf(item, owner)
        return done[id(root)]

    def leaf(self, leaf: TableLeaf, inputs: tuple[int, ...] = (), owner: str = "") -> int:
        """The vertex of a leaf."""
        known = (type(leaf).__name__, *_identity(leaf))
        if known not in self._known:
            self._alive.append(leaf)
            vertex = Vertex("", leaf, inputs, owner=owner)
            self._known[known] = self._append(vertex, f"{type(leaf).__name__}")
        return self._known[known]

    def _leaf(self, item: GraphLeaf, owner: str) -> int:
        found = self.resolve(item)
        if found is not None:
            return found
        if isinstance(item, Bus | SharedSignal):
            raise LookupError(f"{item} has no vertex here")
        return self.leaf(item, owner=owner)

    def _node(self, node: Node, inputs: tuple[int, ...], owner: str) -> int:
        plain = simplified(node.unit, [self.vertices[row].constant for row in inputs])
        if isinstance(plain, float):
            return self.leaf(Const(plain))
        if plain is not None:
            return inputs[plain]
        known = (node.unit, inputs, node.data, node.key)
        if known not in self._known:
            vertex = Vertex(node.unit, None, inputs, node.data, owner)
            self._known[known] = self._append(vertex, f"{node.data}{node.key}")
        return self._known[known]

    def _append(self, vertex: Vertex, content: str) -> int:
        self.vertices.append(vertex)
        inputs = [self.seeds[row] for row in vertex.inputs]
        self.seeds.append(crc32(f"{vertex.unit}{inputs}{vertex.constant}{content}".encode()))
        place = (vertex.owner, vertex.unit or type(vertex.leaf).__name__)
        self._counts[place] = ordinal = self._counts.get(place, -1) + 1
        self.keys.append(f"{vertex.owner}/{place[1]}.{ordinal}")
        return len(self.vertices) - 1


def _identity(leaf: TableLeaf) -> tuple[object, ...]:
    """The key by which leaves are equal; patterns and streams are compared by identity."""
    match leaf:
        case Const(value):
            return (value, str(value))  # 0.0 and -0.0 differ
        case Held(pattern, default, index, presence):
            return (id(pattern), default, index, presence)
        case Curve(pattern):
            return (id(pattern),)
        case Last(stream, control, default):
            return (id(stream), control, default)
        case Mix(stream, port):
            return (id(stream), port)
        case Control(name, default):
            return (name, default)
        case Previous(bus):
            return (bus,)
        case Brought(vertex):
            return (vertex,)
        case Stream():
            return (id(leaf),)


def leaves(roots: Iterable[Input]) -> list[Input]:
    """Every leaf under `roots`, once, from left to right."""
    seen: set[int] = set()
    found: list[Input] = []
    stack = list(reversed(list(roots)))
    while stack:
        item = stack.pop()
        if id(item) in seen:
            continue
        seen.add(id(item))
        if isinstance(item, Node):
            stack += reversed(item.inputs)
        elif isinstance(item, SharedSignal):
            stack.append(item.signal)
        else:
            found.append(item)
    return found
