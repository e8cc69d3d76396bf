"""Writes LLVM code for the built-in functions that units call (`tanh`, `tap`, `noise`)."""

from __future__ import annotations

import builtins
from collections.abc import Callable

from llvmlite import ir

from phonon.kernel import maths, polynomials
from phonon.kernel.lines import Delay, RecordingReader, TableReader, hermite
from phonon.kernel.ops import (
    I32,
    Ops,
    Position,
    Value,
    is_bits,
    is_float,
    is_mask,
    is_number,
)

WordWriter = Callable[..., Value]
WORDS: dict[object, WordWriter] = {}


class Misuse(Exception):
    """A word was given an argument that it cannot take; the compiler adds the line."""


def word(meaning: object) -> Callable[[WordWriter], WordWriter]:
    """Register the function that computes the word `meaning` of the vocabulary."""

    def register(function: WordWriter) -> WordWriter:
        WORDS[meaning] = function
        return function

    return register


def floating(ops: Ops, value: Value) -> ir.Value:
    """Convert a number to a float."""
    if is_number(value):
        return ops.f(value)
    if not is_float(value):
        raise Misuse("wants a float; bits and positions need unphase() or to_float()")
    return value


def bits_of(ops: Ops, value: Value) -> ir.Value:
    """Convert a whole number to bits."""
    if isinstance(value, int):
        return ops.u(value)
    if not is_bits(value):
        raise Misuse("wants bits; a float needs to_phase() or to_bits()")
    return value


def elementary(meaning: object, compute: Callable[[Ops, ir.Value], ir.Value]) -> None:
    """Register a word that takes one float."""
    WORDS[meaning] = lambda ops, x: compute(ops, floating(ops, x))


elementary(maths.sqrt, Ops.sqrt)
elementary(maths.exp, polynomials.exp)
elementary(maths.exp2, polynomials.exp2)
elementary(maths.log, polynomials.log)
elementary(maths.log2, polynomials.log2)
elementary(maths.tanpi, polynomials.tangent)
elementary(maths.tanh, polynomials.tanh)
elementary(maths.floor, Ops.floor)
elementary(maths.frac, lambda ops, x: ops.plain_sub(x, ops.floor(x)))
elementary(builtins.abs, Ops.abs)
elementary(builtins.round, Ops.round)


@word(maths.sin2pi)
def _sin2pi(ops: Ops, phase: Value) -> Value:
    if is_bits(phase):
        return polynomials.sine_bits(ops, phase)
    return polynomials.sine(ops, floating(ops, phase))


@word(maths.cos2pi)
def _cos2pi(ops: Ops, phase: Value) -> Value:
    if is_bits(phase):
        return polynomials.cosine_bits(ops, phase)
    return polynomials.cosine(ops, floating(ops, phase))


@word(maths.pow)
@word(builtins.pow)
def _pow(ops: Ops, x: Value, y: Value) -> Value:
    return polynomials.power(ops, floating(ops, x), floating(ops, y))


@word(maths.sign)
def _sign(ops: Ops, x: Value) -> Value:
    x = floating(ops, x)
    below = ops.select(ops.compare("<", x, 0.0), ops.like(-1.0, x), 0.0)
    return ops.select(ops.compare(">", x, 0.0), ops.like(1.0, x), below)


def _fold(ops: Ops, values: tuple[Value, ...], sign: str) -> Value:
    if any(isinstance(value, Position) for value in values):
        raise Misuse("does not take positions; compare them")
    result = values[0]
    for value in values[1:]:
        if is_bits(result) or is_bits(value):
            a, b = bits_of(ops, result), bits_of(ops, value)
            result = ops.b.select(ops.b.icmp_unsigned(sign, a, b), a, b)
        elif is_number(result) and is_number(value):
            result = min(result, value) if sign == "<" else max(result, value)
        else:
            result = (ops.minimum if sign == "<" else ops.maximum)(result, value)
    return result


@word(builtins.min)
def _min(ops: Ops, *values: Value) -> Value:
    return _fold(ops, values, "<")


@word(builtins.max)
def _max(ops: Ops, *values: Value) -> Value:
    return _fold(ops, values, ">")


@word(maths.clip)
def _clip(ops: Ops, x: Value, low: Value, high: Value) -> Value:
    return ops.clip(floating(ops, x), low, high)


@word(maths.where)
def _where(ops: Ops, condition: Value, a: Value, b: Value) -> Value:
    if isinstance(condition, bool):
        return a if condition else b
    if not is_mask(condition):
        raise Misuse("wants a comparison first")
    return ops.select(condition, a, b)


@word(maths.mix)
def _mix(ops: Ops, a: Value, b: Value, amount: Value) -> Value:
    a, amount = floating(ops, a), floating(ops, amount)
    return ops.add(a, ops.mul(ops.sub(floating(ops, b), a), amount))


@word(maths.db_to_amp)
def _db_to_amp(ops: Ops, level: Value) -> Value:
    return polynomials.exp2(ops, ops.mul(floating(ops, level), 0.16609640474436813))


@word(maths.amp_to_db)
def _amp_to_db(ops: Ops, amplitude: Value) -> Value:
    least = ops.maximum(ops.abs(floating(ops, amplitude)), 1e-10)
    return ops.mul(polynomials.log2(ops, least), 6.020599913279624)


@word(maths.midi_to_hz)
def _midi_to_hz(ops: Ops, key: Value) -> Value:
    octaves = ops.mul(ops.sub(floating(ops, key), 69.0), 1 / 12)
    return ops.mul(polynomials.exp2(ops, octaves), 440.0)


# Bits and positions.


@word(maths.to_phase)
def _to_phase(ops: Ops, cycles: Value) -> Value:
    x = floating(ops, cycles)
    # −½ … ½ of 2^32; the very ½ saturates to one unit less.
    r = ops.plain_mul(ops.plain_sub(x, ops.round(x)), 4294967296.0)
    return ops.to_signed(r)


@word(maths.unphase)
def _unphase(ops: Ops, phase: Value) -> Value:
    return ops.fraction(bits_of(ops, phase))


@word(maths.unphase_signed)
def _unphase_signed(ops: Ops, phase: Value) -> Value:
    return ops.signed_fraction(bits_of(ops, phase))


@word(maths.to_bits)
def _to_bits(ops: Ops, x: Value) -> Value:
    """Two halves of 16 bits: conversion to unsigned is slow before AVX-512."""
    x = ops.clip(floating(ops, x), 0.0, 4294967040.0)
    high = ops.floor(ops.plain_mul(x, 1 / 65536))
    low = ops.plain_sub(x, ops.plain_mul(high, 65536.0))
    upper = ops.whole(high)
    return ops.b.or_(ops.b.shl(upper, ops.like(16, upper)), ops.whole(low))


@word(maths.to_float)
def _to_float(ops: Ops, x: Value) -> Value:
    if isinstance(x, Position):
        return ops.add(ops.from_signed(x.whole), ops.fraction(x.part))
    return ops.from_unsigned(bits_of(ops, x))


@word(maths.to_fixed)
def _to_fixed(ops: Ops, x: Value) -> Value:
    return ops.position(x)


@word(maths.next_noise)
def _next_noise(ops: Ops, bits: Value) -> Value:
    bits = bits_of(ops, bits)
    return ops.b.add(ops.b.mul(bits, ops.like(747796405, bits)), ops.like(2891336453, bits))


@word(maths.scramble)
def _scramble(ops: Ops, bits: Value) -> Value:
    b, bits = ops.b, bits_of(ops, bits)
    count = b.add(b.lshr(bits, ops.like(28, bits)), ops.like(4, bits))
    mixed = b.mul(b.xor(b.lshr(bits, count), bits), ops.like(277803737, bits))
    return b.xor(b.lshr(mixed, ops.like(22, mixed)), mixed)


@word(maths.noise)
def _noise(ops: Ops, bits: Value) -> Value:
    return ops.signed_fraction(_scramble(ops, bits))


# Lines, banks, tables, recordings.


def _delay(value: Value) -> Delay:
    if not isinstance(value, Delay):
        raise Misuse("wants a memory or bank first")
    return value


@word(maths.write)
def _write(ops: Ops, line: Value, value: Value) -> Value:
    _delay(line).write(value if is_number(value) else floating(ops, value))
    return 0.0


@word(maths.tap)
def _tap(ops: Ops, line: Value, frames: Value) -> Value:
    return _delay(line).tap(frames)


@word(maths.taps_linear)
@word(maths.tap_linear)
def _tap_linear(ops: Ops, line: Value, frames: Value) -> Value:
    return _delay(line).tap_linear(frames)


@word(maths.tap_cubic)
def _tap_cubic(ops: Ops, line: Value, frames: Value) -> Value:
    return _delay(line).tap_cubic(frames)


@word(maths.reach)
def _reach(ops: Ops, line: Value) -> Value:
    return _delay(line).spread(_delay(line).longest)


@word(maths.read)
def _read(ops: Ops, bank: Value) -> Value:
    return _delay(bank).read()


@word(maths.lengths)
def _lengths(ops: Ops, bank: Value) -> Value:
    return ops.from_signed(_delay(bank).lengths)


def _vector(value: Value) -> ir.Value:
    if not (is_float(value) and isinstance(value.type, ir.VectorType)):
        raise Misuse("wants a vector")
    return value


@word(maths.hsum)
def _hsum(ops: Ops, vector: Value) -> Value:
    return ops.sum_lanes(_vector(vector))


@word(maths.lane)
def _lane(ops: Ops, vector: Value, index: Value) -> Value:
    if not isinstance(index, int):
        raise Misuse("wants a constant index")
    count = _vector(vector).type.count
    return ops.b.extract_element(vector, ir.Constant(I32, index % count))


@word(maths.spread)
def _spread(ops: Ops, x: Value, count: Value) -> Value:
    return ops.splat(floating(ops, x), count)


def _shuffled(ops: Ops, vector: ir.Value, order: list[int]) -> ir.Value:
    mask = ir.Constant(ir.VectorType(I32, len(order)), order)
    return ops.b.shuffle_vector(vector, vector, mask)


@word(maths.rotate)
def _rotate(ops: Ops, vector: Value, count: Value) -> Value:
    size = _vector(vector).type.count
    return _shuffled(ops, vector, [(lane + count) % size for lane in range(size)])


@word(maths.hadamard)
def _hadamard(ops: Ops, vector: Value) -> Value:
    size = _vector(vector).type.count
    step = 1
    while step < size:
        swapped = _shuffled(ops, vector, [lane ^ step for lane in range(size)])
        signs = tuple(-1.0 if lane & step else 1.0 for lane in range(size))
        vector = ops.add(swapped, ops.mul(vector, signs))
        step *= 2
    return ops.mul(vector, size**-0.5)


def _table(value: Value) -> TableReader:
    if not isinstance(value, TableReader):
        raise Misuse("wants a table first")
    return value


@word(maths.size)
def _size(ops: Ops, table: Value) -> Value:
    return _table(table).size()


@word(maths.look)
def _look(ops: Ops, table: Value, index: Value) -> Value:
    return _table(table).look(index)


@word(maths.look_linear)
def _look_linear(ops: Ops, table: Value, index: Value) -> Value:
    return _table(table).look_linear(index)


@word(maths.search)
def _search(ops: Ops, table: Value, x: Value, near: Value) -> Value:
    return _table(table).search(x, near)


def _source(value: Value) -> RecordingReader:
    if not isinstance(value, RecordingReader):
        raise Misuse("wants a sample first")
    return value


@word(maths.cubic)
def _cubic(ops: Ops, source: Value, position: Value, channel: Value = 0) -> Value:
    if not isinstance(channel, int) or channel not in (0, 1):
        raise Misuse("wants a constant channel, 0 or 1")
    if not isinstance(position, Position):
        raise Misuse("wants a position: a `fixed` or to_fixed()")
    return _source(source).cubic(position, channel)


@word(maths.frames)
def _frames(ops: Ops, source: Value) -> Value:
    return _source(source).frames()


@word(maths.rate)
def _rate(ops: Ops, source: Value) -> Value:
    return _source(source).rate


@word(maths.hermite)
def _hermite(ops: Ops, *values: Value) -> Value:
    return hermite(ops, *[floating(ops, value) for value in values])
