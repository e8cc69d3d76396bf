"""Compiles a unit: walks its syntax tree and writes its instructions."""

from __future__ import annotations

import ast
import builtins
import operator
from collections.abc import Callable, Mapping
from typing import Any

from llvmlite import ir

from phonon.kernel import form
from phonon.kernel.form import is_helper, place, syntax
from phonon.kernel.ops import (
    Ops,
    Position,
    Value,
    is_bits,
    is_float,
    is_mask,
    is_number,
)
from phonon.kernel.unit_words import WORDS, Misuse

COMPARE = {
    ast.Lt: ("<", operator.lt),
    ast.LtE: ("<=", operator.le),
    ast.Gt: (">", operator.gt),
    ast.GtE: (">=", operator.ge),
    ast.Eq: ("==", operator.eq),
    ast.NotEq: ("!=", operator.ne),
}
CONSTANT: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.LShift: operator.lshift,
    ast.RShift: operator.rshift,
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
    ast.BitXor: operator.xor,
}
UNARY: dict[type[ast.unaryop], Callable[[Any], Any]] = {
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Not: operator.not_,
    ast.Invert: operator.invert,
}
FLOAT = {ast.Add: Ops.add, ast.Sub: Ops.sub, ast.Mult: Ops.mul, ast.Div: Ops.div}
BITS = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.BitAnd: "and_",
    ast.BitOr: "or_",
    ast.BitXor: "xor",
    ast.LShift: "shl",
    ast.RShift: "lshr",
}
MOST_TURNS = 256


class Lowering:
    """Compiles one function, a unit's or a helper's."""

    def __init__(
        self, ops: Ops, function: Callable[..., Any], env: Mapping[str, Value], depth: int = 0
    ) -> None:
        self.ops = ops
        self.function = function
        self.globals = function.__globals__
        self.env = env
        self.names: dict[str, Value] = {}
        self.depth = depth
        self.line = function.__code__.co_firstlineno

    def run(self, arguments: Mapping[str, Value]) -> Value:
        """Write the body; returns the value (or tuple of values) that it returns."""
        self.names.update(arguments)
        body = syntax(self.function).body
        for index, statement in enumerate(body):
            self.line = statement.lineno
            if isinstance(statement, ast.Return):
                if index != len(body) - 1 or statement.value is None:
                    raise self.fault("return must be the last line, with a value")
                return self.expression(statement.value)
            self.statement(statement)
        raise self.fault("must end with return")

    def fault(self, message: str) -> TypeError:
        """An error that names the line."""
        where = place(self.function, self.line)
        return TypeError(f"{where}: {self.function.__name__}: {message}")

    # statements

    def statement(self, node: ast.stmt) -> None:
        self.line = node.lineno
        match node:
            case ast.Assign(targets=[target], value=value):
                self.assign(target, self.expression(value))
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self.assign(target, self.expression(value))
            case ast.AugAssign(target=target, op=op, value=value):
                before = self.expression(_as_load(target))
                self.assign(target, self.binary(op, before, self.expression(value)))
            case ast.For(target=target, iter=turns, body=body, orelse=[]):
                for item in self.turns(turns):
                    self.assign(target, item)
                    for inner in body:
                        self.statement(inner)
            case ast.If(test=test, body=body, orelse=orelse):
                chosen = self.expression(test)
                if isinstance(chosen, ir.Value):
                    raise self.fault("a condition on signals must be written `a if c else b`")
                for inner in body if chosen else orelse:
                    self.statement(inner)
            case ast.Expr(value=ast.Constant(value=str())) | ast.Pass():
                pass
            case ast.Expr(value=ast.Call() as call):
                self.expression(call)
            case ast.Return():
                raise self.fault("return must be the last line")
            case _:
                raise self.fault(
                    f"`{ast.unparse(node).splitlines()[0]}` is not part of the form; a unit is "
                    "assignments, `a if c else b`, `for i in range(8)` and one return"
                )

    def assign(self, target: ast.expr, value: Value) -> None:
        match target:
            case ast.Name(id=name):
                self.names[name] = value
            case ast.Tuple(elts=items):
                if not isinstance(value, tuple | list) or len(value) != len(items):
                    raise self.fault(f"cannot unpack into {len(items)} names")
                for item, part in zip(items, value, strict=True):
                    self.assign(item, part)
            case ast.Subscript(value=ast.Name(id=name), slice=index):
                array = self.names.get(name)
                if not isinstance(array, list):
                    raise self.fault(f"{name} is no array of states")
                array[self.index(index, len(array))] = value
            case _:
                raise self.fault(f"cannot assign to `{ast.unparse(target)}`")

    def turns(self, node: ast.expr) -> list[Any]:
        """The items that a loop goes through, all known while compiling."""
        items: Value
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            function = getattr(builtins, node.func.id, None)
            arguments = [self.expression(item) for item in node.args]
            if function not in (range, enumerate, zip, reversed):
                raise self.fault("loops go over range(), enumerate(), zip(), reversed() or a tuple")
            if function is range and not all(isinstance(item, int) for item in arguments):
                raise self.fault("range() needs whole numbers known while compiling")
            items = list(function(*arguments))
        else:
            items = self.expression(node)
        if not isinstance(items, list | tuple):
            raise self.fault("loops go over range(…) or a tuple")
        if len(items) > MOST_TURNS:
            raise self.fault(f"{len(items)} turns are too many to unroll")
        return list(items)

    def index(self, node: ast.expr, length: int) -> int:
        number = self.expression(node)
        if not isinstance(number, int) or not -length <= number < length:
            raise self.fault(f"an index must be a constant within {length} items")
        return number

    # expressions

    def expression(self, node: ast.expr) -> Value:
        try:
            return self._expression(node)
        except Misuse as misuse:
            raise self.fault(f"`{ast.unparse(node)}`: {misuse}") from None

    def _expression(self, node: ast.expr) -> Value:
        match node:
            case ast.Constant(value=bool() | int() | float() as value):
                return value
            case ast.Name(id=name):
                return self.name(name)
            case ast.Attribute(value=ast.Name(id=module), attr=attribute):
                return self.constant(getattr(self.globals.get(module), attribute, None), attribute)
            case ast.BinOp(left=left, op=op, right=right):
                return self.binary(op, self.expression(left), self.expression(right))
            case ast.UnaryOp(op=op, operand=operand):
                return self.unary(op, self.expression(operand))
            case ast.BoolOp(op=op, values=values):
                result = self.expression(values[0])
                for value in values[1:]:
                    result = self.both(op, result, self.expression(value))
                return result
            case ast.Compare(left=left, ops=signs, comparators=others):
                return self.comparison(left, signs, others)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return self.choice(test, body, orelse)
            case ast.Tuple(elts=items):
                return tuple(self.expression(item) for item in items)
            case ast.Subscript(value=value, slice=index):
                array = self.expression(value)
                if not isinstance(array, list | tuple):
                    raise self.fault(f"`{ast.unparse(value)}` has no items")
                return array[self.index(index, len(array))]
            case ast.Call(func=function, args=arguments, keywords=keywords):
                return self.call(function, arguments, keywords)
        raise self.fault(f"`{ast.unparse(node)}` is not part of the form")

    def name(self, name: str) -> Value:
        if name in self.names:
            return self.names[name]
        if name in self.env and self.globals.get(name) is getattr(form, name):
            return self.env[name]
        if name in self.globals:
            return self.constant(self.globals[name], name)
        raise self.fault(f"`{name}` has no value here")

    def constant(self, value: object, name: str) -> Value:
        if isinstance(value, bool | int | float):
            return value
        if isinstance(value, tuple | list):
            return tuple(self.constant(item, name) for item in value)
        raise self.fault(f"`{name}` is no number or tuple of numbers")

    def choice(self, test: ast.expr, body: ast.expr, orelse: ast.expr) -> Value:
        condition = self.expression(test)
        if not isinstance(condition, ir.Value):
            return self.expression(body if condition else orelse)
        if not is_mask(condition):
            raise self.fault(f"`{ast.unparse(test)}` is no comparison; write `x > 0`")
        return self.ops.select(condition, self.expression(body), self.expression(orelse))

    def both(self, op: ast.boolop, a: Value, b: Value) -> Value:
        kind: ast.operator = ast.BitAnd() if isinstance(op, ast.And) else ast.BitOr()
        return self.binary(kind, a, b)

    def binary(self, op: ast.operator, a: Value, b: Value) -> Value:
        kind = type(op)
        if is_number(a) and is_number(b) and not isinstance(a, ir.Value):
            return CONSTANT[kind](a, b)
        if isinstance(a, Position) or isinstance(b, Position):
            return self.position(op, a, b)
        if is_mask(a) and is_mask(b):
            return self.mask(op, a, b)
        if kind is ast.Pow:
            return self.power(a, b)
        if is_bits(a) or is_bits(b):
            return self.bits(op, a, b)
        if kind not in FLOAT or not all(is_float(v) or is_number(v) or _row(v) for v in (a, b)):
            raise self.fault(f"these values do not go with `{_sign(op)}`")
        return FLOAT[kind](self.ops, a, b)

    def bits(self, op: ast.operator, a: Value, b: Value) -> Value:
        if type(op) not in BITS or not all(is_bits(v) or isinstance(v, int) for v in (a, b)):
            raise self.fault(
                f"`{_sign(op)}` cannot mix bits with floats; to_phase() and unphase() convert"
            )
        return getattr(self.ops.b, BITS[type(op)])(*self.ops.pair(a, b))

    def mask(self, op: ast.operator, a: Value, b: Value) -> Value:
        if not isinstance(op, ast.BitAnd | ast.BitOr | ast.BitXor):
            raise self.fault(f"comparisons do not go with `{_sign(op)}`")
        return getattr(self.ops.b, BITS[type(op)])(*self.ops.pair(a, b))

    def position(self, op: ast.operator, a: Value, b: Value) -> Value:
        if not isinstance(op, ast.Add | ast.Sub):
            raise self.fault("positions can be added and subtracted; to_float() for anything else")
        compute = self.ops.position_add if isinstance(op, ast.Add) else self.ops.position_sub
        return compute(self.ops.position(a), self.ops.position(b))

    def power(self, a: Value, b: Value) -> Value:
        if not isinstance(b, int) or not 1 <= b <= 16 or not is_float(a):
            raise self.fault("`**` takes a whole constant up to 16; pow() takes any exponent")
        result = a
        for _ in range(b - 1):
            result = self.ops.mul(result, a)
        return result

    def unary(self, op: ast.unaryop, value: Value) -> Value:
        if not isinstance(value, ir.Value | Position):
            return UNARY[type(op)](value)
        if isinstance(op, ast.UAdd):
            return value
        if isinstance(op, ast.Not | ast.Invert) and is_mask(value):
            return self.ops.b.not_(value)
        if isinstance(op, ast.Invert) and is_bits(value):
            return self.ops.b.not_(value)
        if isinstance(op, ast.USub):
            if isinstance(value, Position):
                return self.ops.position_sub(self.ops.position(0), value)
            if is_bits(value):
                return self.ops.b.neg(value)
            if is_float(value):
                return self.ops.neg(value)
        raise self.fault(f"`{_sign(op)}` does not go with this value")

    def comparison(self, left: ast.expr, signs: list[ast.cmpop], others: list[ast.expr]) -> Value:
        result: Value = True
        a = self.expression(left)
        for sign, other in zip(signs, others, strict=True):
            b = self.expression(other)
            if type(sign) not in COMPARE:
                raise self.fault("comparisons are < <= > >= == !=")
            result = self.binary(ast.BitAnd(), result, self.compared(sign, a, b))
            a = b
        return result

    def compared(self, sign: ast.cmpop, a: Value, b: Value) -> Value:
        text, plain = COMPARE[type(sign)]
        if is_number(a) and is_number(b):
            return plain(a, b)
        if isinstance(a, Position) or isinstance(b, Position):
            a, b = self.ops.position(a), self.ops.position(b)
            less = {
                "<": lambda: self.ops.position_less(a, b),
                ">": lambda: self.ops.position_less(b, a),
                "<=": lambda: self.ops.b.not_(self.ops.position_less(b, a)),
                ">=": lambda: self.ops.b.not_(self.ops.position_less(a, b)),
            }
            if text not in less:
                raise self.fault("positions compare by < <= > >=")
            return less[text]()
        if is_bits(a) != is_bits(b) and not (isinstance(a, int) or isinstance(b, int)):
            raise self.fault("cannot compare bits with floats")
        return self.ops.compare(text, a, b)

    def call(
        self, function: ast.expr, arguments: list[ast.expr], keywords: list[ast.keyword]
    ) -> Value:
        target = self.target(function)
        values = [self.expression(item) for item in arguments]
        named = {str(item.arg): self.expression(item.value) for item in keywords}
        if target is builtins.len:
            return len(values[0])
        if target is builtins.sum and isinstance(values[0], list | tuple):
            total: Value = 0.0
            for item in values[0]:
                total = self.binary(ast.Add(), total, item)
            return total
        if is_helper(target):
            return self.inline(target, values, named)
        if target not in WORDS:
            raise self.fault(
                f"`{ast.unparse(function)}` is neither in the vocabulary (phonon.kernel.maths, "
                "abs min max round) nor a @helper"
            )
        every = [*values, *named.values()]
        if all(is_number(value) for value in every):
            folded = target(*values, **named)
            if is_number(folded):
                return folded
        return WORDS[target](self.ops, *values, **named)

    def target(self, function: ast.expr) -> Any:
        if isinstance(function, ast.Name):
            return self.globals.get(function.id, getattr(builtins, function.id, None))
        if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
            return getattr(self.globals.get(function.value.id), function.attr, None)
        return None

    def inline(
        self, target: Callable[..., Any], values: list[Value], named: dict[str, Value]
    ) -> Value:
        if self.depth > 16:
            raise self.fault(f"{target.__name__} calls itself")
        code = target.__code__
        names = code.co_varnames[: code.co_argcount]
        bound = dict(zip(names, values, strict=False)) | named
        defaults = target.__defaults__ or ()
        for name, value in zip(names[len(names) - len(defaults) :], defaults, strict=True):
            bound.setdefault(name, value)
        if set(bound) != set(names) or len(values) > len(names):
            raise self.fault(f"{target.__name__} takes {', '.join(names)}")
        return Lowering(self.ops, target, self.env, self.depth + 1).run(bound)


def _row(value: Value) -> bool:
    return isinstance(value, tuple) and all(is_number(item) for item in value)


def _as_load(target: ast.expr) -> ast.expr:
    return ast.parse(ast.unparse(target), mode="eval").body


def _sign(op: ast.AST) -> str:
    node: ast.expr
    x, y = ast.Name("a"), ast.Name("b")
    if isinstance(op, ast.operator):
        node = ast.BinOp(x, op, y)
    elif isinstance(op, ast.unaryop):
        node = ast.UnaryOp(op, y)
    else:
        return type(op).__name__
    return ast.unparse(node).replace("a", "").replace("b", "").strip()
