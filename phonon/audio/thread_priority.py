"""Real-time priority and locked memory for the audio thread."""

from __future__ import annotations

import ctypes
import os
import sys
import threading
import time

PRIORITY = 10  # of SCHED_FIFO: above everything ordinary, below the sound server
CURRENT, FUTURE, ON_FAULT = 1, 2, 4  # of mlockall

_HINT = "a limit `rtprio` for this user would help"


def audio_thread(watched: float = 0.2) -> int | None:
    """Find the backend's audio thread (its id, on Linux).

    It is not one of Python's threads, and of the others the one that wakes up most often.
    """
    before = _wakings()
    time.sleep(watched)
    ours = {thread.native_id for thread in threading.enumerate()}
    woken = {
        number: count - before.get(number, count)
        for number, count in _wakings().items()
        if number not in ours
    }
    best = max(woken, key=lambda number: woken[number], default=None)
    return best if best is not None and woken[best] > 0 else None


def raise_priority(thread: int | None) -> str:
    """Request real-time priority for a thread; returns what it has."""
    if thread is None:
        return "left to the system"
    try:
        if os.sched_getscheduler(thread) not in {os.SCHED_FIFO, os.SCHED_RR}:
            os.sched_setscheduler(thread, os.SCHED_FIFO, os.sched_param(PRIORITY))
    except PermissionError:
        return f"ordinary: no real-time priority is allowed ({_HINT})"
    except OSError as error:
        return f"ordinary: {(error.strerror or str(error)).lower()}"
    names = {os.SCHED_FIFO: "SCHED_FIFO", os.SCHED_RR: "SCHED_RR"}
    name = names.get(os.sched_getscheduler(thread), "ordinary")
    return f"{name} {os.sched_getparam(thread).sched_priority}"


def allowed_priority() -> tuple[bool, str]:
    """Whether this user may have real-time priority, and a sentence about it."""
    try:
        import resource
    except ImportError:
        return True, "left to the system"
    limit = getattr(resource, "RLIMIT_RTPRIO", None)
    if limit is None:
        return True, "left to the system"
    most = resource.getrlimit(limit)[0]
    if os.geteuid() == 0 or most == resource.RLIM_INFINITY or most > 0:
        return True, "real-time priority is allowed"
    return False, f"no real-time priority ({_HINT})"


def lock_memory() -> bool:
    """Lock the process's memory where there is no limit; returns whether it did.

    Under a limit, allocations beyond it would fail in the middle of a set.
    """
    if not sys.platform.startswith("linux") or not may_lock_memory():
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    return bool(libc.mlockall(CURRENT | FUTURE | ON_FAULT) == 0)


def may_lock_memory() -> bool:
    """Whether this process may lock memory without limit."""
    try:
        import resource
    except ImportError:
        return False
    if not hasattr(resource, "RLIMIT_MEMLOCK"):
        return False
    unlimited = resource.getrlimit(resource.RLIMIT_MEMLOCK)[0] == resource.RLIM_INFINITY
    return os.geteuid() == 0 or unlimited


def _wakings() -> dict[int, int]:
    """Number of wake-ups of each thread of this process."""
    found: dict[int, int] = {}
    try:
        numbers = os.listdir("/proc/self/task")
    except OSError:
        return found
    for number in numbers:
        try:
            with open(f"/proc/self/task/{number}/status", encoding="ascii", errors="replace") as f:
                lines = dict(line.split(":", 1) for line in f if ":" in line)
        except OSError:
            continue  # it has just ended
        found[int(number)] = int(lines.get("voluntary_ctxt_switches", "0"))
    return found
