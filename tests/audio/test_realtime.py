"""Seconds of a piece on a real stream, with a thread that burns the interpreter beside it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
PIPES = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
STALLS = """
import json
import subprocess
import sys
import time

from phonon.audio.device import open_device
from phonon.engine.player import Player
from phonon.lang.compiler import compile_program

player = Player()
player.swap(compile_program("o1: sine 100 * 0.1")[0])
device = open_device(player, device="JACK")
device.start()
period = 256 / 48_000

def wait(calls):
    until, end = device.gate.calls + calls, time.monotonic() + 30
    while device.gate.calls < until:
        assert time.monotonic() < end, device.info
        time.sleep(0.001)

def stall(periods, calls):
    before = player.telemetry().underruns
    player._memory.engine.stall = int(1e9 * periods * period)
    wait(calls)
    found = player.telemetry()
    return found.underruns - before, found.load_peak

wait(400)
found = {"callback": device.info.callback, "peaks": [], "underruns": {}}
for _ in range(20):
    found["peaks"].append(stall(0.8, 3)[1])
for blocks in (1, 3, 10):
    found["underruns"][blocks] = told = []
    while blocks not in told and len(told) < 20:  # the machine adds stalls of its own
        told.append(stall(blocks + 0.5, 45)[0])  # JACK may tell of one some calls later
print(json.dumps(found), flush=True)
import os
os._exit(0)
"""


figure = pytest.mark.skipif(
    "PHONON_FIGURES" not in os.environ,
    reason="a figure of time: set PHONON_FIGURES on a quiet core",
)


def said(process: subprocess.Popen[str]) -> dict:
    """What a process prints at last; it is asked to end should that take too long."""
    try:
        out, err = process.communicate(timeout=240)
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(30)
    assert process.returncode == 0, err
    return json.loads(out)


def figures(jack, popen, callback: str, minutes: float = 0.05) -> dict:
    """What the benchmark finds; it starts servers of its own."""
    jack.stop()
    command = [
        sys.executable,
        str(BENCHMARKS / "realtime.py"),
        "--minutes",
        str(minutes),
        "--swap-every",
        "1",
    ]
    return said(popen([*command, "--callback", callback], **PIPES))


@pytest.mark.parametrize("callback", ["compiled", "python"])
def test_a_piece_plays_and_changes_on_either_callback(jack, popen, callback):
    found = figures(jack, popen, callback)
    assert found["engine"]["callback"] == callback
    assert found["engine"]["swaps"] >= 1
    assert found["engine"]["most_voices"] > 0
    assert found["editor"]["redraws_per_second"] > 0


@figure
def test_the_compiled_callback_misses_no_more_than_a_client_that_does_nothing(jack, popen):
    compiled = figures(jack, popen, "compiled", 0.5)
    engine, beside = compiled["engine"], compiled["beside"]
    assert engine["most_voices"] >= 32
    # The two do not meet the same pauses of the machine, but as many.
    assert engine["lost_blocks"] <= 1.5 * beside["lost_blocks"] + 5
    assert engine["thread_cpu_percent"]["p99.9"] < 50
    python = figures(jack, popen, "python", 0.5)["engine"]
    assert python["underruns"] > engine["underruns"]


@figure
def test_a_stall_is_reported_as_missed_blocks_and_as_load(jack, popen):
    found = said(popen([sys.executable, "-c", STALLS], **PIPES))
    assert found["callback"] == "compiled"
    assert any(peak == pytest.approx(0.8, rel=0.1) for peak in found["peaks"]), found
    for blocks, told in found["underruns"].items():
        assert told[-1] == int(blocks), found


@figure
@pytest.mark.parametrize("stall", [0.0, 0.8])
def test_the_load_shown_equals_the_threads_cpu_time(jack, popen, stall):
    jack.stop()
    command = [sys.executable, str(BENCHMARKS / "load.py"), "--seconds", "10"]
    found = said(popen([*command, "--stall", str(stall)], **PIPES))
    assert found["voices"][0] >= 4
    assert found["thread_cpu_percent"] < 3
    assert found["shown_to_thread"] == pytest.approx(1, abs=0.1)
    if stall:
        assert max(found["peaks_percent"]) == pytest.approx(80, rel=0.1)
