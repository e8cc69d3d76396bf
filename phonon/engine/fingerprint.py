"""Hashes the outputs and units of a plan, to tell at a swap which of them sound the same."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from phonon.graph.ops import Fill, Loop, Op, Output, Place, Plan, Run, RunVoices
from phonon.graph.spec import find_unit

SCALED = ("mul", "gain", "pan")  # silent where their first input is


@dataclass(frozen=True, slots=True)
class SignalFingerprint:
    """The fingerprint of a stereo signal.

    `signals`: a hash for left and right; equal hashes mean equal sound. `streams` are heard in it;
    `drones` says that it sounds without any voice.
    """

    signals: tuple[int, int]
    streams: frozenset[str]
    drones: bool


@dataclass(frozen=True, slots=True)
class PlanFingerprint:
    """The fingerprints of a plan: of outputs by name, of kernel calls by key.

    `shared` has the hashes of the mix signals that voices read, by the number of their patch.
    """

    outputs: dict[str, SignalFingerprint]
    runs: dict[str, SignalFingerprint]
    shared: dict[int, list[int]]


@dataclass(frozen=True, slots=True)
class _Signal:
    name: int
    streams: frozenset[str] = frozenset()
    drones: bool = False


def fingerprint(plan: Plan, fresh: Collection[str] = ()) -> PlanFingerprint:
    """Fingerprint a plan. Runs and rows whose keys are in `fresh` are equal to no others."""
    reader = _PlanReader(plan, fresh)
    found: dict[str, SignalFingerprint] = {}
    for op in plan.ops:
        for inner in op.body if isinstance(op, Loop) else [op]:
            reader.read(inner)
        if isinstance(op, Output):
            left, right = reader.signal(op.left), reader.signal(op.right)
            found[op.name] = SignalFingerprint(
                (left.name, right.name),
                left.streams | right.streams,
                left.drones or right.drones,
            )
    return PlanFingerprint(found, reader.runs, reader.shared)


@dataclass(slots=True)
class _PlanReader:
    """Goes through the operations of a plan, noting the signal in every place."""

    plan: Plan
    fresh: Collection[str]
    runs: dict[str, SignalFingerprint] = field(default_factory=dict)
    shared: dict[int, list[int]] = field(default_factory=dict)
    _known: dict[Place, _Signal] = field(default_factory=dict)

    def signal(self, place: Place) -> _Signal:
        """The signal in a place at this point of the plan."""
        if place in self._known:
            return self._known[place]
        match place.kind:
            case "constant":
                return _Signal(hash(self.plan.constants[place.index]))
            case "row":
                row = self.plan.rows[place.index]
                own = id(self) if row.key in self.fresh else 0
                return _Signal(hash((row.key, type(row.source).__name__, row.initial, own)))
            case "carried" | "previous":
                return _Signal(hash((place.kind, self.plan.carried_keys[place.index])))
        return _Signal(0)

    def read(self, op: Op) -> None:
        """Note the signals that an operation writes."""
        match op:
            case Run():
                self._run(op)
            case Fill(row, output):
                source = self.signal(Place("row", row))
                self._known[output] = _Signal(hash(("fill", source.name)))
            case RunVoices():
                for number in op.patches:
                    sources = [source for source, _ in self.plan.patches[number].shared]
                    self.shared[number] = [self.signal(source).name for source in sources]
                for port, pair in op.ports.items():
                    for side, place in enumerate(pair):
                        name = hash((op.stream.name, port, side))
                        self._known[place] = _Signal(name, frozenset([op.stream.name]))

    def _run(self, run: Run) -> None:
        unit = find_unit(run.unit)
        inputs = [self.signal(place) for place in run.inputs]
        count = len(inputs) - len(unit.parameters)
        heard = [
            signal
            for signal, place in zip(inputs[:count], run.inputs, strict=False)
            if place.kind != "constant"
        ]
        if run.unit in SCALED:
            drones = bool(heard) and all(signal.drones for signal in heard)
        else:
            drones = any(signal.drones for signal in heard) or not count
        name = hash((run.unit, run.data, run.key, tuple(signal.name for signal in inputs)))
        if run.key in self.fresh:
            name = hash((name, id(self)))
        streams = frozenset().union(*(signal.streams for signal in heard)) if heard else frozenset()
        self.runs[run.key] = SignalFingerprint((name, name), streams, drones)
        for side, place in enumerate(run.outputs):
            self._known[place] = _Signal(hash((name, side)), streams, drones)
