"""Events on their way: one writes, the audio thread reads, nobody waits."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from phonon.engine import layout as at
from phonon.engine.arena import Arena, view

RING_WORDS = 1 << 16


class Ring:
    """The writer's end of an event ring of `size` words, a power of two.

    An event never wraps round the end: what is left there is skipped. Events have an even number
    of words, so that the head of a skip, two words, always fits.
    """

    def __init__(
        self, arena: Arena, publish: Callable[[int, int], None], size: int = RING_WORDS
    ) -> None:
        self._publish = publish
        self.address = arena.take(8 * (at.RING_DATA + size), "the events")
        self._size = size
        self._head = view(self.address, at.RING_DATA, np.int64)
        self._head[at.RING_MASK] = size - 1
        self._words = view(self.address + 8 * at.RING_DATA, size, np.int64)
        self._tail = 0

    def send(self, event: Sequence[int]) -> bool:
        """Write an event (without its size), not yet seen; False if there is no room."""
        size = 2 + len(event) // 2 * 2
        begin = self._tail & (self._size - 1)
        skip = self._size - begin if begin + size > self._size else 0
        if self._tail + skip + size > int(self._head[at.RING_HEAD]) + self._size:
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
        self._publish(self.address, self._tail)
