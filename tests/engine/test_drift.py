"""The drift report: every voice against the onset that its score gives it."""

from fractions import Fraction

import pytest

from phonon.engine.drift import drift
from phonon.engine.player import Player
from phonon.patterns import fastcat, pure

CPS = Fraction(7, 13)  # no cycle and no step is a whole number of frames
STEPS = 3


@pytest.fixture
def piece(kit):
    steps = fastcat([pure({"level": 0.5})] * STEPS)
    return kit.streamed(steps, kit.click, cps=pure(CPS))


def due(number):
    """The frame of an onset, in whole numbers."""
    return int(number * 48_000 / (STEPS * CPS) + Fraction(1, 2))


def test_every_voice_starts_at_its_frame_after_swaps(piece):
    player = Player()
    player.swap(piece)
    for _ in range(20):
        player.render(23_456)
        player.swap(piece)
    player.render(3 * 48_000)
    found = player.drift()
    frames = [due(number) for number in range(40)]
    last = max(frame for frame in frames if frame < player.frame)
    assert (found.wrong, found.last, found.due) == (0, last, last)
    assert found.count > 3


def test_an_onset_off_by_one_frame_is_found(piece):
    begin, end = 400_000, 600_000
    frames = [due(number) for number in range(60) if begin <= due(number) < end]
    started = [(frame, "o1") for frame in frames]
    assert len(started) > 5
    known = drift(piece, started, begin, end, 48_000, None)
    assert (known.count, known.wrong) == (len(started), 0)
    late = [*started[:-1], (started[-1][0] + 1, "o1")]
    found = drift(piece, late, begin, end, 48_000, None)
    assert (found.wrong, found.last, found.due) == (2, frames[-1] + 1, frames[-1])
    assert drift(piece, started[1:], begin, end, 48_000, None).wrong == 1
    assert drift(piece, [*started, started[0]], begin, end, 48_000, None).wrong == 1


def test_a_program_without_events_has_no_drift(kit):
    found = drift(kit.Piece({"o1": kit.node("sine", 110.0)}), [], 0, 48_000, 48_000, None)
    assert (found.count, found.wrong, found.last, found.due) == (0, 0, None, None)
