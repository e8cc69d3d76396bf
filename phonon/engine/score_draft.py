"""Prepares a score without locks: finds its kinds of voices, makes the plan, loads the kernels."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass, field
from fractions import Fraction

from phonon.engine.clock import Clock
from phonon.engine.loaded_plan import needed
from phonon.engine.lookahead import EventFeed
from phonon.engine.scheduler import ScoreProtocol
from phonon.graph.ops import Plan
from phonon.kernel import library
from phonon.kernel.library import Item

MakeClock = Callable[[Clock, Fraction], Clock]
"""The clock of the new score, from that of the old one and the cycle at which it takes over."""


def unchanged(clock: Clock, _cycle: Fraction) -> Clock:
    """Go on with the clock of the old score."""
    return clock


@dataclass(slots=True, repr=False)
class ScoreDraft:
    """What `LoadedScores` needs to load a score; `prepare` does all that takes long.

    No lock is needed for that: nothing here is shared with the engine. `begin` is the cycle to
    start at if no score has played before.
    """

    score: ScoreProtocol
    feed: EventFeed
    make_clock: MakeClock = unchanged
    unhush: bool = False
    begin: Fraction = Fraction(0)
    plan: Plan = field(default_factory=Plan)
    kernels: dict[Item, int] = field(default_factory=dict)

    def prepare(
        self,
        until: int = 0,
        recalled: Collection[Hashable] = (),
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        """Find the kinds of voices up to a frame, at most four cycles on; plan; load kernels.

        `recalled` are the names of patches whose voices may still sound. Raises PhononError where
        the score cannot be played.
        """
        self.feed.scout(until, most=4)
        self.feed.recall(recalled)
        self.plan = self.feed.plan()
        self.load(progress)

    def load(self, progress: Callable[[int, int], None] | None = None) -> None:
        """Load the kernels of the plan; those that are missing are compiled."""
        self.kernels = library.load(needed(self.plan), progress)
