"""Writes LLVM instructions on floats, bits, masks and positions, scalar or in lanes.

A value is an LLVM value (float, 32-bit integer or 1-bit mask, alone or as a vector), a `Position`
or a Python number; Python numbers become constants of whatever stands beside them. The width is
in the values' types, so one piece of code serves scalars, voices and banks.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from llvmlite import ir

F32, I1, I8 = ir.FloatType(), ir.IntType(1), ir.IntType(8)
I32, I64 = ir.IntType(32), ir.IntType(64)

# "fast" without nnan and ninf: as quick, and a guard against NaN still works.
FLAGS = ("reassoc", "contract", "arcp", "nsz", "afn")

Value = Any  # llvmlite publishes no types: an ir.Value, a Position or a Python number


@dataclass(frozen=True, slots=True)
class Position:
    """A signed 32.32 number in two 32-bit halves: lanes of 64 bits are slow before AVX-512."""

    whole: Value
    part: Value


def is_number(value: Value) -> bool:
    """Whether a value is known while compiling."""
    return isinstance(value, int | float)


def element(value: Value) -> Any:
    """The type of one lane of a value."""
    kind = value.type
    return kind.element if isinstance(kind, ir.VectorType) else kind


def is_float(value: Value) -> bool:
    """Whether a value is a float, alone or in lanes."""
    return isinstance(value, ir.Value) and element(value) == F32


def is_bits(value: Value) -> bool:
    """Whether a value is an unsigned 32-bit integer."""
    return isinstance(value, ir.Value) and element(value) == I32


def is_mask(value: Value) -> bool:
    """Whether a value is the outcome of a comparison."""
    return isinstance(value, bool) or (isinstance(value, ir.Value) and element(value) == I1)


def suffix(kind: Any) -> str:
    """A type as it stands in the names of LLVM's intrinsics: f32, v16i32."""
    if isinstance(kind, ir.VectorType):
        return f"v{kind.count}{suffix(kind.element)}"
    return "f32" if kind == F32 else f"i{kind.width}"


def single(value: float) -> float:
    """A number rounded to single precision (llvmlite refuses constants it cannot hold exactly)."""
    if abs(value) > 3.4028234e38:
        return float("inf") if value > 0 else float("-inf")
    return cast(float, struct.unpack("<f", struct.pack("<f", value))[0])


class Ops:
    """Writes instructions for kernels of one width."""

    def __init__(self, builder: ir.IRBuilder, width: int) -> None:
        self.b = builder
        self.width = width

    def kind(self, scalar: Any, width: int | None = None) -> Any:
        """The type of `width` values of a scalar type."""
        count = self.width if width is None else width
        return scalar if count == 1 else ir.VectorType(scalar, count)

    def constant(self, kind: Any, value: float | Sequence[float]) -> ir.Constant:
        """A constant of a scalar or vector type: one number for all lanes, or one for each."""
        scalar = kind.element if isinstance(kind, ir.VectorType) else kind
        values = value if isinstance(value, Sequence) else [value]
        if scalar == F32:
            items = [ir.Constant(F32, single(float(item))) for item in values]
        else:
            items = [ir.Constant(scalar, int(item)) for item in values]
        if not isinstance(kind, ir.VectorType):
            return items[0]
        return ir.Constant(kind, items if len(items) == kind.count else items * kind.count)

    def f(self, value: Value) -> Value:
        """A value as float of this kernel's width."""
        if is_number(value):
            return self.constant(self.kind(F32), value)
        return value

    def u(self, value: Value) -> Value:
        """A value as bits of this kernel's width."""
        if is_number(value):
            return self.constant(self.kind(I32), int(value) % (1 << 32))
        return value

    def like(self, value: Value, other: ir.Value) -> Value:
        """A number, or a tuple of numbers, as a constant of another value's type."""
        if is_number(value) and element(other) == I32:
            value = int(value) % (1 << 32)
        if is_number(value) or isinstance(value, tuple):
            return self.constant(other.type, value)
        if isinstance(other.type, ir.VectorType) and not isinstance(value.type, ir.VectorType):
            return self.splat(value, other.type.count)
        return value

    def pair(self, a: Value, b: Value) -> tuple[Value, Value]:
        """Two values in one type; at least one is no number."""
        if not isinstance(a, ir.Value):
            return self.like(a, b), b
        b = self.like(b, a)
        return self.like(a, b), b

    def splat(self, value: ir.Value, count: int) -> ir.Value:
        """A vector with `value` in each lane."""
        kind = ir.VectorType(value.type, count)
        base = ir.Constant(kind, ir.Undefined)
        one = self.b.insert_element(base, value, ir.Constant(I32, 0))
        mask = ir.Constant(ir.VectorType(I32, count), [ir.Constant(I32, 0)] * count)
        return self.b.shuffle_vector(one, base, mask)

    def intrinsic(self, name: str, *args: ir.Value, flags: Sequence[str] = FLAGS) -> ir.Value:
        """A call of an LLVM intrinsic that is overloaded by its first argument's type."""
        kind = args[0].type
        return self.called(f"{name}.{suffix(kind)}", kind, *args, flags=flags)

    def called(
        self, name: str, result: Any, *args: ir.Value, flags: Sequence[str] = ()
    ) -> ir.Value:
        """A call of an LLVM intrinsic by its full name."""
        module = self.b.module
        function = module.globals.get(name) or ir.Function(
            module, ir.FunctionType(result, [arg.type for arg in args]), name
        )
        return self.b.call(function, list(args), fastmath=flags)

    # floats

    def add(self, a: Value, b: Value) -> ir.Value:
        a, b = self.pair(a, b)
        return self.b.fadd(a, b, flags=FLAGS)

    def sub(self, a: Value, b: Value) -> ir.Value:
        a, b = self.pair(a, b)
        return self.b.fsub(a, b, flags=FLAGS)

    def mul(self, a: Value, b: Value) -> ir.Value:
        a, b = self.pair(a, b)
        return self.b.fmul(a, b, flags=FLAGS)

    def div(self, a: Value, b: Value) -> ir.Value:
        a, b = self.pair(a, b)
        return self.b.fdiv(a, b, flags=FLAGS)

    def neg(self, a: ir.Value) -> ir.Value:
        return self.b.fneg(a, flags=FLAGS)

    def plain_sub(self, a: Value, b: Value) -> ir.Value:
        """a − b, never rearranged: for differences of close numbers."""
        a, b = self.pair(a, b)
        return self.b.fsub(a, b)

    def plain_mul(self, a: Value, b: Value) -> ir.Value:
        """a · b, never rearranged."""
        a, b = self.pair(a, b)
        return self.b.fmul(a, b)

    def compare(self, sign: str, a: Value, b: Value) -> ir.Value:
        a, b = self.pair(a, b)
        if element(a) == I32:
            return self.b.icmp_unsigned(sign, a, b)
        if sign == "!=":
            return self.b.fcmp_unordered(sign, a, b)
        return self.b.fcmp_ordered(sign, a, b)

    def select(self, mask: ir.Value, a: Value, b: Value) -> Value:
        """a where the mask is set, else b."""
        if isinstance(a, Position) or isinstance(b, Position):
            a, b = self.position(a), self.position(b)
            whole = self.b.select(mask, a.whole, b.whole)
            return Position(whole, self.b.select(mask, a.part, b.part))
        if not isinstance(a, ir.Value) and not isinstance(b, ir.Value):
            a = self.constant(self.kind(F32), a)
        a, b = self.pair(a, b)
        if isinstance(a.type, ir.VectorType) and not isinstance(mask.type, ir.VectorType):
            return self.b.select(mask, a, b)
        if isinstance(mask.type, ir.VectorType) and not isinstance(a.type, ir.VectorType):
            count = mask.type.count
            a, b = self.splat(a, count), self.splat(b, count)
        return self.b.select(mask, a, b)

    def minimum(self, a: Value, b: Value) -> ir.Value:
        a, b = self.pair(a, b)
        return self.b.select(self.b.fcmp_ordered("<", a, b), a, b)

    def maximum(self, a: Value, b: Value) -> ir.Value:
        a, b = self.pair(a, b)
        return self.b.select(self.b.fcmp_ordered(">", a, b), a, b)

    def clip(self, x: Value, low: Value, high: Value) -> ir.Value:
        """x between low and high; NaN becomes low."""
        return self.minimum(self.maximum(x, low), high)

    def abs(self, x: ir.Value) -> ir.Value:
        return self.intrinsic("llvm.fabs", x)

    def sqrt(self, x: ir.Value) -> ir.Value:
        return self.intrinsic("llvm.sqrt", x)

    def floor(self, x: ir.Value) -> ir.Value:
        return self.intrinsic("llvm.floor", x, flags=())

    def round(self, x: ir.Value) -> ir.Value:
        return self.intrinsic("llvm.rint", x, flags=())

    def polynomial(self, x: ir.Value, coefficients: Sequence[float]) -> ir.Value:
        """c0 + c1 x + c2 x² + …, by Horner's rule."""
        result: Value = coefficients[-1]
        for coefficient in reversed(coefficients[:-1]):
            result = self.add(self.mul(result, x), coefficient)
        return result

    # bits

    def same(self, kind: Any, like: ir.Value) -> Any:
        """A scalar type, as wide as another value."""
        return self.kind(kind, like.type.count if isinstance(like.type, ir.VectorType) else 1)

    def cast_bits(self, x: ir.Value) -> ir.Value:
        """A float's bits, or the float that bits are."""
        return self.b.bitcast(x, self.same(I32 if element(x) == F32 else F32, x))

    def to_signed(self, x: ir.Value) -> ir.Value:
        """The whole part of a float as a signed integer, saturating; the lowest for NaN.

        LLVM's own saturating conversion takes lanes one by one, six times as slow.
        """
        kind = self.same(I32, x)
        return self.b.fptosi(self.clip(x, -2147483648.0, 2147483520.0), kind)

    def whole(self, x: ir.Value) -> ir.Value:
        """The whole part of a float that is known to be a number within ±2^31."""
        return self.b.fptosi(x, self.same(I32, x))

    def from_signed(self, x: ir.Value) -> ir.Value:
        return self.b.sitofp(x, self.same(F32, x))

    def from_unsigned(self, x: ir.Value) -> ir.Value:
        return self.b.uitofp(x, self.same(F32, x))

    # positions

    def position(self, value: Value) -> Position:
        """A float, number or bits as a 32.32 position."""
        if isinstance(value, Position):
            return value
        if is_number(value):
            fixed = int(value * 4294967296.0 // 1) % (1 << 64)
            return Position(self.u(fixed >> 32), self.u(fixed))
        if element(value) == I32:
            return Position(value, self.u(0))
        whole = self.floor(value)
        part = self.minimum(self.plain_sub(value, whole), 0.99999994)
        half = self.whole(self.plain_mul(part, 2147483648.0))
        return Position(self.to_signed(whole), self.b.shl(half, self.like(1, half)))

    def position_add(self, a: Position, b: Position) -> Position:
        part = self.b.add(a.part, b.part)
        carry = self.b.zext(self.b.icmp_unsigned("<", part, a.part), part.type)
        return Position(self.b.add(self.b.add(a.whole, b.whole), carry), part)

    def position_sub(self, a: Position, b: Position) -> Position:
        borrow = self.b.zext(self.b.icmp_unsigned("<", a.part, b.part), a.part.type)
        whole = self.b.sub(self.b.sub(a.whole, b.whole), borrow)
        return Position(whole, self.b.sub(a.part, b.part))

    def position_less(self, a: Position, b: Position) -> ir.Value:
        below = self.b.icmp_signed("<", a.whole, b.whole)
        level = self.b.icmp_signed("==", a.whole, b.whole)
        return self.b.or_(below, self.b.and_(level, self.b.icmp_unsigned("<", a.part, b.part)))

    def fraction(self, bits: ir.Value) -> ir.Value:
        """Bits as a float, 0 up to 1, of their upper 24."""
        high = self.b.lshr(bits, self.like(8, bits))
        return self.mul(self.from_signed(high), 2.0**-24)

    def signed_fraction(self, bits: ir.Value) -> ir.Value:
        """Bits as a float, −1 up to 1: what a signed integer is, over 2^31."""
        return self.mul(self.from_signed(bits), 2.0**-31)

    def sum_lanes(self, vector: ir.Value) -> ir.Value:
        """The sum of a vector's items."""
        name = f"llvm.vector.reduce.fadd.{suffix(vector.type)}"
        return self.called(name, F32, ir.Constant(F32, 0.0), vector, flags=FLAGS)
