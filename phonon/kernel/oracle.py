"""Reference implementation of kernels: runs a unit frame by frame in plain Python, in doubles."""

from __future__ import annotations

import ast
import math
import types
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from phonon.kernel.form import Form, Kept, is_helper, syntax
from phonon.kernel.io_layout import bank_lengths, capacity, kernel_layout, reach
from phonon.kernel.values import Bits, DelayBank, DelayLine, Fixed, LookupTable, Recording, Vector

Function = Callable[..., Any]


def run(
    form: Form,
    inputs: Mapping[str, ArrayLike],
    frames: int,
    *,
    sample_rate: float = 48_000.0,
    seed: int = 1,
    tables: Sequence[Sequence[float]] = (),
    recordings: Sequence[Recording] = (),
) -> NDArray[np.float64]:
    """The unit's outputs, float64[outputs][frames].

    `inputs` gives a number or an array of `frames` for names of `form.slots`; what is missing has
    its default (0 for signals without one). `tables` and `recordings` feed the kept things of
    that kind in their order.
    """
    step = _step(form, sample_rate)
    columns = _columns(form, inputs, frames)
    kept = _first(form, sample_rate, seed, list(tables), list(recordings))
    lines = [
        item for value in kept for item in _flat(value) if isinstance(item, DelayLine | DelayBank)
    ]
    result = np.zeros((form.outputs, frames))
    for frame in range(frames):
        output, kept = step(*(column[frame] for column in columns), *kept)
        result[:, frame] = output
        for line in lines:
            line.advance()
    return result


def clamp(form: Form, name: str, values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Values of an input as the unit sees them: within the declared range."""
    for parameter in form.parameters:
        if parameter.name == name and parameter.low is not None:
            values = np.maximum(values, np.float32(parameter.low))
        if parameter.name == name and parameter.high is not None:
            values = np.minimum(values, np.float32(parameter.high))
    return values


def _columns(form: Form, inputs: Mapping[str, ArrayLike], frames: int) -> list[list[float]]:
    unknown = set(inputs) - set(form.slots)
    if unknown:
        raise TypeError(f"{form.name} has no input {', '.join(sorted(unknown))}")
    columns = []
    for name in form.slots:
        given = np.asarray(inputs.get(name, form.defaults[name]), np.float32)
        values = clamp(form, name, np.broadcast_to(given, (frames,)))
        columns.append([float(value) for value in values])
    return columns


def _flat(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else [value]


def _first(
    form: Form,
    sample_rate: float,
    seed: int,
    tables: list[Sequence[float]],
    recordings: list[Recording],
) -> list[Any]:
    """The kept things as they are before the first frame."""
    slots = kernel_layout(form)
    words = slots.start(seed)
    made: dict[str, list[Any]] = {}
    for slot in slots.slots:
        kept = slot.kept
        value: object
        if kept.kind == "float":
            value = float(np.float32(kept.initial))
        elif kept.kind == "bits":
            value = Bits(words[slot.row])
        elif kept.kind == "fixed":
            value = Fixed(0)
        elif kept.kind == "memory":
            value = DelayLine(reach(capacity(slot, sample_rate)))
        elif kept.kind == "bank":
            longest = reach(capacity(slot, sample_rate))
            value = DelayBank(bank_lengths(kept, sample_rate), longest)
        elif kept.kind == "table":
            value = LookupTable([float(np.float32(item)) for item in tables.pop(0)])
        else:
            value = recordings.pop(0)
        made.setdefault(slot.name, []).append(value)
    return [_joined(state.kept, made[state.name]) for state in form.states]


def _joined(kept: Kept, values: list[Any]) -> Any:
    if kept.packed:
        return Vector(values)
    return values if kept.count is not None and kept.kind != "bank" else values[0]


def _step(form: Form, sample_rate: float) -> Callable[..., Any]:
    """The unit's function, made to return (outputs, kept things)."""
    binder = _Binder(sample_rate)
    return binder.bound(form.function, tuple(state.name for state in form.states))


class _Binder:
    """Rebuilds functions of units so that they see the sample rate and hand back their state."""

    def __init__(self, sample_rate: float) -> None:
        self.fixed = {
            "SR": float(np.float32(sample_rate)),
            "DT": float(np.float32(1.0 / sample_rate)),
            "_divide": divide,
        }
        self.helpers: dict[Function, Function] = {}

    def bound(self, function: Function, kept: tuple[str, ...] | None) -> Function:
        if function in self.helpers:
            return self.helpers[function]
        tree = _Rewrite(kept).visit(ast.parse(ast.unparse(syntax(function))).body[0])
        module = ast.fix_missing_locations(ast.Module([tree], []))
        code = compile(module, function.__code__.co_filename, "exec").co_consts[0]
        names = dict(function.__globals__)
        made = types.FunctionType(
            code, names, argdefs=function.__defaults__ if kept is None else None
        )
        self.helpers[function] = made
        names.update(self.fixed)
        for name in code.co_names:
            if is_helper(names.get(name)):
                names[name] = self.bound(names[name], None)
        return made


class _Rewrite(ast.NodeTransformer):
    """Divisions that give infinity instead of raising; returns that carry the state."""

    def __init__(self, kept: tuple[str, ...] | None) -> None:
        self.kept = kept

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        names = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        plain = [ast.arg(item.arg) for item in names]
        body = [self.visit(statement) for statement in node.body]
        arguments = ast.arguments([], plain, None, [], [], None, [])
        node.args, node.body, node.decorator_list, node.returns = arguments, body, [], None
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.op, ast.Div):
            return ast.Call(ast.Name("_divide", ast.Load()), [node.left, node.right], [])
        return node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.op, ast.Div):
            target = ast.parse(ast.unparse(node.target), mode="eval").body
            value = ast.Call(ast.Name("_divide", ast.Load()), [target, node.value], [])
            return ast.Assign([node.target], value)
        return node

    def visit_Return(self, node: ast.Return) -> ast.AST:
        self.generic_visit(node)
        if self.kept is None or node.value is None:
            return node
        kept = ast.List([ast.Name(name, ast.Load()) for name in self.kept], ast.Load())
        return ast.Return(ast.Tuple([node.value, kept], ast.Load()))


def divide(a: Any, b: Any) -> Any:
    """The quotient a / b as processors do it: infinity or not-a-number, never an exception."""
    if isinstance(a, Vector):
        return a.zip(b, divide)
    if isinstance(b, Vector):
        return b.zip(a, lambda x, y: divide(y, x))
    if b == 0:
        sign = math.copysign(1.0, a) * math.copysign(1.0, b)
        return math.nan if a == 0 or math.isnan(a) else sign * math.inf
    return a / b
