"""Reads the signature of a unit into one frozen description, its `Form`.

A unit is one per-sample function. Positional parameters are signals (`audio`) and then values
with a kind and a range; keyword-only parameters are what it keeps from sample to sample:

    def lpf(x: audio, cutoff: hz(20, 20_000) = 1_000, q: number(0.1, 40) = 0.7,
            *, s1: state, s2: state): ...

Two signals named `left, right` (or `side_left, side_right`) are one stereo input. A parameter
without default must be given; a signal may have a default too.

Kept things:
    state, state(1.0)       a float, 0 or another value at first
    states(8)               an array of floats, indexed by constants
    bits, bits(7), phase    a 32-bit unsigned integer that wraps; bits(seed) starts differently
                            in every node and every voice
    fixed                   a signed 32.32 fixed-point number, for positions in recordings
    vector(8)               n floats as one value, next to a bank (mixes only)
    memory(2.0)             a delay line that reaches back 2 seconds; memory(2.0, by="time")
                            is only as long as the parameter `time` needs where that is constant
    memories((0.1, 0.2))    an array of delay lines, indexed by constants
    bank((0.03, 0.04, ...)) n delay lines side by side, read and written as one vector; lengths
                            in seconds (mixes only)
    table                   numbers that the node brings along, read-only
    sample                  a recording, one per voice
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any, Literal, TypeVar, cast

F = TypeVar("F", bound=Callable[..., Any])

SR: float = 48_000.0
"""Inside a unit: the sample rate in hertz. (Outside, only a placeholder.)"""
DT: float = 1.0 / 48_000.0
"""Inside a unit: the length of a frame in seconds, 1 / SR."""


@dataclass(frozen=True, slots=True)
class Audio:
    """A signal. `audio` is the only one."""


@dataclass(frozen=True, slots=True)
class Kind:
    """The unit of a parameter's numbers, and the range it is clamped to on every frame."""

    name: str
    low: float | None = None
    high: float | None = None
    words: tuple[str, ...] = ()


audio = Audio()
boolean = Kind("boolean", 0.0, 1.0)


def hz(low: float, high: float) -> Kind:
    """A frequency in hertz; reads note names as the pitch they mean."""
    return Kind("hz", low, high)


def seconds(low: float, high: float) -> Kind:
    """A time in seconds."""
    return Kind("seconds", low, high)


def number(low: float, high: float) -> Kind:
    """A number without a unit."""
    return Kind("number", low, high)


def db(low: float, high: float) -> Kind:
    """A level in decibels; the unit's code converts it to an amplitude."""
    return Kind("db", low, high)


def ratio(low: float, high: float) -> Kind:
    """A ratio: of frequencies, of a compressor, of a speed."""
    return Kind("ratio", low, high)


def cycles(low: float | None = None, high: float | None = None) -> Kind:
    """A position or length in cycles of the pattern; without bounds unless some are given."""
    return Kind("cycles", low, high)


def choice(*words: str) -> Kind:
    """One of some words; the unit's code is given the number of the word, from 0."""
    return Kind("choice", 0.0, len(words) - 1.0, words)


StateKind = Literal["float", "bits", "fixed", "memory", "bank", "table", "sample"]


@dataclass(frozen=True, slots=True)
class Kept:
    """Something a unit keeps from frame to frame. `state`, `bits`, `memory` … are such things.

    `count` is None for a single thing, otherwise the length of an array (or vector, or bank).
    `seconds` are the lengths of delay lines; `by` names the parameter that bounds the length.
    """

    kind: StateKind
    initial: float | int = 0
    count: int | None = None
    seeded: bool = False
    packed: bool = False
    seconds: tuple[float, ...] = ()
    by: str = ""

    def __call__(self, initial: float | Seed) -> Kept:
        if self.kind not in ("float", "bits"):
            raise TypeError(f"a {self.kind} has no first value to set")
        if isinstance(initial, Seed):
            return Kept(self.kind, seeded=True)
        return Kept(self.kind, initial)


@dataclass(frozen=True, slots=True)
class Seed:
    """A number that differs in every node and voice, as in `bits(seed)`."""


seed = Seed()
state = Kept("float")
bits = Kept("bits")
phase = bits
fixed = Kept("fixed")
table = Kept("table")
sample = Kept("sample")


def states(count: int, initial: float = 0.0) -> Kept:
    """An array of `count` floats, indexed by constants: `s[0]`, `s[i]` in a loop."""
    return Kept("float", initial, count)


def vector(count: int, initial: float = 0.0) -> Kept:
    """`count` floats as one value, calculated with as a whole."""
    return Kept("float", initial, count, packed=True)


def memory(longest: float, *, by: str = "") -> Kept:
    """A delay line reaching back `longest` seconds (of silence, at first).

    `by` names a parameter in seconds beyond which the unit never reads: where it is constant,
    the line need not be longer.
    """
    return Kept("memory", seconds=(longest,), by=by)


def memories(longest: tuple[float, ...]) -> Kept:
    """An array of delay lines, each as long as its number of seconds."""
    return Kept("memory", count=len(longest), seconds=longest)


def bank(lengths: tuple[float, ...]) -> Kept:
    """Delay lines side by side, of these nominal lengths in seconds."""
    return Kept("bank", count=len(lengths), seconds=lengths)


def helper(function: F) -> F:
    """Let units call `function`: pure, per sample, written in the same form; it is inlined."""
    function.__phonon_helper__ = True  # type: ignore[attr-defined]
    return function


def is_helper(value: object) -> bool:
    """Whether units may call `value`."""
    return getattr(value, "__phonon_helper__", False) is True


@dataclass(frozen=True, slots=True)
class Signal:
    """An audio input; `pair` says that it has a left and a right side."""

    name: str
    pair: bool = False
    default: float | None = None


@dataclass(frozen=True, slots=True)
class UnitParameter:
    """A parameter of a unit; `default` is None where a value must be given."""

    name: str
    kind: str
    default: float | None
    low: float | None = None
    high: float | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class State:
    """A kept thing and its name."""

    name: str
    kept: Kept


@dataclass(frozen=True, eq=False)
class Form:
    """A unit as the compiler needs it: signals, parameters, kept things, and its function."""

    name: str
    function: Callable[..., Any] = field(repr=False)
    inputs: tuple[Signal, ...]
    parameters: tuple[UnitParameter, ...]
    states: tuple[State, ...]

    @cached_property
    def slots(self) -> tuple[str, ...]:
        """The names of the kernel's inputs in order; a pair counts twice, parameters follow."""
        return tuple(self.defaults)

    @cached_property
    def defaults(self) -> Mapping[str, float]:
        """The default of each of the kernel's inputs; 0 where there is none."""
        found: dict[str, float] = {}
        for signal in self.inputs:
            sides = _sides(signal.name) if signal.pair else (signal.name,)
            found.update(dict.fromkeys(sides, signal.default or 0.0))
        found.update({item.name: item.default or 0.0 for item in self.parameters})
        return found

    @cached_property
    def pairs(self) -> tuple[bool, ...]:
        """For every input of a graph node (signals, then parameters): is it a stereo pair?"""
        return (*(signal.pair for signal in self.inputs), *(False for _ in self.parameters))

    @cached_property
    def outputs(self) -> int:
        """How many signals it returns: 1, or 2 for left and right."""
        counts = {
            len(node.value.elts) if isinstance(node.value, ast.Tuple) else 1
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Return)
        }
        if len(counts) != 1:
            raise TypeError(f"{self.name}: must end with one return of its signals")
        return counts.pop()

    @property
    def tree(self) -> ast.FunctionDef:
        """The syntax tree of its function."""
        return syntax(self.function)

    @cached_property
    def seeded(self) -> bool:
        """Whether its state starts differently in every node."""
        return any(item.kept.seeded for item in self.states)

    @cached_property
    def stateless(self) -> bool:
        """Whether its output depends on its inputs of the same frame alone."""
        return not self.states

    @cached_property
    def mix_only(self) -> bool:
        """Whether it cannot be compiled for voices, because it uses lanes within itself."""
        return any(item.kept.kind == "bank" or item.kept.packed for item in self.states)


def _sides(name: str) -> tuple[str, str]:
    prefix = name[: -len("left")] if name.endswith("left") else f"{name}_"
    return f"{prefix}left", f"{prefix}right"


@cache
def syntax(function: Callable[..., Any]) -> ast.FunctionDef:
    """The syntax tree of a function, with the line numbers of its file."""
    lines, first = inspect.getsourcelines(function)
    tree = ast.parse(textwrap.dedent("".join(lines)))
    ast.increment_lineno(tree, first - 1)
    return cast(ast.FunctionDef, tree.body[0])


def place(function: Callable[..., Any], line: int | None = None) -> str:
    """The file and line of a function, or of a line in it, for messages."""
    code = function.__code__
    return f"{code.co_filename}:{line or code.co_firstlineno}"


def read(function: Callable[..., Any]) -> Form:
    """Read the form of a unit's function; TypeError says what is wrong in its signature."""
    name = function.__name__
    signals: list[Signal] = []
    parameters: list[UnitParameter] = []
    kept: list[State] = []
    annotations = _annotations(function)
    for item in inspect.signature(function).parameters.values():
        meaning = annotations.get(item.name)
        where = f"{place(function)}: {name}: {item.name}"
        default = None if item.default is item.empty else item.default
        if item.kind is item.KEYWORD_ONLY:
            if not isinstance(meaning, Kept):
                raise TypeError(f"{where} stands behind *, so it must be state, bits, memory …")
            kept.append(State(item.name, meaning))
        elif isinstance(meaning, Audio):
            if parameters:
                raise TypeError(f"{where} is audio and must stand before the parameters")
            signals.append(Signal(item.name, default=default))
        elif isinstance(meaning, Kind):
            parameters.append(_parameter(item.name, meaning, default, where))
        else:
            raise TypeError(f"{where} needs an annotation: audio, hz(20, 20_000), number(0, 1) …")
    _check_lines(function, parameters, kept)
    return Form(name, function, tuple(_paired(signals)), tuple(parameters), tuple(kept))


def _annotations(function: Callable[..., Any]) -> Mapping[str, object]:
    found = inspect.get_annotations(function)
    if any(isinstance(value, str) for value in found.values()):
        raise TypeError(
            f"{place(function)}: annotations of units are values; "
            "leave `from __future__ import annotations` out of this file"
        )
    return found


def _parameter(name: str, kind: Kind, default: object, where: str) -> UnitParameter:
    if isinstance(default, str):
        if default not in kind.words:
            raise TypeError(f"{where}: default {default!r} is not one of {' '.join(kind.words)}")
        default = kind.words.index(default)
    value = None if default is None else float(cast(float, default))
    if value is not None:
        if kind.low is not None and value < kind.low:
            raise TypeError(f"{where}: default {value:g} is below its range")
        if kind.high is not None and value > kind.high:
            raise TypeError(f"{where}: default {value:g} is above its range")
    return UnitParameter(name, kind.name, value, kind.low, kind.high, kind.words)


def _paired(signals: list[Signal]) -> list[Signal]:
    result: list[Signal] = []
    names = [signal.name for signal in signals]
    for index, signal in enumerate(signals):
        name = signal.name
        if name.endswith("left") and _sides(name)[1] in names[index + 1 : index + 2]:
            result.append(Signal(name, True, signal.default))
        elif not (name.endswith("right") and f"{name[:-5]}left" in names[:index]):
            result.append(signal)
    return result


def _check_lines(
    function: Callable[..., Any], parameters: list[UnitParameter], kept: list[State]
) -> None:
    names = [parameter.name for parameter in parameters]
    for item in kept:
        if item.kept.by and item.kept.by not in names:
            raise TypeError(
                f"{place(function)}: {function.__name__}: {item.name} is bounded by "
                f"{item.kept.by!r}, which is none of its parameters"
            )
