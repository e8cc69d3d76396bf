"""The nodes of a signal graph: units, and leaves that read patterns, voices and buses."""

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
    """In a voice: the value of a control of its event, or `default`."""

    name: str
    default: float


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """A pattern of numbers; each value is held until the next event, through rests too.

    `index` picks one of simultaneous values, in the order of the pattern; `default` holds
    before the first event. With `presence`, it is 1 while event `index` sounds and 0 in rests.
    """

    pattern: Pattern
    default: float = 0.0
    index: int = 0
    presence: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """A continuous pattern, evaluated for every frame from the position in the cycle."""

    pattern: Pattern


@dataclass(frozen=True, slots=True)
class Bus:
    """A use of a named signal bus; buses may feed back into each other."""

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
    """The stereo sum of a stream's voices at a port: "main", a send, a routed effect."""

    stream: Stream
    port: str = "main"


@dataclass(frozen=True, slots=True)
class Last:
    """The value of a control in a stream's latest event, for effects that voices share."""

    stream: Stream
    control: str
    default: float


@dataclass(frozen=True, slots=True)
class Node:
    """A unit with its inputs.

    `inputs` are the unit's inputs and parameters in order, one Input each (a left/right pair is
    one input). `data` fills the unit's tables (keyframes) with numbers. Nodes that are equal are
    computed once; `key` keeps apart what must not be shared, such as two noises.
    """

    unit: str
    inputs: tuple[Input, ...] = ()
    data: tuple[tuple[float, ...], ...] = ()
    key: str = field(default="", compare=True)


@dataclass(frozen=True, slots=True)
class SharedSignal:
    """In a voice graph: a signal of the mix, the same for every voice.

    `name` is stable over evaluations, so that a voice whose modulation is edited is the same voice.
    """

    signal: Input
    name: str = ""


Input = Node | Const | Control | Held | Curve | Bus | Mix | Last | SharedSignal
