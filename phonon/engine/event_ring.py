"""Sends events to the audio thread through a ring buffer, without locks."""

from __future__ import annotations

import ctypes
from collections.abc import Callable

from phonon.engine.arena import Arena
from phonon.engine.plan_layout import SKIP, EventRecord, EventRingRecord
from phonon.kernel.records import WORD, size_of

RING_WORDS = 1 << 16


class EventRing:
    """The writer's end of an event ring of `size` words, a power of two.

    An event never wraps round the end: the words left there are skipped. Events have an even
    number of words, so that the first two of a skip always fit.
    """

    def __init__(
        self, arena: Arena, publish: Callable[[int, int], None], size: int = RING_WORDS
    ) -> None:
        self._publish = publish
        address = arena.take(size_of(EventRingRecord) + WORD * size, "the events")
        self.record = EventRingRecord.at(address)
        self.record.mask = size - 1
        self._size = size
        self._events = self.record.events.address
        self._tail = 0

    def send(self, event: bytes) -> bool:
        """Write an event that the reader does not see yet; False if there is no room."""
        size = -(-len(event) // (2 * WORD)) * 2
        begin = self._tail & (self._size - 1)
        skip = self._size - begin if begin + size > self._size else 0
        if self._tail + skip + size > self.record.head + self._size:
            return False
        if skip:
            skipped = EventRecord.at(self._events + WORD * begin)
            skipped.size, skipped.kind = skip, SKIP
            begin = 0
        address = self._events + WORD * begin
        ctypes.memmove(address, event, len(event))
        EventRecord.at(address).size = size
        self._tail += skip + size
        return True

    def publish(self) -> None:
        """Let the reader see all events sent so far."""
        self._publish(self.record.place("tail"), self._tail)
