"""A swap whose frame has passed before it was ready is tried again with more time."""

import ctypes
import threading
import time

import numpy as np
import pytest

from phonon.engine.loaded_scores import LoadedScores
from phonon.engine.player import Player
from phonon.lang.compiler import compile_program

Callback = ctypes.CFUNCTYPE(ctypes.c_int64, *[ctypes.c_int64] * 6)


@pytest.fixture
def played():
    """A player whose time goes on, 64 frames at a time."""
    player, ending = Player(), threading.Event()
    player.swap(compile_program("o1: sine 100 * 0.1")[0])
    player.render(4_800)
    out, call = np.zeros((64, 2), np.float32), Callback(player.callback)

    def play():
        while not ending.wait(64 / 48_000):
            call(0, out.ctypes.data, 64, 0, 0, player.user)

    def pump():
        while not ending.wait(0.01):
            player.pump()

    threads = [threading.Thread(target=work) for work in (play, pump)]
    for thread in threads:
        thread.start()
    yield player
    ending.set()
    for thread in threads:
        thread.join()


def test_a_late_swap_is_repeated_with_more_time(played, monkeypatch, until):
    moment, moments = LoadedScores.moment, []

    def slow(self, when):
        found = moment(self, when)
        moments.append(found[0])
        time.sleep(0.03)  # far longer than two of the device's blocks
        return found

    monkeypatch.setattr(LoadedScores, "moment", slow)
    for cutoff in (200, 300):
        swap = played.swap(compile_program(f"o1: sine 100 # lpf {cutoff} * 0.1")[0])
        until(lambda swap=swap: swap.frame is not None, "the swap")
    assert len(moments) < 40  # instead of one every 30 ms for ever
