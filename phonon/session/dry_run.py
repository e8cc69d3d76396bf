"""Makes the voices of a score's first cycles without sound, to find mistakes in its events."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from time import process_time
from typing import TYPE_CHECKING

import numpy as np

from phonon.errors import Diagnostic, Fault
from phonon.graph.voice import EventTiming, SampleData
from phonon.session.programs import heard_streams

if TYPE_CHECKING:
    from phonon.audio.samples import SampleLibrary
    from phonon.graph.node import Stream
    from phonon.score import Score

CYCLES = 16  # of each stream, at most
EVENTS = 512  # of each stream, at most
SECONDS = 0.25  # of processor time per stream, after which no further cycle is queried

NOTHING = SampleData((np.zeros(1, np.float32),))


@dataclass(frozen=True, slots=True)
class StubSamples:
    """Stands for the sample banks without reading a file: every sound is one silent frame."""

    library: SampleLibrary

    def find(self, bank: str, n: int) -> SampleData | None:
        """The silent frame, or None without such a bank."""
        del n
        return NOTHING if self.library.files(bank) else None


def dry_run(score: Score, library: SampleLibrary) -> list[Diagnostic]:
    """Errors and warnings that the events of the first cycles cause."""
    found = []
    for stream in heard_streams(score):
        try:
            _play(stream, score, StubSamples(library))
        except Fault as fault:
            found.append(fault.diagnostic(score.source))
    return found + event_warnings(score, library)


def event_warnings(score: Score, library: SampleLibrary) -> list[Diagnostic]:
    """Warnings about sounds and controls that a played score asked for in vain."""
    return score.voice_builder.warnings.diagnostics(
        score.source, [*score.instruments, *library.banks()]
    )


def _play(stream: Stream, score: Score, samples: StubSamples) -> None:
    count, begun = 0, process_time()
    for cycle in range(CYCLES):
        if process_time() - begun > SECONDS:
            return
        for event in stream.pattern.query(cycle, cycle + 1):
            if not event.has_onset or not isinstance(event.value, dict):
                continue
            count += 1
            if count > EVENTS:
                return
            span = event.whole_or_part
            length = span.end - span.begin
            moment = EventTiming(Fraction(cycle), length, 0.5, 48_000, samples, event.context)
            score.voice(stream, event.value, moment)
