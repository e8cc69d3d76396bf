"""An engine whose interfaces talk nonsense, fall silent or find it dead: the music goes on."""

from __future__ import annotations

import json
import os
import signal
import socket
import struct
import threading

import pytest

from phonon.errors import PhononError
from phonon.session import remote, wire
from phonon.session.shared_memory import SharedMemory

PROGRAM = "out: saw 55\no2: saw 110"
OTHER = "\n".join(f'o{n}: s "tone*{n}" # delay 0.25 0.{n}' for n in range(1, 9))
NO_MESSAGES = [
    b"GET / HTTP/1.1\r\n\r\n",
    struct.pack(">I", 0xFFFFFFFF),
    struct.pack(">I", 1_000) + b"{",
]
NO_CALLS = [
    b"\xff\xfe\x00{}",
    b"[]",
    b"[" * 100_000,
    b'{"call":"nudge","cycles":NaN}',
    *(
        json.dumps(call).encode()
        for call in [
            {},
            {"call": ["status"]},
            {"call": "__init__"},
            {"call": "close"},
            {"call": "hush"},
            {"call": "evaluate"},
            {"call": "evaluate", "arguments": [PROGRAM], "options": {}},
            {"call": "evaluate", "text": 5},
            {"call": "evaluate", "text": PROGRAM, "s?ope": "block"},
            {"call": "status", "args": []},
            {"call": "evaluate", "text": PROGRAM, "when": "never"},
            {"call": "mute", "output": [1]},
            {"call": "nudge", "cycles": "x"},
            {"call": "nudge", "cycles": 1e300},
            {"call": "tempo", "cps": None},
            {"call": "master", "gain": "loud"},
            {"call": "record", "path": "/"},
            {"call": "record", "path": "\0"},
            {"call": "preview", "sample": 5},
            {"call": "sounding", "frame": "a"},
            {"call": "upcoming", "begin": 0, "end": 1e9},
        ]
    ),
]


def packed(data):
    return struct.pack(">I", len(data)) + data


@pytest.fixture
def line():
    """Connects to the engine of a session, as anybody can."""
    lines = []

    def connected(session):
        found = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        found.settimeout(60)
        lines.append(found)
        found.connect(str(session._paths.socket))
        return found

    yield connected
    for found in lines:
        found.close()


def test_malformed_requests_get_a_failure_and_change_nothing(start, line):
    session = start()
    session.evaluate(PROGRAM)
    engine = session.status().engine
    for data in NO_MESSAGES:
        line(session).sendall(data)
    one = line(session)
    for call in NO_CALLS:
        one.sendall(packed(call))
        (length,) = struct.unpack(">I", one.recv(4, socket.MSG_WAITALL))
        reply = json.loads(one.recv(length, socket.MSG_WAITALL))
        assert reply["reply"] == "failure", call
        assert reply["diagnostics"][0]["message"], call
    assert session.outputs() == ["out", "o2"]
    assert session.status().engine == engine
    assert "Traceback" not in session._paths.log.read_text()


def test_an_interface_that_does_not_read_blocks_no_other(start, line, wait):
    session = start()
    session.evaluate(PROGRAM)
    silent = line(session)
    silent.setblocking(False)
    with pytest.raises(BlockingIOError):
        while True:
            silent.send(packed(b'{"call":"samples"}'))
    assert session.evaluate("out: saw 220").ok
    before = session.meter().frame
    wait(lambda: session.meter().frame > before)


def test_an_evaluation_during_a_crash_is_repeated(start, wait):
    session = start()
    session.evaluate(PROGRAM)
    engine = session.status().engine
    found = []
    evaluating = threading.Thread(target=lambda: found.append(session.evaluate(OTHER)))
    evaluating.start()
    os.kill(engine, signal.SIGKILL)
    evaluating.join(60)
    assert found
    assert found[0].ok
    assert session.outputs() == [f"o{n}" for n in range(1, 9)]
    assert session.status().engine != engine


def test_two_interfaces_find_the_same_engine_after_a_crash(start, wait):
    first, second = start(), start()
    first.evaluate(PROGRAM)
    os.kill(first.status().engine, signal.SIGKILL)
    seen = []

    def engine_of(session):
        try:
            return session.status().engine
        except PhononError:
            return None

    def both():
        seen[:] = [engine_of(first), engine_of(second)]
        return seen[0] is not None and seen[0] == seen[1]

    wait(both, 60)
    assert second.outputs() == ["out", "o2"]
    before = second.meter().frame
    wait(lambda: second.meter().frame > before)


@pytest.mark.parametrize(
    "left", ["", "[1, 2]", '{"program": 5}', '{"tempo": "fast"}', '{"tempo": 1e9}', '{"muted": 7}']
)
def test_an_engine_starts_with_any_broken_state_file(local, left, tmp_path):
    state = tmp_path / "engine.json"
    state.write_text(left)
    server = local(tmp_path)
    server.resume()
    assert any("lost" in message.text for message in server.session.messages())
    assert server.session.evaluate(PROGRAM).ok


@pytest.fixture
def local():
    """An engine's server in this process, which nobody runs."""
    from phonon.session.engine_paths import EnginePaths
    from phonon.session.local import LocalSession
    from phonon.session.server import Server

    servers = []

    def made(folder):
        servers.append(Server(LocalSession(backend="null", speed=None), EnginePaths.of(folder)))
        return servers[-1]

    yield made
    for server in servers:
        server.close()


def test_shared_memory_on_a_full_disk_is_refused(tiny_disk):
    (tiny_disk / "full").write_bytes(bytes(60 << 10))
    with pytest.raises(PhononError, match="cannot be used"):
        SharedMemory(tiny_disk / "memory", create=True)


def test_shared_memory_is_never_truncated(tmp_path, monkeypatch):
    """An interface of the engine before may be reading it: that would be the interface's end."""
    interface = SharedMemory(tmp_path / "memory", create=True)
    interface.request(2)
    sizes = []
    written = os.pwrite

    def noted(handle, data, at):
        sizes.append(os.fstat(handle).st_size)
        return written(handle, data, at)

    monkeypatch.setattr(os, "pwrite", noted)
    again = SharedMemory(tmp_path / "memory", create=True)
    assert sizes == [(tmp_path / "memory").stat().st_size]
    assert not interface.words[2]
    again.request(2)
    assert interface.words[2] == 1


def test_a_malformed_reply_is_an_error(tmp_path):
    paths = remote.EnginePaths.of(tmp_path)
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    with server:
        server.bind(str(paths.socket))
        server.listen(1)

        def answer():
            connection, _ = server.accept()
            with connection:
                connection.recv(1 << 16)
                connection.sendall(struct.pack(">I", 3) + b"{x}")

        answering = threading.Thread(target=answer)
        answering.start()
        with pytest.raises(PhononError, match="not understood"):
            remote._Connection(paths).ask(wire.Ping(), int)
        answering.join()
