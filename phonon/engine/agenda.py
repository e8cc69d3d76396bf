"""What is going to happen: voices known beforehand, and rows asked for as time comes near."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from math import isfinite

from phonon.engine.clock import Clock
from phonon.engine.events import Event, Start
from phonon.engine.recordings import Recordings
from phonon.engine.scheduler import Onset, PatchName, Rows
from phonon.graph.ops import PatchPlan, Plan

FOREVER = 1 << 40  # frames
LONGEST_STRETCH = 1 << 18  # frames of rows asked for at once


class Agenda:
    """Events in the order in which they are due; of one frame, rows before voices."""

    def __init__(self, clock: Clock, rows: Rows, starts: Iterable[Start]) -> None:
        self._clock = clock
        self._rows = rows
        known: list[Event] = [*rows.lasts(), *starts]
        self._known: deque[Event] = deque(sorted(known, key=lambda event: event.frame))
        self._coming: deque[Event] = deque()
        self._asked: Fraction = clock.origin

    def before(self, frame: int) -> Iterator[Event]:
        """Take the events that are due before a frame."""
        while self._clock.frame(self._asked) < frame:
            self._ask()
        while self._coming and self._coming[0].frame < frame:
            yield self._coming.popleft()

    def put_back(self, event: Event) -> None:
        """The event just taken is the next one again."""
        self._coming.appendleft(event)

    def _ask(self) -> None:
        """Put what happens next behind what is coming."""
        begin = self._asked
        end = self._asked = stretch(self._clock, begin)
        stop = self._clock.frame(end)
        events: list[Event] = [*self._rows.follow(begin, end)]
        while self._known and self._known[0].frame < stop:
            events.append(self._known.popleft())
        events.sort(key=lambda event: (event.frame, isinstance(event, Start)))
        self._coming += events


def stretch(clock: Clock, begin: Fraction) -> Fraction:
    """Where the stretch ends for which rows are asked at once: a cycle on, or a part of it."""
    frames = clock.frame(begin + 1) - clock.frame(begin)
    return begin + Fraction(1, 1 + frames // LONGEST_STRETCH)


@dataclass(slots=True)
class Starter:
    """Turns onsets into what starts a voice in a plan."""

    plan: Plan
    sample_rate: int
    recordings: Recordings = field(default_factory=Recordings)
    cuts: dict[Hashable, int] = field(default_factory=dict)
    patches: dict[PatchName, tuple[int, PatchPlan]] = field(init=False)

    def __post_init__(self) -> None:
        self.patches = {
            (id(patch.stream), patch.key, patch.ports): (number, patch)
            for number, patch in enumerate(self.plan.patches)
        }

    def named(self) -> Iterable[tuple[int, PatchPlan]]:
        """The plan's patches with their numbers."""
        return self.patches.values()

    def starts(self, onsets: Iterable[Onset]) -> Iterator[Start]:
        """The starts of all voices that are heard somewhere."""
        for onset in onsets:
            if onset.patch in self.patches:
                yield self.start(onset, *self.patches[onset.patch])

    def start(self, onset: Onset, number: int, patch: PatchPlan) -> Start:
        """The start of a voice in a patch of the plan, by its number."""
        voice = onset.voice
        values = {**voice.controls, "gate": self._frames(voice.gate)}
        cut = 0 if voice.cut is None else self.cuts.setdefault(voice.cut, len(self.cuts) + 1)
        return Start(
            onset.frame,
            number,
            onset.seed,
            self._frames(voice.hold),
            cut,
            self.recordings.describe(voice.sample),
            [values.get(name, default) for name, default in patch.controls],
        )

    def _frames(self, seconds: float) -> int:
        frames = seconds * self.sample_rate
        return min(round(frames), FOREVER) if isfinite(frames) else FOREVER
