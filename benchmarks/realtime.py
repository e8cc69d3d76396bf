"""Underruns on JACK's dummy driver: Phonon with everything against it, beside a client that rests.

    python benchmarks/realtime.py --minutes 10 --period 256
    python benchmarks/realtime.py --minutes 1 --period 64 --callback python

Needs jackd (Debian: jackd2, libportaudio2). Phonon plays a piece of some 32 voices, evaluates it
anew every five seconds, and has a thread in its own process that holds the interpreter as much as
it can; another process draws at 30 frames per second. A second client of the same server does
nothing at all: what it misses, the host has missed. One JSON object is printed.
"""

from __future__ import annotations

import argparse
import json
import os
import pty
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

PIECE = """bpm: 124
synth voice freq cutoff=900 = saw freq * 0.2 # lpf cutoff 1.2 # adsr 0.01 0.3 0.6 0.6
o1: s "bd*4" # gain 0.8
o2: s "hh*16" # gain (range 0.2 0.6 sine) # pan 0.6
o3: s "~ cp ~ sn" # gain 0.7 # reverb 0.5
o4: s "voice*8" # note "<[c3,ef3,g3,bf3] [af2,c3,ef3,g3]>" # legato 3 # gain 0.2 # reverb 0.6
o5: s "voice*2" # note "<[c4,ef4,g4,bf4,d5,f5] [af3,c4,ef4,g4,bf4,d5]>" # legato 2 # gain 0.15
  # delay 0.36 0.4
"""
NAME = "phononbench"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--period", type=int, default=256)
    parser.add_argument("--callback", choices=("compiled", "python"), default="compiled")
    parser.add_argument("--swap-every", type=float, default=5.0)
    parser.add_argument("--no-burner", action="store_true")
    parser.add_argument("--no-drawing", action="store_true")
    parser.add_argument("--piece", type=Path)
    parser.add_argument("--role", choices=("all", "bare", "play", "draw"), default="all")
    options = parser.parse_args()
    {"all": everything, "bare": bare, "play": play, "draw": draw}[options.role](options)


def everything(options: argparse.Namespace) -> None:
    """Start the server and the others, and put their figures together."""
    environment = {
        **os.environ,
        "JACK_DEFAULT_SERVER": f"{NAME}{os.getpid()}",
        "JACK_NO_AUDIO_RESERVATION": "1",
        "JACK_NO_START_SERVER": "1",
    }
    realtime = "-R" if os.geteuid() == 0 else "-r"
    server = subprocess.Popen(
        [
            *("jackd", realtime, "-n", environment["JACK_DEFAULT_SERVER"]),
            *("-d", "dummy", "-r", "48000", "-p", str(options.period)),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        asking = {"env": environment, "capture_output": True}
        while subprocess.run(["jack_lsp"], check=False, **asking).returncode:
            time.sleep(0.05)
        command = [sys.executable, __file__, *sys.argv[1:], "--role"]
        roles = ["bare", "play"] + ([] if options.no_drawing else ["draw"])
        running = {
            role: subprocess.Popen([*command, role], env=environment, stdout=subprocess.PIPE)
            for role in roles
        }
        found: dict[str, Any] = {"period": options.period, "minutes": options.minutes}
        for role, process in running.items():
            out, _ = process.communicate(timeout=60 * options.minutes + 120)
            found[role] = json.loads(out.decode().strip().split("\n")[-1])
        print(json.dumps(found))
    finally:
        server.kill()
        server.wait()


def bare(options: argparse.Namespace) -> None:
    """A client that plays silence from compiled code and does nothing else."""
    from phonon.audio.portaudio import Stream, find_device
    from phonon.audio.probe import Nobody
    from phonon.audio.tap import Tap

    tap = Tap(Nobody())
    tap.cut()
    device = find_device("JACK")
    stream = Stream(device, tap, rate=48_000, block=options.period, latency="low")
    stream.start()
    time.sleep(1.0)
    calls, underflows, begun = tap.calls, tap.underflows, time.monotonic()
    time.sleep(60 * options.minutes)
    seconds = time.monotonic() - begun
    missed = seconds * 48_000 / options.period - (tap.calls - calls)
    say({"underruns": tap.underflows - underflows, "blocks_missed": round(missed, 1)})


def play(options: argparse.Namespace) -> None:
    """Phonon, with a thread in its process that never lets go of the interpreter if it can."""
    from phonon.session.local import LocalSession

    source = options.piece.read_text(encoding="utf-8") if options.piece else PIECE
    backend = "python" if options.callback == "python" else "auto"
    session = LocalSession(device="JACK", block=options.period, backend=backend, rate=48_000)
    first = session.evaluate(source)
    assert first.ok, first.diagnostics
    session.start()
    if not options.no_burner:
        threading.Thread(target=burn, daemon=True).start()
    time.sleep(1.0)
    before = session.meter()
    calls, begun = session.device.tap.calls, time.monotonic()
    loads, peaks, voices, builds = [], [], 0, []
    end, due, number = begun + 60 * options.minutes, begun + options.swap_every, 0
    while time.monotonic() < end:
        meter = session.meter()
        loads.append(meter.load)
        peaks.append(meter.load_peak)
        voices = max(voices, meter.voices)
        if time.monotonic() >= due:
            due += options.swap_every
            number += 1
            changed = source.replace("cutoff=900", f"cutoff={700 + 50 * (number % 9)}")
            builds.append(session.evaluate(changed).milliseconds)
        time.sleep(0.1)
    after = session.meter()
    seconds = time.monotonic() - begun
    called = session.device.tap.calls - calls
    say(
        {
            "callback": session.device.info.callback,
            "priority": session.device.info.priority,
            "underruns": after.underruns - before.underruns,
            "blocks_missed": round(seconds * 48_000 / options.period - called, 1),
            "late": after.late - before.late,
            "swaps": after.swaps - before.swaps,
            "load_avg": round(sum(loads) / len(loads), 4),
            "load_peak": round(max(peaks), 4),
            "voices": voices,
            "evaluation_ms": round(sorted(builds)[len(builds) // 2], 1) if builds else None,
            "messages": [message.text for message in session.messages()],
        }
    )


def burn() -> None:
    """Take the interpreter and give it back only when it is taken away."""
    while True:
        sum(number * number for number in range(1_000))


def draw(options: argparse.Namespace) -> None:
    """What an editor does to the machine: a screen of text, thirty times a second."""
    leader, follower = pty.openpty()
    threading.Thread(
        target=lambda: [os.read(leader, 65_536) for _ in iter(int, 1)], daemon=True
    ).start()
    end, frames = time.monotonic() + 60 * options.minutes, 0
    while time.monotonic() < end:
        lines = [f"\x1b[{row};1H\x1b[38;5;{row}m{frames:>8} {'x' * 70}" for row in range(1, 25)]
        os.write(follower, "".join(lines).encode())
        frames += 1
        time.sleep(1 / 30)
    say({"frames": frames})


def say(found: dict[str, Any]) -> None:
    """Print, and leave at once: JACK may be taken down under us."""
    print(json.dumps(found), flush=True)
    os._exit(0)


if __name__ == "__main__":
    main()
