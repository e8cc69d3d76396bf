"""Programs whose queries fail or ask for too much do not keep out the next program."""

import threading

import numpy as np
import pytest

from phonon.engine import Renderer
from phonon.engine import player as live
from phonon.engine.lookahead import EventFeed
from phonon.engine.player import Player
from phonon.errors import PhononError
from phonon.kernel import library
from phonon.lang.compiler import compile_program
from phonon.patterns import Pattern, pure

SECOND = 48_000


def compiled(text):
    return compile_program(text)[0]


def broken(score):
    """The same score, but from now on its patterns cannot be asked."""

    def raising(_begin, _end):
        raise ValueError("nobody knows")

    for pattern in _patterns(score):
        pattern.raw = raising
    return score


def _patterns(score):
    from phonon.graph.table import leaves

    for leaf in leaves(score.outputs.values()):
        for owner in (leaf, getattr(leaf, "stream", None)):
            pattern = getattr(owner, "pattern", None)
            if isinstance(pattern, Pattern):
                yield pattern


@pytest.mark.parametrize("when", ["now", "beat", "cycle"])
@pytest.mark.parametrize(
    "text",
    [
        'cps: 0.37\no1: s "tone*4" # delay 0.25 "<0.2 0.4>"',
        'o1: saw "55 110" # lpf (300 + 200 * sine)',
    ],
)
def test_a_program_whose_queries_fail_can_be_replaced(text, when):
    player = Player()
    score = compiled(text)
    player.swap(score)
    player.render(SECOND)
    broken(score)
    player.render(SECOND)
    swap = player.swap(compiled("o1: saw 220"), when)
    sound = player.render(3 * SECOND)
    assert swap.frame is not None
    assert np.abs(sound[-SECOND:]).max() > 0.1


def test_send_settings_of_later_events_are_not_sent_before_earlier_events():
    """What an event far ahead gives to a row is not sent before what happens until then."""
    text = """o1: s "tone*2" # delay "<0.2 0.5>" # delaytime "<0.2 0.1>"
o2: s "tone*16"
"""
    player = Player()
    player.swap(compiled(text))
    sound = player.render(4 * SECOND)
    assert np.array_equal(sound, Renderer(compiled(text), end=4 * SECOND).render(4 * SECOND))
    assert player.telemetry().late == 0


def test_lookahead_proceeds_in_steps(monkeypatch):
    """The lock is free between them, whatever a program asks for."""
    player = Player()
    player.swap(compiled('o1: s "tone*100"'))
    steps = []
    push = EventFeed.push

    def pushed(feed, until):
        steps.append(until - feed.sent)
        push(feed, until)

    monkeypatch.setattr(EventFeed, "push", pushed)
    player._ahead = live.FURTHEST
    player.wait_for_kernels = True
    player.pump()
    assert sum(steps) > SECOND / 2
    assert max(steps) <= live.STEP


def test_lookahead_waits_for_a_change_of_the_program():
    player = Player()
    player.swap(compiled("o1: saw 110"))
    waits = threading.Event()
    let_in = threading.Event()

    def change():
        waits.set()
        with player._next_in_turn():
            let_in.set()

    changing = threading.Thread(target=change)
    with player._lock:
        changing.start()
        assert waits.wait(20)
        while not player._waiting:
            pass
    changing.join(20)
    assert let_in.is_set()
    assert not player._waiting


def test_asking_for_ready_kernels_does_not_wait_for_a_compilation():
    begun, ending = threading.Event(), threading.Event()

    def compile_for_long():
        with library._lock:
            begun.set()
            ending.wait(20)

    compiling = threading.Thread(target=compile_for_long)
    compiling.start()
    try:
        assert begun.wait(20)
        assert not library.ready([])
    finally:
        ending.set()
        compiling.join()
    assert library.ready([])


def test_a_player_renders_under_a_tempo_that_is_not_a_number():
    player = Player()
    score = compiled("o1: saw 110")
    score.cps = pure("quick")
    player.swap(score)
    assert np.isfinite(player.render(SECOND)).all()


def test_a_render_that_fails_leaves_the_player_as_it_was(monkeypatch):
    player = Player()
    player.swap(compiled("o1: saw 110"))

    def failing(*_):
        raise ValueError("no pump")

    with monkeypatch.context() as patched:
        patched.setattr(player, "pump", failing)
        with pytest.raises(ValueError, match="no pump"):
            player.render(960)
    assert not player.wait_for_kernels


def test_kernels_that_cannot_be_compiled_are_not_compiled_again_and_again(monkeypatch):
    player = Player()
    player.swap(compiled('o1: s "tone*2"'))
    player.render(SECOND // 10)
    asked = []

    def refusing(wanted, progress=None):
        asked.append(wanted)
        raise PhononError("no compiler")

    monkeypatch.setattr(live.library, "ready", lambda _: False)
    monkeypatch.setattr(live.library, "load", refusing)
    monkeypatch.setattr(type(player._scores), "incomplete", property(lambda _: True))
    for _ in range(20):
        player.pump()
        if player._compiling is not None:
            player._compiling.join()
    assert len(asked) == 1
    assert "no compiler" in str(player.take_problem())
