"""Figures of the editor's time with a real engine, as assertions for quiet cores.

`PHONON_FIGURES=alone` takes the cores from whoever else wants them, which needs root.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "editor.py"
BLOCK = 256 / 48  # ms

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        "PHONON_FIGURES" not in os.environ,
        reason="figures of time: set PHONON_FIGURES on quiet cores",
    ),
]


def measured(*arguments):
    """What the benchmark says."""
    command = [sys.executable, str(BENCHMARK), *arguments]
    if os.environ["PHONON_FIGURES"] == "alone":
        command.append("--alone")
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, timeout=600)
    return json.loads(done.stdout)


@pytest.fixture(params=["null", "jack"])
def engine(request):
    if request.param == "jack" and shutil.which("jackd") is None:
        pytest.skip("jackd is not installed")
    return request.param


def test_a_playing_editor_takes_little_time_and_an_idle_one_almost_none(engine):
    found = measured("cost", "--engine", engine, "--seconds", "8")["cost"]
    idle = found.pop("idle")
    assert idle["share"] < 0.02
    assert idle["kilobytes"] < 2
    assert len(found) == 6
    for playing in found.values():
        assert playing["share"] < 0.06
        assert playing["kilobytes"] < 60


def test_keys_reach_the_screen_while_it_plays(engine):
    assert measured("keys", "--engine", engine)["keys"]["key to screen"]["p95"] < 30


def test_a_changed_block_sounds_within_60_ms(engine):
    found = measured("latency", "--engine", engine, "--evaluations", "60")["latency"]
    assert found["evaluations"] == 60
    assert found["Alt-Enter to its frame"]["p95"] <= 60 + BLOCK


def test_killing_the_editor_causes_no_underrun(engine):
    found = measured("kill", "--engine", engine)["kill"]
    assert found["underruns after"] == found["underruns while attaching"] == 0
    assert found["seconds of sound after"] == pytest.approx(10, abs=0.1)
    assert found["playing"]
