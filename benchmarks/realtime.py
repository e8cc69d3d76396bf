"""Underruns on JACK's dummy driver: Phonon with everything against it, beside a client that rests.

    python benchmarks/realtime.py --minutes 10
    python benchmarks/realtime.py --minutes 2 --frames 64
    python benchmarks/realtime.py --minutes 2 --callback python

Needs jackd (Debian: jackd2). The engine's process, as editors get it, plays a piece of 32 voices
and more, with a thread in that very process that takes the interpreter whenever it can. An editor
in a terminal of its own draws the piece while it sounds, and changes a number of it every five
seconds, by key. At the same time a client that does nothing plays on the same server, and another
one on a second server of the same kind, for a server tells all its clients of what one of them
missed; and on each core a witness above everybody else sleeps a millisecond again and again: what
keeps it waiting is the host.

A table goes to standard error, one JSON object to standard output.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import pty
import shlex
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Self

from realtime_figures import findings, table

CLIENTS = Path(__file__).with_name("realtime_clients.py")
ROOT = Path(__file__).parents[1]
PIECE = """\
bpm: 124
synth voice freq cutoff=900 = saw freq * 0.2 # lpf cutoff 1.2 # adsr 0.01 0.3 0.6 0.6
o1: s "bd*4" # gain 0.8
o2: s "hh*16" # gain (range 0.2 0.6 sine) # pan 0.6
o3: s "~ cp ~ sn" # gain 0.7 # reverb 0.5
o4: s "voice*8" # note "<[c3,ef3,g3,bf3] [af2,c3,ef3,g3]>" # legato 4 # gain 0.2 # reverb 0.6
o5: s "voice*2" # note "<[c4,ef4,g4,bf4,d5,f5] [af3,c4,ef4,g4,bf4,d5]>" # legato 2.5 # gain 0.15
  # delay 0.36 0.4
"""
NUMBER = "ggj0"  # keys that lead to the cutoff
KEYS = ("50\x01", "50\x18")  # 50 up, 50 down; every one of them evaluates
SETTLING = 3.0  # seconds after the first sound
STARTING = 60.0
ROWS, COLUMNS = 40, 160


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--frames", type=int, default=256, help="of a period (256)")
    parser.add_argument("--callback", choices=("compiled", "python"), default="compiled")
    parser.add_argument("--swap-every", type=float, default=5.0, metavar="SECONDS")
    parser.add_argument("--no-burner", action="store_true", help="leave the interpreter in peace")
    parser.add_argument("--piece", type=Path, help="another program; line 2 has to have a number")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))  # and all that was started
    with tempfile.TemporaryDirectory(prefix="rt") as folder, ExitStack() as stack:
        found = Run(options, Path(folder), stack).run()
    print(table(found), file=sys.stderr)
    print(json.dumps(found))


class Run:
    """Everything that runs at the same time; the stack ends all of it."""

    def __init__(self, options: argparse.Namespace, folder: Path, stack: ExitStack) -> None:
        self.options, self.folder, self.stack = options, folder, stack
        self.environment = {
            **{name: text for name, text in os.environ.items() if name != "NO_COLOR"},
            "JACK_NO_AUDIO_RESERVATION": "1",
            "JACK_NO_START_SERVER": "1",
            "PYTHONPATH": str(ROOT),
            "PHONON_ENGINE": str(folder / "engine"),
            "PHONON_SAMPLES": "",
            "XDG_STATE_HOME": str(folder),
            "XDG_CONFIG_HOME": str(folder),
            "TERM": "xterm-256color",
            "LANG": "C.UTF-8",
        }
        self.calls = int((60 * options.minutes + 2 * STARTING) * 48_000 / options.frames)
        self.said: dict[str, list[tuple[float, str]]] = {}

    def run(self) -> dict[str, Any]:
        """The measurement."""
        from phonon.session.remote import attach

        options, folder = self.options, self.folder
        piece = options.piece.read_text(encoding="utf-8") if options.piece else PIECE
        file = folder / "piece.ph"
        file.write_text(piece, encoding="utf-8")
        servers = [self.stack.enter_context(self.server(name)) for name in ("engine", "bare")]
        engine = self.client("engine", servers[0])
        bare = self.client("bare", servers[1])
        cores = sorted(os.sched_getaffinity(0))
        witnesses = [
            self.client("witness", servers[1], name=f"witness{core}", core=core) for core in cores
        ]
        os.environ["PHONON_ENGINE"] = self.environment["PHONON_ENGINE"]
        wait_for((folder / "engine" / "engine.sock").exists, engine)
        session = attach()
        self.stack.callback(session.close)
        done = session.evaluate(piece, name=str(file))
        if not done.ok:
            sys.exit(f"the piece does not play: {done.diagnostics[0].message}")
        editor = self.stack.enter_context(Editor(file, self.environment))
        wait_for(lambda: session.meter().voices and editor.drawn, engine)
        beside = self.client("bare", servers[0], name="beside")  # the second to come, for its name
        wait_for((folder / "beside.log").exists, beside)
        editor.press("\x1bOS" + NUMBER)  # F4: the panel
        time.sleep(SETTLING)

        idle, load = stolen(), []
        first, drawn, written = session.meter(), editor.drawn, editor.bytes
        begun, due, number = time.monotonic(), options.swap_every, 0
        meters = []
        while (passed := time.monotonic() - begun) < 60 * options.minutes:
            if passed >= due:
                editor.press(KEYS[number % 2])
                due += options.swap_every
                number += 1
            meters.append(session.meter())
            load.append(os.getloadavg()[0])
            time.sleep(0.25)
        last, ended = session.meter(), time.monotonic()
        status = session.status()
        messages = [message.text for message in session.messages()]
        seconds = ended - begun
        screen = {
            "swaps_asked": number,
            "redraws_per_second": round((editor.drawn - drawn) / seconds, 1),
            "kB_per_second": round((editor.bytes - written) / seconds / 1000, 1),
        }
        host = {
            "stolen_seconds": round(stolen() - idle, 2),
            "load": [round(min(load), 2), round(max(load), 2)],
        }
        session.shut_down()
        for process in (engine, beside, bare, *witnesses):
            process.stdin.close()  # type: ignore[union-attr]
            process.wait(30)
        return findings(
            options=options,
            span=(begun, ended),
            meters=(first, *meters, last),
            status=status,
            messages=messages,
            said=self.said,
            folder=folder,
            cores=cores,
            screen=screen,
            host=host,
        )

    @contextmanager
    def server(self, role: str) -> Iterator[dict[str, str]]:
        """A JACK server of one's own: the environment that leads to it."""
        name = f"{role}{os.getpid()}"
        environment = {**self.environment, "JACK_DEFAULT_SERVER": name}
        said = self.said[role] = []
        for scheduling in ("-R", "-r"):  # where real-time scheduling is refused, the ordinary kind
            command = ["jackd", scheduling, "-n", name, "-d", "dummy", "-r", "48000"]
            jackd = subprocess.Popen(
                [*command, "-p", str(self.options.frames)],
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            listening = threading.Thread(target=_listen, args=(jackd, said), daemon=True)
            listening.start()
            try:
                wait_for(lambda: _answers(environment), jackd, patience=10)
                break
            except TimeoutError as error:
                end(jackd)
                said.append((time.monotonic(), str(error)))
        else:
            sys.exit("\n".join(line for _, line in said))
        try:
            yield environment
        finally:
            end(jackd)
            listening.join(5)

    def client(
        self, role: str, environment: dict[str, str], name: str = "", **rest: Any
    ) -> subprocess.Popen[bytes]:
        """Another process; it ends with its input."""
        options = {
            "log": str(self.folder / f"{name or role}.log"),
            "calls": self.calls,
            "frames": self.options.frames,
            "callback": self.options.callback,
            "burner": not self.options.no_burner,
            "folder": self.environment["PHONON_ENGINE"],
            **rest,
        }
        command = [sys.executable, str(CLIENTS), role, json.dumps(options)]
        process = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE)
        self.stack.callback(end, process)
        return process


def _listen(jackd: subprocess.Popen[str], said: list[tuple[float, str]]) -> None:
    said.extend((time.monotonic(), line.strip()) for line in jackd.stdout or ())


def _answers(environment: dict[str, str]) -> bool:
    """Whether a JACK server is there."""
    asking = subprocess.run(["jack_lsp"], env=environment, capture_output=True, check=False)
    return asking.returncode == 0


class Editor:
    """An editor in a terminal that is drained, with its screens counted."""

    def __init__(self, file: Path, environment: dict[str, str]) -> None:
        self.leader, follower = pty.openpty()
        fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        command = [sys.executable, "-c", "from phonon.cli import main; main()", "edit", str(file)]
        self.process = subprocess.Popen(
            command, env=environment, stdin=follower, stdout=follower, stderr=follower
        )
        os.close(follower)
        self.bytes = self.drawn = 0
        self._reading = threading.Thread(target=self._drain, daemon=True)
        self._reading.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        end(self.process, signal.SIGKILL)  # as a terminal that is closed ends it
        self._reading.join(5)
        os.close(self.leader)

    def press(self, keys: str) -> None:
        """Type."""
        os.write(self.leader, keys.encode())

    def _drain(self) -> None:
        before = 0.0
        while True:
            try:
                self.bytes += len(os.read(self.leader, 65_536))
            except OSError:
                return
            now = time.monotonic()
            self.drawn += now - before > 0.010
            before = now


def end(process: subprocess.Popen[Any], number: int = signal.SIGTERM) -> None:
    """End a process, and see that it is gone."""
    if process.poll() is None:
        process.send_signal(number)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(
    condition: Callable[[], Any], process: subprocess.Popen[Any], patience: float = STARTING
) -> None:
    """Wait until something is so. TimeoutError if that takes too long, or the process ends."""
    until = time.monotonic() + patience
    while not condition():
        if process.poll() is not None or time.monotonic() > until:
            raise TimeoutError(f"this does not start: {shlex.join(map(str, process.args))}")  # type: ignore[arg-type]
        time.sleep(0.05)


def stolen() -> float:
    """Seconds that the hypervisor has kept from this machine."""
    fields = Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()
    return int(fields[8]) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
