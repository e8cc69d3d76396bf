"""Shared memory, messages and tap tempo."""

from __future__ import annotations

import socket
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from phonon.errors import Diagnostic, PhononError
from phonon.session import remote, shared_memory, wire
from phonon.session.protocol import (
    VERBS,
    Evaluation,
    Highlight,
    Message,
    OutputMeter,
    SampleBank,
    Status,
    Telemetry,
    Wave,
)
from phonon.session.shared_memory import MOST_OUTPUTS, SCOPE, SharedMemory
from phonon.session.tap_tempo import TapTempo

FULL = Telemetry(
    frame=2**50,
    cycle=12.25,
    cps=0.55,
    sample_rate=44_100,
    load=0.3,
    underruns=3,
    underrun_age=None,
    hushed=True,
    playing=True,
    master=OutputMeter("master", (0.5, 0.25), (0.1, 0.0), True),
    outputs=(
        OutputMeter("out", (0.25, 0.5), (0.125, 0.25), False, True, False, False),
        OutputMeter("o16"),
    ),
)
QUIET = np.zeros(SCOPE, np.float32)


@pytest.fixture
def memory(tmp_path):
    return SharedMemory(tmp_path / "memory", create=True), SharedMemory(tmp_path / "memory")


def test_telemetry_is_read_as_it_was_written(memory):
    engine, interface = memory
    for telemetry in (FULL, replace(FULL, underrun_age=1.5), Telemetry()):
        engine.write(telemetry, QUIET)
        assert interface.read() == telemetry


def test_there_is_room_for_every_output(memory):
    engine, interface = memory
    outputs = tuple(OutputMeter(f"o{number}") for number in range(1, 17))
    telemetry = replace(FULL, outputs=(OutputMeter("out"), *outputs))
    assert len(telemetry.outputs) == MOST_OUTPUTS - 1
    engine.write(telemetry, QUIET)
    assert interface.read().outputs == telemetry.outputs


def test_peaks_between_two_readings_are_kept(memory):
    engine, interface = memory

    def record(peak, ring, name="out"):
        own = OutputMeter(name, (peak, peak / 2), (0.1, 0.1))
        return Telemetry(ring_ms=ring, master=OutputMeter("master", (peak, 0.0)), outputs=(own,))

    for peak, ring in [(0.1, 40.0), (0.9, 50.0), (0.2, 30.0), (0.3, 45.0)]:
        engine.write(record(peak, ring), QUIET)
    found = interface.read()
    assert (found.outputs[0].peaks, found.master.peaks) == ((0.9, 0.45), (0.9, 0.0))
    assert found.ring_ms == 30.0
    for peak, ring in [(0.2, 45.0), (0.1, 50.0)]:
        engine.write(record(peak, ring), QUIET)
        assert interface.read() == record(peak, ring)
    engine.write(record(0.8, 20.0), QUIET)
    engine.write(record(0.1, 50.0, "o2"), QUIET)  # a peak belongs to its own output
    assert interface.read().outputs[0].peaks == (0.1, 0.05)


WRITER = """
import sys
from dataclasses import replace
from pathlib import Path
import numpy as np
from phonon.session.protocol import Telemetry
from phonon.session.shared_memory import SCOPE, SharedMemory
memory = SharedMemory(Path(sys.argv[1]))
quiet = np.zeros(SCOPE, np.float32)
records = [Telemetry(frame=n, voices=n, late=n) for n in (1, 2)]
memory.write(records[0], quiet)
print("ready", flush=True)
while True:
    for record in records:
        memory.write(record, quiet)
"""


def test_a_reader_never_mixes_two_records(memory, tmp_path, popen):
    """Two records whose numbers belong together, written in turns by another process."""
    _, interface = memory
    command = [sys.executable, "-c", WRITER, str(tmp_path / "memory")]
    writer = popen(command, stdout=subprocess.PIPE, text=True)
    assert writer.stdout.readline() == "ready\n"
    for _ in range(500):
        found = interface.read(patience=60.0)
        assert found.frame == found.voices == found.late


def test_memory_of_another_layout_is_refused(memory, tmp_path):
    engine, _ = memory
    engine.words[shared_memory.LAYOUT] += 1
    with pytest.raises(PhononError, match="another version"):
        SharedMemory(tmp_path / "memory")


def test_requests_are_counted(memory):
    engine, interface = memory
    interface.request(shared_memory.HUSH)
    interface.request(shared_memory.HUSH)
    assert engine.words[shared_memory.HUSH] == 2
    assert engine.words[shared_memory.PANIC] == 0


def test_the_scope_crosses(memory):
    engine, interface = memory
    engine.write(FULL, np.arange(SCOPE, dtype=np.float32))
    assert list(interface.scope()) == list(range(SCOPE))


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (
            Evaluation,
            Evaluation(False, (Diagnostic("no", 1, 2, 1, 3, ("yes",)),), ("~a",), ("out",)),
        ),
        (Status, Status(recording=None, definitions={"out": "out: saw 1"})),
        (list[Highlight], [Highlight(1, 2, "out", ((3, 4), (5, 6)), "out")]),
        (list[SampleBank], [SampleBank("bd", ("a.wav",)), SampleBank("sn")]),
        (Wave, Wave(0.5, (0.25, 1.0))),
        (list[Message], [Message(1, "gone", "error")]),
        (float | None, None),
        (float | None, 0.5),
        (list[str], ["out", "o1"]),
        (None, None),
    ],
)
def test_answers_are_decoded_to_equal_values(kind, value):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        wire.send(ours, wire.encode(wire.answer(value)))
        reply = wire.decode(wire.replies_of(kind), wire.receive(theirs))
    assert reply.value == value


def test_failures_are_decoded_to_equal_diagnostics():
    found = [Diagnostic("wrong", 3, 4, 3, 6, ("right",))]
    data = wire.encode(wire.Failure(found))
    assert wire.decode(wire.replies_of(list[str]), data).diagnostics == found


@pytest.mark.parametrize(
    "data",
    [b"", b"{}", b"[]", b'{"value":5}', b'{"reply":"answer"}', b'{"reply":"answer","value":5}'],
)
def test_a_reply_of_another_shape_is_refused(data):
    with pytest.raises(PhononError, match="not understood"):
        wire.decode(wire.replies_of(list[str]), data)


def test_a_request_carries_the_arguments_by_name():
    requests = wire.requests_of(VERBS.values())
    request = wire.request(VERBS["evaluate"], ("out: saw 55",), {"scope": "block"})
    named = {"text": "out: saw 55", "scope": "block", "when": "now", "name": "<file>"}
    assert wire.name_and_arguments(wire.decode(requests, wire.encode(request))) == (
        "evaluate",
        named,
    )


def test_file_names_outside_unicode_do_not_hinder_an_answer():
    banks = [SampleBank("bd", ("\udcff.wav",))]
    reply = wire.decode(wire.replies_of(list[SampleBank]), wire.encode(wire.answer(banks)))
    assert reply.value == [SampleBank("bd", ("?.wav",))]


def test_a_message_cut_short_is_none():
    ours, theirs = socket.socketpair()
    with theirs:
        ours.sendall(wire.LENGTH.pack(100) + b"half")
        ours.close()
        assert wire.receive(theirs) is None


def test_a_closed_connection_is_detected_without_a_request():
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            assert not remote._hung_up(ours)
            theirs.send(b"x")
            assert not remote._hung_up(ours)
            assert ours.recv(1) == b"x"
        assert remote._hung_up(ours)


def test_a_length_out_of_range_is_refused():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(b"GET ")
        with pytest.raises(PhononError, match="longer than any"):
            wire.receive(theirs)


def test_four_taps_to_a_cycle():
    taps = TapTempo()
    assert taps.tap(10.0) is None
    assert taps.tap(10.5) == pytest.approx(0.5)
    assert taps.tap(11.0) == pytest.approx(0.5)


def test_a_pause_starts_a_new_tap_tempo():
    taps = TapTempo()
    taps.tap(0.0)
    taps.tap(0.5)
    assert taps.tap(10.0) is None
    assert taps.tap(10.25) == pytest.approx(1.0)
