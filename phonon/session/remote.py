"""A session whose engine runs in another process, so that either may crash without the other."""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, get_args

from phonon.errors import PhononError
from phonon.session import shared_memory, wire
from phonon.session.engine_paths import EnginePaths
from phonon.session.protocol import ForwardingSession, Message, Status, Telemetry
from phonon.session.shared_memory import SharedMemory
from phonon.session.verbs import Route, Verb

STARTING = 120.0  # seconds that an engine may take to answer; a first one has to be compiled
ENDING = 10.0  # seconds that an engine may take to end
WATCH = 0.1  # seconds between two checks of the engine
TOO_OFTEN, IN_SECONDS = 3, 30.0  # crashes after which it starts without the program
MESSAGES = 500

_START = "from phonon.session.server import main; main()"


class RemoteSession(ForwardingSession):
    """Sends verbs to the engine of a folder, and restarts it after a crash.

    `options` are those of LocalSession, for an engine that it has to start.
    """

    def __init__(self, paths: EnginePaths, options: dict[str, Any]) -> None:
        self._paths = paths
        self._options = options
        self._connections = {
            name: _Connection(paths) for name in get_args(Route) if name != "memory"
        }
        self._shared: SharedMemory | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._crashes: deque[float] = deque(maxlen=TOO_OFTEN)
        self._restarts = 0
        self._messages: deque[Message] = deque(maxlen=MESSAGES)
        self._count = 0  # messages so far
        self._heard = 0  # messages of the present engine, of these
        self._telling = threading.Lock()
        self._recovering = threading.RLock()
        self._closed = threading.Event()

    # -- life -------------------------------------------------------------------------------------

    def connect(self, *, start: bool) -> None:
        """Connect to the running engine, or start one. Raises PhononError."""
        try:
            if not self._answers():
                if not start:
                    raise PhononError("no engine is running; `phonon edit` starts one")
                self._spawn(resume=self._paths.state.exists())
            self._shared = SharedMemory(self._paths.shared)
        except BaseException:
            self.close()
            raise
        threading.Thread(target=self._watch, name="engine watch", daemon=True).start()

    def close(self) -> None:
        """Disconnect; the engine plays on."""
        self._closed.set()
        for line in self._connections.values():
            line.close()
        with self._recovering:  # a restart under way has given up
            if self._process is not None and self._process.poll() is None:
                self._process.returncode = 0  # silences the warning about a child that still runs

    def shut_down(self) -> None:
        """Disconnect and end the engine."""
        self._closed.set()
        with self._recovering:
            with contextlib.suppress(OSError, PhononError):
                self._connections["quick"].ask(wire.Quit(), None)
            if self._process is not None:
                try:
                    self._process.wait(ENDING)
                except subprocess.TimeoutExpired:
                    self._kill()
        self.close()

    def _answers(self) -> bool:
        try:
            self._connections["quick"].ask(wire.Ping(), int)
        except (OSError, PhononError):
            return False
        return True

    def _spawn(self, *, resume: bool) -> None:
        arguments = json.dumps(
            {"folder": str(self._paths.folder), "resume": resume, **self._options}
        )
        self._kill()
        with open(self._paths.log, "ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _START, arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # the terminal's Ctrl-C must not end the engine
            )
        try:
            self._wait_for(self._process)
        except BaseException:
            self._kill()
            raise

    def _wait_for(self, process: subprocess.Popen[bytes]) -> None:
        """Wait until the engine that was started answers. Raises PhononError."""
        deadline = time.monotonic() + STARTING
        while not self._answers():
            if process.poll() is not None:
                raise PhononError(f"the engine does not start: {self._last_words()}")
            if time.monotonic() > deadline or self._closed.is_set():
                raise PhononError("the engine does not answer")
            time.sleep(0.01)

    def _kill(self) -> None:
        """Kill the engine that was started here, if any."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _last_words(self) -> str:
        try:
            lines = self._paths.log.read_text(encoding="utf-8", errors="replace").split("\n")
        except OSError:
            return "it says nothing"
        return next((line.strip() for line in reversed(lines) if line.strip()), "it says nothing")

    # -- crashes ----------------------------------------------------------------------------------

    def _watch(self) -> None:
        while not self._closed.wait(WATCH):
            if self._process is not None:
                self._process.poll()  # reaps it
            if not self._connections["quick"].alive():
                self._recover()

    def _recover(self) -> bool:
        """Restart the engine with the last good program; returns whether one runs."""
        with self._recovering:
            if self._closed.is_set():
                return False
            if self._answers():
                return True
            if self._shared is not None and not self._shared.words[shared_memory.ENGINE]:
                self.tell("the engine has been ended", "warning")
                self._closed.set()
                return False
            self._crashes.append(time.monotonic())
            often = len(self._crashes) == TOO_OFTEN
            often = often and self._crashes[-1] - self._crashes[0] < IN_SECONDS
            how = "without a program: it has crashed too often" if often else "where it was"
            self.tell(f"the engine ended unexpectedly{self._cause()}: starting it {how}", "error")
            self._restarts += 1
            self._heard = 0
            try:
                self._spawn(resume=not often)
            except PhononError as error:
                self.tell(error.diagnostics[0].message, "error")
                self._closed.wait(2.0)
                return False
            self._shared = SharedMemory(self._paths.shared)
            self.tell("the engine plays again", "note")
            return True

    def _cause(self) -> str:
        """Signal or exit code of the engine; it hangs up shortly before its process ends."""
        if self._process is None:
            return ""
        deadline = time.monotonic() + ENDING
        while (code := self._process.poll()) is None:
            if time.monotonic() > deadline or self._closed.wait(0.005):
                return ", but it is still there"
        return f" (signal {-code})" if code < 0 else f" (code {code})"

    def call(self, asked: Verb, arguments: tuple[Any, ...], options: dict[str, Any]) -> Any:
        """Let the engine carry out a verb, restarting it if need be. Raises PhononError."""
        line, request = self._connections[asked.route], wire.request(asked, arguments, options)
        try:
            return line.ask(request, asked.answer)
        except OSError:
            if self._closed.is_set() or not self._recover():
                raise PhononError("the engine does not answer") from None
            try:
                return line.ask(request, asked.answer)
            except OSError:
                raise PhononError("the engine does not answer") from None

    # -- verbs that are more than a request -------------------------------------------------------

    def hush(self) -> None:
        self._request(shared_memory.HUSH)

    def unhush(self) -> None:
        self._request(shared_memory.UNHUSH)

    def panic(self) -> None:
        self._request(shared_memory.PANIC)

    def record(self, path: str | None) -> None:
        from pathlib import Path

        # The engine's working folder may be another one.
        super().record(None if path is None else str(Path(path).absolute()))

    def meter(self) -> Telemetry:
        if self._shared is None:
            return Telemetry(alive=False)
        telemetry = self._shared.read()
        return telemetry if self._connections["quick"].up else replace(telemetry, alive=False)

    def scope(self) -> Sequence[float]:
        return [] if self._shared is None else self._shared.scope()

    def status(self) -> Status:
        return replace(super().status(), restarts=self._restarts)

    def messages(self, after: int = 0) -> list[Message]:
        try:
            found = super().messages(self._heard)
        except PhononError:
            found = []
        with self._telling:
            for message in found:
                if message.number > self._heard:
                    self._heard = message.number
                    self._append(message.text, message.severity)
            return [message for message in self._messages if message.number > after]

    def tell(self, text: str, severity: str = "note") -> None:
        """Add a message of this side."""
        with self._telling:
            self._append(text, severity)

    def _append(self, text: str, severity: str) -> None:
        self._count += 1
        self._messages.append(Message(self._count, text, severity))

    def _request(self, word: int) -> None:
        if self._shared is not None:
            self._shared.request(word)


class _Connection:
    """One connection to the engine; requests on it wait for each other."""

    def __init__(self, paths: EnginePaths) -> None:
        self._paths = paths
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._closed = False
        self.up = False

    def ask(self, request: Any, answer: Any) -> Any:
        """Send a request; returns the answer. OSError without one, PhononError if refused."""
        with self._lock:
            connection = self._connected()
            try:
                wire.send(connection, wire.encode(request))
                data = wire.receive(connection)
                if data is None:
                    raise ConnectionResetError
                reply = wire.decode(wire.replies_of(answer), data)
            except (OSError, PhononError):  # gone, or not an engine of this version
                self._drop()
                raise
            if isinstance(reply, wire.Failure):
                raise PhononError(reply.diagnostics)
            return reply.value

    def alive(self) -> bool:
        """Whether the engine is still connected."""
        if not self._lock.acquire(blocking=False):
            return True  # a request is under way and will notice
        try:
            if self._socket is not None and not _hung_up(self._socket):
                return True  # a process that ends closes it
        finally:
            self._lock.release()
        try:
            self.ask(wire.Ping(), int)
        except (OSError, PhononError):
            return False
        return True

    def close(self) -> None:
        """Disconnect for good; a request that waits fails with OSError."""
        self._closed = True
        connection = self._socket
        if connection is not None:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        with self._lock:
            self._drop()

    def _connected(self) -> socket.socket:
        if self._closed:
            raise ConnectionAbortedError
        if self._socket is None:
            self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                self._socket.connect(str(self._paths.socket))
            except OSError:
                self._drop()
                raise
            self.up = True
        return self._socket

    def _drop(self) -> None:
        self.up = False
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def _hung_up(connection: socket.socket) -> bool:
    """Whether the other side has closed the connection."""
    try:
        return not connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except BlockingIOError:
        return False
    except OSError:
        return True


def start_engine(folder: str | None = None, **options: Any) -> RemoteSession:
    """Connect to the engine of a folder, starting one if none runs.

    `options` are those of LocalSession. Raises PhononError.
    """
    session = RemoteSession(EnginePaths.of(folder), options)
    session.connect(start=True)
    return session


def attach(folder: str | None = None) -> RemoteSession:
    """Connect to the running engine of a folder. Raises PhononError without one."""
    session = RemoteSession(EnginePaths.of(folder), {})
    session.connect(start=False)
    return session
