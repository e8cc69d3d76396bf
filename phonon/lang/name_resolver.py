"""Resolves the names of a program: its own definitions, controls, units and transforms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from phonon.dsp.registry import Unit, units
from phonon.dsp.registry import find as find_registered
from phonon.errors import Fault, Span, nearest
from phonon.lang import kit_source
from phonon.lang import syntax as ast
from phonon.lang.statement_syntax import FnDefinition
from phonon.lang.track_call import SPECIAL
from phonon.lang.transform_calls import call_transform
from phonon.lang.unit_calls import (
    PLAIN,
    ControlFunction,
    EffectCall,
    Keywords,
    PartialCall,
    call_unit,
    control_of,
    control_stream,
)
from phonon.lang.values import (
    Function,
    NumberValue,
    PatternValue,
    StreamValue,
    Value,
    VoiceInput,
    is_signal,
)
from phonon.patterns import find as find_transform
from phonon.patterns import transforms
from phonon.score.controls import (
    ControlSpec,
    controls,
    effect_of_control,
    find,
    voice_effects,
)
from phonon.score.instrument import MIDDLE_C


class EvaluatorProtocol(Protocol):
    """Evaluates the arguments and the body of a function of the program."""

    def value(self, node: ast.Expression) -> Value:
        """The value of an expression."""

    def alone(self, local: Mapping[str, Value]) -> EvaluatorProtocol:
        """An evaluator that knows these local names, and none around them."""


DEEPEST = 64  # calls of user functions inside each other

VOICE_INPUTS = {"freq": MIDDLE_C, "note": 0.0, "gate": 1.0, "velocity": 1.0, "transpose": 1.0}


class Buses(Protocol):
    """The buses of a program."""

    def value(self, name: str, span: Span) -> Value: ...

    def definition(self, name: str) -> Value: ...

    def names(self) -> list[str]: ...


def find_unit(name: str) -> Unit | None:
    """The unit called `name`, unless it is hidden from programs."""
    unit = find_registered(name)
    return None if unit is None or unit.hidden else unit


@dataclass(slots=True)
class NameResolver:
    """Resolves names, first among the definitions of the program, then in the registries."""

    buses: Buses
    functions: dict[str, FnDefinition] = field(default_factory=dict)
    synth_controls: set[str] = field(default_factory=set)
    depth: int = 0

    def bus(self, name: str, span: Span) -> Value:
        """The value of `~name`: a use of the bus if it is a signal, otherwise its definition."""
        return self.buses.value(name, span)

    def expand(self, name: str) -> Value:
        """The definition of a signal bus, to be copied and changed."""
        return self.buses.definition(name)

    def acts_on_sound(self, node: ast.Expression, left: Value) -> bool:
        """Whether `node`, first right of `#`, is a unit on sound.

        Arithmetic after it then applies to its output.
        """
        if isinstance(node, ast.Apply):
            node = node.function
        if isinstance(node, ast.BusName):
            return isinstance(self.bus(node.name, node.span), Function)
        if not isinstance(node, ast.Name):
            return False
        unit = find_unit(node.name)
        if unit is None or not unit.is_effect:
            return False
        control = find(node.name)
        return control is None or control.name != node.name or not _carries_events(left)

    def call(
        self,
        name: str,
        arguments: tuple[Value, ...],
        keywords: Keywords,
        span: Span,
        evaluator: EvaluatorProtocol,
    ) -> Value:
        """`name argument …`."""
        if name in self.functions:
            return self.user(self.functions[name], arguments, keywords, span, evaluator)
        if name in SPECIAL and (arguments or keywords):
            return SPECIAL[name](arguments, keywords, span)
        control, unit = self.control(name), find_unit(name)
        transform = find_transform(name)
        if not arguments and not keywords and name in ("freq", "gate", "velocity"):
            return VoiceInput(name, VOICE_INPUTS[name], span)
        bare = not arguments and not keywords
        if transform is not None and (unit is None or (bare and not unit.is_effect)):
            return self.transformed(name, arguments, keywords, span)
        if unit is not None and not unit.is_effect:
            return call_unit(unit, (), arguments, keywords, span)
        if transform is not None and unit is not None:
            return self.either(name, unit, arguments, keywords, span)
        if unit is not None:
            return self.effect(name, unit, control, arguments, keywords, span)
        if control is not None:
            return self.controlled(name, control, arguments, keywords, span)
        raise self.unknown(name, span)

    def behind_hash(self, word: ast.Name, evaluator: EvaluatorProtocol) -> Value:
        """The value of a bare word right of `#`: `gate` is the effect, not the voice's input."""
        unit = find_unit(word.name) if word.name in VOICE_INPUTS else None
        if unit is not None and word.name not in self.functions:
            return self.effect(word.name, unit, None, (), {}, word.span)
        return self.call(word.name, (), {}, word.span, evaluator)

    def hides_transform(self, name: str) -> bool:
        """Whether a control of a synth hides the transform of its name right of `#`."""
        if name not in self.synth_controls or name in self.functions:
            return False
        return find_transform(name) is not None and find_unit(name) is None and find(name) is None

    def control(self, name: str) -> ControlSpec | None:
        """The control called `name`; a synth's own comes before an alias of another."""
        spec = find(name)
        if spec is not None and (spec.name == name or name not in self.synth_controls):
            return spec
        if name in effect_of_control():
            effect = voice_effects()[effect_of_control()[name]]
            return control_of(name, effect.unit.parameters[effect.keys.index(name)])
        own = name in self.synth_controls or name in kit_source.controls()
        return ControlSpec(name) if own else None

    def controlled(
        self,
        name: str,
        control: ControlSpec,
        arguments: tuple[Value, ...],
        keywords: Keywords,
        span: Span,
    ) -> Value:
        if keywords:
            raise Fault(f"{name} is a control and takes one pattern, no :named arguments", span)
        if len(arguments) > 1:
            raise Fault(f"{name} takes one pattern", arguments[1].span)
        if not arguments:
            return ControlFunction(control, span=span)
        return control_stream(control, arguments[0], span)

    def effect(
        self,
        name: str,
        unit: Unit,
        control: ControlSpec | None,
        arguments: tuple[Value, ...],
        keywords: Keywords,
        span: Span,
    ) -> Value:
        if unit.family in PLAIN and len(arguments) == len(unit.parameters) + 1:
            return call_unit(unit, arguments[-1:], arguments[:-1], keywords, span)
        effect = voice_effects().get(unit.name)
        call = EffectCall(name, unit, control, effect, arguments, keywords, span=span)
        call_unit(unit, (NumberValue(0, span),), arguments, keywords, span)
        return call

    def either(
        self,
        name: str,
        unit: Unit,
        arguments: tuple[Value, ...],
        keywords: Keywords,
        span: Span,
    ) -> Value:
        """A call of a word that is both transform and unit (`range`, `floor`).

        A signal among the arguments makes it the unit.
        """
        count = len(unit.parameters)
        if len(arguments) > count and is_signal(arguments[count]):
            return call_unit(unit, (arguments[count],), arguments[:count], keywords, span)
        if keywords or any(is_signal(argument) for argument in arguments):
            return self.effect(name, unit, None, arguments, keywords, span)
        pattern = self.transformed(name, arguments, keywords, span)
        if not isinstance(pattern, Function):
            return pattern
        return TransformOrUnit(unit, pattern, arguments, span=span)

    def transformed(
        self, name: str, arguments: tuple[Value, ...], keywords: Keywords, span: Span
    ) -> Value:
        transform = find_transform(name)
        if transform is None:
            raise self.unknown(name, span)
        if keywords:
            names = [parameter.name for parameter in transform.parameters]
            arguments = _named(name, names, arguments, keywords, span)
        return call_transform(transform, arguments, span, self.expand)

    def user(
        self,
        function: FnDefinition,
        arguments: tuple[Value, ...],
        keywords: Keywords,
        span: Span,
        evaluator: EvaluatorProtocol,
    ) -> Value:
        """A call of a function of the program: its body evaluated with the arguments."""
        names = [parameter.name for parameter in function.parameters]
        if len(arguments) > len(names):
            raise Fault(
                f"{function.name} takes {len(names)} arguments: {' '.join(names)}",
                arguments[len(names)].span,
            )
        bound = dict(zip(names, arguments, strict=False))
        for name, value in keywords.items():
            if name not in names:
                raise Fault(
                    f"{function.name} has no parameter :{name}", value.span, nearest(name, names)
                )
            if name in bound:
                raise Fault(f"{function.name} has :{name} twice", value.span)
            bound[name] = value
        for parameter in function.parameters:
            if parameter.name not in bound and parameter.default is not None:
                bound[parameter.name] = evaluator.value(parameter.default)
        if len(bound) < len(names):
            if keywords:
                missing = ", ".join(name for name in names if name not in bound)
                raise Fault(f"{function.name} needs {missing}", span)
            return PartialCall(
                function.name,
                lambda values: self.user(function, values, {}, span, evaluator),
                arguments,
                span=span,
            )
        if self.depth >= DEEPEST:
            raise Fault(f"{function.name} calls itself without end", span)
        self.depth += 1
        try:
            return evaluator.alone(bound).value(function.value)
        finally:
            self.depth -= 1

    def misspelt(self, node: ast.Expression, local: frozenset[str]) -> Iterator[Fault]:
        """Faults for the unknown names in an expression; `local` are its parameters."""
        if isinstance(node, ast.Name) and not (node.name in local or self.knows(node.name)):
            yield self.unknown(node.name, node.span)
        for child in ast.children(node):
            if not (isinstance(node, ast.Row) and isinstance(child, ast.Name)):
                yield from self.misspelt(child, local)

    def knows(self, name: str) -> bool:
        """Whether a name is known."""
        return (
            name in self.functions
            or name in VOICE_INPUTS
            or name in SPECIAL
            or self.control(name) is not None
            or find_unit(name) is not None
            or find_transform(name) is not None
        )

    def unknown(self, name: str, span: Span) -> Fault:
        """The Fault for an unknown name, with the nearest known ones."""
        near = nearest(name, self.known())
        message = f"`{name}` is not a word of Phonon"
        if name in self.buses.names():
            return Fault(f"{message}; the bus is written ~{name}", span, (f"~{name}",))
        if name in kit_source.synth_texts():
            return Fault(f"{message}; a sound is played by s", span, (f's "{name}"',))
        return Fault(message, span, near)

    def known(self) -> list[str]:
        """All known names."""
        words = [*self.functions, *self.synth_controls, *kit_source.controls(), *VOICE_INPUTS]
        words += [*controls(), *(name for name, unit in units().items() if not unit.hidden)]
        for transform in transforms().values():
            words += [transform.name, *(a for a in transform.aliases if a[0].isalpha())]
        for spec in controls().values():
            words += spec.aliases
        return words


@dataclass(frozen=True, eq=False)
class TransformOrUnit(Function):
    """A transform for patterns that is a unit for signals."""

    unit: Unit
    pattern: Function
    arguments: tuple[Value, ...]

    def apply(self, value: Value) -> Value:
        if is_signal(value):
            return call_unit(self.unit, (value,), self.arguments, {}, self.span)
        return self.pattern.apply(value)

    def on_pattern(self, kind: str):  # type: ignore[no-untyped-def]
        return self.pattern.on_pattern(kind)


def _carries_events(value: Value) -> bool:
    return isinstance(value, StreamValue | Function | PatternValue | NumberValue)


def _named(
    name: str,
    names: list[str],
    arguments: tuple[Value, ...],
    keywords: Keywords,
    span: Span,
) -> tuple[Value, ...]:
    """The arguments of a transform in order, some of them given by name."""
    bound = dict(zip(names, arguments, strict=False))
    for key, value in keywords.items():
        if key not in names:
            raise Fault(f"{name} has no parameter :{key}", value.span, nearest(key, names))
        if key in bound:
            raise Fault(f"{name} has :{key} twice, by place and by name", value.span)
        bound[key] = value
    ordered = [bound[key] for key in names if key in bound]
    if [key for key in names if key in bound] != names[: len(bound)]:
        missing = next(key for key in names if key not in bound)
        raise Fault(f"{name} needs {missing} too", span)
    return tuple(ordered)
