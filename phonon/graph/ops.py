"""Plans: operations in order of execution, and the numbered places of their signals."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Literal

from phonon.graph.node import Curve, Held, Last, Stream

PlaceKind = Literal["buffer", "carried", "previous", "sum", "constant", "row", "control"]


@dataclass(frozen=True, slots=True)
class Place:
    """The memory of one channel of a signal, by kind and number.

    Audio rate: `buffer` (reused after its last reader), `carried` (a bus in a feedback loop, which
    keeps its last frame), `previous` (the same, one frame back), `sum` (the sum of all voices at a
    port). Control rate: `constant`, `row` (set by events, or computed by a `once` operation),
    `control` (a row per voice).
    """

    kind: PlaceKind
    index: int

    @property
    def rate(self) -> Literal["a", "k"]:
        """Audio or control rate; kernels are compiled for the rates of their inputs."""
        return "a" if self.kind in ("buffer", "carried", "previous", "sum") else "k"


@dataclass(slots=True)
class Run:
    """A kernel call; `once` if one frame is enough: stateless, with inputs at control rate."""

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
        """The rates of the inputs, one letter each."""
        return "".join(place.rate for place in self.inputs)


@dataclass(slots=True)
class Fill:
    """Writes a row's value, plus its slope per frame, to a buffer."""

    row: int
    output: Place


@dataclass(slots=True)
class RunVoices:
    """Runs all voices of a stream: its patches by number, the sums of its ports, what it reads."""

    stream: Stream
    patches: tuple[int, ...]
    ports: dict[str, tuple[Place, Place]]
    shared: tuple[Place, ...] = ()


@dataclass(slots=True)
class Loop:
    """Operations of a feedback loop, executed frame by frame."""

    body: list[Run | Fill | RunVoices]


@dataclass(slots=True)
class Guard:
    """Replaces non-numbers in `channels` by silence and resets the runs of `owner`."""

    channels: tuple[Place, ...]
    owner: str


@dataclass(slots=True)
class Output:
    """An output: a channel of the mixer."""

    name: str
    left: Place
    right: Place


Op = Run | Fill | RunVoices | Loop | Guard | Output


@dataclass(slots=True)
class AutomationRow:
    """A value of control rate, set by the events of `source`; without one, constant or computed.

    `key` is stable over evaluations where there is a source.
    """

    initial: float
    source: Held | Curve | Last | None = None
    key: str = ""


@dataclass(slots=True)
class PatchPlan:
    """The plan of a patch: its runs, and its controls (a row per voice) with defaults.

    `shared` copies signals of the mix into voices: (place in the mix, place in the patch).
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
    """A program as operations in order, over numbered places.

    `carried_keys` name the channels of buses in feedback loops, so that the next program keeps
    their last frames.
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
        """The number of channels that keep their last frame."""
        return len(self.carried_keys)

    def voices(self) -> list[RunVoices]:
        """Every operation that runs voices, in feedback loops too."""
        found: list[RunVoices] = []
        for op in self.ops:
            inner = op.body if isinstance(op, Loop) else [op]
            found += [item for item in inner if isinstance(item, RunVoices)]
        return found

    def runs(self) -> list[Run]:
        """Every kernel call of the mix, in feedback loops too."""
        found: list[Run] = []
        for op in self.ops:
            if isinstance(op, Run):
                found.append(op)
            elif isinstance(op, Loop):
                found += [inner for inner in op.body if isinstance(inner, Run)]
        return found
