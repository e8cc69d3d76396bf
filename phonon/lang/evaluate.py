"""From syntax to values: names are looked up, functions applied, operators carried out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from phonon.errors import Fault
from phonon.lang import calls, operators
from phonon.lang import syntax as ast
from phonon.lang.convert import string_pattern
from phonon.lang.names import Names
from phonon.lang.values import (
    Composed,
    Function,
    ListValue,
    Num,
    PairValue,
    RowValue,
    Value,
    describe,
)

Locals = Mapping[str, Value]


@dataclass(slots=True)
class Evaluator:
    """Evaluates the expressions of one program; `names` says what its words stand for."""

    names: Names
    locals: Locals = field(default_factory=dict)

    def within(self, local: Locals) -> Evaluator:
        """The same, inside a function or synth whose parameters are `local`."""
        return Evaluator(self.names, {**self.locals, **local})

    def value(self, node: ast.Expression) -> Value:
        """The value of an expression; a Fault without a place gets this one's."""
        try:
            return self._value(node)
        except Fault as fault:
            raise fault.placed(node.span) from None

    def _value(self, node: ast.Expression) -> Value:
        match node:
            case ast.Number():
                return Num(node.value, node.span)
            case ast.String():
                return string_pattern(node)
            case ast.Name():
                return self.name(node)
            case ast.BusName():
                return self.names.bus(node.name, node.span)
            case ast.Apply():
                return self.application(node)
            case ast.Chain():
                return self.chain(node)
            case ast.Dollar():
                return self.dollar(node)
            case ast.Shift():
                return self.shift(node)
            case ast.Binary():
                left, right = self.value(node.left), self.value(node.right)
                return operators.arithmetic(node.operator, left, right, node.span)
            case ast.Negate():
                return operators.negate(self.value(node.operand), node.span)
            case ast.Compose():
                return self.composition(node)
            case ast.Section():
                return self.section(node)
            case ast.ListExpr():
                return ListValue(tuple(self.value(item) for item in node.items), node.span)
            case ast.Tuple():
                return PairValue(tuple(self.value(item) for item in node.items), node.span)
            case ast.Row():
                return self.row(node)

    def name(self, node: ast.Name) -> Value:
        if node.name in self.locals:
            return self.locals[node.name]
        return self.names.call(node.name, (), {}, node.span, self)

    def row(self, node: ast.Row) -> Value:
        items: list[Value | str] = []
        for item in node.items:
            items.append(item.name if isinstance(item, ast.Name) else self.value(item))
        return RowValue(tuple(items), node.span)

    def application(self, node: ast.Apply) -> Value:
        keywords: dict[str, Value] = {}
        for keyword in node.keywords:
            if keyword.name in keywords:
                raise Fault(f":{keyword.name} is given twice", keyword.name_span)
            keywords[keyword.name] = self.value(keyword.value)
        if isinstance(node.function, ast.Name) and node.function.name not in self.locals:
            arguments = tuple(self.value(argument) for argument in node.arguments)
            return self.names.call(node.function.name, arguments, keywords, node.span, self)
        function = self.value(node.function)
        if keywords:
            raise Fault("only a named unit or function takes :named arguments", node.span)
        for argument in node.arguments:
            function = self.applied(function, self.value(argument), node)
        return function

    def applied(self, function: Value, argument: Value, node: ast.Expression) -> Value:
        if not isinstance(function, Function):
            raise Fault(f"{describe(function)} cannot be applied to anything", function.span)
        return function.apply(argument)

    def chain(self, node: ast.Chain) -> Value:
        left = self.value(node.left)
        return self.chained(left, node.operator, node.right, node)

    def chained(
        self, left: Value, operator: str, right: ast.Expression, node: ast.Expression
    ) -> Value:
        """`left # right`, where arithmetic behind a unit belongs to the unit's result."""
        if operator == "#" and isinstance(right, ast.Binary) and not right.grouped:
            first = _first(right)
            if self.names.acts_on_sound(first, left):
                return self._spine(left, right, node)
        return operators.chain(operator, left, self.value(right), node.span)

    def _spine(self, left: Value, right: ast.Expression, node: ast.Expression) -> Value:
        if isinstance(right, ast.Binary) and not right.grouped:
            result = self._spine(left, right.left, node)
            other = self.value(right.right)
            return operators.arithmetic(right.operator, result, other, node.span)
        return operators.chain("#", left, self.value(right), node.span)

    def dollar(self, node: ast.Dollar) -> Value:
        """`f $ g $ x $ h`: left of the one value from right to left, then pipeline order."""
        parts = [self.value(part) for part in node.parts]
        at = next((i for i, part in enumerate(parts) if not isinstance(part, Function)), None)
        if at is None:
            streams = [i for i, part in enumerate(parts) if calls.is_control(part)]
            at = streams[-1] if streams else None
        if at is None:
            return _composed(parts, node)
        result = parts[at]
        for function in reversed(parts[:at]):
            result = self.applied(function, result, node)
        for function in parts[at + 1 :]:
            result = self.applied(function, result, node)
        return result

    def shift(self, node: ast.Shift) -> Value:
        return operators.shift(
            node.operator, self.value(node.left), self.value(node.right), node.span
        )

    def composition(self, node: ast.Compose) -> Value:
        parts = [self.value(part) for part in node.parts]
        for part in parts:
            if not isinstance(part, Function):
                raise Fault(f"`.` composes functions; this is {describe(part)}", part.span)
        return _composed(parts, node)

    def section(self, node: ast.Section) -> Value:
        left = None if node.left is None else self.value(node.left)
        if node.operator == "#" and node.right is not None and left is None:
            return operators.HashSection(self, node.right, span=node.span)
        right = None if node.right is None else self.value(node.right)
        return operators.section(node.operator, left, right, node.span)


def _composed(parts: list[Value], node: ast.Expression) -> Value:
    """`f . g` is g first, then f."""
    result = parts[-1]
    for part in reversed(parts[:-1]):
        if not isinstance(part, Function) or not isinstance(result, Function):
            raise Fault("only functions can be composed", node.span)
        result = Composed(result, part, span=node.span)
    return result


def _first(node: ast.Expression) -> ast.Expression:
    """The leftmost operand of an arithmetic expression."""
    while isinstance(node, ast.Binary) and not node.grouped:
        node = node.left
    return node
