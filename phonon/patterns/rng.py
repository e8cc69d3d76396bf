"""Random numbers as a function of time, by three formulas: precise, tidal, strudel."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import floor, fmod, trunc

from phonon.patterns.time import CYCLE, Ticks

M29 = 536870912
M32 = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula for random numbers from time.

    `rand` gives 0 to 1 at a time, `rands` a list of them; `seed_step` is the time shift
    between random operators of one string (1/10000 cycle in Tidal, 3/10000 in Strudel).
    `keeps_equal` says whether `degradeBy x` keeps an event whose number is exactly x, and
    `order_at` how far into its cycle a shuffled order is drawn.
    """

    name: str
    rand: Callable[[Ticks], float]
    rands: Callable[[Ticks, int], list[float]]
    seed_step: Fraction
    keeps_equal: bool
    order_at: Ticks


@lru_cache(maxsize=1024)
def _salt(high: int, index: int) -> int:
    salt = (high ^ 0x85EBCA6B) * 0xC2B2AE35 & M32
    salt ^= (index ^ 0x7F4A7C15) * 0x9E3779B9 & M32
    return salt ^ (0x165667B1 * 0x27D4EB2D & M32)


def precise(time: Ticks, index: int = 0) -> float:
    """Strudel's `precise` formula, with a period of 2**32 cycles: Phonon's own choice.

    The time in 1/2**29 cycles through the finaliser of MurmurHash3.
    """
    at = floor(time / CYCLE * M29)
    key = (at & M32) ^ _salt(at >> 32 & M32, index)
    key = (key ^ key >> 16) * 0x85EBCA6B & M32
    key = (key ^ key >> 13) * 0xC2B2AE35 & M32
    return (key ^ key >> 16) / 4294967296


def _precise_list(time: Ticks, count: int) -> list[float]:
    return [precise(time, index) for index in range(count)]


def _int32(number: int) -> int:
    number &= M32
    return number - 0x100000000 if number >= 0x80000000 else number


def _int64(number: int) -> int:
    number &= 0xFFFFFFFFFFFFFFFF
    return number - (1 << 64) if number >= 1 << 63 else number


def _xorshift32(number: int) -> int:
    number = _int32(_int32(number << 13) ^ number)
    number = _int32((number >> 17) ^ number)
    return _int32(_int32(number << 5) ^ number)


def _xorshift64(number: int) -> int:
    number = _int64(number << 13) ^ number
    number = (number >> 17) ^ number
    return _int64(number << 5) ^ number


def _strudel_seed(time: Ticks) -> int:
    position = float(time / CYCLE) / 300
    return _xorshift32(trunc((position - trunc(position)) * M29))


def strudel(time: Ticks) -> float:
    """Strudel's first formula: doubles, 32-bit shifts, a period of 300 cycles, 0 at time 0."""
    return abs(fmod(_strudel_seed(time), M29) / M29)


def _strudel_list(time: Ticks, count: int) -> list[float]:
    seed = _strudel_seed(time)
    found = []
    for _ in range(count):
        # Only `strudel` takes the absolute value; Strudel's shuffles depend on the signs.
        found.append(fmod(seed, M29) / M29)
        seed = _xorshift32(seed)
    return found


def _tidal_seed(time: Ticks) -> int:
    position = Fraction(time) / (300 * CYCLE)
    return _xorshift64(trunc((position - trunc(position)) * M29))


def tidal(time: Ticks) -> float:
    """Tidal 1.10's formula: exact time, 64-bit shifts, a period of 300 cycles, 1/2 at time 0."""
    return _tidal_seed(time) % M29 / M29 if time else 0.5


def _tidal_list(time: Ticks, count: int) -> list[float]:
    seed = _tidal_seed(time)
    found = []
    for _ in range(count):
        found.append(seed % M29 / M29)
        seed = _xorshift64(seed)
    return found


FORMULAS = {
    formula.name: formula
    for formula in (
        Formula("precise", precise, _precise_list, Fraction(3, 10_000), False, CYCLE // 2),
        Formula("strudel", strudel, _strudel_list, Fraction(3, 10_000), False, CYCLE // 2),
        Formula("tidal", tidal, _tidal_list, Fraction(1, 10_000), True, 0),
    )
}

_chosen: ContextVar[Formula] = ContextVar("formula", default=FORMULAS["precise"])


def formula() -> Formula:
    """The formula that random patterns built now will use."""
    return _chosen.get()


@contextmanager
def with_rng(name: str | Formula) -> Iterator[None]:
    """Patterns built inside use the formula `precise`, `tidal` or `strudel`."""
    token = _chosen.set(FORMULAS[name] if isinstance(name, str) else name)
    try:
        yield
    finally:
        _chosen.reset(token)
