"""The types of units besides floats, in plain Python: bits, positions, vectors, delay lines.

The oracle calculates with them, and kernels are tested against it; they are exact and slow.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

WRAP = 1 << 32
PlainNumber = float | int


@dataclass(frozen=True, slots=True)
class Bits:
    """An unsigned 32-bit integer; arithmetic wraps, numbers beside it are taken modulo 2^32."""

    value: int

    @staticmethod
    def of(other: Bits | int) -> int:
        if isinstance(other, Bits):
            return other.value
        if isinstance(other, int):
            return other % WRAP
        raise TypeError("bits and floats do not mix: use unphase() or to_phase()")

    def __add__(self, other: Bits | int) -> Bits:
        return Bits((self.value + Bits.of(other)) % WRAP)

    __radd__ = __add__

    def __sub__(self, other: Bits | int) -> Bits:
        return Bits((self.value - Bits.of(other)) % WRAP)

    def __rsub__(self, other: int) -> Bits:
        return Bits((other - self.value) % WRAP)

    def __neg__(self) -> Bits:
        return Bits(-self.value % WRAP)

    def __mul__(self, other: Bits | int) -> Bits:
        return Bits((self.value * Bits.of(other)) % WRAP)

    __rmul__ = __mul__

    def __and__(self, other: Bits | int) -> Bits:
        return Bits(self.value & Bits.of(other))

    __rand__ = __and__

    def __or__(self, other: Bits | int) -> Bits:
        return Bits(self.value | Bits.of(other))

    __ror__ = __or__

    def __xor__(self, other: Bits | int) -> Bits:
        return Bits(self.value ^ Bits.of(other))

    __rxor__ = __xor__

    def __invert__(self) -> Bits:
        return Bits(self.value ^ (WRAP - 1))

    def __lshift__(self, count: Bits | int) -> Bits:
        return Bits((self.value << Bits.of(count)) % WRAP)

    def __rshift__(self, count: Bits | int) -> Bits:
        return Bits(self.value >> Bits.of(count))

    def __eq__(self, other: object) -> bool:
        return self.value == Bits.of(cast("Bits | int", other))

    def __hash__(self) -> int:
        return hash(self.value)

    def __lt__(self, other: Bits | int) -> bool:
        return self.value < Bits.of(other)

    def __le__(self, other: Bits | int) -> bool:
        return self.value <= Bits.of(other)

    def __gt__(self, other: Bits | int) -> bool:
        return self.value > Bits.of(other)

    def __ge__(self, other: Bits | int) -> bool:
        return self.value >= Bits.of(other)


@dataclass(frozen=True, slots=True)
class Fixed:
    """A signed 32.32 fixed-point number, as the integer that is 2^32 times as large."""

    value: int

    @staticmethod
    def of(other: Fixed | Bits | PlainNumber) -> int:
        if isinstance(other, Fixed):
            return other.value
        if isinstance(other, Bits):
            return other.value * WRAP
        if not math.isfinite(other):
            return 0
        return min(max(math.floor(other * WRAP), -(1 << 63)), (1 << 63) - 1)

    @staticmethod
    def wrapped(value: int) -> Fixed:
        return Fixed((value + (1 << 63)) % (1 << 64) - (1 << 63))

    def __add__(self, other: Fixed | PlainNumber) -> Fixed:
        return Fixed.wrapped(self.value + Fixed.of(other))

    __radd__ = __add__

    def __sub__(self, other: Fixed | PlainNumber) -> Fixed:
        return Fixed.wrapped(self.value - Fixed.of(other))

    def __rsub__(self, other: PlainNumber) -> Fixed:
        return Fixed.wrapped(Fixed.of(other) - self.value)

    def __eq__(self, other: object) -> bool:
        return self.value == Fixed.of(cast("Fixed | PlainNumber", other))

    def __hash__(self) -> int:
        return hash(self.value)

    def __lt__(self, other: Fixed | PlainNumber) -> bool:
        return self.value < Fixed.of(other)

    def __le__(self, other: Fixed | PlainNumber) -> bool:
        return self.value <= Fixed.of(other)

    def __gt__(self, other: Fixed | PlainNumber) -> bool:
        return self.value > Fixed.of(other)

    def __ge__(self, other: Fixed | PlainNumber) -> bool:
        return self.value >= Fixed.of(other)


class Vector:
    """n floats calculated with as one value; numbers and constant tuples join in."""

    __slots__ = ("items",)

    def __init__(self, items: Iterable[float]) -> None:
        self.items = tuple(items)

    def __iter__(self) -> Iterator[float]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def map(self, function: Callable[[float], float]) -> Vector:
        return Vector(function(item) for item in self.items)

    def zip(
        self, other: Vector | Sequence[float] | float, function: Callable[[float, float], float]
    ) -> Vector:
        others = tuple(other) if isinstance(other, Vector | Sequence) else (other,) * len(self)
        return Vector(function(a, b) for a, b in zip(self.items, others, strict=True))

    def __add__(self, other: Vector | Sequence[float] | float) -> Vector:
        return self.zip(other, lambda a, b: a + b)

    __radd__ = __add__

    def __sub__(self, other: Vector | Sequence[float] | float) -> Vector:
        return self.zip(other, lambda a, b: a - b)

    def __rsub__(self, other: Sequence[float] | float) -> Vector:
        return self.zip(other, lambda a, b: b - a)

    def __mul__(self, other: Vector | Sequence[float] | float) -> Vector:
        return self.zip(other, lambda a, b: a * b)

    __rmul__ = __mul__

    def __neg__(self) -> Vector:
        return self.map(lambda item: -item)

    def __abs__(self) -> Vector:
        return self.map(abs)


class DelayLine:
    """A delay line: what was written, frame by frame; silence before that."""

    __slots__ = ("_written", "longest")

    def __init__(self, longest: int) -> None:
        self.longest = longest
        self._written: list[float] = [0.0]

    def write(self, value: float) -> None:
        self._written[-1] = value

    def advance(self) -> None:
        self._written.append(0.0)

    def at(self, frames: int) -> float:
        index = len(self._written) - 1 - frames
        return self._written[index] if index >= 0 else 0.0


class DelayBank:
    """Delay lines side by side with nominal lengths in frames."""

    __slots__ = ("lengths", "lines")

    def __init__(self, lengths: Sequence[int], longest: int) -> None:
        self.lengths = tuple(lengths)
        self.lines = [DelayLine(longest) for _ in lengths]

    def advance(self) -> None:
        for line in self.lines:
            line.advance()


class LookupTable:
    """Numbers that a node brings along; at least one."""

    __slots__ = ("items",)

    def __init__(self, items: Sequence[float]) -> None:
        self.items = tuple(items)

    def at(self, index: int) -> float:
        return self.items[min(max(index, 0), len(self.items) - 1)]


class Recording:
    """A voice's recording: one or two channels of equal length, silence around them.

    `rate` is the recording's sample rate divided by the engine's.
    """

    __slots__ = ("channels", "rate")

    def __init__(self, channels: Sequence[Sequence[float]], rate: float = 1.0) -> None:
        self.channels = [list(channel) for channel in channels]
        self.rate = rate

    @property
    def frames(self) -> int:
        return len(self.channels[0])

    def at(self, index: int, channel: int) -> float:
        samples = self.channels[min(channel, len(self.channels) - 1)]
        return samples[index] if 0 <= index < len(samples) else 0.0
