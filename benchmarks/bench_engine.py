"""The engine on the peers' workloads: ns per voice and sample, and times real time.

    python benchmarks/bench_engine.py [w1 w2 w3 w4 dispatch]

Graphs are built from nodes, without the language; only `render` is timed. The workloads are those
of the comparison with other engines (`../shared/bench/common/spec.py`), which must be there.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from phonon.engine import Renderer
from phonon.graph.node import Const, Control, Input, Mix, Node, Stream
from phonon.graph.voice import SampleData, Voice
from phonon.patterns import Pattern, pure

SPEC = Path(__file__).resolve().parents[2] / "shared" / "bench" / "common" / "spec.py"
RATE = 48_000


def node(unit: str, *inputs: Any) -> Node:
    """A node; numbers become constants."""
    return Node(unit, tuple(Const(float(i)) if isinstance(i, int | float) else i for i in inputs))


@dataclass
class Piece:
    """A score without the language: one cycle is one second."""

    outputs: dict[str, Input]
    play: Callable[[Any], Voice] | None = None
    buses: dict[str, Input] = field(default_factory=dict)
    cps: Pattern = field(default_factory=lambda: pure(1))
    seed: int = 0

    def voice(self, stream: Stream, value: Mapping[str, object], moment: object) -> Voice | None:
        """The voice of an event."""
        return self.play(value) if self.play else None


class Timed:
    """A stream of events at given seconds."""

    def __init__(self, events: list[tuple[float, Any]]) -> None:
        self.events = sorted(events, key=lambda event: event[0])

    def query(self, begin: Fraction, end: Fraction) -> list[Any]:
        """The events that begin from `begin` on, before `end`."""
        from phonon.patterns import Event, TimeSpan

        found = []
        for second, value in self.events:
            if begin <= second < end:
                span = TimeSpan(Fraction(second), Fraction(second) + 1)
                found.append(Event(span, span, value))
        return found


def busy(piece: Piece, seconds: float, voices: int = 256, rounds: int = 3) -> float:
    """Seconds of work for so many seconds of sound, the median of some runs."""
    times = []
    for _ in range(rounds):
        engine = Renderer(piece, end=round(seconds * RATE), voices=voices)
        sound = engine.render(round(seconds * RATE))
        if not np.abs(sound).max() > 1e-3:
            raise SystemExit("the workload is silent")
        times.append(engine.stats.busy_seconds)
    return median(times)


def w1(spec: Any) -> None:
    """N saws through resonant low-pass filters."""
    voice = node("lpf", node("saw", Control("freq", 1)), Control("cutoff", 1), spec.Q)
    graph = node("pan", node("mul", voice, Control("level", 1)), 0.5)
    for count in spec.W1_NS:
        events = [
            (0.0, {"freq": freq, "cutoff": cutoff, "level": level})
            for freq, cutoff, level in spec.w1(count)
        ]
        stream = Stream("o1", Timed(events))
        piece = Piece({"o1": Mix(stream)}, lambda v: Voice("w1", graph, v, gate=99, hold=99))
        time = busy(piece, 10, max(count, 256))
        report("w1", count, time, 10, count)


def w2(spec: Any) -> None:
    """Sampler voices of half a second, N at a time, cubic interpolation, envelope, pan."""
    rng = np.random.default_rng(3)
    samples = [
        SampleData(((0.3 * rng.standard_normal(RATE)).astype(np.float32),)) for _ in range(8)
    ]
    values = [Control("speed", 1), 0, 0, 1, 0, 0, 0]
    attack, decay, sustain, release = spec.ADSR
    voice = node("_sampler_mono", *values)
    voice = node("adsr", voice, Control("gate", 1), attack, decay, sustain, release)
    graph = node("pan", node("mul", voice, Control("level", 1)), Control("pan", 0.5))

    def play(value: Any) -> Voice:
        _, sample, speed, gain, pan = value
        controls = {"speed": speed, "level": gain, "pan": (pan + 1) / 2}
        return Voice("w2", graph, controls, samples[sample], spec.VDUR - release, spec.VDUR)

    for count in spec.W2_NS:
        stream = Stream("o1", Timed([(event[0], event) for event in spec.w2(count)]))
        piece = Piece({"o1": Mix(stream)}, lambda v: play(v["event"]))
        stream.pattern.events = [(t, {"event": event}) for t, event in stream.pattern.events]
        report("w2", count, busy(piece, 10, 512), 10, count)


def w3(spec: Any) -> None:
    """Stereo noise through equaliser, compressor, delay, reverb and limiter."""
    gains = [gain for _, _, gain, _ in spec.EQ]
    freqs = [freq for _, freq, _, _ in spec.EQ]
    qs = [q for *_, q in spec.EQ]
    source = node("stereo", Node("noise", (), (), "left"), Node("noise", (), (), "right"))
    graph = node("eq8", node("mul", source, 0.25), *gains, *freqs, *qs, 1)
    graph = node("comp", graph, -20, 4, 0.005, 0.1, 0, 1, -100)
    graph = node("delay", graph, spec.DELAY["time"], spec.DELAY["fb"], spec.DELAY["mix"])
    graph = node("reverb", graph, spec.VERB["room"], spec.VERB["damp"], spec.VERB["mix"])
    graph = node("limiter", graph, -0.9, 0.05)
    report("w3", 1, busy(Piece({"o1": graph}), 20), 20, 1)


def w4(spec: Any) -> None:
    """A song: 2000 voices of four kinds, up to 64 at a time."""
    level, place = Control("level", 1), Control("pan", 0.5)
    decay = Control("decay", 1)

    def voice(sound: Input, attack: float) -> Node:
        return node("pan", node("mul", node("perc", sound, 1, attack, decay, 4), level), place)

    graphs = {
        "hat": voice(node("hpf", node("noise"), Control("freq", 1), 0.7), 0.001),
        "kick": voice(
            node("sine", node("mul", Control("freq", 1), node("curve", 8, 1, 0.08, -6))), 0.001
        ),
        "snare": voice(
            node(
                "add",
                node("bpf", node("noise"), 2500, 1.25),
                node("mul", node("sine", Control("freq", 1)), 0.5),
            ),
            0.001,
        ),
        "bass": voice(
            node(
                "lpf",
                node("saw", Control("freq", 1)),
                node(
                    "add", node("mul", node("perc", 1, 1, 0.01, 2.4, 4), Control("sweep", 1)), 100
                ),
                3,
            ),
            0.005,
        ),
    }

    def play(value: Any) -> Voice:
        kind = value["kind"]
        loud = 2 if kind in ("kick", "snare") else 1
        controls = {
            "freq": value["freq"],
            "sweep": 2 * value["cut"],
            "level": value["amp"] * loud,
            "pan": (value["pan"] + 1) / 2,
            "decay": value["dur"],
        }
        return Voice(kind, graphs[kind], controls, gate=value["dur"], hold=value["dur"])

    events = spec.w4()
    seconds = sum(event["dur"] for event in events)
    stream = Stream("o1", Timed([(event["t"], event) for event in events]))
    time = busy(Piece({"o1": Mix(stream)}, play), 60)
    print(f"w4  2000 voices {time / seconds / RATE * 1e9:8.2f} ns/voice-sample {60 / time:8.0f} x")


def dispatch(_: Any) -> None:
    """What a node costs besides its sound: a chain of one-frame kernels at a block of one frame."""
    times = []
    for count in (1, 201):
        graph: Input = node("sine", 100)
        for step in range(count):
            graph = node("mul", graph, 1 - 1e-6 * step)
        engine = Renderer(Piece({"o1": graph}), end=RATE, block=1)
        engine.render(RATE)
        times.append(engine.stats.busy_seconds)
    print(f"dispatch      {(times[1] - times[0]) / 200 / RATE * 1e9:8.2f} ns/node-block")


def report(name: str, count: int, time: float, seconds: float, voices: int) -> None:
    """One line: cost per voice and sample, times real time."""
    each = time / (voices * seconds * RATE) * 1e9
    print(f"{name} {count:5d} voices {each:8.2f} ns/voice-sample {seconds / time:8.0f} x")


def main() -> None:
    """Run the workloads named on the command line, or all."""
    if not SPEC.exists():
        raise SystemExit(f"{SPEC} is not there")
    found = importlib.util.spec_from_file_location("spec", SPEC)
    if found is None or found.loader is None:
        raise SystemExit(f"{SPEC} cannot be read")
    spec = importlib.util.module_from_spec(found)
    found.loader.exec_module(spec)
    workloads = {"w1": w1, "w2": w2, "w3": w3, "w4": w4, "dispatch": dispatch}
    for name in sys.argv[1:] or workloads:
        workloads[name](spec)


if __name__ == "__main__":
    main()
