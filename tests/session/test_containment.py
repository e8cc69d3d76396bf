"""A program is edited in the dark while it plays, beside an output that nobody touches."""

from __future__ import annotations

import contextlib
import gc
import os
import random
import re
import sys
from pathlib import Path

import numpy as np
import pytest

import phonon
from phonon.session.local import LocalSession

sys.path.insert(0, str(Path(__file__).parents[1] / "fuzz"))
from mutate import mutated, programs

pytestmark = pytest.mark.slow

EDITS = int(os.environ.get("PHONON_EDITS", "150"))
SEED = int(os.environ.get("PHONON_SEED", "1"))
SECOND = 48_000
LONGEST_STEP = 2_400  # frames between two edits
BLOCKS = (64, 100, 256, 1_000)  # frames of a call
VOICES = 2_048
LONGEST_TEXT = 2_000  # characters; what is longer begins anew

UNTOUCHED = """
cps: 0.6
~untouchedroot: "<55 82.5>"
~untouched: saw (lag 0.05 ~untouchedroot) # lpf (sine 0.3 * 300 + 800) 2 * 0.1
o16: ~untouched + (s "tone(3,8)" # note "<c4 e4 g4>" # gain 0.3) # delay 0.21 0.5 :mix 0.3
"""
# What would, rightly, change the untouched output too: it is about all outputs, or about this one.
MEANT = re.compile(
    r"\b(cps|bpm|tempo|setcps|rng|hush|unhush|panic|solo|unsolo|mute|unmute|[od]0*16)\b|untouched"
)


def tame(text: str) -> str:
    """A text without the lines that mean the untouched output."""
    return "\n".join(line for line in text.splitlines() if not MEANT.search(line))


@pytest.fixture
def session():
    """A session with voices for all: who asks for more has the quietest taken, whosever it is."""
    block = random.Random(SEED).choice(BLOCKS)
    made = LocalSession(backend="null", speed=None, block=block, voices=VOICES)
    yield made
    made.close()


def test_edits_of_other_outputs_do_not_change_the_sound_of_an_output(session, freed_memory, capsys):
    """PHONON_EDITS=10000 takes half an hour, and PHONON_SEED makes other mistakes."""
    chance = random.Random(SEED)
    sources = [tame(text) for text in programs()]
    session.solo("o16")
    assert session.evaluate(UNTOUCHED).ok
    heard, failed, kept = [], 0, 0
    text = chance.choice(sources)
    for _ in range(EDITS):
        if chance.random() < 0.2 or len(text) > LONGEST_TEXT:
            text = chance.choice(sources)
        text = tame(mutated(text, chance))
        when = chance.choice(["now", "now", "now", "beat", "cycle"])
        if chance.random() < 0.7:
            done = session.evaluate(text + UNTOUCHED, when=when)
        else:
            done = session.evaluate(text, scope="block", when=when)
        failed += not done.ok
        kept += bool(done.kept)
        lines = (text + UNTOUCHED).count("\n") + 1
        for diagnostic in done.diagnostics:
            assert diagnostic.message
            assert 1 <= diagnostic.line <= lines, diagnostic
            assert diagnostic.column >= 1
            assert diagnostic.placed or diagnostic.severity != "error", (diagnostic, text)
        heard.append(session.advance(chance.randrange(1, LONGEST_STEP)))
        assert np.isfinite(heard[-1]).all(), text
    sound = np.concatenate(heard)
    found = session.meter()
    with capsys.disabled() if "PHONON_EDITS" in os.environ else contextlib.nullcontext():
        print(f"{EDITS} edits: {found.swaps} swaps, {failed} with errors, {kept} kept old versions")
    assert found.swaps > EDITS / 3
    assert EDITS / 10 < failed < EDITS
    assert kept
    assert found.late == 0
    expected = phonon.render(UNTOUCHED, seconds=len(sound) / SECOND)
    differs = np.abs(sound - expected).max(1) > 0
    assert not differs.any(), (int(np.argmax(differs)), found)
    gc.collect()
    assert freed_memory.freed
    assert not freed_memory.overwritten
