"""Writes a kernel's frame loop: loads inputs and state, runs the unit, stores outputs and state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from llvmlite import ir

from phonon.kernel.form import Form, UnitParameter
from phonon.kernel.io_layout import KernelLayout, Slot, kernel_layout
from phonon.kernel.lines import Delay, RecordingReader, TableReader, load, pointer
from phonon.kernel.ops import F32, I32, I64, Ops, Position, Value, is_bits, is_float
from phonon.kernel.unit_compiler import Lowering

SIGNATURE = ir.FunctionType(ir.VoidType(), [I64, I64, I64])


def write_kernel(module: ir.Module, name: str, form: Form, width: int, rates: str) -> ir.Function:
    """Add the kernel of a unit to a module."""
    if len(rates) != len(form.slots) or set(rates) - {"a", "k"}:
        raise TypeError(f"{form.name} has inputs {', '.join(form.slots)}, not rates {rates!r}")
    if width != 1 and form.mix_only:
        raise TypeError(f"{form.name} works on mixes, not on voices")
    function = ir.Function(module, SIGNATURE, name)
    _Body(function, form, width, rates).write()
    return function


@dataclass(slots=True)
class _Cell:
    """A kept value: the variable that holds it during the loop, and its rows of the state."""

    slot: Slot
    kind: Any
    places: list[ir.Value]
    homes: list[ir.Value]


class _Body:
    def __init__(self, function: ir.Function, form: Form, width: int, rates: str) -> None:
        self.form, self.width, self.rates = form, width, rates
        self.layout: KernelLayout = kernel_layout(form)
        self.function = function
        self.io, self.off, self.count = function.args
        self.b = ir.IRBuilder(function.append_basic_block("entry"))
        self.ops = Ops(self.b, width)
        self.floats = self.ops.kind(F32)
        self.align = 64 if width > 1 else 4
        self.cells: list[_Cell] = []
        self.lines: list[Delay] = []

    def slot(self, index: int) -> ir.Value:
        """The address in an io slot."""
        return load(self.ops, self.io, 8 * index, I64, 8)

    def write(self) -> None:
        b, form = self.b, self.form
        outputs = [self._buffer(index) for index in range(form.outputs)]
        inputs = [self._buffer(form.outputs + index) for index in range(len(form.slots))]
        steady = {
            name: self.clamped(name, b.load(base, align=self.align))
            for name, base, rate in zip(form.slots, inputs, self.rates, strict=True)
            if rate == "k"
        }
        env = self.environment()
        kept = self.kept()
        loop, done, out = (self.function.append_basic_block(n) for n in ("loop", "done", "out"))
        entry = b.block
        b.cbranch(b.icmp_signed(">", self.count, ir.Constant(I64, 0)), loop, out)

        b.position_at_end(loop)
        turn = b.phi(I64)
        turn.add_incoming(ir.Constant(I64, 0), entry)
        frame = b.add(self.off, turn)
        arguments = dict(steady)
        for name, base, rate in zip(form.slots, inputs, self.rates, strict=True):
            if rate == "a":
                value = b.load(b.gep(base, [frame]), align=self.align)
                arguments[name] = self.clamped(name, value)
        results = self.step(env, arguments, kept)
        for base, result in zip(outputs, results, strict=True):
            b.store(result, b.gep(base, [frame]), align=self.align)
        following = b.add(turn, ir.Constant(I64, 1))
        turn.add_incoming(following, b.block)
        b.cbranch(b.icmp_signed("<", following, self.count), loop, done)

        b.position_at_end(done)
        for cell in self.cells:
            for place, home in zip(cell.places, cell.homes, strict=True):
                b.store(b.load(place), home, align=4)
        for line in self.lines:
            line.finish()
        b.branch(out)
        b.position_at_end(out)
        b.ret_void()

    def _buffer(self, index: int) -> ir.Value:
        return self.b.inttoptr(self.slot(index), self.floats.as_pointer())

    def environment(self) -> dict[str, Value]:
        """SR and DT, of this width."""
        address = self.slot(self.layout.env)
        found = {}
        for index, name in enumerate(("SR", "DT")):
            value = load(self.ops, address, 4 * index, F32)
            found[name] = self.ops.splat(value, self.width) if self.width > 1 else value
        return found

    def clamped(self, name: str, value: ir.Value) -> ir.Value:
        """An input within its declared range; NaN becomes the low end."""
        for parameter in self.form.parameters:
            if parameter.name == name:
                return self._ranged(parameter, value)
        return value

    def _ranged(self, parameter: UnitParameter, value: ir.Value) -> ir.Value:
        if parameter.low is not None:
            value = self.ops.maximum(value, parameter.low)
        if parameter.high is not None:
            value = self.ops.minimum(value, parameter.high)
        return value

    # state

    def kept(self) -> dict[str, list[Value]]:
        """Load everything that is kept: cells and lines by name."""
        state = self.slot(self.layout.state)
        found: dict[str, list[Any]] = {}
        for slot in self.layout.slots:
            kind = slot.kept.kind
            thing: Any
            if kind in ("memory", "bank"):
                thing = Delay(self.ops, slot, self.slot(slot.io))
                self.lines.append(thing)
                if kind == "memory" and self.width > 1:
                    age = self.cell(slot, state, self.ops.kind(I32), 1)
                    thing.age = age.places[0]
            elif kind == "table":
                thing = TableReader(self.ops, slot, self.slot(slot.io))
            elif kind == "sample":
                thing = RecordingReader.loaded(self.ops, self.slot(slot.io))
            elif kind == "fixed":
                thing = self.cell(slot, state, self.ops.kind(I32), 2)
            elif slot.kept.packed:
                if slot.index:
                    continue
                thing = self.cell(slot, state, ir.VectorType(F32, slot.kept.count), 1)
            else:
                scalar = F32 if kind == "float" else I32
                thing = self.cell(slot, state, self.ops.kind(scalar), 1)
            found.setdefault(slot.name, []).append(thing)
        return found

    def cell(self, slot: Slot, state: ir.Value, kind: Any, count: int) -> _Cell:
        """Load a kept value into a variable."""
        cell = _Cell(slot, kind, [], [])
        for index in range(count):
            offset = (slot.row + index) * self.width * 4
            home = pointer(self.ops, state, offset, kind)
            place = self.b.alloca(kind)
            self.b.store(self.b.load(home, align=4), place)
            cell.homes.append(home)
            cell.places.append(place)
        self.cells.append(cell)
        return cell

    def current(self, thing: Any) -> Value:
        """The value of a kept thing at the start of a frame."""
        if not isinstance(thing, _Cell):
            return thing
        values = [self.b.load(place) for place in thing.places]
        return values[0] if len(values) == 1 else Position(values[1], values[0])

    def step(
        self, env: dict[str, Value], arguments: dict[str, Value], kept: dict[str, list[Any]]
    ) -> list[ir.Value]:
        """One frame: the unit's instructions, between loading and storing what is kept."""
        names = dict(arguments)
        for state in self.form.states:
            values = [self.current(thing) for thing in kept[state.name]]
            array = state.kept.count is not None and state.kept.kind != "bank"
            names[state.name] = values if array and not state.kept.packed else values[0]
        lowering = Lowering(self.ops, self.form.function, env)
        result = lowering.run(names)
        for state in self.form.states:
            value = lowering.names[state.name]
            values = value if isinstance(value, list) else [value]
            for thing, item in zip(kept[state.name], values, strict=True):
                self.keep(lowering, state.name, thing, item)
        outputs = result if isinstance(result, tuple) else (result,)
        return [self.output(lowering, value) for value in outputs]

    def keep(self, lowering: Lowering, name: str, thing: Any, value: Value) -> None:
        """Store a kept thing's new value."""
        b = self.b
        if not isinstance(thing, _Cell):
            if value is not thing:
                raise lowering.fault(f"{name} is a line and cannot be assigned")
            if isinstance(thing, Delay):
                thing.advance()
                if thing.age is not None:
                    age = b.load(thing.age)
                    old = b.icmp_unsigned("<", age, self.ops.u(1 << 31))
                    b.store(b.add(age, b.zext(old, age.type)), thing.age)
            return
        if thing.slot.kept.kind == "fixed":
            position = self.ops.position(value)
            b.store(position.part, thing.places[0])
            b.store(position.whole, thing.places[1])
            return
        wanted = thing.kind
        if thing.slot.kept.kind == "float":
            if not (is_float(value) or isinstance(value, int | float)):
                raise lowering.fault(f"{name} keeps floats")
        elif not (is_bits(value) or isinstance(value, int)):
            raise lowering.fault(f"{name} keeps bits; to_phase() or to_bits() make them of floats")
        if isinstance(value, int | float):
            number = int(value) % (1 << 32) if thing.slot.kept.kind == "bits" else value
            value = self.ops.constant(wanted, number)
        if value.type != wanted and isinstance(wanted, ir.VectorType):
            value = self.ops.splat(value, wanted.count)
        b.store(value, thing.places[0])

    def output(self, lowering: Lowering, value: Value) -> ir.Value:
        if not (is_float(value) or isinstance(value, int | float)):
            raise lowering.fault("a unit returns floats; unphase() or to_float() make them")
        value = self.ops.f(value)
        if value.type != self.floats:
            raise lowering.fault(
                "a unit returns single numbers; hsum() and lane() make them of vectors"
            )
        return value
