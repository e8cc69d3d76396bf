"""Writes LLVM code for the built-in functions of engine code (`floats`, `acquire`, `call`)."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import Any

from llvmlite import ir

from phonon.kernel.native import (
    acquire,
    address_of,
    bits,
    call,
    doubles,
    float32,
    floats,
    flush_denormals,
    release,
    restore_denormals,
    uint32,
    words,
)
from phonon.kernel.ops import F32, I8, I32, I64

F64, VOID = ir.DoubleType(), ir.VoidType()
FTZ_DAZ = 0x8040  # of the MXCSR register: denormals are zero

Value = Any  # llvmlite publishes no types: an ir.Value, or a Python number
Writer = Callable[[Any, list[Value]], Value]
WORDS: dict[object, Writer] = {}
IN_PLACE: dict[object, Callable[[Any, Any, list[Value]], Value]] = {}  # these take a place first


def word(meaning: object) -> Callable[[Writer], Writer]:
    """Register the function that writes a word of the vocabulary."""

    def register(writer: Writer) -> Writer:
        WORDS[meaning] = writer
        return writer

    return register


def _pointer(kind: Any) -> Writer:
    return lambda body, args: body.b.inttoptr(body.cast(args[0], I64), kind.as_pointer())


for _meaning, _kind in ((words, I64), (floats, F32), (doubles, F64), (bits, I32)):
    word(_meaning)(_pointer(_kind))
word(uint32)(lambda body, args: body.cast(args[0], I32))
word(float32)(lambda body, args: body.cast(args[0], F32))


@word(address_of)
def _address_of(body: Any, args: list[Value]) -> Value:
    return body.cast(args[0], I64)


@word(call)
def _call(body: Any, args: list[Value]) -> Value:
    function, *rest = (body.cast(arg, I64) for arg in args)
    kind = ir.FunctionType(VOID, [I64] * len(rest)).as_pointer()
    return body.b.call(body.b.inttoptr(function, kind), rest)


def _acquire(body: Any, place: Any, args: list[Value]) -> Value:  # noqa: ARG001 — as every writer
    found = body.b.load_atomic(place.pointer, "acquire", 8)
    return body.interpret(place.kind, found)


def _release(body: Any, place: Any, args: list[Value]) -> Value:
    return body.b.store_atomic(body.cast(args[0], I64), place.pointer, "release", 8)


IN_PLACE |= {acquire: _acquire, release: _release}


@word(flush_denormals)
def _flush(body: Any, args: list[Value]) -> Value:  # noqa: ARG001 — as every writer
    if not body.x86:
        return ir.Constant(I64, 0)
    cell = body.cell(I32)
    body.b.call(body.mxcsr("stmxcsr"), [body.b.bitcast(cell, I8.as_pointer())])
    before = body.b.load(cell)
    body.b.store(body.b.or_(before, ir.Constant(I32, FTZ_DAZ)), cell)
    body.b.call(body.mxcsr("ldmxcsr"), [body.b.bitcast(cell, I8.as_pointer())])
    return body.b.zext(before, I64)


@word(restore_denormals)
def _restore(body: Any, args: list[Value]) -> Value:
    if body.x86:
        cell = body.cell(I32)
        body.b.store(body.cast(args[0], I32), cell)
        body.b.call(body.mxcsr("ldmxcsr"), [body.b.bitcast(cell, I8.as_pointer())])
    return None


@word(builtins.abs)
def _abs(body: Any, args: list[Value]) -> Value:
    (value,) = args
    if value.type == I64:
        return body.b.select(body.b.icmp_signed("<", value, I64(0)), body.b.neg(value), value)
    return body.b.call(body.b.module.declare_intrinsic("llvm.fabs", [value.type]), [value])


@word(builtins.max)
def _max(body: Any, args: list[Value]) -> Value:
    first, second = body.alike(*args)
    return body.b.select(body.compare(">", first, second), first, second)


@word(builtins.min)
def _min(body: Any, args: list[Value]) -> Value:
    first, second = body.alike(*args)
    return body.b.select(body.compare("<", first, second), first, second)
