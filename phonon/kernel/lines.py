"""Writes the instructions that read and write delay lines, banks, tables and recordings.

Lanes read by 16 scalar loads: hardware gathers are no faster for four-byte reads that are spread
over memory, and recordings are read four frames at a time and transposed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from llvmlite import ir

from phonon.kernel.io_layout import HEADER_BYTES, SPARE_FRAMES, Slot, bank_header_bytes
from phonon.kernel.ops import F32, I32, I64, Ops, Position, Value

F32P = F32.as_pointer()


def pointer(ops: Ops, address: ir.Value, offset: int, kind: Any) -> ir.Value:
    """A pointer to a value of some type, `offset` bytes behind an address."""
    moved = ops.b.add(address, ir.Constant(I64, offset)) if offset else address
    return ops.b.inttoptr(moved, kind.as_pointer())


def load(ops: Ops, address: ir.Value, offset: int, kind: Any, align: int = 4) -> ir.Value:
    """The value of some type, `offset` bytes behind an address."""
    return ops.b.load(pointer(ops, address, offset, kind), align=align)


def lane_loads(ops: Ops, base: ir.Value, index: ir.Value) -> ir.Value:
    """f32 at base[index], for one index or for each lane's."""
    if not isinstance(index.type, ir.VectorType):
        return ops.b.load(ops.b.gep(base, [ops.b.zext(index, I64)]), align=4)
    result: Value = ir.Constant(ir.VectorType(F32, index.type.count), ir.Undefined)
    wide = ops.b.zext(index, ir.VectorType(I64, index.type.count))
    for lane in range(index.type.count):
        number = ir.Constant(I32, lane)
        place = ops.b.gep(base, [ops.b.extract_element(wide, number)])
        result = ops.b.insert_element(result, ops.b.load(place, align=4), number)
    return result


def counting(count: int) -> ir.Constant:
    """0, 1, 2 … as a vector of bits."""
    return ir.Constant(ir.VectorType(I32, count), list(range(count)))


class Delay:
    """A memory, or the lines of a bank: a ring of rows with one position for all lanes."""

    def __init__(self, ops: Ops, slot: Slot, address: ir.Value) -> None:
        self.ops, self.slot, self.address = ops, slot, address
        self.is_bank = slot.kept.kind == "bank"
        self.lanes = slot.kept.count or 1 if self.is_bank else ops.width
        header = bank_header_bytes(self.lanes) if self.is_bank else HEADER_BYTES
        self.data = pointer(ops, address, header, F32)
        self.mask = ops.b.trunc(load(ops, address, 0, I64, 8), I32)
        self.place = ops.b.alloca(I32)
        ops.b.store(ops.b.trunc(load(ops, address, 8, I64, 8), I32), self.place)
        self.longest = ops.from_signed(ops.b.sub(self.mask, ir.Constant(I32, SPARE_FRAMES - 2)))
        self.age: ir.Value | None = None  # set for voices: a state variable
        self.lengths: ir.Value | None = None
        self.frames: list[ir.Value] = []
        if self.is_bank:
            kind = ir.VectorType(I32, self.lanes)
            self.lengths = load(ops, address, HEADER_BYTES, kind)
            self.frames = [
                load(ops, address, HEADER_BYTES + 4 * lane, I32) for lane in range(self.lanes)
            ]

    def finish(self) -> None:
        """Keep the position for the next call."""
        position = self.ops.b.zext(self.ops.b.load(self.place), I64)
        self.ops.b.store(position, pointer(self.ops, self.address, 8, I64), align=8)

    def advance(self) -> None:
        """Go on to the next frame."""
        b = self.ops.b
        following = b.and_(b.add(b.load(self.place), ir.Constant(I32, 1)), self.mask)
        b.store(following, self.place)

    def spread(self, value: ir.Value) -> ir.Value:
        return self.ops.splat(value, self.lanes) if self.lanes > 1 else value

    def write(self, value: Value) -> None:
        """Store this frame's row."""
        ops = self.ops
        kind = ops.kind(F32, self.lanes)
        value = ops.constant(kind, value) if not isinstance(value, ir.Value) else value
        if value.type != kind:
            value = self.spread(value)
        row = ops.b.mul(ops.b.zext(ops.b.load(self.place), I64), ir.Constant(I64, self.lanes))
        place = ops.b.bitcast(ops.b.gep(self.data, [row]), kind.as_pointer())
        ops.b.store(value, place, align=64 if self.lanes == 16 else 4)

    def at(self, frames: ir.Value) -> ir.Value:
        """The values that each lane wrote a whole number of frames ago."""
        ops, b = self.ops, self.ops.b
        index = b.and_(b.sub(self.spread(b.load(self.place)), frames), self.spread(self.mask))
        if self.lanes > 1:
            index = b.mul(index, ops.like(self.lanes, index))
            index = b.add(index, counting(self.lanes))
        value = lane_loads(ops, self.data, index)
        if self.age is None:
            return value
        old = b.icmp_unsigned(">=", b.load(self.age), frames)
        return b.select(old, value, ops.constant(value.type, 0.0))

    def read(self) -> ir.Value:
        """What each line of a bank wrote its nominal length ago, by scalar arithmetic.

        Taking the addresses out of a vector would cost as much as the loads.
        """
        b, place = self.ops.b, self.ops.b.load(self.place)
        result: Value = ir.Constant(ir.VectorType(F32, self.lanes), ir.Undefined)
        for lane, length in enumerate(self.frames):
            row = b.zext(b.and_(b.sub(place, length), self.mask), I64)
            index = b.add(b.mul(row, ir.Constant(I64, self.lanes)), ir.Constant(I64, lane))
            item = b.load(b.gep(self.data, [index]), align=4)
            result = b.insert_element(result, item, ir.Constant(I32, lane))
        return result

    def split(self, frames: Value, least: float) -> tuple[ir.Value, ir.Value]:
        """A clamped delay as whole frames and the rest."""
        ops = self.ops
        if not isinstance(frames, ir.Value):
            frames = ops.constant(ops.kind(F32, self.lanes), frames)
        elif frames.type != ops.kind(F32, self.lanes):
            frames = self.spread(frames)
        frames = ops.minimum(ops.maximum(frames, least), self.spread(self.longest))
        whole = ops.whole(frames)
        return whole, ops.plain_sub(frames, ops.from_signed(whole))

    def tap(self, frames: Value) -> ir.Value:
        return self.at(self.split(frames, 1.0)[0])

    def tap_linear(self, frames: Value) -> ir.Value:
        ops = self.ops
        whole, rest = self.split(frames, 1.0)
        near, far = self.at(whole), self.at(ops.b.add(whole, ops.like(1, whole)))
        return ops.add(near, ops.mul(ops.sub(far, near), rest))

    def tap_cubic(self, frames: Value) -> ir.Value:
        ops = self.ops
        whole, rest = self.split(frames, 2.0)
        points = [self.at(ops.b.add(whole, ops.like(k % (1 << 32), whole))) for k in (-1, 0, 1, 2)]
        before, a, b, after = points
        return hermite(ops, before, a, b, after, rest)


def hermite(
    ops: Ops, before: ir.Value, a: ir.Value, b: ir.Value, after: ir.Value, position: ir.Value
) -> ir.Value:
    """Between a and b on the cubic whose slopes are those of the neighbours' chords."""
    slope = ops.mul(ops.sub(b, before), 0.5)
    bend = ops.sub(a, b)
    w = ops.add(slope, bend)
    c3 = ops.add(ops.add(w, bend), ops.mul(ops.sub(after, a), 0.5))
    result = ops.sub(ops.mul(c3, position), ops.add(w, c3))
    result = ops.add(ops.mul(result, position), slope)
    return ops.add(ops.mul(result, position), a)


class TableReader:
    """A table of numbers, the same for all lanes."""

    def __init__(self, ops: Ops, slot: Slot, address: ir.Value) -> None:
        self.ops, self.slot = ops, slot
        self.data = pointer(ops, address, HEADER_BYTES, F32)
        self.length = ops.b.trunc(load(ops, address, 0, I64, 8), I32)
        self.last = ops.from_signed(ops.b.sub(self.length, ir.Constant(I32, 1)))

    def spread(self, value: ir.Value) -> ir.Value:
        return self.ops.splat(value, self.ops.width) if self.ops.width > 1 else value

    def size(self) -> ir.Value:
        return self.spread(self.ops.from_signed(self.length))

    def clamped(self, index: Value) -> ir.Value:
        ops = self.ops
        return ops.minimum(ops.maximum(ops.f(index), 0.0), self.spread(self.last))

    def look(self, index: Value) -> ir.Value:
        return lane_loads(self.ops, self.data, self.ops.whole(self.clamped(index)))

    def look_linear(self, index: Value) -> ir.Value:
        ops, b = self.ops, self.ops.b
        index = self.clamped(index)
        whole = ops.whole(index)
        rest = ops.plain_sub(index, ops.from_signed(whole))
        last = self.spread(ops.whole(self.last))
        following = b.add(whole, ops.like(1, whole))
        following = b.select(b.icmp_signed(">", following, last), last, following)
        near, far = lane_loads(ops, self.data, whole), lane_loads(ops, self.data, following)
        return ops.add(near, ops.mul(ops.sub(far, near), rest))

    def search(self, x: Value, near: Value) -> ir.Value:
        """The index of the last number ≤ x; `near` is tried first."""
        ops, b = self.ops, self.ops.b
        x, near = ops.f(x), ops.whole(self.clamped(near))
        function = search_function(b.module)
        if ops.width == 1:
            return ops.from_signed(b.call(function, [self.data, self.length, x, near]))
        result: Value = ir.Constant(near.type, ir.Undefined)
        for lane in range(ops.width):
            number = ir.Constant(I32, lane)
            item, hint = b.extract_element(x, number), b.extract_element(near, number)
            found = b.call(function, [self.data, self.length, item, hint])
            result = b.insert_element(result, found, number)
        return ops.from_signed(result)


def search_function(module: ir.Module) -> ir.Function:
    """`i32 search(f32* items, i32 length, f32 x, i32 near)`, once per module."""
    name = "phonon_search"
    if name in module.globals:
        return module.globals[name]
    function = ir.Function(module, ir.FunctionType(I32, [F32P, I32, F32, I32]), name)
    function.linkage = "internal"
    items, length, x, near = function.args
    b = ir.IRBuilder(function.append_basic_block())
    loop, body, done = (function.append_basic_block() for _ in range(3))
    zero, one = ir.Constant(I32, 0), ir.Constant(I32, 1)

    def item(index: ir.Value) -> ir.Value:
        return b.load(b.gep(items, [b.zext(index, I64)]), align=4)

    following = b.add(near, one)
    last = b.icmp_signed(">=", following, length)
    beyond = item(b.select(last, near, following))
    right = b.or_(last, b.fcmp_ordered("<", x, beyond))
    left = b.or_(b.icmp_signed("==", near, zero), b.fcmp_ordered("<=", item(near), x))
    entry = b.block
    b.cbranch(b.and_(left, right), done, loop)
    b.position_at_end(loop)
    low, high = b.phi(I32), b.phi(I32)
    low.add_incoming(zero, entry)
    high.add_incoming(length, entry)
    b.cbranch(b.icmp_signed(">", b.sub(high, low), one), body, done)
    b.position_at_end(body)
    middle = b.lshr(b.add(low, high), one)
    above = b.fcmp_ordered("<=", item(middle), x)
    low.add_incoming(b.select(above, middle, low), body)
    high.add_incoming(b.select(above, high, middle), body)
    b.branch(loop)
    b.position_at_end(done)
    answer = b.phi(I32)
    answer.add_incoming(near, entry)
    answer.add_incoming(low, loop)
    b.ret(answer)
    return function


@dataclass(slots=True)
class RecordingReader:
    """A recording per lane: addresses of its channels' planes, length, relative rate."""

    ops: Ops
    planes: tuple[list[ir.Value], list[ir.Value]]
    length: ir.Value
    rate: ir.Value

    @classmethod
    def loaded(cls, ops: Ops, address: ir.Value) -> RecordingReader:
        """Read the rows of a sample block."""
        width = ops.width

        def plane(channel: int) -> list[ir.Value]:
            first = channel * 8 * width
            return [load(ops, address, first + 8 * lane, I64, 8) for lane in range(width)]

        length = load(ops, address, 16 * width, ops.kind(I32))
        return cls(ops, (plane(0), plane(1)), length, load(ops, address, 20 * width, ops.kind(F32)))

    def frames(self) -> ir.Value:
        return self.ops.from_unsigned(self.length)

    def cubic(self, position: Position, channel: int) -> ir.Value:
        """Four frames around a position, joined by Hermite's cubic."""
        ops, b = self.ops, self.ops.b
        least = ops.u(-2)
        most = b.add(self.length, ops.u(1))
        index = b.select(b.icmp_signed("<", position.whole, least), least, position.whole)
        index = b.select(b.icmp_signed(">", index, most), most, index)
        part = ops.fraction(position.part)
        rows = [self._four(index, channel, lane) for lane in range(ops.width)]
        if ops.width == 1:
            points = [b.extract_element(rows[0], ir.Constant(I32, k)) for k in range(4)]
        else:
            points = transposed(ops, rows)
        before, after_one, after_two, last = points
        return hermite(ops, before, after_one, after_two, last, part)

    def _four(self, index: ir.Value, channel: int, lane: int) -> ir.Value:
        b = self.ops.b
        if isinstance(index.type, ir.VectorType):
            index = b.extract_element(index, ir.Constant(I32, lane))
        offset = b.shl(b.sext(index, I64), ir.Constant(I64, 2))
        address = b.add(self.planes[channel][lane], offset)
        return load(self.ops, address, -4, ir.VectorType(F32, 4))


def shuffle(ops: Ops, a: ir.Value, b: ir.Value, order: list[int]) -> ir.Value:
    """Items of two vectors in a new order."""
    mask = ir.Constant(ir.VectorType(I32, len(order)), order)
    return ops.b.shuffle_vector(a, b, mask)


def transposed(ops: Ops, rows: list[ir.Value]) -> list[ir.Value]:
    """16 rows of 4 as 4 rows of 16, by a 4 × 4 transposition within each 128 bits."""

    def joined(parts: list[ir.Value]) -> ir.Value:
        while len(parts) > 1:
            size = 2 * parts[0].type.count
            pairs = zip(parts[::2], parts[1::2], strict=True)
            parts = [shuffle(ops, a, b, list(range(size))) for a, b in pairs]
        return parts[0]

    def within(order: list[int]) -> list[int]:
        return [4 * block + item % 4 + 16 * (item // 4) for block in range(4) for item in order]

    a, b, c, d = (joined(rows[first::4]) for first in range(4))
    low, high = [0, 4, 1, 5], [2, 6, 3, 7]
    ab0, ab1 = shuffle(ops, a, b, within(low)), shuffle(ops, a, b, within(high))
    cd0, cd1 = shuffle(ops, c, d, within(low)), shuffle(ops, c, d, within(high))
    first, second = [0, 1, 4, 5], [2, 3, 6, 7]
    return [
        shuffle(ops, ab0, cd0, within(first)),
        shuffle(ops, ab0, cd0, within(second)),
        shuffle(ops, ab1, cd1, within(first)),
        shuffle(ops, ab1, cd1, within(second)),
    ]
