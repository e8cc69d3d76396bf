"""A player that plays nothing and remembers what it was asked for."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import Any

import numpy as np

from phonon.kernel import library
from phonon.kernel.machine import machine, words


@machine("i64(i64, i64, i64, i64, i64, i64)")
def silence(given, out, frames, moment, flags, user):
    """Count the frames."""
    sound = words(out)
    for index in range(frames):
        sound[index] = 0
    words(user)[0] += frames
    return 0


@dataclass
class Swap:
    frame: int | None


class Player:
    """Every call is kept in `calls`."""

    cycle = 0.0

    def __init__(self, rate: int) -> None:
        self.sample_rate = rate
        self.callback = library.load({silence})[silence]
        self.state = np.zeros(8, np.int64)
        self.user = self.state.ctypes.data
        self.calls: list[tuple[Any, ...]] = []
        self.scores: list[Any] = []
        self.sounds: list[Any] = []

    @property
    def frame(self) -> int:
        return int(self.state[0])

    def pump(self, now_frame: int | None = None) -> None:
        pass

    def swap(self, score, when="now"):
        self.calls.append(("swap", when))
        self.scores.append(score)
        return Swap(self.frame)

    def sounding(self, frame):
        return self.sounds

    def scope(self):
        return np.zeros(2048, np.float32)

    def __getattr__(self, name):
        if name in {"hush", "unhush", "panic", "mute", "solo", "tempo", "nudge", "master", "close"}:
            return lambda *arguments: self.calls.append((name, *arguments))
        raise AttributeError(name)


def make_player(rate, _voices, _samples, _seed):
    return Player(rate)


def main() -> None:
    """The engine's process, with this player."""
    from phonon.session import local, server

    local.make_player = make_player
    sys.argv = [sys.argv[0], json.dumps({"backend": "null", **json.loads(sys.argv[1])})]
    server.main()


if __name__ == "__main__":
    main()
