"""What a session asks of the engine's player; `phonon.engine.live` has the one that sounds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import Protocol, cast

from phonon.audio.tap import Playing
from phonon.errors import Span
from phonon.graph.voice import SampleSource
from phonon.score import Score
from phonon.session.lit import Carried
from phonon.session.protocol import When


class Performer(Playing, Protocol):
    """A running engine whose program changes."""

    @property
    def frame(self) -> int:
        """The next frame that is played."""

    @property
    def cycle(self) -> float:
        """Where that is in the music."""

    def swap(self, score: Score, when: When = "now") -> Carried:
        """Let another program take over. Raises PhononError."""

    def hush(self) -> None: ...

    def unhush(self) -> None: ...

    def panic(self) -> None: ...

    def mute(self, names: Iterable[str]) -> None:
        """These outputs are muted, and no others."""

    def solo(self, names: Iterable[str]) -> None:
        """These outputs are soloed, and no others."""

    def master(self, gain: float) -> None: ...

    def tempo(self, cps: float) -> None: ...

    def nudge(self, cycles: float) -> None: ...

    def sounding(self, frame: int) -> Iterable[tuple[int, int, tuple[Span, ...], str]]:
        """(begin, end, spans, output) of what sounds at a frame or soon after."""

    def scope(self) -> Sequence[float]: ...

    def close(self) -> None: ...


def make_player(rate: int, voices: int, samples: SampleSource, seed: int | None) -> Performer:
    """The engine's player."""
    player = import_module("phonon.engine.live").Player
    return cast("Performer", player(sample_rate=rate, voices=voices, samples=samples, seed=seed))
