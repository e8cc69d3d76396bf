"""Telemetry, requests and the scope in shared memory."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from phonon.errors import PhononError
from phonon.session import shared_memory
from phonon.session.protocol import OutputMeter, Telemetry
from phonon.session.shared_memory import MOST_OUTPUTS, SCOPE, SharedMemory

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


def test_the_scope_is_read_from_shared_memory(memory):
    engine, interface = memory
    engine.write(FULL, np.arange(SCOPE, dtype=np.float32))
    assert list(interface.scope()) == list(range(SCOPE))
