"""What a signal is made of: frozen nodes, and the leaves where patterns and voices enter."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from phonon.patterns import Pattern


@dataclass(frozen=True, slots=True)
class Const:
    """A number that never changes."""

    value: float


@dataclass(frozen=True, slots=True)
class Control:
    """Inside a voice: the value that its event gives to a control, or `default`."""

    name: str
    default: float


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """A pattern of numbers, held from event to event and through rests.

    `index` picks one of simultaneous values, ordered as the pattern gives them; `default` holds
    before the first event. With `presence`, it is 1 while event `index` sounds and 0 in rests.
    """

    pattern: Pattern
    default: float = 0.0
    index: int = 0
    presence: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """A continuous pattern, followed every frame, locked to the cycle."""

    pattern: Pattern


@dataclass(frozen=True, slots=True)
class Bus:
    """A use of a named signal bus; buses may refer to each other in circles."""

    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Stream:
    """A pattern of control maps; each event starts one voice.

    `name` is stable over evaluations (`o1`, `~drums/2`); a stream is compared by identity.
    """

    name: str
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class Mix:
    """The stereo sum of a stream's voices that are sent to `port` ("main" or a send)."""

    stream: Stream
    port: str = "main"


@dataclass(frozen=True, slots=True)
class Last:
    """The value that a stream's latest event gave to a control (for effects shared by voices)."""

    stream: Stream
    control: str
    default: float


@dataclass(frozen=True, slots=True)
class Node:
    """One unit at work.

    `inputs` follow the unit's inputs and parameters in order, one Input each (a left/right pair
    is one input). `data` feeds the unit's tables (keyframes, formants) as tuples of numbers.
    """

    unit: str
    inputs: tuple[Input, ...] = ()
    data: tuple[tuple[float, ...], ...] = ()
    key: str = field(default="", compare=True)


@dataclass(frozen=True, slots=True)
class SharedSignal:
    """Inside a voice graph: a signal of the mix, the same for every voice.

    `name` is stable over evaluations, so that a voice whose modulation is edited is the same voice.
    """

    signal: Input
    name: str = ""


Input = Node | Const | Control | Held | Curve | Bus | Mix | Last | SharedSignal
