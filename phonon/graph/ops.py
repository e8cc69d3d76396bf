"""What a plan is made of: places where signals lie, and operations in their order."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Literal

from phonon.graph.node import Curve, Held, Last, Stream

PlaceKind = Literal["buffer", "carried", "previous", "sum", "constant", "row", "control"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where one channel of a signal lies.

    A value per frame: `buffer` (reused once nobody needs it), `carried` (a bus of a circle; it
    keeps its last frame), `previous` (the same, one frame back), `sum` (what a port receives of
    all voices). A value that stays: `constant`, `row` (set by events, or worked out by a `once`
    operation), `control` (a row per voice).
    """

    kind: PlaceKind
    index: int

    @property
    def rate(self) -> Literal["a", "k"]:
        """Audio or control rate, as kernels are told apart."""
        return "a" if self.kind in ("buffer", "carried", "previous", "sum") else "k"


@dataclass(slots=True)
class Run:
    """One kernel call. `once` says that a single frame does: nothing in it moves by itself."""

    unit: str
    outputs: tuple[Place, ...]
    inputs: tuple[Place, ...]
    key: str
    seed: int = 0
    data: tuple[tuple[float, ...], ...] = ()
    owner: str = ""
    once: bool = False

    @property
    def rates(self) -> str:
        """The rate of every input, which tells kernels of one unit apart."""
        return "".join(place.rate for place in self.inputs)


@dataclass(slots=True)
class Fill:
    """A row followed frame by frame: value plus slope."""

    row: int
    output: Place


@dataclass(slots=True)
class RunVoices:
    """All voices of a stream: its patches (by number), what its ports receive, what it reads."""

    stream: Stream
    patches: tuple[int, ...]
    ports: dict[str, tuple[Place, Place]]
    shared: tuple[Place, ...] = ()


@dataclass(slots=True)
class Loop:
    """Operations in a circle, carried out frame by frame."""

    body: list[Run | Fill | RunVoices]


@dataclass(slots=True)
class Guard:
    """Where what is not a number is stopped, and the runs of `owner` begin anew."""

    channels: tuple[Place, ...]
    owner: str


@dataclass(slots=True)
class Output:
    """A channel of the mixer."""

    name: str
    left: Place
    right: Place


Op = Run | Fill | RunVoices | Loop | Guard | Output


@dataclass(slots=True)
class AutomationRow:
    """A value that events set; `source` says which, or it is a constant or worked out.

    `key` is stable over evaluations where there is a source.
    """

    initial: float
    source: Held | Curve | Last | None = None
    key: str = ""


@dataclass(slots=True)
class PatchPlan:
    """The lane graph of a patch: its runs, and its controls (rows per voice) with defaults.

    `shared` brings signals of the mix into lanes: (place in the mix, place in the patch).
    """

    name: str
    stream: Stream
    key: Hashable
    ports: tuple[tuple[str, str], ...]
    runs: list[Run]
    controls: list[tuple[str, float]]
    shared: list[tuple[Place, Place]]
    buffers: int
    rows: int
    constants: list[float]


@dataclass(slots=True)
class Plan:
    """A whole program as operations in one order, over numbered places.

    `carried_keys` name the buses of circles, channel by channel, for programs to come.
    """

    ops: list[Op] = field(default_factory=list)
    patches: list[PatchPlan] = field(default_factory=list)
    rows: list[AutomationRow] = field(default_factory=list)
    constants: list[float] = field(default_factory=list)
    outputs: list[str] = field(default_factory=list)
    buffers: int = 0
    carried_keys: list[str] = field(default_factory=list)

    @property
    def carried(self) -> int:
        """How many signals keep their last frame."""
        return len(self.carried_keys)

    def voices(self) -> list[RunVoices]:
        """Every operation that plays voices, inside circles too."""
        found: list[RunVoices] = []
        for op in self.ops:
            inner = op.body if isinstance(op, Loop) else [op]
            found += [item for item in inner if isinstance(item, RunVoices)]
        return found

    def runs(self) -> list[Run]:
        """Every kernel call of the mix, inside circles too."""
        found: list[Run] = []
        for op in self.ops:
            if isinstance(op, Run):
                found.append(op)
            elif isinstance(op, Loop):
                found += [inner for inner in op.body if isinstance(inner, Run)]
        return found
