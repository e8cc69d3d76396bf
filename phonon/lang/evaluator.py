"""Evaluates syntax trees of expressions to values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from phonon.errors import Fault
from phonon.lang import operators, unit_calls
from phonon.lang import syntax as ast
from phonon.lang.conversions import string_pattern
from phonon.lang.effect_routes import routed
from phonon.lang.name_resolver import NameResolver
from phonon.lang.values import (
    ComposedFunction,
    Function,
    ListValue,
    NumberValue,
    PairValue,
    PatternFunction,
    Route,
    RowValue,
    StreamValue,
    Value,
    describe,
)
from phonon.patterns import pure
from phonon.score.controls import ControlSpec

Locals = Mapping[str, Value]


@dataclass(slots=True)
class Evaluator:
    """Evaluates the expressions of one program, whose names `names` resolves."""

    names: NameResolver
    locals: Locals = field(default_factory=dict)

    def within(self, local: Locals) -> Evaluator:
        """An evaluator for the body of a function or synth, with its parameters in `local`."""
        return Evaluator(self.names, {**self.locals, **local})

    def alone(self, local: Locals) -> Evaluator:
        """An evaluator for the body of a function of the program, which sees no other locals."""
        return Evaluator(self.names, local)

    def value(self, node: ast.Expression) -> Value:
        """The value of an expression; a Fault without a place gets this one's."""
        try:
            return self._value(node)
        except Fault as fault:
            raise fault.placed(node.span) from None

    def _value(self, node: ast.Expression) -> Value:
        match node:
            case ast.Number() | ast.String() | ast.Name() | ast.BusName():
                return self.leaf(node)
            case ast.ListExpr() | ast.Tuple() | ast.Row():
                return self.listed(node)
            case ast.Apply():
                return self.application(node)
            case ast.Chain():
                return self.chained(self.value(node.left), node.operator, node.right, node)
            case ast.Dollar():
                return self.dollar(node)
            case ast.Compose():
                return self.composition(node)
            case ast.Section():
                return self.section(node)
        return self.calculated(node)

    def leaf(self, node: ast.Number | ast.String | ast.Name | ast.BusName) -> Value:
        match node:
            case ast.Number():
                return NumberValue(node.value, node.span)
            case ast.String():
                return string_pattern(node)
            case ast.BusName():
                return self.names.bus(node.name, node.span)
        if node.name in self.locals:
            return self.locals[node.name]
        return self.names.call(node.name, (), {}, node.span, self)

    def calculated(self, node: ast.Shift | ast.Binary | ast.Negate) -> Value:
        if isinstance(node, ast.Negate):
            return operators.negate(self.value(node.operand), node.span)
        left, right = self.value(node.left), self.value(node.right)
        if isinstance(node, ast.Shift):
            return operators.shift(node.operator, left, right, node.span)
        return operators.arithmetic(node.operator, left, right, node.span)

    def listed(self, node: ast.ListExpr | ast.Tuple | ast.Row) -> Value:
        if isinstance(node, ast.Row):
            return self.row(node)
        items = tuple(self.value(item) for item in node.items)
        wanted = ListValue if isinstance(node, ast.ListExpr) else PairValue
        return wanted(items, node.span)

    def row(self, node: ast.Row) -> Value:
        items = (i.name if isinstance(i, ast.Name) else self.value(i) for i in node.items)
        return RowValue(tuple(items), node.span)

    def application(self, node: ast.Apply) -> Value:
        keywords: dict[str, Value] = {}
        for keyword in node.keywords:
            if keyword.name in keywords:
                raise Fault(f":{keyword.name} is given twice", keyword.name_span)
            keywords[keyword.name] = self.value(keyword.value)
        if isinstance(node.function, ast.Name) and node.function.name not in self.locals:
            if not self.names.knows(node.function.name):
                raise self.names.unknown(node.function.name, node.function.span)
            arguments = tuple(self.value(argument) for argument in node.arguments)
            return self.names.call(node.function.name, arguments, keywords, node.span, self)
        function = self.value(node.function)
        if keywords:
            raise Fault("only a named unit or function takes :named arguments", node.span)
        for argument in node.arguments:
            function = self.applied(function, self.value(argument))
        return function

    def applied(self, function: Value, argument: Value) -> Value:
        if not isinstance(function, Function):
            raise Fault(f"{describe(function)} cannot be applied to anything", function.span)
        return function.apply(argument)

    def chained(
        self, left: Value, operator: str, right: ast.Expression, node: ast.Expression
    ) -> Value:
        """`left # right`: in `# lpf 800 * 2`, `* 2` multiplies the filter's output, not 800."""
        if operator == "#" and isinstance(right, ast.Binary) and not right.grouped:
            first = _first(right)
            if self.names.acts_on_sound(first, left):
                return self._spine(left, right, node)
        hidden = operator == "#" or self._own_control(_first(right)) is not None
        other = self.behind_hash(right) if hidden else self.value(right)
        return operators.chain(operator, left, other, node.span)

    def behind_hash(self, node: ast.Expression) -> Value:
        """The right operand of `#`: a bare `gate` is the effect, not the voice's input."""
        if isinstance(node, ast.Name) and node.name not in self.locals:
            return self.names.behind_hash(node, self)
        if self._own_control(_first(node)) is None:
            return self.value(node)
        if isinstance(node, ast.Binary):
            left = self.behind_hash(node.left)
            right = self._own_control(node.right) or self.value(node.right)
            return operators.arithmetic(node.operator, left, right, node.span)
        return self._own_control(node) or self.value(node)

    def _own_control(self, node: ast.Expression) -> Value | None:
        """A synth's own control with its value, though a transform is called so."""
        if not isinstance(node, ast.Apply) or not isinstance(node.function, ast.Name):
            return None
        name = node.function.name
        if name in self.locals or len(node.arguments) != 1 or node.keywords:
            return None
        if not self.names.hides_transform(name):
            return None
        return unit_calls.control_stream(
            ControlSpec(name), self.value(node.arguments[0]), node.span
        )

    def _spine(self, left: Value, right: ast.Expression, node: ast.Expression) -> Value:
        if isinstance(right, ast.Binary) and not right.grouped:
            result = self._spine(left, right.left, node)
            other = self.value(right.right)
            return operators.arithmetic(right.operator, result, other, node.span)
        return operators.chain("#", left, self.behind_hash(right), node.span)

    def dollar(self, node: ast.Dollar) -> Value:
        """`f $ g $ x $ h`: functions before the value are applied to it, the nearest first.

        Then those after it are applied, from left to right.
        """
        parts = [self.value(part) for part in node.parts]
        at = next((i for i, part in enumerate(parts) if not isinstance(part, Function)), None)
        if at is None:
            streams = [i for i, part in enumerate(parts) if unit_calls.is_control(part)]
            at = streams[-1] if streams else None
        if at is None:
            return _composed(parts, node)
        result = parts[at]
        for function in reversed(parts[:at]):
            result = self.applied(function, result)
        for function in parts[at + 1 :]:
            result = self.applied(function, result)
        return result

    def composition(self, node: ast.Compose) -> Value:
        parts = [self.value(part) for part in node.parts]
        for part in parts:
            if not isinstance(part, Function):
                raise Fault(f"`.` composes functions; this is {describe(part)}", part.span)
        return _composed(parts, node)

    def section(self, node: ast.Section) -> Value:
        left = None if node.left is None else self.value(node.left)
        if node.operator == "#" and node.right is not None and left is None:
            return HashSection(self, node.right, span=node.span)
        right = None if node.right is None else self.value(node.right)
        return operators.section(node.operator, left, right, node.span)


@dataclass(frozen=True, eq=False)
class HashSection(Function):
    """`(# effect …)`: applies the effect to its argument."""

    evaluator: Evaluator
    right: ast.Expression

    def apply(self, value: Value) -> Value:
        return self.evaluator.chained(value, "#", self.right, self.right)

    def on_pattern(self, kind: str) -> PatternFunction:
        return routed(self, kind, self.port)

    @property
    def port(self) -> str:
        return f"{self.right.span.begin}:{self.right.span.end}"

    @property
    def routes(self) -> tuple[Route, ...]:
        result = self.apply(StreamValue(pure({}), frozenset(), self.span))
        if isinstance(result, StreamValue):
            return result.routes
        return (Route(self.port, self),)


def _composed(parts: list[Value], node: ast.Expression) -> Value:
    """`f . g` is g first, then f."""
    result = parts[-1]
    for part in reversed(parts[:-1]):
        if not isinstance(part, Function) or not isinstance(result, Function):
            raise Fault("only functions can be composed", node.span)
        result = ComposedFunction(result, part, span=node.span)
    return result


def _first(node: ast.Expression) -> ast.Expression:
    """The leftmost operand of an arithmetic expression."""
    while isinstance(node, ast.Binary) and not node.grouped:
        node = node.left
    return node
