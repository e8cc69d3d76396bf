"""The built-in functions that units may call, in plain Python; kernels are tested against it.

A unit may call these, Python's own `abs min max round` and functions marked `@helper`, nothing
else. Kernels compute them as polynomials in single precision, scalar or 16 voices at once.
Floats and 32-bit `bits` never mix silently: `to_phase`, `unphase` and `unphase_signed` convert.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, TypeVar, cast, overload

from phonon.kernel.values import (
    WRAP,
    Bits,
    DelayBank,
    DelayLine,
    Fixed,
    LookupTable,
    Recording,
    Vector,
)

T = TypeVar("T")
INFINITY = math.inf


class ElementwiseFunction(Protocol):
    """A function of one float, applied to each item of a vector."""

    @overload
    def __call__(self, x: float, /) -> float: ...
    @overload
    def __call__(self, x: Vector, /) -> Vector: ...


def elementwise(function: Callable[[float], float]) -> ElementwiseFunction:
    """Lets a function of one float take a vector too."""

    @wraps(function)
    def word(x: Any, /) -> Any:
        return x.map(function) if isinstance(x, Vector) else function(x)

    return word


@elementwise
def sqrt(x: float) -> float:
    """Square root; not a number below 0."""
    return math.sqrt(x) if x >= 0 else math.nan


@elementwise
def exp(x: float) -> float:
    """The number e to the power of x (compiled: x within −87 … 88)."""
    return math.exp(min(x, 709.0))


@elementwise
def exp2(x: float) -> float:
    """2 to the power of x (compiled: x within −126 … 127)."""
    return float(2.0 ** min(x, 1023.0))


@elementwise
def log(x: float) -> float:
    """Natural logarithm of x > 0."""
    return math.log(x) if x > 0 else -INFINITY


@elementwise
def log2(x: float) -> float:
    """Logarithm of x > 0 to base 2."""
    return math.log2(x) if x > 0 else -INFINITY


def pow(x: float, y: float) -> float:  # noqa: A001 — the field's word for it
    """The power y of x > 0 of y (compiled as exp2(y · log2 x))."""
    return 0.0 if x <= 0 else 2.0 ** min(y * math.log2(x), 1023.0)


def sin2pi(cycles: float | Bits) -> float:
    """Sine of a phase in cycles (any size) or in bits (2^32 = one cycle)."""
    return math.sin(math.tau * _cycles(cycles))


def cos2pi(cycles: float | Bits) -> float:
    """Cosine of a phase in cycles or bits."""
    return math.cos(math.tau * _cycles(cycles))


@elementwise
def tanpi(x: float) -> float:
    """tan(πx) for 0 ≤ x < 0.5, clamped to 0.497: the prewarped gain of cutoff · DT."""
    return math.tan(math.pi * min(max(x, 0.0), 0.497))


@elementwise
def tanh(x: float) -> float:
    """Hyperbolic tangent."""
    return math.tanh(x)


@elementwise
def floor(x: float) -> float:
    """The largest whole number not above x."""
    return float(math.floor(x)) if math.isfinite(x) else x


@elementwise
def frac(x: float) -> float:
    """What is left of x above floor(x)."""
    return x - floor(x)


@elementwise
def sign(x: float) -> float:
    """−1, 0 or 1."""
    return float((x > 0) - (x < 0))


@overload
def clip(x: float, low: float, high: float) -> float: ...
@overload
def clip(x: Vector, low: float, high: float) -> Vector: ...
def clip(x: float | Vector, low: float, high: float) -> float | Vector:
    """x, but not below `low` and not above `high`."""
    if isinstance(x, Vector):
        return x.map(lambda item: min(max(item, low), high))
    return min(max(x, low), high)


def where(condition: bool, a: T, b: T) -> T:
    """The same as `a if condition else b`; both are computed."""
    return a if condition else b


def mix(a: float, b: float, amount: float) -> float:
    """From a at amount 0 to b at amount 1, on a straight line."""
    return a + (b - a) * amount


@elementwise
def db_to_amp(level: float) -> float:
    """Amplitude of a level in decibels."""
    return exp2(level * 0.16609640474436813)  # log2(10) / 20


@elementwise
def amp_to_db(amplitude: float) -> float:
    """Level in decibels of an amplitude; −200 at silence."""
    return 6.020599913279624 * log2(max(abs(amplitude), 1e-10))  # 20 · log10(2)


@elementwise
def midi_to_hz(key: float) -> float:
    """Frequency of a MIDI key, 69 = 440 Hz."""
    return 440.0 * exp2((key - 69.0) / 12.0)


# Phases and noise: 32-bit integers that wrap.


def _cycles(phase: float | Bits) -> float:
    if isinstance(phase, Bits):
        return phase.value / WRAP
    return phase - floor(phase) if math.isfinite(phase) else 0.0


def to_phase(cycles: float) -> Bits:
    """Cycles of any size and sign as bits; `p += to_phase(freq * DT)` moves a phase on."""
    return Bits(round(_cycles(cycles) * WRAP) % WRAP)


def unphase(phase: Bits) -> float:
    """Phase bits as cycles, 0 up to 1 (24 bits of it)."""
    return (phase.value >> 8) / (1 << 24)


def unphase_signed(phase: Bits) -> float:
    """Phase bits as −1 up to 1: the naive falling-edge-free saw, half a cycle ahead of 0."""
    return (phase.value - WRAP * (phase.value >> 31)) / (1 << 31)


def to_bits(x: float) -> Bits:
    """The whole part of 0 ≤ x < 2^32 as bits."""
    return Bits(min(max(int(x), 0), WRAP - 1)) if math.isfinite(x) else Bits(0)


def to_float(x: Bits | Fixed) -> float:
    """Bits as the number they are, or a position as a float."""
    return float(x.value) if isinstance(x, Bits) else x.value / WRAP


def next_noise(bits: Bits) -> Bits:
    """The next state of a noise generator: a linear congruence with period 2^32."""
    return bits * 747796405 + 2891336453


def noise(bits: Bits) -> float:
    """White noise, −1 up to 1, of a generator's state (O'Neill's PCG output, RXS-M-XS)."""
    return unphase_signed(scramble(bits))


def scramble(bits: Bits) -> Bits:
    """Bits that look random even where `bits` only counts."""
    word = ((bits >> ((bits >> 28) + 4)) ^ bits) * 277803737
    return (word >> 22) ^ word


# Delay lines. What was written in this frame is 0 frames old, but taps begin at 1 frame (cubic
# ones at 2), so it does not matter whether a unit reads or writes first.


def write(line: DelayLine | DelayBank, value: float | Vector) -> None:
    """Write this frame's value (or vector); once per frame."""
    if isinstance(line, DelayLine):
        line.write(cast(float, value))
    else:
        values = value if isinstance(value, Vector) else (value,) * len(line.lines)
        for single, item in zip(line.lines, values, strict=True):
            single.write(item)


def _reach(frames: float, least: float, most: int) -> float:
    return min(max(frames, least), float(most)) if not math.isnan(frames) else least


def tap(line: DelayLine, frames: float) -> float:
    """The value written `frames` ago, rounded down; clamped to 1 … the line's length."""
    return line.at(int(_reach(frames, 1, line.longest)))


def tap_linear(line: DelayLine, frames: float) -> float:
    """The value written `frames` ago, with linear interpolation; from 1 to the line's length."""
    frames = _reach(frames, 1, line.longest)
    whole = int(frames)
    return mix(line.at(whole), line.at(whole + 1), frames - whole)


def tap_cubic(line: DelayLine, frames: float) -> float:
    """The value written `frames` ago, with Hermite interpolation; from 2 to the line's length."""
    frames = _reach(frames, 2, line.longest)
    whole = int(frames)
    before, a, b, after = (line.at(whole + k) for k in (-1, 0, 1, 2))
    return hermite(before, a, b, after, frames - whole)


def reach(line: DelayLine) -> float:
    """How many frames back a line's taps go at most."""
    return float(line.longest)


def hermite(before: float, a: float, b: float, after: float, position: float) -> float:
    """Between a (0) and b (1) on the cubic whose slopes are those of the neighbours' chords."""
    slope_a = 0.5 * (b - before)
    bend = a - b
    w = slope_a + bend
    c3 = w + bend + 0.5 * (after - a)
    return ((c3 * position - (w + c3)) * position + slope_a) * position + a


# Banks and vectors (mixes only).


def read(bank: DelayBank) -> Vector:
    """What was written into each line its nominal length ago."""
    return Vector(line.at(length) for line, length in zip(bank.lines, bank.lengths, strict=True))


def taps_linear(bank: DelayBank, frames: Vector | float) -> Vector:
    """What was written into each line so many frames ago, between frames on straight lines."""
    wanted = frames if isinstance(frames, Vector) else [frames] * len(bank.lines)
    return Vector(tap_linear(line, each) for line, each in zip(bank.lines, wanted, strict=True))


def lengths(bank: DelayBank) -> Vector:
    """The lines' nominal lengths in frames."""
    return Vector(float(length) for length in bank.lengths)


def hsum(vector: Vector) -> float:
    """The sum of a vector's items."""
    return math.fsum(vector)


def lane(vector: Vector, index: int) -> float:
    """One item of a vector; `index` is a constant."""
    return vector.items[index]


def spread(x: float, count: int) -> Vector:
    """A vector of `count` times x."""
    return Vector((x,) * count)


def rotate(vector: Vector, count: int) -> Vector:
    """Item i of the result is item i + count; `count` is a constant."""
    return Vector(vector.items[count:] + vector.items[:count])


def hadamard(vector: Vector) -> Vector:
    """The Walsh–Hadamard transform, scaled so that energy is kept; a power of two of items."""
    items = list(vector)
    step = 1
    while step < len(items):
        for i in range(len(items)):
            if not i & step:
                items[i], items[i + step] = items[i] + items[i + step], items[i] - items[i + step]
        step *= 2
    scale = len(items) ** -0.5
    return Vector(item * scale for item in items)


# Tables.


def size(table: LookupTable) -> float:
    """How many numbers a table has."""
    return float(len(table.items))


def look(table: LookupTable, index: float) -> float:
    """A table's number at the whole part of `index`, clamped to its ends."""
    return table.at(int(min(max(index, 0.0), size(table) - 1)))


def look_linear(table: LookupTable, index: float) -> float:
    """Between a table's numbers on straight lines, clamped to its ends."""
    index = min(max(index, 0.0), size(table) - 1)
    whole = int(index)
    return mix(table.at(whole), table.at(whole + 1), index - whole)


def search(table: LookupTable, x: float, near: float) -> float:
    """In a rising table: the index of the last number ≤ x (0 if there is none).

    `near` is where to look first, the last answer; only a jump costs a binary search.
    """
    found = 0 * int(near)
    for index, item in enumerate(table.items):
        if item <= x:
            found = index
    return float(found)


# Recordings.


def cubic(source: Recording, position: Fixed, channel: int = 0) -> float:
    """The recording at a position in its frames, on Hermite's curves; silence outside.

    `channel` is a constant, 0 or 1; a mono recording has the same on both.
    """
    whole = position.value >> 32
    part = (position.value % WRAP) / WRAP
    whole = min(max(whole, -2), source.frames + 1)
    before, a, b, after = (source.at(whole + k, channel) for k in (-1, 0, 1, 2))
    return hermite(before, a, b, after, part)


def frames(source: Recording) -> float:
    """A recording's length in its own frames."""
    return float(source.frames)


def rate(source: Recording) -> float:
    """A recording's sample rate divided by the engine's."""
    return source.rate


def to_fixed(x: float) -> Fixed:
    """A float as a 32.32 position."""
    return Fixed(Fixed.of(x))
