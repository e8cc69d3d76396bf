"""The intrinsics of native functions as numba compiles them."""

from __future__ import annotations

import builtins
import inspect
import platform
from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

from phonon.kernel import intrinsics
from phonon.kernel.numbavectors import LANES, ROW, splat
from phonon.kernel.ops import F32, FLAGS, I1, I8, I32, I64

F64 = ir.DoubleType()
X86 = platform.machine().lower() in ("x86_64", "amd64")
ARM = platform.machine().lower() in ("aarch64", "arm64")
FLUSH_X86, FLUSH_ARM = 0x8040, 1 << 24  # FTZ and DAZ; FPCR.FZ

KINDS = {
    "i64": types.int64,
    "f32": types.float32,
    "f64": types.float64,
    "bool": types.boolean,
    "i32": types.int32,
    "u32": types.uint32,
    "u64": types.uint64,
    "v": LANES,
    "void": types.void,
}
WORDS: dict[object, Any] = {}
"""numba's intrinsic for each function of phonon.kernel.intrinsics."""

Write = Callable[..., Any]


def word(result: str, *arguments: str) -> Callable[[Write], Write]:
    """The function below writes the intrinsic of its name; numbers are cast to these types."""

    def register(write: Write) -> Write:
        name = write.__name__.rstrip("_")
        meaning = getattr(intrinsics, name)
        names = list(inspect.signature(meaning).parameters)
        kinds = [KINDS[argument] for argument in arguments]
        returns = KINDS[result]

        def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:  # noqa: ARG001
            written = write(builder, *args)
            return context.get_dummy_value() if returns == types.void else written

        def typed(context: Any, *given: Any) -> Any:  # noqa: ARG001
            return returns(*kinds), generate

        # numba reads parameter names, so the function must have as many as the word.
        source = f"lambda typing_context, {', '.join(names)}: typed(typing_context)"
        code = builtins.eval(
            source if names else "lambda typing_context: typed(None)", {"typed": typed}
        )  # noqa: S307 — our own text
        code.__name__ = name
        WORDS[meaning] = intrinsic(code)
        return write

    return register


def at(builder: Any, address: Any, kind: Any) -> Any:
    """A pointer to some type."""
    return builder.inttoptr(address, kind.as_pointer())


def call(builder: Any, name: str, kind: Any, *args: Any, flags: Any = ()) -> Any:
    """A call of an LLVM intrinsic by its full name."""
    module = builder.module
    function = module.globals.get(name) or ir.Function(
        module, ir.FunctionType(kind, [arg.type for arg in args]), name
    )
    return builder.call(function, list(args), fastmath=flags)


@word("i64", "i64")
def peek_i64(b: Any, address: Any) -> Any:
    return b.load(at(b, address, I64), align=8)


@word("i64", "i64")
def peek_i32(b: Any, address: Any) -> Any:
    return b.sext(b.load(at(b, address, I32), align=4), I64)


@word("i64", "i64")
def peek_u32(b: Any, address: Any) -> Any:
    return b.zext(b.load(at(b, address, I32), align=4), I64)


@word("f32", "i64")
def peek_f32(b: Any, address: Any) -> Any:
    return b.load(at(b, address, F32), align=4)


@word("f64", "i64")
def peek_f64(b: Any, address: Any) -> Any:
    return b.load(at(b, address, F64), align=8)


@word("void", "i64", "i64")
def poke_i64(b: Any, address: Any, value: Any) -> Any:
    b.store(value, at(b, address, I64), align=8)


@word("void", "i64", "i64")
def poke_i32(b: Any, address: Any, value: Any) -> Any:
    b.store(b.trunc(value, I32), at(b, address, I32), align=4)


@word("void", "i64", "f32")
def poke_f32(b: Any, address: Any, value: Any) -> Any:
    b.store(value, at(b, address, F32), align=4)


@word("void", "i64", "f64")
def poke_f64(b: Any, address: Any, value: Any) -> Any:
    b.store(value, at(b, address, F64), align=8)


@word("i64", "i64")
def load_acquire(b: Any, address: Any) -> Any:
    return b.load_atomic(at(b, address, I64), "acquire", 8)


@word("void", "i64", "i64")
def store_release(b: Any, address: Any, value: Any) -> Any:
    b.store_atomic(value, at(b, address, I64), "release", 8)


@word("void", "i64", "i64", "i64")
def copy_bytes(b: Any, destination: Any, source: Any, count: Any) -> Any:
    places = at(b, destination, I8), at(b, source, I8)
    call(b, "llvm.memcpy.p0.p0.i64", ir.VoidType(), *places, count, ir.Constant(I1, 0))


@word("void", "i64", "i64")
def clear_bytes(b: Any, destination: Any, count: Any) -> Any:
    zero, volatile = ir.Constant(I8, 0), ir.Constant(I1, 0)
    place = at(b, destination, I8)
    call(b, "llvm.memset.p0.i64", ir.VoidType(), place, zero, count, volatile)


@word("void", "i64", "i64", "i64", "i64")
def call_kernel(b: Any, address: Any, io: Any, off: Any, n: Any) -> Any:
    kind = ir.FunctionType(ir.VoidType(), [I64] * 3)
    b.call(at(b, address, kind), [io, off, n])


@word("i64")
def ticks(b: Any) -> Any:
    return call(b, "llvm.readcyclecounter" if X86 else "llvm.readsteadycounter", I64)


def _mxcsr(b: Any, name: str, place: Any) -> None:
    call(b, f"llvm.x86.sse.{name}", ir.VoidType(), b.bitcast(place, I8.as_pointer()))


def _assembly(b: Any, text: str, constraint: str, kind: Any, *args: Any) -> Any:
    function = ir.FunctionType(kind, [arg.type for arg in args])
    return b.asm(function, text, constraint, list(args), side_effect=True)


@word("i64")
def ftz_set(b: Any) -> Any:
    if X86:
        place = b.alloca(I32)
        _mxcsr(b, "stmxcsr", place)
        before = b.load(place)
        b.store(b.or_(before, ir.Constant(I32, FLUSH_X86)), place)
        _mxcsr(b, "ldmxcsr", place)
        return b.zext(before, I64)
    if ARM:
        before = _assembly(b, "mrs $0, fpcr", "=r", I64)
        flushed = b.or_(before, ir.Constant(I64, FLUSH_ARM))
        _assembly(b, "msr fpcr, $0", "r", ir.VoidType(), flushed)
        return before
    return ir.Constant(I64, 0)


@word("void", "i64")
def ftz_restore(b: Any, before: Any) -> Any:
    if X86:
        place = b.alloca(I32)
        b.store(b.trunc(before, I32), place)
        _mxcsr(b, "ldmxcsr", place)
    elif ARM:
        _assembly(b, "msr fpcr, $0", "r", ir.VoidType(), before)


@word("bool", "f64")
def is_finite(b: Any, x: Any) -> Any:
    magnitude = b.and_(b.bitcast(x, I64), ir.Constant(I64, 0x7FFFFFFFFFFFFFFF))
    return b.icmp_unsigned("<", magnitude, ir.Constant(I64, 0x7FF0000000000000))


@word("v", "i64")
def load16(b: Any, address: Any) -> Any:
    return b.load(at(b, address, ROW), align=64)


@word("void", "i64", "v")
def store16(b: Any, address: Any, lanes: Any) -> Any:
    b.store(lanes, at(b, address, ROW), align=64)


@word("void", "i64", "v")
def add16(b: Any, address: Any, lanes: Any) -> Any:
    place = at(b, address, ROW)
    b.store(b.fadd(b.load(place, align=64), lanes, flags=FLAGS), place, align=64)


@word("v", "f32")
def splat16(b: Any, x: Any) -> Any:
    return splat(b, x)


@word("v", "v", "v")
def max16(b: Any, a: Any, other: Any) -> Any:
    return b.select(b.fcmp_ordered(">", a, other), a, other)


@word("v", "v", "v")
def min16(b: Any, a: Any, other: Any) -> Any:
    return b.select(b.fcmp_ordered("<", a, other), a, other)


@word("v", "v")
def abs16(b: Any, lanes: Any) -> Any:
    return call(b, "llvm.fabs.v16f32", ROW, lanes)


@word("f32", "v")
def sum16(b: Any, lanes: Any) -> Any:
    return call(b, "llvm.vector.reduce.fadd.v16f32", F32, ir.Constant(F32, 0.0), lanes, flags=FLAGS)


@word("f32", "v")
def top16(b: Any, lanes: Any) -> Any:
    return call(b, "llvm.vector.reduce.fmax.v16f32", F32, lanes)


@word("f32", "v", "i64")
def lane16(b: Any, lanes: Any, index: Any) -> Any:
    return b.extract_element(lanes, index)


@word("v", "v", "i64", "f32")
def set_lane16(b: Any, lanes: Any, index: Any, x: Any) -> Any:
    return b.insert_element(lanes, x, index)


@word("bool", "v")
def bad16(b: Any, lanes: Any) -> Any:
    row = ir.VectorType(I32, 16)
    magnitude = b.and_(b.bitcast(lanes, row), ir.Constant(row, [0x7FFFFFFF] * 16))
    largest = call(b, "llvm.vector.reduce.umax.v16i32", I32, magnitude)
    return b.icmp_unsigned(">=", largest, ir.Constant(I32, 0x7F800000))
