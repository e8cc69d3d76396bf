"""Events on their way: one writes, the audio thread reads, nobody waits."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from phonon.engine import layout as at
from phonon.engine.arena import Arena, view

RING_WORDS = 1 << 16


class Ring:
    """The writer's end of the engine's event ring.

    An event never wraps round the end: what is left there is skipped. Events have an even number
    of words, so that the head of a skip, two words, always fits.
    """

    def __init__(
        self, arena: Arena, engine: NDArray[np.int64], publish: Callable[[int, int], None]
    ) -> None:
        self._engine = engine
        self._publish = publish
        address = arena.take(8 * RING_WORDS, "the events")
        self._words = view(address, RING_WORDS, np.int64)
        self._tail = 0
        engine[at.RING] = address
        engine[at.RING_MASK] = RING_WORDS - 1

    def send(self, event: Sequence[int]) -> bool:
        """Write an event (without its size), not yet seen; False if there is no room."""
        size = 2 + len(event) // 2 * 2
        begin = self._tail & (RING_WORDS - 1)
        skip = RING_WORDS - begin if begin + size > RING_WORDS else 0
        if self._tail + skip + size > int(self._engine[at.RING_HEAD]) + RING_WORDS:
            return False
        if skip:
            self._words[begin : begin + 2] = skip, at.SKIP
            begin = 0
        self._words[begin] = size
        self._words[begin + 1 : begin + 1 + len(event)] = event
        self._tail += skip + size
        return True

    def publish(self) -> None:
        """Let the reader see what has been sent."""
        self._publish(self._engine.ctypes.data, self._tail)
