"""Ten seconds of a piece on a real stream, with a thread that burns the interpreter beside it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "realtime.py"


def figures(jack, callback: str) -> dict:
    """What the benchmark finds; it starts a server of its own."""
    jack.stop()
    command = [sys.executable, str(BENCHMARK), "--minutes", "0.17", "--swap-every", "2"]
    done = subprocess.run(
        [*command, "--callback", callback], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_compiled_callback_misses_no_more_than_a_client_that_does_nothing(jack):
    compiled = figures(jack, "compiled")
    play, bare = compiled["play"], compiled["bare"]
    assert play["callback"] == "compiled"
    assert play["swaps"] >= 3
    assert play["late"] == 0
    assert play["voices"] >= 20
    # Both are measured over slightly different seconds of a machine that is busy with the tests.
    assert play["blocks_missed"] <= 2 * max(bare["blocks_missed"], 0) + 10
    python = figures(jack, "python")["play"]
    assert python["callback"] == "python"
    assert python["blocks_missed"] > play["blocks_missed"] + 20
