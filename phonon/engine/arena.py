"""Memory that is taken before the first block and never moves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from phonon.errors import PhononError

Kind = TypeVar("Kind", bound=np.generic)

ALIGNMENT = 128
CHUNK = 1 << 20
LIMIT = 512 << 20
"""Bytes that one program may take: delay lines, voices, everything."""


class Arena:
    """Hands out zeroed memory by address; chunks stay until the arena goes.

    Large pieces cost nothing until they are touched (the system maps zero pages on demand).
    """

    def __init__(self, limit: int = LIMIT) -> None:
        self.limit = limit
        self.taken = 0  # also by other arenas, where they are part of the same program
        self._chunks: list[NDArray[np.uint8]] = []
        self._free = 0
        self._end = 0

    def take(self, size: int, what: str) -> int:
        """The address of `size` bytes, aligned; `what` is named if there is not enough."""
        size = -(-max(size, 1) // ALIGNMENT) * ALIGNMENT
        self.charge(size, what)
        if self._free + size > self._end:
            chunk = np.zeros(max(size, CHUNK) + ALIGNMENT, np.uint8)
            self._chunks.append(chunk)
            self._free = -(-chunk.ctypes.data // ALIGNMENT) * ALIGNMENT
            self._end = chunk.ctypes.data + len(chunk)
        self._free += size
        return self._free - size

    def charge(self, size: int, what: str) -> None:
        """Count memory as taken here; `what` is named if it is too much."""
        self.taken += size
        if self.taken > self.limit:
            raise PhononError(
                f"{what} needs {size / 2**20:.0f} MiB of memory; a program may take "
                f"{self.limit >> 20} MiB in all"
            )

    def words(self, values: Iterable[int], what: str = "a table") -> int:
        """The address of a copy of 64-bit words."""
        data = np.fromiter(values, np.int64)
        address = self.take(8 * len(data), what)
        view(address, len(data), np.int64)[:] = data
        return address

    def table(self, rows: Iterable[tuple[int, ...]], what: str = "a table") -> tuple[int, int]:
        """Rows of words, one after the other: where they begin and where they end."""
        flat = [word for row in rows for word in row]
        address = self.words(flat, what)
        return address, address + 8 * len(flat)


class Memory:
    """Bytes at an address, as numpy asks for them."""

    __slots__ = ("__array_interface__",)

    def __init__(self, address: int, size: int) -> None:
        self.__array_interface__ = {
            "data": (address, False),
            "shape": (size,),
            "typestr": "|u1",
            "version": 3,
        }


def view(address: int, count: int, kind: type[Kind]) -> NDArray[Kind]:
    """Memory of an arena as an array. The arena must outlive it."""
    return np.asarray(Memory(address, count * np.dtype(kind).itemsize)).view(kind)
