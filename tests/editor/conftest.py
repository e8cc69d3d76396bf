"""An editor in a terminal of tmux, which types keys and returns the screen."""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

FAKE = Path(__file__).with_name("fake.py")
ROOT = Path(__file__).parents[2]
PROGRAM = """\
-- late set
cps: 0.5

o1: s "bd sn bd sn" # gain 0.9
o2: s "hh*8" # lpf 800 0.7

~room: saw 55 # lpf 500 * 0.3
out: ~room # reverb 0.4
"""

PATIENCE = 60.0  # seconds; a busy machine may be slow


class Screen:
    """One editor in one terminal."""

    def __init__(self, folder: Path, columns: int = 80, rows: int = 24, **environment: str) -> None:
        self.folder = folder
        self.socket = folder / "tmux"
        self.log = folder / "calls"
        self.columns, self.rows = columns, rows
        self.environment = {
            "PYTHONPATH": str(ROOT),
            "FAKE_LOG": str(self.log),
            "XDG_STATE_HOME": str(folder / "state"),
            "XDG_CONFIG_HOME": str(folder / "config"),
            "LANG": "C.UTF-8",
            "TERM": "tmux-256color",
            **environment,
        }

    def tmux(self, *arguments: str) -> str:
        """Run a command of tmux."""
        found = subprocess.run(
            ["tmux", "-S", str(self.socket), "-f", os.devnull, *arguments],
            check=True,
            capture_output=True,
            text=True,
            timeout=120,
        )
        return found.stdout

    def start(self, file: Path, *options: str) -> Screen:
        """Edit a file with a session that makes no sound."""
        return self.run(str(FAKE), str(file), *options)

    def run(self, *arguments: str) -> Screen:
        """Run Python with arguments; its process and later its exit code are in files."""
        (self.folder / "code").unlink(missing_ok=True)
        said = " ".join(f"{name}={shlex.quote(text)}" for name, text in self.environment.items())
        program = f"{shlex.join([sys.executable, *arguments])} 2>{self.folder}/stderr"
        inner = (
            f"unset NO_COLOR COLORTERM; echo $$ >{self.folder}/process; exec env {said} {program}"
        )
        line = f"sh -c {shlex.quote(inner)}; echo $? >{self.folder}/code; sleep 60"
        if self.socket.exists():
            self.tmux("respawn-window", "-k", "-t", "set", "sh", "-c", line)
        else:
            size = ["-x", str(self.columns), "-y", str(self.rows)]
            self.tmux("new-session", "-d", "-s", "set", *size, "sh", "-c", line)
        self.wait(lambda: "DSP" in self.text(), "the status line")
        return self

    def type(self, *keys: str) -> None:
        """Press keys, by tmux's names (`M-Enter`, `Escape`)."""
        self.tmux("send-keys", "-t", "set", *keys)

    def write(self, text: str) -> None:
        """Press the keys of a text."""
        self.tmux("send-keys", "-t", "set", "-l", "--", text)

    def mouse(self, column: int, row: int, *, code: int = 0, ends: str = "M") -> None:
        """What a terminal sends about its mouse, at a place counted from 0; `m` lets go."""
        self.write("".join(f"\x1b[<{code};{column + 1};{row + 1}{end}" for end in ends))

    def click(self, column: int, row: int, *, code: int = 0, times: int = 1) -> None:
        """Press a button (0 left, 2 right) and let it go; twice at once is a double click."""
        self.mouse(column, row, code=code, ends="Mm" * times)

    def escape(self) -> None:
        """Press Esc in INSERT mode and wait for NORMAL: with the next key it would be Alt."""
        self.see("INSERT")
        self.type("Escape")
        self.see("NORMAL")

    def text(self, *, styled: bool = False) -> str:
        """What is on the screen."""
        return self.tmux("capture-pane", "-p", *(["-e"] if styled else []), "-t", "set")

    def line(self, number: int) -> str:
        """A row of the screen, from 0; negative ones from below."""
        return self.text().split("\n")[:-1][number]

    def wait(self, found: Callable[[], object], what: str) -> None:
        """Wait until a condition holds."""
        end = time.monotonic() + PATIENCE
        while not found():
            if time.monotonic() > end:
                raise AssertionError(f"never seen: {what}\n{self.text()}")
            time.sleep(0.03)

    def see(self, text: str) -> None:
        """Wait until a text is on the screen."""
        self.wait(lambda: text in self.text(), text)

    def see_not(self, text: str) -> None:
        """Wait until a text is no longer on the screen."""
        self.wait(lambda: text not in self.text(), f"the end of {text}")

    def calls(self, name: str) -> list[list[object]]:
        """The arguments of the session's calls of a method."""
        if not self.log.exists():
            return []
        found = [json.loads(line) for line in self.log.read_text().splitlines()]
        return [call[2:] for call in found if call[1] == name]

    def called(self, name: str, count: int = 1) -> list[list[object]]:
        """Wait for `count` calls of a method, and return the arguments of all."""
        self.wait(lambda: len(self.calls(name)) >= count, f"a call of {name}")
        return self.calls(name)

    @property
    def ended(self) -> str:
        """The exit code once the editor has ended, else empty."""
        code = self.folder / "code"
        return code.read_text().strip() if code.exists() else ""

    def kill(self) -> None:
        """Kill the editor with SIGKILL."""
        os.kill(int((self.folder / "process").read_text()), signal.SIGKILL)
        self.wait(lambda: self.ended, "the end of the editor")

    def resize(self, columns: int, rows: int) -> None:
        """Change the size of the terminal."""
        self.tmux("resize-window", "-t", "set", "-x", str(columns), "-y", str(rows))

    def close(self) -> None:
        """End the terminal."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            subprocess.run(
                ["tmux", "-S", str(self.socket), "kill-server"],
                check=False,
                capture_output=True,
                timeout=30,
            )


@pytest.fixture
def program(tmp_path: Path) -> Path:
    file = tmp_path / "set.ph"
    file.write_text(PROGRAM)
    return file


@pytest.fixture
def terminal() -> Iterator[Callable[..., Screen]]:
    if shutil.which("tmux") is None:
        pytest.skip("tmux is not installed")
    opened: list[Screen] = []
    folder = Path(tempfile.mkdtemp(prefix="ph"))  # a socket's path must be short

    def make(columns: int = 80, rows: int = 24, **environment: str) -> Screen:
        opened.append(Screen(folder, columns, rows, **environment))
        return opened[-1]

    yield make
    for screen in opened:
        screen.close()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def editor(terminal: Callable[..., Screen], program: Path) -> Screen:
    """An editor of the program in an ordinary terminal."""
    return terminal().start(program)
