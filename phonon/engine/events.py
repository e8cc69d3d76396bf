"""Events as the ring carries them, in the order in which they are due."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from phonon.engine import layout as at

_DOUBLE, _WORD = struct.Struct("<d"), struct.Struct("<q")


def word_of(number: float) -> int:
    """A double as a word, bit for bit."""
    return int(_WORD.unpack(_DOUBLE.pack(number))[0])


@dataclass(frozen=True, slots=True)
class Set:
    """A row changes: to `value` at `frame`, and from there by `slope` per frame."""

    frame: int
    row: int
    value: float
    slope: float = 0.0

    def words(self) -> list[int]:
        """As the ring carries it."""
        numbers = word_of(self.value), word_of(self.slope)
        return [at.SET, self.frame, self.row, *numbers]


@dataclass(frozen=True, slots=True)
class Start:
    """A voice begins. `hold` is in frames, `cut` and `sample` are 0 for none."""

    frame: int
    patch: int
    seed: int
    hold: int
    cut: int
    sample: int
    controls: Sequence[float]

    def words(self) -> list[int]:
        """As the ring carries it."""
        head = [at.VOICE, self.frame, self.patch, self.seed, self.hold, self.cut, self.sample]
        return [*head, *map(word_of, self.controls)]


Event = Set | Start
