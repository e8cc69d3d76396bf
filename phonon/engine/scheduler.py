"""Queries the streams of a score: which voices start when, and which rows change when."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Protocol
from zlib import crc32

from phonon.engine.automation import CurveAutomation, HeldAutomation
from phonon.engine.clock import Clock
from phonon.engine.events import SetRow
from phonon.errors import Span
from phonon.graph.collect import Patch
from phonon.graph.node import Bus, Curve, Held, Input, Last, Mix, SharedSignal, Stream
from phonon.graph.ops import Plan
from phonon.graph.table import leaves
from phonon.graph.voice import EventTiming, SampleSource, Voice
from phonon.patterns import Pattern


class ScoreProtocol(Protocol):
    """What the engine needs of a score."""

    cps: Pattern
    outputs: dict[str, Input]
    buses: dict[str, Input]
    seed: int

    def voice(
        self, stream: Stream, value: Mapping[str, object], moment: EventTiming
    ) -> Voice | None:
        """Return the voice that an event starts."""


PatchName = tuple[int, Hashable, tuple[tuple[str, str], ...]]


@dataclass(frozen=True, slots=True)
class Onset:
    """An event that starts a voice at a frame and lasts so many frames.

    `spans` are the literals that it comes from.
    """

    frame: int
    voice: Voice
    patch: PatchName
    seed: int
    stream: Stream
    spans: tuple[Span, ...] = ()
    frames: int = 0


@dataclass(slots=True)
class Scheduler:
    """Queries the streams of a score."""

    score: ScoreProtocol
    clock: Clock
    sample_rate: int
    samples: SampleSource | None
    seed: int
    streams: dict[int, Stream] = field(default_factory=dict)
    patches: dict[PatchName, Patch] = field(default_factory=dict)
    lasts: list[tuple[Last, list[tuple[int, float]]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.find_streams(self.score.outputs.values())

    def onsets(
        self,
        stream: Stream,
        begin: Fraction,
        end: Fraction,
        *,
        before: int | None = None,
        since: Fraction | None = None,
        known: set[Hashable] | None = None,
    ) -> Iterator[Onset]:
        """Yield the voices that a stretch of a stream starts, in order of time.

        Left out are those at or after frame `before`, those before cycle `since`, and those whose
        event is like one in `known`, which is added to: enough to find all kinds of voices.
        """
        lasts = [entry for entry in self.lasts if entry[0].stream is stream]
        events = [event for event in stream.pattern.query(begin, end) if event.has_onset]
        together: dict[Fraction, int] = {}  # how many events of this moment there have been
        for event in sorted(events, key=lambda event: event.part.begin):
            cycle = event.part.begin
            ordinal = together[cycle] = together.get(cycle, -1) + 1
            frame = self.clock.frame(cycle)
            if (before is not None and frame >= before) or not isinstance(event.value, Mapping):
                continue
            if since is not None and cycle < since:
                continue
            if known is not None and _is_known(stream, event.value, known):
                continue
            for last, values in lasts:
                value = event.value.get(last.control)
                if isinstance(value, int | float | Fraction):
                    values.append((frame, float(value)))
            span = event.whole_or_part
            moment = EventTiming(
                cycle,
                span.end - span.begin,
                float(self.clock.cps(cycle)),
                self.sample_rate,
                self.samples,
                event.context,
            )
            voice = self.score.voice(stream, event.value, moment)
            if voice is None:
                continue
            seed = crc32(f"{self.seed} {stream.name} {cycle} {ordinal}".encode())
            frames = round(moment.seconds * self.sample_rate)
            patch = self._patch(stream, voice)
            yield Onset(frame, voice, patch, seed, stream, event.context, frames)

    def note_last(self, last: Last, frame: int, value: float) -> None:
        """Keep the value that an event gives to the row that follows its stream."""
        for known, values in self.lasts:
            if known == last:
                values.append((frame, value))

    def _patch(self, stream: Stream, voice: Voice) -> PatchName:
        key = id(stream), voice.patch, voice.ports
        if key not in self.patches:
            self.patches[key] = Patch(stream, voice.patch, voice.graph, voice.ports)
            self.find_streams([voice.graph])
        return key

    def find_streams(self, roots: Iterable[Input]) -> None:
        """Add the streams that graphs mix, also through buses."""
        pending = list(roots)
        buses: set[str] = set()
        while pending:
            for leaf in leaves([pending.pop()]):
                if isinstance(leaf, Bus) and leaf.name not in buses:
                    buses.add(leaf.name)
                    if leaf.name in self.score.buses:
                        pending.append(self.score.buses[leaf.name])
                elif isinstance(leaf, Mix | Last):
                    self.streams[id(leaf.stream)] = leaf.stream
                    if isinstance(leaf, Last) and all(leaf != known for known, _ in self.lasts):
                        self.lasts.append((leaf, []))
                elif isinstance(leaf, SharedSignal):
                    pending.append(leaf.signal)


def _is_known(stream: Stream, value: Mapping[str, object], known: set[Hashable]) -> bool:
    """Whether an event like this one has been seen: the same words, and numbers of one sign.

    Building a voice takes far longer than that. Events with signals in them are never alike.
    """
    likeness: list[Hashable] = [id(stream)]
    for name, item in value.items():
        if isinstance(item, int | float | Fraction) and name != "n":
            likeness.append((name, item > 0, item < 0, item == 1))
        elif isinstance(item, str | int | float | Fraction):
            likeness.append((name, item))
        else:
            return False
    before = len(known)
    known.add(tuple(likeness))
    return len(known) == before


@dataclass(slots=True)
class Rows:
    """The automation rows of a plan and the patterns that set them."""

    plan: Plan
    clock: Clock
    scheduler: Scheduler
    sources: list[HeldAutomation | CurveAutomation] = field(default_factory=list)

    def __post_init__(self) -> None:
        for number, row in enumerate(self.plan.rows):
            if isinstance(row.source, Held):
                self.sources.append(HeldAutomation(number, row.source, self.clock))
            elif isinstance(row.source, Curve):
                self.sources.append(CurveAutomation(number, row.source, self.clock))

    def changes(self, begin: Fraction, end: Fraction, since: Fraction) -> list[Iterator[SetRow]]:
        """Return, for each row, an iterator over its changes in a stretch of cycles."""
        return [source.follow(begin, end, since) for source in self.sources]

    def lasts(self) -> list[SetRow]:
        """Return the changes of rows that follow a stream's latest event: settings of sends."""
        found: list[SetRow] = []
        for number, row in enumerate(self.plan.rows):
            for last, values in self.scheduler.lasts:
                if isinstance(row.source, Last) and row.source == last:
                    found += [SetRow(frame, number, value) for frame, value in values]
        return found
