"""Play for hours with many evaluations, and check that nothing grows or drifts.

With `--backend null` the time is simulated and a day takes minutes. The last line is JSON.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import json
import os
import sys
import time
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from phonon.cli import argtypes, session_options

if TYPE_CHECKING:
    from phonon.session.local import LocalSession

HELP = "play for hours and watch memory, underruns and drift"

LOOKS = 200  # readings of the memory in a run, at most
MOST_GROWTH = 1.0  # MB of growth in the second half that count as noise
CHUNK = 10  # seconds of sound between two readings, at most

Reading = tuple[float, float]
"""After how many seconds, and how much."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    add = parser.add_argument
    add("file", metavar="FILE", help="a program")
    add("--hours", type=argtypes.seconds, default=Fraction(1), metavar="H", help="how long (1)")
    add(
        "--swap-every",
        type=argtypes.seconds,
        default=Fraction(30),
        metavar="S",
        help="seconds between two evaluations (30)",
    )
    session_options.arguments(parser, backends=("null", "device"))


def run(options: argparse.Namespace) -> int:
    """Soak; exit 1 where something grows, drifts, or was late."""
    from phonon.cli.progress import Progress
    from phonon.errors import PhononError
    from phonon.session import read
    from phonon.session.local import LocalSession

    source = read(options.file)
    simulated = options.backend == "null"
    chosen = session_options.read(options)
    chosen["backend"] = "null" if simulated else "auto"
    with Progress() as progress:
        session = LocalSession(speed=None if simulated else 1.0, progress=progress, **chosen)
        first = session.evaluate(source, name=options.file)
        if not first.ok:
            session.close()
            raise PhononError(list(first.diagnostics))
    session.start()
    with Progress() as progress:
        soak = Soak(session, source, float(options.hours) * 3600, float(options.swap_every))
        try:
            with contextlib.suppress(KeyboardInterrupt):  # the results so far are printed
                for done in soak.run(simulated=simulated):
                    progress("soaking", done, soak.seconds)
            result = soak.result()
        finally:
            session.close()
    print(json.dumps(result))
    return 0 if result["passed"] else 1


class Soak:
    """One run of the test."""

    def __init__(
        self, session: LocalSession, source: str, seconds: float, swap_every: float
    ) -> None:
        self.seconds = seconds
        self._done = 0.0
        self._session = session
        self._sources = _variants(source)
        self._swap_every = swap_every
        self._memory: list[Reading] = []
        self._objects: list[Reading] = []
        self._evaluations = 0
        self._failed = 0
        self._wall = 0.0

    def run(self, *, simulated: bool) -> Iterator[float]:
        """Play; yields the seconds done."""
        rate = self._session.rate
        begun = time.monotonic()
        end, every = round(self.seconds * rate), round(self._swap_every * rate)
        between = max(end // LOOKS, CHUNK * rate)
        done, due, look = 0, every, 0
        while done < end:
            if done >= due:
                due += every
                self._evaluate()
            if done >= look:
                look += between
                self._look(done / rate)
            step = min(due - done, look - done, CHUNK * rate, end - done)
            if simulated:
                self._session.advance(step)
                done += step
            else:
                time.sleep(step / rate)
                done = round((time.monotonic() - begun) * rate)
            self._done, self._wall = done / rate, time.monotonic() - begun
            yield self._done

    def _look(self, seconds: float) -> None:
        """Record the memory and, after a garbage collection, the number of objects."""
        self._memory.append((seconds, resident()))
        gc.collect()
        self._objects.append((seconds, len(gc.get_objects())))

    def _evaluate(self) -> None:
        self._evaluations += 1
        source = self._sources[self._evaluations % len(self._sources)]
        self._failed += not self._session.evaluate(source).ok

    def result(self) -> dict[str, Any]:
        """The results so far."""
        self._look(self._done)
        meter = self._session.meter()
        drift = self._session.player.drift()
        hours = self._done / 3600
        memory = [entry for entry in self._memory if entry[0] >= self._done / 2]
        objects = [entry for entry in self._objects if entry[0] >= self._done / 2]
        growth, error = slope(memory)
        passed = (growth - 2 * error) * hours / 2 <= MOST_GROWTH
        passed = passed and not meter.late and not meter.faults and not meter.underruns
        passed = passed and not self._failed and not drift.wrong
        return {
            "hours": round(hours, 3),
            "wall_seconds": round(self._wall, 1),
            "frames": meter.frame,
            "cycle": meter.cycle,
            "evaluations": self._evaluations,
            "swaps": meter.swaps,
            "failed": self._failed,
            "underruns_per_hour": round(meter.underruns / hours, 3),
            "late": meter.late,
            "faults": meter.faults,
            "last_onset": drift.last,
            "last_onset_due": drift.due,
            "onsets_checked": drift.count,
            "onsets_wrong": drift.wrong,
            "memory_mb": round(self._memory[-1][1], 1),
            "memory_mb_half": round(memory[0][1], 1),
            "memory_mb_most": round(max(amount for _, amount in self._memory), 1),
            "growth_mb_per_hour": round(growth, 4),
            "growth_error": round(error, 4),
            "objects": int(self._objects[-1][1]),
            "objects_half": int(objects[0][1]),
            "objects_per_hour": round(slope(objects)[0], 2),
            "passed": passed,
        }


def _variants(source: str) -> list[str]:
    """The program, with a comment, with a silent output more, and with its statements reversed."""
    from phonon.lang.splitter import split

    statements = [chunk.text for chunk in split(source)]
    free = next((name for name in (f"o{n}" for n in range(1, 17)) if name not in source), "out")
    return [
        source,
        f"{source}\n-- once more",
        f'{source}\n{free}: s "hh*2" # lpf 800 # gain 0',
        "\n".join(reversed(statements)),
    ]


def slope(readings: list[Reading]) -> tuple[float, float]:
    """Growth per hour by linear regression, and its standard error."""
    points = len(readings)
    if points < 3:
        return 0.0, 0.0
    middle = sum(seconds for seconds, _ in readings) / points
    mean = sum(amount for _, amount in readings) / points
    spread = sum((seconds - middle) ** 2 for seconds, _ in readings)
    together = sum((seconds - middle) * (amount - mean) for seconds, amount in readings)
    if not spread:
        return 0.0, 0.0
    rise = together / spread
    beside = sum((amount - mean - rise * (seconds - middle)) ** 2 for seconds, amount in readings)
    return 3600 * rise, 3600 * (beside / (points - 2) / spread) ** 0.5


def resident() -> float:
    """Resident memory of this process in MB."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            pages = int(file.read().split()[1])
    except OSError:
        import resource

        size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return size / (2**20 if sys.platform == "darwin" else 2**10)
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
