"""Compiles the engine's functions (see `native`) to LLVM, statement by statement."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Sequence
from typing import Any

from llvmlite import ir

from phonon.kernel.engine_fields import FieldAccess, Reference
from phonon.kernel.engine_words import F64, IN_PLACE, VOID, WORDS, Value
from phonon.kernel.form import place, syntax
from phonon.kernel.native import is_native
from phonon.kernel.ops import F32, FLAGS, I1, I8, I32, I64
from phonon.kernel.records import Array, Shape, TableRange, parameter_shapes, size_of

INTEGER = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.BitAnd: "and_",
    ast.BitOr: "or_",
    ast.BitXor: "xor",
    ast.LShift: "shl",
    ast.FloorDiv: "sdiv",  # of numbers that are not negative
    ast.Mod: "srem",
}
FLOAT = {ast.Add: "fadd", ast.Sub: "fsub", ast.Mult: "fmul", ast.Div: "fdiv"}
COMPARE = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}
RANK = (I1, I32, I64, F32, F64)


def write_function(
    module: ir.Module,
    symbol: str,
    function: Callable[..., Any],
    parameters: Sequence[Any] | None = None,
    known: dict[tuple[object, ...], Any] | None = None,
) -> Any:
    """Write a function, and those it calls, into a module; returns it.

    Without `parameters` it has an address and takes 64-bit numbers; otherwise it is called by other
    such functions only, with arguments of these kinds.
    """
    known = {} if known is None else known
    tree = syntax(function)
    names = [arg.arg for arg in tree.args.args]
    kinds = [I64] * len(names) if parameters is None else list(parameters)
    outer = parameters is None
    body = FunctionWriter(module, symbol, function, kinds, known)
    shapes = parameter_shapes(function)
    for name, argument in zip(names, body.function.args, strict=True):
        body.store(name, body.view(shapes[name], argument) if name in shapes else argument)
    body.statements(tree.body)
    if not body.b.block.is_terminated:
        body.b.ret_void()
    if not outer:
        body.function.linkage = "internal"
    return body.function


def returned(function: Callable[..., Any]) -> Any:
    """The kind of a function's result: a 64-bit number, or none."""
    found = [node for node in ast.walk(syntax(function)) if isinstance(node, ast.Return)]
    return I64 if any(node.value is not None for node in found) else VOID


class FunctionWriter(FieldAccess):
    """Writes the statements of one function."""

    def __init__(
        self,
        module: ir.Module,
        symbol: str,
        source: Callable[..., Any],
        kinds: list[Any],
        known: dict[tuple[object, ...], Any],
    ) -> None:
        self.source = source
        self.known = known
        self.x86 = "86" in (module.triple or "x86")
        self.result = returned(source)
        self.function = ir.Function(module, ir.FunctionType(self.result, kinds), symbol)
        known[source, *map(str, kinds)] = self.function
        self.entry = ir.IRBuilder(self.function.append_basic_block("entry"))
        self.b = ir.IRBuilder(self.function.append_basic_block("body"))
        self.entry.branch(self.b.block)
        self.entry.position_at_start(self.entry.block)
        self.names: dict[str, Any] = {}
        self.shapes: dict[str, Shape] = {}  # of the names that are no numbers
        self.loops: list[tuple[Any, Any]] = []

    # -- values -----------------------------------------------------------------------------------

    def wrong(self, node: ast.AST, message: str) -> TypeError:
        """An error that names the line of a piece of the source."""
        return TypeError(f"{place(self.source, getattr(node, 'lineno', None))}: {message}")

    def cell(self, kind: Any) -> Any:
        """Make a variable of a kind."""
        return self.entry.alloca(kind)

    def mxcsr(self, name: str) -> Any:
        """The instruction that saves or sets the floating-point mode."""
        kind = ir.FunctionType(VOID, [I8.as_pointer()])
        return self.b.module.declare_intrinsic(f"llvm.x86.sse.{name}", [], kind)

    def cast(self, value: Value, kind: Any) -> Any:
        """Convert a value to another kind; a record becomes its address."""
        value = self.address(value)
        if isinstance(value, int | float):
            return ir.Constant(kind, float(value) if kind in (F32, F64) else int(value))
        if value.type == kind:
            return value
        if kind in (F32, F64):
            if value.type == F32:
                return self.b.fpext(value, kind)
            if value.type == F64:
                return self.b.fptrunc(value, kind)
            return (self.b.sitofp if value.type == I64 else self.b.uitofp)(value, kind)
        if value.type in (F32, F64):
            return self.b.fptosi(value, kind)
        if kind == I1:
            return self.b.icmp_signed("!=", value, value.type(0))
        wider = kind.width > value.type.width
        return self.b.zext(value, kind) if wider else self.b.trunc(value, kind)

    def alike(self, first: Value, second: Value) -> tuple[Any, Any]:
        """Convert two values to the wider of their kinds; a constant takes the other's kind."""
        first, second = self.address(first), self.address(second)
        kinds = [value.type for value in (first, second) if isinstance(value, ir.Value)]
        numbers = [value for value in (first, second) if not isinstance(value, ir.Value)]
        if not kinds:
            kinds = [F64 if any(isinstance(value, float) for value in numbers) else I64]
        kind = max(kinds, key=RANK.index)
        if any(isinstance(value, float) for value in numbers) and RANK.index(kind) < 3:
            kind = F64
        if kind == I1:
            kind = I64
        return self.cast(first, kind), self.cast(second, kind)

    def compare(self, sign: str, first: Any, second: Any) -> Any:
        """Compare two values of one kind; comparisons with not-a-number are false, but for `!=`."""
        if first.type in (F32, F64):
            unequal = sign == "!="
            return (self.b.fcmp_unordered if unequal else self.b.fcmp_ordered)(sign, first, second)
        if first.type == I32:
            return self.b.icmp_unsigned(sign, first, second)
        return self.b.icmp_signed(sign, first, second)

    def store(self, name: str, value: Value) -> None:
        """Assign to a variable; its first value decides its kind."""
        if isinstance(value, Reference):
            self.shapes[name], value = value.shape, value.pointer
        if not isinstance(value, ir.Value):
            value = self.cast(value, F64 if isinstance(value, float) else I64)
        if name not in self.names:
            self.names[name] = self.cell(I64 if value.type == I1 else value.type)
        cell = self.names[name]
        kind = cell.type.pointee
        self.b.store(value if value.type == kind else self.cast(value, kind), cell)

    # -- expressions ------------------------------------------------------------------------------

    def value(self, node: ast.expr) -> Value:
        """Evaluate an expression."""
        match node:
            case ast.Constant(int() | float() as number):
                return int(number) if isinstance(number, bool) else number
            case ast.Name(name):
                if name in self.names:
                    found = self.b.load(self.names[name])
                    return Reference(self.shapes[name], found) if name in self.shapes else found
                return self.constant(node, name)
            case ast.Attribute() | ast.Subscript():
                return self.load(self.place(node))
            case ast.BinOp():
                return self.binary(node, node.op, self.value(node.left), self.value(node.right))
            case ast.UnaryOp(ast.Not(), operand):
                return self.b.not_(self.truth(operand))
            case ast.UnaryOp(ast.USub(), operand):
                return self.binary(node, ast.Sub(), 0, self.value(operand))
            case ast.UnaryOp(ast.Invert(), operand):
                return self.binary(node, ast.BitXor(), -1, self.value(operand))
            case ast.Compare(left, [sign], [right]):
                first, second = self.alike(self.value(left), self.value(right))
                return self.compare(COMPARE[type(sign)], first, second)
            case ast.BoolOp() | ast.IfExp():
                return self.choice(node)
            case ast.Call(ast.Attribute(ast.Name(name), "at"), [arg]):
                return self.seen_as(node, name, self.value(arg))
            case ast.Call(ast.Name(name), args):
                return self.called(node, name, args)
        raise self.wrong(node, f"cannot write {ast.unparse(node)}")

    def constant(self, node: ast.expr, name: str) -> int | float:
        """A constant of the function's module."""
        number = self.source.__globals__.get(name)
        if not isinstance(number, int | float):
            raise self.wrong(node, f"{name} is no number")
        return number

    def binary(self, node: ast.AST, op: ast.operator, first: Value, second: Value) -> Any:
        """Write one arithmetic operation."""
        for value in (first, second):
            if isinstance(value, Reference):
                raise self.wrong(node, f"{value.name} is no number; address_of gives its address")
        a, b = self.alike(first, second)
        if a.type in (F32, F64):
            if type(op) not in FLOAT:
                raise self.wrong(node, "floats add, subtract, multiply and divide")
            return getattr(self.b, FLOAT[type(op)])(a, b, flags=FLAGS)
        if isinstance(op, ast.RShift):
            return (self.b.lshr if a.type == I32 else self.b.ashr)(a, b)
        if type(op) not in INTEGER:
            raise self.wrong(node, "whole numbers divide with //")
        return getattr(self.b, INTEGER[type(op)])(a, b)

    def truth(self, node: ast.expr) -> Any:
        """Whether an expression is true."""
        return self.cast(self.value(node), I1)

    def choice(self, node: ast.BoolOp | ast.IfExp) -> Any:
        """`a if c else b`, `a and b`, `a or b`; the side that is not needed is not evaluated."""
        if isinstance(node, ast.BoolOp) and len(node.values) > 2:
            node = ast.BoolOp(node.op, [node.values[0], ast.BoolOp(node.op, node.values[1:])])
        writers: tuple[Callable[[], Any], Callable[[], Any]]
        if isinstance(node, ast.IfExp):
            test = self.truth(node.test)
            writers = (lambda: self.value(node.body), lambda: self.value(node.orelse))
        else:
            test, last = self.truth(node.values[0]), node.values[1]
            fixed = I1(int(isinstance(node.op, ast.Or)))
            both = (lambda: self.truth(last), lambda: fixed)
            writers = both if isinstance(node.op, ast.And) else (both[1], both[0])
        results: list[tuple[Any, Any]] = []
        with self.b.if_else(test) as arms:
            for arm, writer in zip(arms, writers, strict=True):
                with arm:
                    results.append((writer(), self.b.block))
        kinds = [value.type for value, _ in results if isinstance(value, ir.Value)]
        kind = max(kinds, key=RANK.index) if kinds else I64
        if not kinds and any(isinstance(value, float) for value, _ in results):
            kind = F64
        phi = self.b.phi(kind)
        for value, block in results:
            if isinstance(value, ir.Value) and value.type != kind:
                raise self.wrong(node, "both sides must be of one kind")
            phi.add_incoming(self.cast(value, kind), block)
        return phi

    def called(self, node: ast.AST, name: str, nodes: list[ast.expr]) -> Any:
        """Call a word of the vocabulary, or another native function."""
        meaning: Any = self.source.__globals__.get(name, getattr(builtins, name, None))
        if meaning is size_of:
            return self.size_of(node, nodes)
        if meaning is len:
            return self.length(node, *map(self.value, nodes))
        if meaning in IN_PLACE:
            return IN_PLACE[meaning](self, self.place(nodes[0]), list(map(self.value, nodes[1:])))
        args = [self.value(node) for node in nodes]
        if meaning in WORDS:
            if meaning is abs:
                args = [arg if isinstance(arg, ir.Value) else self.cast(arg, F64) for arg in args]
            return WORDS[meaning](self, args)
        if not is_native(meaning):
            raise self.wrong(node, f"{name} is neither a word nor a @native function")
        for shape, arg, written in zip(shapes_in_order(meaning), args, nodes, strict=False):
            if shape is not None:
                self.check(written, shape, arg)
        values = [
            self.cast(arg, I64) if not isinstance(arg, ir.Value) or arg.type == I1 else arg
            for arg in args
        ]
        kinds = [value.type for value in values]
        target = self.known.get((meaning, *map(str, kinds)))
        if target is None:
            symbol = f"{self.function.name}.{name}.{len(self.known)}"
            target = write_function(self.b.module, symbol, meaning, kinds, self.known)
        return self.b.call(target, values)

    # -- statements -------------------------------------------------------------------------------

    def statements(self, nodes: Sequence[ast.stmt]) -> None:
        """Write statements one after the other."""
        for node in nodes:
            if self.b.block.is_terminated:
                raise self.wrong(node, "this is never reached")
            self.statement(node)

    def statement(self, node: ast.stmt) -> None:
        """Write one statement."""
        match node:
            case ast.Expr(ast.Constant(str())) | ast.Pass():
                pass
            case ast.Expr(value):
                self.value(value)
            case ast.Assign([ast.Tuple(targets)], ast.Tuple(values)):
                read = [self.value(value) for value in values]
                for target, result in zip(targets, read, strict=True):
                    self.assign(target, result)
            case ast.Assign([target], value):
                self.assign(target, self.value(value))
            case ast.AnnAssign(ast.Name() as target, _, ast.expr() as value):
                self.assign(target, self.value(value))
            case ast.AugAssign(ast.Name() as target, op, value):
                now = self.value(target)
                self.assign(target, self.binary(node, op, now, self.value(value)))
            case ast.AugAssign(ast.Attribute() | ast.Subscript() as target, op, value):
                found = self.place(target)
                result = self.binary(node, op, self.load(found), self.value(value))
                self.save(node, found, result)
            case ast.If(test, body, orelse):
                self.branch(self.truth(test), body, orelse)
            case ast.While(test, body, []):
                self.loop(lambda: self.truth(test), body, lambda: None)
            case ast.For(ast.Name(name), ast.Call(ast.Name("range"), args), body, []):
                self.counted(name, args, body)
            case ast.For(ast.Name(name), ast.expr() as rows, body, []):
                self.each(node, name, self.value(rows), body)
            case ast.Return(value):
                if value is None:
                    self.b.ret_void()
                else:
                    self.b.ret(self.cast(self.value(value), I64))
            case ast.Break():
                self.b.branch(self.loops[-1][1])
            case ast.Continue():
                self.b.branch(self.loops[-1][0])
            case _:
                raise self.wrong(node, f"cannot write {ast.unparse(node)}")

    def assign(self, target: ast.expr, value: Value) -> None:
        """Store a value in a variable, a field or behind a pointer."""
        if not isinstance(target, ast.Name):
            self.save(target, self.place(target), value)
            return
        if target.id in self.names:
            shape = self.shapes.get(target.id)
            if shape is not None:
                self.check(target, shape, value)
            elif isinstance(value, Reference):
                raise self.wrong(target, f"{target.id} is a number, and this is {value.name}")
        self.store(target.id, value)

    def branch(self, test: Any, body: list[ast.stmt], orelse: list[ast.stmt]) -> None:
        """`if` and `else`."""
        yes, no, after = (self.function.append_basic_block(n) for n in ("yes", "no", "after"))
        self.b.cbranch(test, yes, no)
        ends = False
        for block, nodes in ((yes, body), (no, orelse)):
            self.b.position_at_end(block)
            self.statements(nodes)
            if not self.b.block.is_terminated:
                self.b.branch(after)
                ends = True
        self.b.position_at_end(after)
        if not ends:
            self.b.unreachable()

    def loop(
        self,
        test: Callable[[], Any],
        body: list[ast.stmt],
        step: Callable[[], None],
        begin: Callable[[], None] = lambda: None,
    ) -> None:
        """Loop while `test`; each turn starts with `begin` and ends with `step` in any case."""
        names = ("head", "turn", "next", "after")
        head, turn, following, after = (self.function.append_basic_block(n) for n in names)
        self.b.branch(head)
        self.b.position_at_end(head)
        self.b.cbranch(test(), turn, after)
        self.b.position_at_end(turn)
        self.loops.append((following, after))
        begin()
        self.statements(body)
        self.loops.pop()
        if not self.b.block.is_terminated:
            self.b.branch(following)
        self.b.position_at_end(following)
        step()
        self.b.branch(head)
        self.b.position_at_end(after)

    def counted(self, name: str, args: list[ast.expr], body: list[ast.stmt]) -> None:
        """`for … in range(…)`, upwards by one."""
        bounds = [self.cast(self.value(arg), I64) for arg in args]
        first, end = bounds if len(bounds) == 2 else (I64(0), bounds[0])
        counter = self.cell(I64)
        self.b.store(first, counter)
        self.names[name] = counter

        def step() -> None:
            self.b.store(self.b.add(self.b.load(counter), I64(1), flags=("nsw",)), counter)

        self.loop(lambda: self.b.icmp_signed("<", self.b.load(counter), end), body, step)

    def each(self, node: ast.For, name: str, rows: Value, body: list[ast.stmt]) -> None:
        """`for … in table`, or in cells; the bounds are read once, before the first turn."""
        if not isinstance(rows, Reference) or not isinstance(rows.shape, TableRange | Array):
            raise self.wrong(node, "go through a range, a table or cells")
        element = rows.shape.element
        if isinstance(rows.shape, TableRange):
            first, end = (self.load(self.field(node, rows, side)) for side in ("begin", "end"))
        else:
            first = self.address(rows)
            end = self.b.add(first, I64(rows.shape.size))
        counter = self.cell(I64)
        self.b.store(first, counter)

        def begin() -> None:
            row = self.b.inttoptr(self.b.load(counter), I64.as_pointer())
            self.assign(ast.Name(name), self.load(self.element(row, element, I64(0))))

        def step() -> None:
            self.b.store(self.b.add(self.b.load(counter), I64(element.size)), counter)

        test: Callable[[], Any] = lambda: self.b.icmp_signed("<", self.b.load(counter), end)  # noqa: E731
        self.loop(test, body, step, begin)


def shapes_in_order(function: Callable[..., Any]) -> list[Shape | None]:
    """The shapes of a function's parameters; None for those that are numbers."""
    shapes = parameter_shapes(function)
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    return [shapes.get(name) for name in names]
