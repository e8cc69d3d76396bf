"""What `editor.py` needs around an editor: a terminal that counts, an engine, a sound server."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import signal
import statistics
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
COLUMNS, ROWS = 120, 40
PATIENCE = 120.0  # seconds; a first engine has to be compiled
PERIOD = 256  # frames

Figures = dict[str, Any]


class Terminal:
    """A program at a pty of its own; everything that it writes is counted, and drained."""

    def __init__(self, arguments: list[str], environment: dict[str, str]) -> None:
        self.process, self.leader = pty.fork()
        if self.process == 0:
            os.environ.clear()
            os.environ.update(environment)
            os.execv(sys.executable, [sys.executable, *arguments])  # noqa: S606  # a terminal of our own
        size = struct.pack("HHHH", ROWS, COLUMNS, 0, 0)
        fcntl.ioctl(self.leader, termios.TIOCSWINSZ, size)
        self.bytes = 0
        self.written = bytearray()
        self._arrived = threading.Event()
        self._wanted = b""
        self._at = 0.0
        self._ended = False
        threading.Thread(target=self._drain, daemon=True).start()

    def _drain(self) -> None:
        while True:
            try:
                data = os.read(self.leader, 65536)
            except OSError:
                return
            self.bytes += len(data)
            self.written += data
            if self._wanted and self._wanted in data:
                self._at = time.monotonic()
                self._wanted = b""
                self._arrived.set()

    def press(self, keys: str) -> float:
        """Type; returns when that was, by the clock that all processes share."""
        moment = time.monotonic()
        os.write(self.leader, keys.encode())
        return moment

    def cpu(self) -> float:
        """Seconds that the program has spent, all its threads together."""
        return cpu_of(self.process)

    def latency(self, character: str) -> float:
        """Milliseconds from a typed character to its arrival at the terminal."""
        self._arrived.clear()
        self._wanted = character.encode()
        begun = self.press(character)
        if not self._arrived.wait(5):
            raise TimeoutError(character)
        return (self._at - begun) * 1000

    def wait(self, text: str, after: int = 0) -> None:
        """Wait until a text has been written, in one piece, past a number of bytes."""
        until(lambda: text.encode() in self.written[after:], f"{text!r} on the screen")

    def kill(self) -> None:
        """As nothing else would."""
        if not self._ended:
            os.kill(self.process, signal.SIGKILL)
            os.waitpid(self.process, 0)
            self._ended = True


def cpu_of(process: int) -> float:
    """Seconds that a process has spent, in itself and in the system."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def until(found: Callable[[], object], what: str) -> None:
    """Wait until something is so."""
    end = time.monotonic() + PATIENCE
    while not found():
        if time.monotonic() > end:
            raise TimeoutError(f"never seen: {what}")
        time.sleep(0.01)


def end_engine(folder: Path) -> None:
    """End the engine of a folder, if there is one."""
    from phonon.errors import PhononError
    from phonon.session.remote import attach

    with contextlib.suppress(PhononError):
        attach(str(folder)).shut_down()


def surroundings(folder: Path) -> dict[str, str]:
    """The environment of an editor whose every file is in a folder."""
    kept = {name: text for name, text in os.environ.items() if name != "NO_COLOR"}
    return {
        **kept,
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "PYTHONPATH": str(ROOT),
        "XDG_STATE_HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
        "PHONON_ENGINE": str(folder / "engine"),
        "LANG": "C.UTF-8",
    }


@contextlib.contextmanager
def sound_server(environment: dict[str, str]) -> Iterator[None]:
    """JACK on its dummy driver; the environment tells where it is."""
    name = f"phononeditor{os.getpid()}"
    environment["JACK_DEFAULT_SERVER"] = name
    environment["JACK_NO_AUDIO_RESERVATION"] = environment["JACK_NO_START_SERVER"] = "1"
    command = ["jackd", "-R" if os.geteuid() == 0 else "-r", "-n", name, "-d", "dummy"]
    nowhere = subprocess.DEVNULL
    server = subprocess.Popen(
        [*command, "-r", "48000", "-p", str(PERIOD)], stdout=nowhere, stderr=nowhere
    )
    try:
        asking = {"env": environment, "stdout": nowhere, "stderr": nowhere}
        until(
            lambda: (
                server.poll() is None
                and subprocess.run(["jack_lsp"], check=False, **asking).returncode == 0
            ),  # type: ignore[call-overload]
            "a sound server",
        )
        yield
    finally:
        server.terminate()
        server.wait()


def machine() -> str:
    """How busy it is: the figures of a busy machine are worse than they are."""
    one, five, _ = os.getloadavg()
    return f"load {one:.1f} (five minutes: {five:.1f}) on {os.cpu_count()} cores"


def figures(what: str, times: list[float]) -> Figures:
    """Milliseconds: said, and returned."""
    times = sorted(times)
    found = {
        "median": statistics.median(times),
        "p95": times[int(0.95 * len(times))],
        "worst": times[-1],
    }
    told = ", ".join(f"{name} {value:6.1f} ms" for name, value in found.items())
    say(f"{what:32} {told}")
    return found


def say(text: str) -> None:
    """A line of the table."""
    print(text, file=sys.stderr, flush=True)
