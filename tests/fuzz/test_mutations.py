"""Mutated programs: checked and rendered without a traceback, quickly, in little memory."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from pathlib import Path

import phonon
from phonon.session import compile_source

WORKER = Path(__file__).with_name("worker.py")
SLOWEST = 5.0  # seconds for one program
MOST_MEMORY = 1024  # MiB


def compiles(source):
    score, found = compile_source(source)
    return score is not None and all(diagnostic.severity != "error" for diagnostic in found)


def rendered(programs):
    """What the worker says, whom a program that never ends would not stop for ever."""
    done = subprocess.run(
        [sys.executable, WORKER],
        input=json.dumps(programs),
        capture_output=True,
        text=True,
        timeout=60 + SLOWEST * len(programs),
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def test_ten_thousand_mutated_programs_are_checked_without_a_crash(mutate, cost):
    chance = random.Random(2)
    programs = mutate.programs()
    errors, slow = 0, []
    for _ in range(10_000):
        source = mutate.mutated(chance.choice(programs), chance)
        begun = time.thread_time()
        found = phonon.check(source)
        if time.thread_time() - begun > SLOWEST:
            slow.append(source)
        lines = source.split("\n")
        for diagnostic in found:
            assert diagnostic.message
            assert diagnostic.severity in ("error", "warning")
            assert 1 <= diagnostic.line <= diagnostic.end_line <= len(lines), (source, diagnostic)
            assert 1 <= diagnostic.column <= len(lines[diagnostic.line - 1]) + 1
            assert 1 <= diagnostic.end_column <= len(lines[diagnostic.end_line - 1]) + 1
        errors += any(diagnostic.severity == "error" for diagnostic in found)
    assert 5_000 < errors < 9_000
    for source in slow:  # something else may have fallen into its time
        assert cost(lambda: phonon.check(source)) < SLOWEST, source  # noqa: B023


def test_a_thousand_mutated_programs_are_refused_or_rendered_within_full_scale(mutate):
    """Those of units that the corpus shares; kernels of rare combinations would take minutes."""
    chance = random.Random(3)
    programs = mutate.programs()
    chosen = []
    while len(chosen) < 1_000:
        source = mutate.mutated(chance.choice(programs), chance)
        if compiles(source):
            chosen.append(source)
    told = rendered(chosen)
    assert told["wrong"] == []
    assert told["refused"] < 100
    assert told["slowest"][0] < SLOWEST, told["slowest"]
    assert told["peak"] < MOST_MEMORY


def test_every_unit_accepts_extreme_parameters(mutate):
    """Each unit's own example, with one of its numbers replaced by one that nobody means."""
    chance = random.Random(4)
    chosen = []
    for program in mutate.unit_programs():
        chosen.append(f"cps: 4\n{program}")
        changed = mutate.with_a_number(f"cps: 4\n{program}", chance)
        chosen += [changed] * compiles(changed)
    told = rendered(chosen)
    assert told["wrong"] == []
    assert told["slowest"][0] < SLOWEST, told["slowest"]
    assert told["peak"] < MOST_MEMORY
