"""Memory that the audio thread reads or writes is not freed while it does."""

import gc

import numpy as np
import pytest

from phonon.engine import loaded_scores
from phonon.engine import player as live
from phonon.engine.lookahead import EventFeed
from phonon.engine.player import Player
from phonon.lang.compiler import compile_program

SECOND = 48_000


def compiled(text):
    return compile_program(text)[0]


@pytest.fixture
def player(freed_memory):
    made = Player()
    yield made
    gc.collect()
    assert not freed_memory.overwritten


def let_time_pass(player, seconds):
    """So long that nothing is remembered of the programs before."""
    player.render(int(seconds * SECOND))
    gc.collect()


def test_memory_of_a_faded_program_is_not_written_to(player, freed_memory):
    """Voices go on while what they are sent through changes: the old way is given their sound."""
    player.swap(compiled('o1: s "tone*8" # legato 2 # delay 0.25 0.4'))
    player.render(SECOND)
    player.swap(compiled('o1: s "tone*8" # legato 2 # delay 0.25 0.6'))
    freed = freed_memory.freed
    let_time_pass(player, loaded_scores.MEMORY + 1)
    assert freed_memory.freed > freed
    player.render(SECOND)


PADS = """cps: 0.02
~cut: sine 3 * 600 + 900
synth pad freq = saw freq # lpf ~cut
"""


def test_finishing_voices_keep_their_shared_signals(player):
    """A program that wants their kind again, and waits for its cycle, takes nothing from them."""
    again = Player()
    heard = []
    for one in (player, again):
        for _ in range(2):  # what is taken over must not be what keeps it
            one.swap(compiled(PADS + 'o1: s "pad" # note "c3" # legato 2'))
            one.render(SECOND)
        one.swap(compiled(PADS + 'o1: s "tone" # note "c3"'))
        let_time_pass(one, loaded_scores.MEMORY + 2)
        if one is player:
            one.swap(compiled(PADS + 'o1: s "pad" # note "c3" # legato 2'), "cycle")
            gc.collect()
        heard.append(one.render(SECOND))
    assert np.abs(heard[1]).max() > 0.01
    assert np.array_equal(*heard)


def test_a_late_swap_that_is_superseded_is_freed(player, monkeypatch):
    """Time goes by while programs are built, as it does on a device."""
    room = np.empty((SECOND // 10, 2), np.float32)
    push, load, build = EventFeed.push, live.library.load, player._scores.build
    offered: list[int] = []

    def while_time_goes_by(work, frames):
        def done(*arguments):
            found = work(*arguments)
            offered.append(player._memory.engine.swap.address)
            player._memory.play(room.ctypes.data, frames)
            return found

        return done

    player.swap(compiled("o1: saw 110"))
    player.render(SECOND)
    with monkeypatch.context() as patched:
        patched.setattr(EventFeed, "push", while_time_goes_by(push, len(room)))
        second = player.swap(compiled("o1: saw 220"))
    with monkeypatch.context() as patched:  # it is missed, and then the third one is made
        patched.setattr(live.library, "load", while_time_goes_by(load, 256))
        patched.setattr(player._scores, "build", while_time_goes_by(build, 256))
        third = player.swap(compiled("o1: saw 330"))
    assert offered[-1] == 0  # nobody but the player has the second one's memory
    player.render(SECOND)
    assert second.frame is None
    assert third.frame is not None
    assert player._memory.engine.swaps == 2
    assert player._memory.engine.plan.address == player._scores.now.loaded_plan.record.address
