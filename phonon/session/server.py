"""Serves a local session to other processes: requests by socket, telemetry by shared memory."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
import socket
import sys
import threading
import time
from typing import Any, NoReturn

from phonon.errors import PhononError
from phonon.session import shared_memory, wire
from phonon.session.engine_paths import EnginePaths
from phonon.session.gc_schedule import GarbageSchedule
from phonon.session.local import LocalSession
from phonon.session.programs import compile_source
from phonon.session.protocol import VERBS
from phonon.session.shared_memory import SharedMemory

PUBLISH = 1 / 60  # seconds between two records of telemetry
LOOK = 0.2  # seconds between two checks for garbage and for the end
IDLE = 30.0  # seconds after which an engine without program and interface ends
REFUSED = 0.1  # seconds until the next try after the system refused a connection

REQUESTS = wire.requests_of(verb for verb in VERBS.values() if verb.route != "memory")


class Server:
    """Answers requests until `end`; a folder has at most one. Raises PhononError."""

    def __init__(self, session: LocalSession, paths: EnginePaths) -> None:
        self.session = session
        self._paths = paths
        self._lock = _locked(paths)
        self._ending = threading.Event()
        self._clients: set[socket.socket] = set()
        self._remembering = threading.Lock()
        self._garbage = GarbageSchedule()
        self._busy_until = time.monotonic() + IDLE
        self._shared = SharedMemory(paths.shared, create=True)
        session.player.listen(self._shared.requests)
        with contextlib.suppress(FileNotFoundError):
            paths.socket.unlink()
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(str(paths.socket))
        self._listener.listen(16)

    def run(self) -> None:
        """Serve until `end`."""
        self._garbage.begin()
        for work in (self._accept, self._publish):
            threading.Thread(target=work, name=work.__name__.strip("_"), daemon=True).start()
        while not self._ending.wait(LOOK):
            self._garbage.collect_if_due()
            if self._clients or self.session.outputs():
                self._busy_until = time.monotonic() + IDLE
            elif time.monotonic() > self._busy_until:
                break
        self._garbage.end()
        self.close()

    def end(self) -> None:
        """Let `run` return."""
        self._ending.set()

    def close(self) -> None:
        """Close the session and remove the files by which it is found."""
        self._ending.set()
        self._shared.words[shared_memory.ENGINE] = 0
        self._listener.close()
        for path in (self._paths.socket, self._paths.state):
            with contextlib.suppress(FileNotFoundError):
                path.unlink()
        self.session.close()
        self._lock.close()

    # -- the last good program --------------------------------------------------------------------

    def resume(self) -> None:
        """Resume from the state file that a crashed engine left."""
        try:
            state = json.loads(self._paths.state.read_text(encoding="utf-8"))
            self.session.restore(state)
        except FileNotFoundError:
            return
        except Exception as error:  # noqa: BLE001 — an engine without a program beats none
            self.session.tell(f"what played is lost: {type(error).__name__}: {error}", "error")

    def _remember(self) -> None:
        part = self._paths.state.with_suffix(".part")
        with self._remembering, contextlib.suppress(OSError):  # a full disk must not end the music
            part.write_text(json.dumps(self.session.state()), encoding="utf-8")
            os.replace(part, self._paths.state)

    # -- threads ----------------------------------------------------------------------------------

    def _accept(self) -> None:
        while not self._ending.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:  # too many open files, say
                self._ending.wait(REFUSED)
                continue
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        self._clients.add(connection)
        try:
            with connection:
                while (message := wire.receive(connection)) is not None:
                    wire.send(connection, self._reply(message))
        except (OSError, PhononError):
            pass  # it has closed the connection, or is not an interface of ours
        finally:
            self._clients.remove(connection)

    def _reply(self, data: bytes) -> bytes:
        try:
            request = wire.decode(REQUESTS, data)
            return wire.encode(wire.answer(self._carry_out(request)))
        except PhononError as error:
            return wire.encode(wire.Failure(error.diagnostics))

    def _carry_out(self, request: Any) -> Any:
        if isinstance(request, wire.Ping):
            return os.getpid()
        if isinstance(request, wire.Quit):
            return self.end()
        name, arguments = wire.name_and_arguments(request)
        try:
            value = getattr(self.session, name)(**arguments)
        except PhononError:
            raise
        except Exception as error:  # noqa: BLE001 — the music goes on
            text = f"the engine stumbled over {name}: {type(error).__name__}: {error}"
            raise PhononError(text) from None
        if VERBS[name].saves:
            self._remember()
        if VERBS[name].replaces:
            self._garbage.request()
        return value

    def _publish(self) -> None:
        hushed = False
        while not self._ending.is_set():
            try:
                telemetry = self.session.meter()
                self._shared.write(telemetry, self.session.player.scope())
                if telemetry.hushed != hushed:
                    hushed = self.session.hushed = telemetry.hushed
                    self._remember()
            except Exception as error:  # noqa: BLE001 — telemetry is not worth a crash
                self.session.tell(f"no telemetry: {type(error).__name__}: {error}", "error")
                time.sleep(1.0)
            time.sleep(PUBLISH)


def serve(paths: EnginePaths, *, resume: bool = False, **options: Any) -> None:
    """Run the engine of a folder until it is told to end; `options` are those of LocalSession."""
    sys.setswitchinterval(0.001)  # the scheduler must not wait long for an evaluation
    server = Server(LocalSession(**options), paths)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: server.end())
    with contextlib.suppress(AttributeError):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    if resume:
        server.resume()
    server.session.start()
    compile_source('out: s "bd"')  # the language is loaded now, not at the first evaluation
    server.run()


def main() -> NoReturn:
    """Entry point of the process that `remote` starts; its only argument is JSON."""
    options = json.loads(sys.argv[1])
    paths = EnginePaths.of(options.pop("folder"))
    try:
        serve(paths, **options)
    except PhononError as error:
        print(error.diagnostics[0].message, file=sys.stderr, flush=True)  # noqa: T201 — the log
        os._exit(1)
    os._exit(0)  # libraries below may hang or abort when they are taken apart


def _locked(paths: EnginePaths) -> Any:
    """Lock a folder; the system releases it when the process ends, however that happens."""
    file = open(paths.lock, "w", encoding="utf-8")  # noqa: SIM115 — held as long as we live
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise PhononError(f"an engine is running in {paths.folder} already") from None
    return file
