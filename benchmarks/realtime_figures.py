"""What the logs of `realtime.py` come to: who missed blocks, whose fault it was, what they cost."""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

UNDERFLOW = 4  # of PortAudio's status flags
FORGOTTEN = 32  # calls after which a long gap has nothing to do with an underrun
DRIVER = "Process XRun"  # the server's own clock was late
CLIENT = re.compile(r"XRun: client (?:= )?(\S+) .*?(?:state = (\w+)|$)")  # its client was
CLIENTS = {"engine": "PortAudio", "beside": "PortAudio-01", "bare": "PortAudio"}


Entries = NDArray[np.int64]
Stalls = list[tuple[int, int]]


class Underrun(NamedTuple):
    """Blocks that were missed: when that was told, and the gap that they left between two calls."""

    told: int
    begin: int
    gap: int
    missed: int

    def excused(self, period: int, stalls: Stalls) -> bool:
        """Whether the host stood still for a good part of a period at the time of the gap."""
        since, until = self.begin - period, self.begin + self.gap
        return any(
            end > since and begin < until and end - begin > period / 4 for begin, end in stalls
        )


def findings(
    *,
    options: argparse.Namespace,
    span: tuple[float, float],
    meters: tuple[Any, ...],
    status: Any,
    messages: list[str],
    said: dict[str, list[tuple[float, str]]],
    folder: Path,
    cores: list[int],
    screen: dict[str, Any],
    host: dict[str, Any],
) -> dict[str, Any]:
    """Everything, as one object."""
    nanoseconds = 1_000_000 * options.frames // 48_000 * 1_000  # jackd's: whole microseconds
    stalls = [
        (begin, end)
        for core in cores
        if (folder / f"witness{core}.log").exists()
        for begin, end in json.loads((folder / f"witness{core}.log").read_text(encoding="utf-8"))
        if span[0] * 1e9 < end and begin < span[1] * 1e9
    ]
    lengths = [(end - begin) / 1e6 for begin, end in stalls]
    found: dict[str, Any] = {
        "minutes": options.minutes,
        "frames": options.frames,
        "period_ms": nanoseconds / 1e6,
        "host": {
            **host,
            "stalls_over_1_ms": sum(length > 1 for length in lengths),
            "longest_stall_ms": round(max(lengths, default=0.0), 2),
        },
        "editor": screen,
    }
    for role, name in CLIENTS.items():
        entries: Entries = np.load(folder / f"{role}.log.npy")
        within = (entries[:, 0] >= span[0] * 1e9) & (entries[:, 0] <= span[1] * 1e9)
        server = said["bare" if role == "bare" else "engine"]
        lines = [line for moment, line in server if span[0] <= moment <= span[1]]
        found[role] = client(entries[within], nanoseconds, stalls, lines, name)
    entries = np.load(folder / "engine.log.npy")
    within = (entries[:, 0] >= span[0] * 1e9) & (entries[:, 0] <= span[1] * 1e9)
    found["engine"] |= render_loop(entries[within], nanoseconds) | told(meters)
    found["engine"] |= {
        "callback": status.callback,
        "priority": status.priority,
        "mlocked": status.mlocked,
        "messages": messages,
    }
    return found


def client(
    entries: Entries, period: int, stalls: Stalls, lines: list[str], name: str
) -> dict[str, Any]:
    """What happened to a client of a sound server."""
    begun = entries[:, 0]
    calls = len(begun)
    events = underruns(entries, period)
    ours = [event for event in events if not event.excused(period, stalls)]
    told = [match.groups() for match in map(CLIENT.search, lines) if match]
    states = [state or "Late" for client, state in told if client == name]
    return {
        "calls": calls,
        "underruns": sum(event.missed for event in events),
        "underruns_while_the_host_ran": sum(event.missed for event in ours),
        "lost_blocks": round(float((begun[-1] - begun[0]) / period - (calls - 1)), 1),
        "not_finished": {state: states.count(state) for state in sorted(set(states))},
        "driver_late": sum(DRIVER in line for line in lines),
        "call_ms": percentiles(entries[:, 1] / 1e6),
        "events": [
            {
                "second": round((event.begin - int(begun[0])) / 1e9, 3),
                "gap_ms": round(event.gap / 1e6, 2),
                "missed": event.missed,
                "host": event.excused(period, stalls),
            }
            for event in events
        ],
    }


def underruns(entries: Entries, period: int) -> list[Underrun]:
    """What was missed, as the engine counts it: by the longest gap of late, when JACK tells."""
    found = []
    gap = age = before = begin = untold = since = 0
    for begun, flags in entries[:, [0, 3]].tolist():
        age += 1
        now = begun - before if before else 0
        if now > gap or age > FORGOTTEN:
            gap, age, begin = now, 0, before
        since += 1
        if flags & UNDERFLOW:
            missed = (gap + period // 2) // period - 1
            on_time = gap <= period + period // 8
            if on_time and untold > 0 and since <= FORGOTTEN:
                untold -= 1  # of the same gap, told block by block
            else:
                missed = max(missed, 1)
                found.append(Underrun(begun, begin, gap, missed))
                untold, since = missed - 1, 0
            gap = 0
        before = begun
    return found


def render_loop(entries: Entries, period: int) -> dict[str, Any]:
    """What the calls cost, as the thread's own clock has it, and the blocks of swaps alone."""
    load = 100 * entries[:, 2] / period
    swapped = np.flatnonzero(np.diff(entries[:, 5])) + 1
    return {
        "thread_cpu_percent": percentiles(load),
        "thread_cpu_percent_in_swaps": percentiles(load[swapped]) if len(swapped) else {},
        "swaps": int(entries[-1, 5] - entries[0, 5]),
        "least_voices": int(entries[:, 4].min()),
        "most_voices": int(entries[:, 4].max()),
    }


def told(meters: tuple[Any, ...]) -> dict[str, Any]:
    """What telemetry says about the same time."""
    first, last = meters[0], meters[-1]
    return {
        "telemetry": {
            "underruns": last.underruns - first.underruns,
            "silence_ms": round(last.silence_ms - first.silence_ms, 2),
            "late": last.late - first.late,
            "load_avg": round(sum(meter.load for meter in meters) / len(meters), 4),
            "load_peak": round(max(meter.load_peak for meter in meters), 4),
            "ring_min_ms": round(min(meter.ring_ms for meter in meters), 1),
            "faults": last.faults - first.faults,
            "stolen": max(meter.stolen for meter in meters),
        }
    }


def percentiles(values: NDArray[Any]) -> dict[str, float]:
    """The middle and the bad end."""
    found = np.percentile(values, [50, 99, 99.9, 100]).tolist()
    names = ("p50", "p99", "p99.9", "max")
    return {name: round(value, 2) for name, value in zip(names, found, strict=True)}


def table(found: dict[str, Any]) -> str:
    """The same for people."""
    engine, host = found["engine"], found["host"]
    loop, swaps = engine["thread_cpu_percent"], engine["thread_cpu_percent_in_swaps"]
    clients = [found[role] for role in CLIENTS]
    rows: list[tuple[Any, ...]] = [("", "Phonon", "bare, same server", "bare, its own")]
    rows += [
        (title, *(who[name] for who in clients))
        for title, name in (
            ("calls", "calls"),
            ("underruns (blocks)", "underruns"),
            ("  while the host ran", "underruns_while_the_host_ran"),
            ("blocks lost in time", "lost_blocks"),
            ("driver late (jackd)", "driver_late"),
        )
    ]
    rows.append(
        ("client not finished (jackd)", *(sum(who["not_finished"].values()) for who in clients))
    )
    rows.append(("longest call, ms", *(who["call_ms"]["max"] for who in clients)))
    lines = [f"{row[0]:<28}" + "".join(f"{value!s:>19}" for value in row[1:]) for row in rows]

    def spread(values: dict[str, float]) -> str:
        return "  ".join(f"{name} {value}" for name, value in values.items())

    telemetry, screen = engine["telemetry"], found["editor"]
    lines.append("")
    lines.append(
        f"{found['minutes']:g} min of {found['frames']} frames ({found['period_ms']} ms), "
        f"{engine['callback']} callback, {engine['priority']}"
    )
    lines.append(f"render loop, % of the period   {spread(loop)}")
    lines.append(f"  in the blocks of swaps       {spread(swaps)}")
    lines.append(
        f"voices {engine['least_voices']} to {engine['most_voices']}, {engine['swaps']} swaps "
        f"({screen['swaps_asked']} by key), late {telemetry['late']}, "
        f"ring {telemetry['ring_min_ms']} ms at least, {telemetry['underruns']} underruns told"
    )
    lines.append(f"editor {screen['redraws_per_second']} screens/s, {screen['kB_per_second']} kB/s")
    lines.append(
        f"host: {host['stalls_over_1_ms']} stalls over 1 ms, the longest "
        f"{host['longest_stall_ms']} ms; {host['stolen_seconds']} s stolen; "
        f"load {host['load'][0]} to {host['load'][1]}"
    )
    return "\n".join(lines)
