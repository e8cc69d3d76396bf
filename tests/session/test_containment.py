"""A program is edited at random while it plays, beside an output that nobody touches."""

from __future__ import annotations

import os
import random

import numpy as np
import pytest

import phonon

pytestmark = pytest.mark.slow

EDITS = int(os.environ.get("PHONON_EDITS", "150"))
STEP = 2_400  # frames between two edits

# No hats: those of all outputs choke each other.
UNTOUCHED = """cps: 0.6
o1: s "bd(3,8) rim*2 [sn cp]" # lpf (sine 0.3 * 900 + 1500) # room 0.3
"""
EDITED = """~lead: note "c3 ef3 <g3 bf3>" # s "pluck" # legato 0.7
fn wobble x = x # lpf (sine 2 * 400 + 700) 2
synth bell freq decay=0.4 = sine freq # adsr 0.001 decay 0 0.1
o2: ~lead # delay 0.25 0.4
o3: s "bell*4" # note "<c5 g5>" # gain 0.4
o4: wobble (saw "55 82.5") * 0.3
o5: every 3 rev $ s "hh*8" # pan sine # speed "<1 2>"
"""
PARTS = ["saw", "~lead", "(", ")", '"', "[", "]", "<", ">", "*", "#", "$", "-", "0", "9", ".", ":"]
PARTS += [" lpf ", " 1e9 ", "bd", "~", "every 2 ", "fast 4 ", "\n", "\no7: ", " # ", "o2", "~new: "]


def mutated(text: str, chance: random.Random) -> str:
    """A text with a few characters gone, doubled, moved or new."""
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        at = chance.randrange(len(text) + 1)
        until = min(at + chance.choice((1, 1, 2, 5, 20)), len(text))
        match chance.randrange(4):
            case 0:
                text = text[:at] + text[until:]
            case 1:
                text = text[:until] + text[at:until] + text[until:]
            case 2:
                text = text[:at] + chance.choice(PARTS) + text[at:]
            case 3:
                there = chance.randrange(len(text) + 1)
                text = text[:there] + text[at:until] + text[there:]
    return text


def test_an_untouched_output_plays_its_own_render_whatever_is_done_to_the_others(session):
    """PHONON_EDITS=10000 takes five minutes."""
    chance = random.Random(7)
    assert session.evaluate(UNTOUCHED + EDITED).ok
    session.solo("o1")
    session.advance(STEP)  # the mutes take some milliseconds
    heard, text, failed = [], EDITED, 0
    for number in range(EDITS):
        text = mutated(text if number % 3 else EDITED, chance)
        done = session.evaluate(UNTOUCHED + text)
        failed += not done.ok
        for diagnostic in done.diagnostics:
            assert diagnostic.line >= 1
            assert diagnostic.message
        heard.append(session.advance(STEP))
        assert np.isfinite(heard[-1]).all()
    sound = np.concatenate(heard)
    expected = phonon.render(UNTOUCHED, seconds=(len(sound) + STEP) / 48_000)[STEP:]
    assert np.array_equal(sound, expected)
    assert EDITS // 10 < failed < EDITS
    assert session.meter().late == 0
