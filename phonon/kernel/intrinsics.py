"""What native functions can do beyond arithmetic: memory by address, kernels, atomics, vectors.

Called from Python these work too (slowly, through ctypes), so that engine code can be tested
without compiling; inside @native functions each is one or a few machine instructions. Addresses
are in bytes and may be anything valid; 16-float vectors need 64-byte alignment.
"""

from __future__ import annotations

import ctypes
import math
import time
from collections.abc import Callable


def peek_i64(address: int) -> int:
    """The signed 64-bit integer at an address."""
    return ctypes.c_int64.from_address(address).value


def peek_i32(address: int) -> int:
    """The signed 32-bit integer at an address, as i64."""
    return ctypes.c_int32.from_address(address).value


def peek_u32(address: int) -> int:
    """The unsigned 32-bit integer at an address, as i64."""
    return ctypes.c_uint32.from_address(address).value


def peek_f32(address: int) -> float:
    """The float at an address, as f32."""
    return ctypes.c_float.from_address(address).value


def peek_f64(address: int) -> float:
    """The double at an address."""
    return ctypes.c_double.from_address(address).value


def poke_i64(address: int, value: int) -> None:
    """Store a 64-bit integer."""
    ctypes.c_int64.from_address(address).value = value


def poke_i32(address: int, value: int) -> None:
    """Store the lower 32 bits of an integer (signed or not)."""
    ctypes.c_int32.from_address(address).value = value


def poke_f32(address: int, value: float) -> None:
    """Store a number as float."""
    ctypes.c_float.from_address(address).value = value


def poke_f64(address: int, value: float) -> None:
    """Store a number as double."""
    ctypes.c_double.from_address(address).value = value


def load_acquire(address: int) -> int:
    """The i64 at an address; everything written before its store_release is visible."""
    return ctypes.c_int64.from_address(address).value


def store_release(address: int, value: int) -> None:
    """Store an i64 after everything written before."""
    ctypes.c_int64.from_address(address).value = value


def copy_bytes(destination: int, source: int, count: int) -> None:
    """Copy bytes between places that do not overlap."""
    ctypes.memmove(destination, source, count)


def clear_bytes(destination: int, count: int) -> None:
    """Fill with zeros."""
    ctypes.memset(destination, 0, count)


KERNEL = ctypes.CFUNCTYPE(None, ctypes.c_int64, ctypes.c_int64, ctypes.c_int64)


def call_kernel(address: int, io: int, off: int, n: int) -> None:
    """Call the kernel (or any void(i64, i64, i64)) at an address."""
    KERNEL(address)(io, off, n)


def ticks() -> int:
    """A steadily rising counter of the processor; compare with a clock to learn its rate."""
    return time.perf_counter_ns()


def ftz_set() -> int:
    """Flush denormal numbers to zero in this thread; what to give to ftz_restore later."""
    return 0


def ftz_restore(before: int) -> None:  # noqa: ARG001 — Python has no such switch
    """Handle denormal numbers as before ftz_set."""


def is_finite(x: float) -> bool:
    """Neither infinite nor NaN, whatever the optimiser believes."""
    return math.isfinite(x)


class Lanes:
    """16 floats as one value; + - * with another or with a number, and comparisons by words."""

    __slots__ = ("items",)

    def __init__(self, items: list[float]) -> None:
        self.items = items

    def _with(self, other: Lanes | float, function: Callable[[float, float], float]) -> Lanes:
        others = other.items if isinstance(other, Lanes) else [other] * 16
        return Lanes([function(a, b) for a, b in zip(self.items, others, strict=True)])

    def __add__(self, other: Lanes | float) -> Lanes:
        return self._with(other, lambda a, b: a + b)

    def __sub__(self, other: Lanes | float) -> Lanes:
        return self._with(other, lambda a, b: a - b)

    def __mul__(self, other: Lanes | float) -> Lanes:
        return self._with(other, lambda a, b: a * b)


_Row = ctypes.c_float * 16


def load16(address: int) -> Lanes:
    """The 16 floats at an address."""
    return Lanes(list(_Row.from_address(address)))


def store16(address: int, lanes: Lanes) -> None:
    """Store 16 floats."""
    _Row.from_address(address)[:] = lanes.items


def add16(address: int, lanes: Lanes) -> None:
    """Add to the 16 floats at an address."""
    store16(address, load16(address) + lanes)


def splat16(x: float) -> Lanes:
    """16 times the same number."""
    return Lanes([x] * 16)


def max16(a: Lanes, b: Lanes) -> Lanes:
    """The larger of each two; where `a` is NaN, that of `b`."""
    return a._with(b, lambda x, y: x if x > y else y)  # noqa: SLF001


def min16(a: Lanes, b: Lanes) -> Lanes:
    """The smaller of each two; where `a` is NaN, that of `b`."""
    return a._with(b, lambda x, y: x if x < y else y)  # noqa: SLF001


def abs16(lanes: Lanes) -> Lanes:
    """16 absolute values."""
    return Lanes([abs(item) for item in lanes.items])


def sum16(lanes: Lanes) -> float:
    """The sum of 16 floats."""
    return math.fsum(lanes.items)


def top16(lanes: Lanes) -> float:
    """The largest of 16 floats (which are numbers)."""
    return max(lanes.items)


def lane16(lanes: Lanes, index: int) -> float:
    """One of 16 floats."""
    return lanes.items[index]


def set_lane16(lanes: Lanes, index: int, x: float) -> Lanes:
    """16 floats, one of them exchanged."""
    return Lanes([x if lane == index else item for lane, item in enumerate(lanes.items)])


def bad16(lanes: Lanes) -> bool:
    """Whether any of 16 floats is infinite or NaN."""
    return not all(math.isfinite(item) for item in lanes.items)
