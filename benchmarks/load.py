"""What the audio thread costs, as the system counts it and as `phonon play --stats` tells it.

    python benchmarks/load.py                      the four voices of a piece of our own
    python benchmarks/load.py examples/01-first-light.ph --seconds 30
    python benchmarks/load.py --stall 0.8          one block takes 0.8 periods longer

Needs jackd (Debian: jackd2). The program plays on JACK's dummy driver in a process of its own;
the audio thread's time is read from outside, from /proc. What a client that does nothing costs on
the same server at the same time, the system's own share, is told beside it. One JSON object is
printed.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from realtime import STARTING, Run, end, wait_for

FOUR_VOICES = """\
cps: 0.5
synth voice freq cutoff=900 = saw freq * 0.2 # lpf cutoff 1.2 # adsr 0.01 0.3 0.6 0.1
o1: s "voice" # note "[c3,ef3,g3,bf3]" # legato 0.95 # gain 0.2
"""
PLAY = """
import sys
from phonon.cli.run import run
from phonon.session.local import LocalSession

stall = float(sys.argv[1])
start = LocalSession.start

def injected(session):
    import threading
    import time

    def work():
        while True:
            time.sleep(3.7)
            period = session.device.info.block / session.rate
            session.player._memory.engine.stall = int(1e9 * stall * period)

    start(session)
    if stall:
        threading.Thread(target=work, daemon=True).start()

LocalSession.start = injected
sys.exit(run(sys.argv[2:]))
"""
LATELY = 1.0  # seconds left out at the beginning and at the end


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--frames", type=int, default=256)
    parser.add_argument("--stall", type=float, default=0.0, metavar="PERIODS")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))  # and all that was started
    options.minutes = options.seconds / 60
    with tempfile.TemporaryDirectory(prefix="load") as folder, ExitStack() as stack:
        print(json.dumps(measure(options, Path(folder), stack)))


def measure(options: argparse.Namespace, folder: Path, stack: ExitStack) -> dict[str, Any]:
    """Play, and read both."""
    options.callback, options.no_burner = "compiled", True
    run = Run(options, folder, stack)
    environment = stack.enter_context(run.server("load"))
    bare = run.client("bare", environment)
    file = options.file or folder / "four.ph"
    if options.file is None:
        file.write_text(FOUR_VOICES, encoding="utf-8")
    stats = folder / "stats.jsonl"
    play = ["play", str(file), "--seconds", str(options.seconds + 2 * LATELY), "--device", "JACK"]
    play += ["--block", str(options.frames), "--stats", str(stats)]
    command = [sys.executable, "-c", PLAY, str(options.stall), *play]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    stack.callback(end, process)
    wait_for(lambda: len(lines(stats)) > LATELY, process)
    threads = {"play": audio_thread(process.pid), "bare": audio_thread(bare.pid)}
    count = len(lines(stats))
    begun, before = time.monotonic(), {name: worked(place) for name, place in threads.items()}
    patience = STARTING + options.seconds
    wait_for(lambda: len(lines(stats)) >= count + int(options.seconds), process, patience)
    passed = time.monotonic() - begun
    cost = {name: (worked(place) - before[name]) / passed for name, place in threads.items()}
    told = lines(stats)[count : count + int(options.seconds)]
    process.wait(60)
    shown = sum(line["load_avg"] for line in told) / len(told)
    return {
        "voices": [min(line["voices"] for line in told), max(line["voices"] for line in told)],
        "thread_cpu_percent": round(100 * cost["play"], 3),
        "of_it_a_client_that_does_nothing": round(100 * cost["bare"], 3),
        "shown_percent": round(100 * shown, 3),
        "shown_to_thread": round(shown / cost["play"], 3),
        "peaks_percent": [round(100 * line["load_peak"], 1) for line in told],
        "underruns": told[-1]["underruns"] - told[0]["underruns"],
        "whole": lines(stats)[-1],
    }


def lines(stats: Path) -> list[dict[str, Any]]:
    """What has been told so far."""
    if not stats.exists():
        return []
    text = stats.read_text(encoding="utf-8")
    return [json.loads(line) for line in text[: text.rfind("\n") + 1].splitlines()]


def audio_thread(process: int) -> Path:
    """The thread that wakes up most often of those with real-time priority, if there are any."""

    def rank(task: Path) -> tuple[bool, int]:
        switched = (task / "status").read_text(encoding="ascii").partition("voluntary_ctxt_")[2]
        urgent = os.sched_getscheduler(int(task.name)) in {os.SCHED_FIFO, os.SCHED_RR}
        return urgent, int(switched.split()[1])

    return max(Path(f"/proc/{process}/task").iterdir(), key=rank)


def worked(task: Path) -> float:
    """Seconds that a thread has run."""
    return int((task / "schedstat").read_text(encoding="ascii").split()[0]) / 1e9


if __name__ == "__main__":
    main()
