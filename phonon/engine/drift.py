"""Compares the frames at which voices started with those that the score asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from phonon.engine.clock import Clock
from phonon.engine.scheduler import Scheduler, ScoreProtocol
from phonon.graph.voice import SampleSource

Started = tuple[int, str]
"""The frame at which a voice started, and its stream."""


@dataclass(frozen=True, slots=True)
class Drift:
    """Compares the voices of a stretch with those that the score asks for.

    `last` is the frame of the last one, `due` the frame at which it should have started. `wrong`
    counts voices that are missing, and those that started where none is due.
    """

    count: int
    wrong: int
    last: int | None
    due: int | None


def drift(
    score: ScoreProtocol,
    started: Sequence[Started],
    begin: int,
    end: int,
    sample_rate: int,
    samples: SampleSource | None,
) -> Drift:
    """Compare the voices that started in a stretch of frames with a fresh query of the score.

    The query uses a clock that runs from frame 0 without a swap. So the music has to have begun
    there, and its tempo may have changed by its own pattern only.
    """
    clock = Clock(score.cps, sample_rate)
    scheduler = Scheduler(score, clock, sample_rate, samples, score.seed)
    first, last = floor(clock.at(begin)), floor(clock.at(end))
    due: list[Started] = []
    asked: set[int] = set()
    while waiting := [key for key in scheduler.streams if key not in asked]:
        for key in waiting:  # voices may bring along streams of their own
            asked.add(key)
            stream = scheduler.streams[key]
            onsets = scheduler.onsets(stream, Fraction(first), Fraction(last + 1))
            due += [(found.frame, stream.name) for found in onsets if begin <= found.frame < end]
    missing, unasked = list(due), []
    for voice in started:
        if voice in missing:
            missing.remove(voice)
        else:
            unasked.append(voice)
    return Drift(
        len(due),
        len(missing) + len(unasked),
        max((frame for frame, _ in started), default=None),
        max((frame for frame, _ in due), default=None),
    )
