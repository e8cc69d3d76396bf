"""Writes a session's load, voices and underruns as JSON lines, per second and in total."""

from __future__ import annotations

import json
import sys
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TextIO

if TYPE_CHECKING:
    from phonon.session.protocol import Session, Telemetry


@dataclass(slots=True)
class Interval:
    """Collects the readings of an interval."""

    loads: list[float] = field(default_factory=list)
    peak: float = 0.0
    voices: int = 0
    ring: float = float("inf")

    def add(self, meter: Telemetry) -> None:
        """Add a reading."""
        self.loads.append(meter.load)
        self.peak = max(self.peak, meter.load_peak)
        self.voices = max(self.voices, meter.voices)
        self.ring = min(self.ring, meter.ring_ms)

    def figures(self) -> dict[str, Any]:
        """The interval's figures by name."""
        average = sum(self.loads) / len(self.loads) if self.loads else 0.0
        return {
            "load_avg": round(average, 6),
            "load_peak": round(self.peak, 6),
            "voices": self.voices,
            "ring_min_ms": round(self.ring, 3) if self.loads else None,
        }


class StatsWriter:
    """Writes the figures to a file; use it with `with`. `told` counts the messages shown."""

    def __init__(self, place: str | None, session: Session) -> None:
        self.told = 0
        self._place = place
        self._session = session
        self._file: TextIO | None = None
        self._stack = ExitStack()
        self._begun = self._second = time.monotonic()
        self._now, self._whole = Interval(), Interval()
        self._finished = False

    def __enter__(self) -> Self:
        if self._place == "-":
            self._file = sys.stdout
        elif self._place is not None:
            self._file = self._stack.enter_context(open(self._place, "w", encoding="utf-8"))
        self.begin()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(OSError):  # a full disk complains once more
            self._stack.close()

    def begin(self) -> None:
        """Count seconds from now: opening a device may have taken long."""
        self._begun = self._second = time.monotonic()

    def read_meter(self) -> None:
        """Read the meter; a line is written every second."""
        meter = self._session.meter()
        self._now.add(meter)
        self._whole.add(meter)
        now = time.monotonic()
        if now - self._second >= 1.0:
            self._second += 1.0
            self._write(meter, self._now, now)
            self._now = Interval()

    def finish(self) -> None:
        """Write the line for the whole."""
        if not self._finished:
            self._finished = True
            self._write(self._session.meter(), self._whole, time.monotonic(), whole=True)

    def _write(
        self, meter: Telemetry, stretch: Interval, now: float, *, whole: bool = False
    ) -> None:
        if self._file is None:
            return
        line = {
            "seconds": round(now - self._begun, 3),
            "whole": whole,
            "cycle": round(meter.cycle, 3),
            "underruns": meter.underruns,
            "silence_ms": round(meter.silence_ms, 3),
            **stretch.figures(),
            "late": meter.late,
            "late_worst_ms": round(meter.late_worst_ms, 3),
            "stolen": meter.stolen,
            "faults": meter.faults,
            "swaps": meter.swaps,
            "latency_ms": round(meter.latency_ms, 3),
        }
        try:
            self._file.write(json.dumps(line) + "\n")
            self._file.flush()
        except BrokenPipeError:  # nobody reads any more
            self._file = None
            raise
        except OSError as error:  # the music goes on
            self._file = None
            print(f"phonon: {self._place}: {error.strerror}: no more figures", file=sys.stderr)
