"""Turns the onsets of streams into the events that start voices of a plan."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from math import isfinite

from phonon.engine.events import StartVoice
from phonon.engine.sample_memory import SampleMemory
from phonon.engine.scheduler import Onset, PatchName
from phonon.graph.ops import PatchPlan, Plan

FOREVER = 1 << 40  # frames


@dataclass(slots=True)
class VoiceStarter:
    """Makes start events for the patches of one plan.

    `cuts` numbers the cut groups by name; share it between plans that play one after the other,
    so that a voice of the new plan can cut one of the old.
    """

    plan: Plan
    sample_rate: int
    recordings: SampleMemory = field(default_factory=SampleMemory)
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

    def find(self, onset: Onset) -> StartVoice | None:
        """The event that starts an onset's voice; None if the plan has no patch for it."""
        found = self.patches.get(onset.patch)
        return None if found is None else self.start(onset, *found)

    def start(self, onset: Onset, number: int, patch: PatchPlan) -> StartVoice:
        """The event that starts an onset's voice in one patch of the plan, by its number."""
        voice = onset.voice
        values = {**voice.controls, "gate": self._frames(voice.gate)}
        cut = 0 if voice.cut is None else self.cuts.setdefault(voice.cut, len(self.cuts) + 1)
        return StartVoice(
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
