"""Edits in the dark, ten thousand of them, beside an output that nobody touches."""

import contextlib
import random
import sys
from pathlib import Path

import numpy as np
import pytest

from phonon.engine import Engine
from phonon.engine.live import Player
from phonon.errors import PhononError
from phonon.lang.lower import compile_program

sys.path.insert(0, str(Path(__file__).parents[1] / "fuzz"))
from mutate import mutated, programs

SECOND = 48_000
UNTOUCHED = """
~untouchedroot: "<55 82.5>"
~untouched: saw (lag 0.05 ~untouchedroot) # lpf (sine 0.3 * 300 + 800) 2 * 0.1
o16: ~untouched + (s "tone(3,8)" # note "<c4 e4 g4>" # gain 0.3) # delay 0.21 0.5 :mix 0.3
cps: 0.5
"""
GLOBAL = ("cps", "bpm", "tempo", "setcps", "rng")  # what concerns every output


def tame(text):
    """A program without what would, rightly, change the untouched output too."""
    lines = [line for line in text.split("\n") if not line.lstrip().startswith(GLOBAL)]
    return "\n".join(line for line in lines if "untouched" not in line and "o16" not in line)


@pytest.mark.parametrize(("edits", "seed"), [(300, 1)])
def test_an_untouched_output_hears_nothing_of_it(edits, seed):
    chance = random.Random(seed)
    sources = [tame(text) for text in programs()]
    player = Player()
    player.solo(["o16"])
    player.swap(compile_program(UNTOUCHED)[0])
    parts, swapped = [], 0
    text = chance.choice(sources)
    for _ in range(edits):
        if chance.random() < 0.1:
            text = chance.choice(sources)
        text = tame(mutated(text, chance))
        try:
            score, _ = compile_program(text + UNTOUCHED)
        except PhononError:
            score = None
        if score is not None and "o16" in score.outputs:
            with contextlib.suppress(PhononError):
                player.swap(score, chance.choice(["now", "now", "now", "beat", "cycle"]))
                swapped += 1
        parts.append(player.render(chance.randrange(64, 4_800)))
    sound = np.concatenate(parts)
    assert np.isfinite(sound).all()
    assert swapped > edits / 3
    alone = compile_program(UNTOUCHED)[0]
    wanted = Engine(alone, end=len(sound)).render(len(sound))
    assert np.array_equal(sound, wanted), int(np.argmax(np.abs(sound - wanted).max(1) > 0))
