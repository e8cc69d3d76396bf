"""What the editor costs and how fast it is, at a real terminal and with a real engine.

    python benchmarks/editor.py                          # everything, on a clock without sound
    python benchmarks/editor.py --engine jack latency    # one figure, on JACK's dummy driver
    python benchmarks/editor.py --engine fake cost       # the interface alone

`cost` is processor time and bytes to the terminal, idle and while a piece plays with each panel;
`keys` is the time from a key to its character at the terminal; `kill` kills the interface while it
plays and attaches again; `latency` is the time from Alt-Enter to the frame at which the changed
program takes over (see editor_latency.py).

A table goes to standard error, one JSON object to standard output.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from editor_latency import latency
from editor_terminal import (
    PERIOD,
    ROOT,
    Figures,
    Terminal,
    cpu_of,
    end_engine,
    figures,
    machine,
    say,
    sound_server,
    surroundings,
    until,
)

from phonon.session.engine_paths import EnginePaths
from phonon.session.remote import attach
from phonon.session.shared_memory import SharedMemory

FAKE = ROOT / "tests" / "editor" / "fake.py"
PANELS = ("scope", "mixer", "roll", "events", "history", "none")
ALL = ("cost", "keys", "kill", "latency")
ALT_ENTER, F5 = "\x1b\r", "\x1b[15~"
KEYS = 240
PICTURE = b"\x1b[?2026h"  # what each of them begins with; where nothing changes, there is none


class Sitting:
    """An editor and its engine, in a folder of their own."""

    def __init__(self, options: argparse.Namespace, folder: Path, environment: dict[str, str]):
        self.engine = options.engine
        self.environment = environment
        self.places = EnginePaths.of(folder / "engine")
        self.file = folder / "set.ph"
        self.file.write_text(options.piece.read_text(encoding="utf-8"))
        if self.engine == "fake":
            command = [str(FAKE), str(self.file)]
        else:
            sound = {"null": ["null"], "jack": ["auto", "--device", "JACK"]}[self.engine]
            command = ["-m", "phonon", "edit", str(self.file), "--backend", *sound]
            command += ["--block", str(PERIOD), "--rate", "48000"]
        self.terminal = Terminal(command, environment)
        self.terminal.wait("DSP")

    def play(self) -> None:
        """Evaluate everything, and wait until it is heard."""
        self.terminal.press(F5)
        if self.engine == "fake":
            time.sleep(2)
            return
        record = SharedMemory(self.places.shared)
        session = attach(str(self.places.folder))
        say(f"{session.status().device} plays")
        session.close()
        until(lambda: record.read().master.peak > 1e-3, "something sounding")
        time.sleep(2)

    def end(self) -> None:
        """End both."""
        self.terminal.kill()
        if self.engine != "fake":
            end_engine(self.places.folder)


def cost(sitting: Sitting, seconds: float) -> Figures:
    """Processor time and bytes."""
    terminal = sitting.terminal
    engine = 0 if sitting.engine == "fake" else int(SharedMemory(sitting.places.shared).words[1])

    found: Figures = {}

    def measure(what: str) -> None:
        used, beside = terminal.cpu(), cpu_of(engine) if engine else 0.0
        written, begun = terminal.bytes, time.monotonic()
        time.sleep(seconds)
        passed = time.monotonic() - begun
        share = (terminal.cpu() - used) / passed
        other = (cpu_of(engine) - beside) / passed if engine else 0.0
        rate = (terminal.bytes - written) / passed / 1000
        pictures = terminal.written[written : terminal.bytes].count(PICTURE) / passed
        found[what] = {
            "share": share,
            "kilobytes": rate,
            "pictures": pictures,
            "engine": other,
        }
        say(
            f"{what:20} {share:5.1%} of a core, {rate:5.1f} kB/s in {pictures:4.1f} pictures/s; "
            f"the engine's process {other:.1%} of one"
        )

    time.sleep(3)
    measure("idle")
    sitting.play()
    for panel in PANELS:
        measure(f"playing, {panel}")
        terminal.press(" v")
        time.sleep(1)
    return found


def keys(sitting: Sitting) -> Figures:
    """From a key to its character at the terminal, while it plays."""
    sitting.play()
    terminal = sitting.terminal
    terminal.press("O")
    time.sleep(0.3)
    chance = random.Random(1)
    times = []
    for number in range(KEYS):
        times.append(terminal.latency("QXZVWJ"[number % 6]))
        if number % 40 == 39:
            terminal.press("\r")
        time.sleep(chance.uniform(0.03, 0.12))
    return {"key to screen": figures("key to screen", times)}


def kill(sitting: Sitting, seconds: float) -> Figures:
    """Kill the interface while it plays: the sound goes on, and an interface returns to it."""
    sitting.play()
    record = SharedMemory(sitting.places.shared)
    before = record.read()
    time.sleep(seconds)
    killed = record.read()
    sitting.terminal.kill()
    time.sleep(seconds)
    after = record.read()
    returned = time.monotonic()
    sitting.terminal = Terminal(["-m", "phonon", "attach"], sitting.environment)
    first = sitting.file.read_text(encoding="utf-8").split()[1]
    sitting.terminal.wait(first)
    sitting.terminal.wait("DSP")
    took = time.monotonic() - returned
    time.sleep(2)
    still = record.read()
    played = (after.frame - killed.frame) / after.sample_rate
    found = {
        "underruns before": killed.underruns - before.underruns,
        "underruns after": after.underruns - killed.underruns,
        "underruns while attaching": still.underruns - after.underruns,
        "seconds of sound after": round(played, 2),
        "attached after seconds": round(took, 2),
        "playing": still.playing,
    }
    say(", ".join(f"{what}: {value}" for what, value in found.items()))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("what", nargs="*", help=f"some of {', '.join(ALL)} (all)")
    parser.add_argument("--engine", choices=("null", "jack", "fake"), default="null")
    parser.add_argument("--seconds", type=float, default=10.0, help="of each measurement (10)")
    parser.add_argument("--evaluations", type=int, default=60)
    parser.add_argument(
        "--alone",
        action="store_true",
        help="before everybody else who wants the cores, as on a machine without others (root)",
    )
    parser.add_argument("--piece", type=Path, default=ROOT / "examples" / "02-house.ph")
    options = parser.parse_args()
    if options.alone:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    found: Figures = {"engine": options.engine, "load": os.getloadavg()[0]}
    for what in options.what or (ALL[:2] if options.engine == "fake" else ALL):
        with TemporaryDirectory(prefix="ph") as name, contextlib.ExitStack() as stack:
            environment = surroundings(Path(name))
            if options.engine == "jack":
                stack.enter_context(sound_server(environment))
            say(f"-- {what}, engine: {options.engine}, {machine()}")
            if what == "latency":
                done = latency(Path(name), environment, options.engine, options.evaluations)
            else:
                sitting = Sitting(options, Path(name), environment)
                stack.callback(sitting.end)
                given = () if what == "keys" else (options.seconds,)
                done = {"cost": cost, "kill": kill, "keys": keys}[what](sitting, *given)
            found[what] = done
    print(json.dumps(found))


if __name__ == "__main__":
    main()
