"""What the editor costs: keys to screen, idle, and playing with lit steps and panels.

A real terminal (a pty that is drained here), the editor in its own process with a session that
makes no sound but moves. Run it as `python benchmarks/editor.py [seconds]`.
"""

from __future__ import annotations

import fcntl
import os
import pty
import random
import statistics
import struct
import sys
import termios
import threading
import time
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
FAKE = ROOT / "tests" / "editor" / "fake.py"
COLUMNS, ROWS = 120, 40


def program() -> str:
    """Two hundred lines, forty of which sound at once."""
    lines = ["cps: 0.5", ""]
    for number in range(200):
        if number % 5:
            lines.append(f"-- line {number} says what the next part is for, as people do (4, 4)")
        else:
            lines.append(f'~part{number}: s "bd sn*2 hh cp [bd sn] hh" # lpf 800 0.7 # gain 0.5')
    lines += ['o1: s "bd sn hh cp"', 'o2: s "hh*8" # gain 0.8', ""]
    return "\n".join(lines)


class Session:
    """An editor at a pty; everything it writes is counted."""

    def __init__(self, folder: Path) -> None:
        file = folder / "set.ph"
        file.write_text(program())
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            os.environ.update(
                TERM="xterm-256color",
                COLORTERM="truecolor",
                PYTHONPATH=str(ROOT),
                XDG_STATE_HOME=str(folder),
                XDG_CONFIG_HOME=str(folder),
                LANG="C.UTF-8",
            )
            os.environ.pop("NO_COLOR", None)
            os.execv(sys.executable, [sys.executable, str(FAKE), str(file)])  # noqa: S606  # a terminal of our own
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self.bytes = 0
        self.arrived = threading.Event()
        self.wanted = b""
        self.at = 0.0
        threading.Thread(target=self._drain, daemon=True).start()

    def _drain(self) -> None:
        while True:
            try:
                data = os.read(self.terminal, 65536)
            except OSError:
                return
            self.bytes += len(data)
            if self.wanted and self.wanted in data:
                self.at = time.perf_counter()
                self.wanted = b""
                self.arrived.set()

    def press(self, keys: str) -> None:
        os.write(self.terminal, keys.encode())

    def cpu(self) -> float:
        fields = Path(f"/proc/{self.process}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def measure(self, seconds: float) -> tuple[float, float]:
        """Share of a core, and kB/s to the terminal."""
        used, written, began = self.cpu(), self.bytes, time.monotonic()
        time.sleep(seconds)
        passed = time.monotonic() - began
        return (self.cpu() - used) / passed, (self.bytes - written) / passed / 1000

    def latency(self, character: str) -> float:
        """Milliseconds from a typed character to its arrival at the terminal."""
        self.arrived.clear()
        self.wanted = character.encode()
        began = time.perf_counter()
        self.press(character)
        if not self.arrived.wait(2):
            raise TimeoutError(character)
        return (self.at - began) * 1000


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    with TemporaryDirectory() as folder:
        session = Session(Path(folder))
        time.sleep(3)
        print("idle      {:5.1%} of a core, {:5.1f} kB/s".format(*session.measure(seconds)))
        session.press("\x1b[15~")  # F5
        time.sleep(1.5)
        print("playing   {:5.1%} of a core, {:5.1f} kB/s".format(*session.measure(seconds)))
        session.press("O")
        time.sleep(0.3)
        chance = random.Random(1)
        times = []
        for number in range(240):
            times.append(session.latency("QXZVWJ"[number % 6]))
            if number % 40 == 39:
                session.press("\r")
            time.sleep(chance.uniform(0.03, 0.12))
        times.sort()
        print(f"key       p50 {statistics.median(times):.1f} ms, p95 {times[227]:.1f} ms")
        os.kill(session.process, 9)
        os.waitpid(session.process, 0)


if __name__ == "__main__":
    main()
