"""What is evaluated again, in another order and with other comments, is swapped and not heard."""

import os
import random
from pathlib import Path

import numpy as np
import pytest

import phonon
from phonon.lang.splitter import split
from phonon.session.local import LocalSession

SECONDS = float(os.environ.get("PHONON_SWAPS", "100")) / 50
EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.ph"))


def commented(statements, chance):
    """Statements with comments between them and behind them."""
    lines = []
    for statement in statements:
        if chance.random() < 0.5:
            lines.append(f"-- number {chance.randrange(99)}")
        lines.append(statement + ("  -- and so on" if chance.random() < 0.3 else ""))
    return "\n".join(lines)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_evaluating_an_example_again_does_not_change_its_sound(path):
    text = path.read_text()
    frames = int(SECONDS * 48_000)
    chance = random.Random(path.stem)
    session = LocalSession(backend="null", speed=None, block=100)
    try:
        assert session.evaluate(text).ok
        statements = [chunk.text for chunk in split(text)]
        parts, done = [], 0
        while done < frames:
            count = min(chance.randrange(1, 20_000), frames - done)
            parts.append(session.advance(count))
            done += count
            chance.shuffle(statements)
            whole = chance.random() < 0.5
            some = statements if whole else statements[: chance.randrange(1, len(statements))]
            again = session.evaluate(
                commented(some, chance),
                scope="file" if whole else "block",
                when=chance.choice(["now", "now", "beat", "cycle"]),
            )
            assert again.ok
        told = session.meter()
        assert not session.messages()
    finally:
        session.close()
    assert np.array_equal(np.concatenate(parts), phonon.render(text, seconds=SECONDS))
    assert told.swaps >= 3  # they were carried out
    assert told.late == 0
