"""Allocates memory before the first block, which never moves."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from phonon.errors import PhononError
from phonon.kernel.records import (
    Addresses,
    Element,
    Pointer,
    Record,
    Table,
    element_of,
    size_of,
)

Kind = TypeVar("Kind", bound=np.generic)
T = TypeVar("T")
R = TypeVar("R", bound=Record)

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
        """Allocate `size` bytes, aligned; returns the address. Errors name `what`."""
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
        """Count memory of another arena as taken here. An error about the limit names `what`."""
        self.taken += size
        if self.taken > self.limit:
            raise PhononError(
                f"{what} needs {size / 2**20:.0f} MiB of memory; a program may take "
                f"{self.limit >> 20} MiB in all"
            )

    def words(self, values: Iterable[int], what: str = "a table") -> int:
        """Copy 64-bit words into the arena; returns their address."""
        data = np.fromiter(values, np.int64)
        address = self.take(8 * len(data), what)
        view(address, len(data), np.int64)[:] = data
        return address

    def put(self, record: R, what: str = "a record") -> R:
        """Copy a record into the arena; returns the copy."""
        address = self.take(size_of(type(record)), what)
        ctypes.memmove(address, record.address, size_of(type(record)))
        return type(record).at(address)

    def table(self, row: type[T], rows: Iterable[T], what: str = "a table") -> Table[T]:
        """Copy records, or whole numbers, into a table."""
        return self._table(element_of(row), rows, what)

    def addresses(
        self, record: type[R], records: Iterable[R], what: str = "a table"
    ) -> Addresses[R]:
        """Make a table of the addresses of records that live at least as long as the arena."""
        element = Pointer(record)
        found = self._table(element, records, what)
        return Addresses(element, found.begin, found.end)

    def _table(self, element: Element, rows: Iterable[T], what: str) -> Table[T]:
        found = list(rows)
        begin = self.take(element.size * len(found), what)
        end = begin + element.size * len(found)
        for address, value in zip(range(begin, end, element.size), found, strict=True):
            element.write(address, value)
        return Table(element, begin, end)


class AddressedBytes:
    """The bytes at an address, as a buffer for numpy."""

    __slots__ = ("__array_interface__",)

    def __init__(self, address: int, size: int) -> None:
        self.__array_interface__ = {
            "data": (address, False),
            "shape": (size,),
            "typestr": "|u1",
            "version": 3,
        }


def view(address: int, count: int, kind: type[Kind]) -> NDArray[Kind]:
    """An array on memory of an arena, which must outlive it."""
    return np.asarray(AddressedBytes(address, count * np.dtype(kind).itemsize)).view(kind)
