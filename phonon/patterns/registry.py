"""The registry of transforms: `@transform` makes a function a word of the language."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import floor
from typing import Any, TypeAlias

from phonon.errors import Fault
from phonon.patterns.event import Context, at_word
from phonon.patterns.joins import inner_join, remembered
from phonon.patterns.pattern import NOTHING, Pattern, pure
from phonon.patterns.rng import formula, with_rng
from phonon.patterns.time import Rational, exact

# The kinds of argument, written as annotations; the language converts arguments accordingly.
# Single values: where the program gives a pattern, `Transform.call` joins it in.
Number: TypeAlias = float
Integer: TypeAlias = int
Time: TypeAlias = Rational
Boolean: TypeAlias = bool
Word: TypeAlias = str
Value: TypeAlias = Any
TimePair: TypeAlias = tuple[Rational, Rational]
# Patterns, passed on as they are.
NumberPattern: TypeAlias = Pattern
IntegerPattern: TypeAlias = Pattern
TimePattern: TypeAlias = Pattern
BooleanPattern: TypeAlias = Pattern
WordPattern: TypeAlias = Pattern
ValuePattern: TypeAlias = Pattern
Patterns: TypeAlias = Sequence[Pattern]
# Lists.
Numbers: TypeAlias = Sequence[float]
Integers: TypeAlias = Sequence[int]
Values: TypeAlias = Sequence[Any]
Weighted: TypeAlias = Sequence[tuple[Rational, Pattern]]
WeightedValues: TypeAlias = Sequence[tuple[Any, float]]
WeightedPatterns: TypeAlias = Sequence[tuple[Pattern, float]]
NamedPatterns: TypeAlias = Sequence[tuple[Any, Pattern]]
# Functions of patterns.
Function: TypeAlias = Callable[[Pattern], Pattern]
Functions: TypeAlias = Sequence[Function]
FunctionOf: TypeAlias = Callable[[Any], Function]


def _number(value: Any) -> Any:
    if isinstance(value, (str, dict)) or value is None:
        raise Fault(f"expected a number, not {value!r}")
    return value


def _pair(value: Any) -> TimePair:
    begin, end = value
    return exact(_number(begin)), exact(_number(end))


# How each kind of single value is converted.
EACH: dict[str, Callable[[Any], Any]] = {
    "Number": _number,
    "Integer": lambda value: floor(_number(value)),
    "Time": lambda value: exact(_number(value)),
    "Boolean": bool,
    "Word": lambda value: value,
    "Value": lambda value: value,
    "TimePair": _pair,
}

# Every kind, and its name in help and error messages.
KINDS = {
    "Number": "number",
    "Integer": "whole number",
    "Time": "time in cycles",
    "Boolean": "yes or no",
    "Word": "word",
    "Value": "value",
    "TimePair": "pair of times",
    "Pattern": "pattern",
    "NumberPattern": "pattern of numbers",
    "IntegerPattern": "pattern of whole numbers",
    "TimePattern": "pattern of times",
    "BooleanPattern": "pattern of t and f",
    "WordPattern": "pattern of words",
    "ValuePattern": "pattern",
    "Patterns": "list of patterns",
    "Numbers": "list of numbers",
    "Integers": "list of whole numbers",
    "Values": "list",
    "Weighted": "list of pairs (weight, pattern)",
    "WeightedValues": "list of pairs (value, weight)",
    "WeightedPatterns": "list of pairs (pattern, weight)",
    "NamedPatterns": "list of pairs (name, pattern)",
    "Function": "function",
    "Functions": "list of functions",
    "FunctionOf": "function of a value",
}


@dataclass(frozen=True, slots=True)
class TransformParameter:
    """A parameter: its name and its kind, one of KINDS."""

    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Transform:
    """A word of the language that makes a pattern; `example` is a line of a program."""

    name: str
    aliases: tuple[str, ...]
    parameters: tuple[TransformParameter, ...]
    doc: str
    example: str
    family: str
    function: Callable[..., Pattern]

    def call(self, *arguments: Any) -> Pattern:
        """The pattern; an argument that is a single value may also be a pattern of values."""
        try:
            return self._made(arguments)
        except (TypeError, ValueError, ArithmeticError):  # `0:1` where one number is wanted, say
            raise Fault(f"{self.name} cannot calculate with these values") from None

    def _made(self, arguments: tuple[Any, ...]) -> Pattern:
        if len(arguments) != len(self.parameters):
            raise Fault(f"{self.name} takes {len(self.parameters)} arguments")
        ready = list(arguments)
        moving: list[tuple[int, Pattern]] = []
        context: Context = ()
        word: Context = ()  # locates the error of a wrong word
        for place, parameter in enumerate(self.parameters):
            convert = EACH.get(parameter.kind)
            argument = arguments[place]
            if convert is None:
                if parameter.kind.endswith("Pattern") and not isinstance(argument, Pattern):
                    ready[place] = pure(argument)
                continue
            if parameter.kind == "TimePair" and any(isinstance(x, Pattern) for x in argument):
                argument = _paired(*argument)
            if not isinstance(argument, Pattern):
                ready[place] = convert(argument)
            elif argument.constant is not NOTHING:
                ready[place] = convert(argument.constant)
                context += argument.context
                word = word or (argument.context if parameter.kind == "Word" else ())
            else:
                moving.append((place, argument.fmap(convert)))
        if not moving:
            made: Pattern = at_word(lambda values: self.function(*values), ready, word)
            return made.with_context(context)
        return self._joined(ready, moving).with_context(context)

    def _joined(self, ready: list[Any], moving: list[tuple[int, Pattern]]) -> Pattern:
        values = moving[0][1].fmap(lambda value: (value,))
        for _, argument in moving[1:]:
            values = values.app_left(argument, lambda some, value: (*some, value))
        chosen = formula()

        def made(values: tuple[Any, ...]) -> Pattern:
            complete = list(ready)
            for (place, _), value in zip(moving, values, strict=True):
                complete[place] = value
            with with_rng(chosen):
                return self.function(*complete)

        return inner_join(values.fmap(remembered(made)))


def _paired(begin: Any, end: Any) -> Pattern:
    first = begin if isinstance(begin, Pattern) else pure(begin)
    last = end if isinstance(end, Pattern) else pure(end)
    return first.app_left(last, lambda one, other: (one, other))


_TRANSFORMS: dict[str, Transform] = {}
_ALIASES: dict[str, str] = {}


def transform(
    *aliases: str, name: str | None = None
) -> Callable[[Callable[..., Pattern]], Callable[..., Pattern]]:
    """Make a function a word of the language; `sometimes_by` is called `sometimesBy` there."""

    def register(function: Callable[..., Pattern]) -> Callable[..., Pattern]:
        head, *tail = function.__name__.rstrip("_").split("_")
        word = name or head + "".join(part.title() for part in tail)
        doc, _, example = inspect.cleandoc(function.__doc__ or "").partition(">>> ")
        parameters = tuple(
            TransformParameter(parameter, str(function.__annotations__[parameter]))
            for parameter in inspect.signature(function).parameters
        )
        unknown = {parameter.kind for parameter in parameters} - KINDS.keys()
        taken = {word, *aliases} & (_TRANSFORMS.keys() | _ALIASES.keys())
        if unknown or taken:
            raise TypeError(f"{word}: unknown kinds {unknown}, taken names {taken}")
        _TRANSFORMS[word] = Transform(
            word,
            aliases,
            parameters,
            doc.strip(),
            example.strip(),
            function.__module__.rpartition(".")[2],
            function,
        )
        _ALIASES.update(dict.fromkeys(aliases, word))
        return function

    return register


def transforms() -> dict[str, Transform]:
    """Every transform by its name."""
    return dict(_TRANSFORMS)


def find(name: str) -> Transform | None:
    """The transform called `name`, which may be an alias."""
    return _TRANSFORMS.get(_ALIASES.get(name, name))
