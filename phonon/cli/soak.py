"""Play for hours, swap the program again and again, and see whether anything grows or drifts.

With `--backend null` the time is simulated and a day takes minutes. The last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from phonon.cli import kinds, sound

if TYPE_CHECKING:
    from phonon.session.local import LocalSession

HELP = "play for hours and watch memory, underruns and drift"

LOOKS = 200  # readings of the memory in a run
MOST_GROWTH = 1.0  # MB in the second half that are still noise
CHUNK = 10  # seconds of sound between two looks, at most


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    add = parser.add_argument
    add("file", metavar="FILE", help="a program")
    add("--hours", type=kinds.seconds, default=Fraction(1), metavar="H", help="how long (1)")
    add(
        "--swap-every",
        type=kinds.seconds,
        default=Fraction(30),
        metavar="S",
        help="seconds between two evaluations (30)",
    )
    sound.arguments(parser, backends=("null", "device"))


def run(options: argparse.Namespace) -> int:
    """Soak; exit 1 where something grows, drifts, or was late."""
    from phonon.cli.progress import Progress
    from phonon.errors import PhononError
    from phonon.session import read
    from phonon.session.local import LocalSession

    source = read(options.file)
    simulated = options.backend == "null"
    chosen = sound.session_options(options)
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
            for done in soak.run(simulated=simulated):
                progress("soaking", done, soak.seconds)
        finally:
            session.close()
    result = soak.result()
    print(json.dumps(result))
    return 0 if result["passed"] else 1


class Soak:
    """One run."""

    def __init__(
        self, session: LocalSession, source: str, seconds: float, swap_every: float
    ) -> None:
        self.seconds = seconds
        self._session = session
        self._sources = _variants(source)
        self._swap_every = swap_every
        self._memory: list[tuple[float, float]] = []
        self._evaluations = 0
        self._failed = 0
        self._wall = 0.0

    def run(self, *, simulated: bool) -> Iterator[float]:
        """Play; yields how many seconds are done."""
        rate = self._session.rate
        begun = time.monotonic()
        end, every = round(self.seconds * rate), round(self._swap_every * rate)
        between = max(end // LOOKS, 1)
        done, due, look = 0, every, 0
        while done < end:
            if done >= due:
                due += every
                self._evaluate()
            if done >= look:
                look += between
                self._memory.append((done / rate, resident()))
            step = min(due - done, look - done, CHUNK * rate, end - done)
            if simulated:
                self._session.advance(step)
                done += step
            else:
                time.sleep(step / rate)
                done = round((time.monotonic() - begun) * rate)
            yield done / rate
        self._memory.append((done / rate, resident()))
        self._wall = time.monotonic() - begun

    def _evaluate(self) -> None:
        self._evaluations += 1
        source = self._sources[self._evaluations % len(self._sources)]
        self._failed += not self._session.evaluate(source).ok

    def result(self) -> dict[str, Any]:
        """What came out."""
        meter = self._session.meter()
        growth = slope([entry for entry in self._memory if entry[0] >= self.seconds / 2])
        hours = self.seconds / 3600
        passed = growth * hours / 2 <= MOST_GROWTH
        passed = passed and not meter.late and not self._failed and not meter.faults
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
            "memory_mb": round(self._memory[-1][1], 1),
            "growth_mb_per_hour": round(growth, 3),
            "passed": passed,
        }


def _variants(source: str) -> list[str]:
    """The program as it is, with a comment, with one more definition, and upside down."""
    from phonon.lang.splitter import split

    statements = [chunk.text for chunk in split(source)]
    return [
        source,
        f"{source}\n-- once more",
        f"{source}\n~soak: sine 1 * 0.5 # lpf 800",
        "\n".join(reversed(statements)),
    ]


def slope(readings: list[tuple[float, float]]) -> float:
    """The growth per hour of readings (seconds, amount): the line nearest to them."""
    if len(readings) < 2:
        return 0.0
    count = len(readings)
    middle = sum(seconds for seconds, _ in readings) / count
    mean = sum(amount for _, amount in readings) / count
    spread = sum((seconds - middle) ** 2 for seconds, _ in readings)
    together = sum((seconds - middle) * (amount - mean) for seconds, amount in readings)
    return 3600 * together / spread if spread else 0.0


def resident() -> float:
    """The memory of this process, in MB."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            pages = int(file.read().split()[1])
    except OSError:
        import resource

        size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return size / (2**20 if sys.platform == "darwin" else 2**10)
    import os

    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
