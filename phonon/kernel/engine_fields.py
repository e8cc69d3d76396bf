"""Compiles the engine's reads and writes of memory: pointers, fields, tables, cells."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from llvmlite import ir

from phonon.kernel.engine_words import F64, Value
from phonon.kernel.ops import F32, I8, I32, I64
from phonon.kernel.records import (
    Array,
    Field,
    Inline,
    NumberKind,
    Pointer,
    Record,
    Shape,
    TableRange,
    is_record,
    size_of,
    unknown_field,
)

NUMBERS = {"q": I64, "d": F64, "f": F32, "I": I32}
BYTES, WORDS = I8.as_pointer(), I64.as_pointer()


@dataclass(frozen=True, slots=True)
class Reference:
    """A record, a table or cells in memory: the shape, and the pointer to it."""

    shape: Shape
    pointer: Any

    @property
    def name(self) -> str:
        """The record's name, or `rows` or `array`."""
        record = isinstance(self.shape, Inline)
        return self.shape.record.__name__ if record else type(self.shape).__name__.lower()  # type: ignore[union-attr]


@dataclass(frozen=True, slots=True)
class Lvalue:
    """A place in memory to read or assign to: a pointer, and the kind of what is there."""

    pointer: Any
    kind: NumberKind | Pointer | Shape


class FieldAccess:
    """The part of `FunctionWriter` that reads and writes memory."""

    b: Any
    source: Callable[..., Any]
    names: dict[str, Any]
    shapes: dict[str, Shape]
    wrong: Callable[[ast.AST, str], TypeError]
    value: Callable[[ast.expr], Value]
    cast: Callable[[Value, Any], Any]

    def view(self, shape: Shape, address: Any) -> Reference:
        """The record, table or cells at an address."""
        return Reference(shape, self.b.inttoptr(self.cast(address, I64), WORDS))

    def address(self, value: Value) -> Any:
        """The address of a record, a table or cells; a number stays as it is."""
        return self.b.ptrtoint(value.pointer, I64) if isinstance(value, Reference) else value

    # -- places -----------------------------------------------------------------------------------

    def place(self, node: ast.expr) -> Lvalue:
        """The place that an expression names: a field, a cell, or an element behind a pointer."""
        match node:
            case ast.Attribute(value, name):
                return self.field(node, self.value(value), name)
            case ast.Subscript(value, number):
                return self.cell_of(node, self.value(value), self.cast(self.value(number), I64))
        raise self.wrong(node, f"{ast.unparse(node)} is no place in memory")

    def field(self, node: ast.AST, view: Value, name: str) -> Lvalue:
        """The place of a record's field, or of one end of a table."""
        if not isinstance(view, Reference) or isinstance(view.shape, Array):
            raise self.wrong(node, f"what has a field {name} must be a record")
        if isinstance(view.shape, TableRange):
            if name not in ("begin", "end"):
                raise self.wrong(node, f"a table has begin and end, and no {name}")
            return Lvalue(self.b.gep(view.pointer, [I64(int(name == "end"))]), NumberKind("q"))
        field: Field | None = view.shape.record.fields.get(name)
        if field is None:
            raise self.wrong(node, unknown_field(view.shape.record, name))
        return self.behind(view.pointer, field.kind, I64(field.offset), field.offset)

    def behind(self, pointer: Any, kind: Any, offset: Any, number: int) -> Lvalue:
        """The place so many bytes behind a pointer to words."""
        if isinstance(kind, NumberKind):
            target = self.b.bitcast(pointer, NUMBERS[kind.code].as_pointer())
            return Lvalue(self.b.gep(target, [I64(number // kind.size)]), kind)
        if number % 8 == 0:
            return Lvalue(self.b.gep(pointer, [I64(number // 8)]), kind)
        moved = self.b.gep(self.b.bitcast(pointer, BYTES), [offset])
        return Lvalue(self.b.bitcast(moved, WORDS), kind)

    def cell_of(self, node: ast.AST, base: Value, number: Any) -> Lvalue:
        """The place of an element of cells or tables, or of one behind a plain pointer."""
        if isinstance(base, Reference):
            if isinstance(base.shape, Inline):
                raise self.wrong(node, f"{base.name} has fields, and no numbers")
            pointer = base.pointer
            if isinstance(base.shape, TableRange):
                pointer = self.b.inttoptr(self.b.load(pointer), WORDS)
            return self.element(pointer, base.shape.element, number)
        if not isinstance(base, ir.Value) or not isinstance(base.type, ir.PointerType):
            raise self.wrong(node, "only cells and pointers have elements")
        code = next(code for code, kind in NUMBERS.items() if kind == base.type.pointee)
        return Lvalue(self.b.gep(base, [number]), NumberKind(code))

    def element(self, pointer: Any, element: Any, number: Any) -> Lvalue:
        """The place of an element by its number."""
        if isinstance(element, NumberKind):
            target = self.b.bitcast(pointer, NUMBERS[element.code].as_pointer())
            return Lvalue(self.b.gep(target, [number]), element)
        words = element.size // 8
        if words != 1:
            number = self.b.mul(number, I64(words))
        return Lvalue(self.b.gep(pointer, [number]), element)

    # -- reading and writing ----------------------------------------------------------------------

    def load(self, place: Lvalue) -> Value:
        """Read a place."""
        if isinstance(place.kind, NumberKind):
            return self.b.load(place.pointer)
        if isinstance(place.kind, Pointer):
            return self.interpret(place.kind, self.b.load(place.pointer))
        return Reference(place.kind, place.pointer)

    def interpret(self, kind: Any, word: Any) -> Value:
        """A loaded word: a number as it is, an address as its record."""
        return self.view(Inline(kind.record), word) if isinstance(kind, Pointer) else word

    def save(self, node: ast.AST, place: Lvalue, value: Value) -> None:
        """Write a place; a record that lies there is overwritten, word by word."""
        if isinstance(place.kind, NumberKind):
            if isinstance(value, Reference):
                raise self.wrong(node, f"{value.name} is no number")
            self.b.store(self.cast(value, place.pointer.type.pointee), place.pointer)
        elif isinstance(place.kind, Pointer | Inline):
            self.check(node, Inline(place.kind.record), value)
            if isinstance(place.kind, Pointer):
                self.b.store(self.address(value), place.pointer)
                return
            words = [self.b.load(self.b.gep(value.pointer, [I64(number)]))
                     for number in range(place.kind.size // 8)]  # fmt: skip
            for number, word in enumerate(words):
                self.b.store(word, self.b.gep(place.pointer, [I64(number)]))
        else:
            raise self.wrong(node, "tables and cells are written element by element")

    def check(self, node: ast.AST, shape: Shape, value: Value) -> None:
        """Raise TypeError if a value does not have this shape."""
        fits = isinstance(value, Reference) and (
            value.shape == shape
            or (
                isinstance(value.shape, Inline)
                and isinstance(shape, Inline)
                and issubclass(value.shape.record, shape.record)
            )
        )
        if not fits:
            wanted = Reference(shape, None).name
            found = value.name if isinstance(value, Reference) else "a number"
            raise self.wrong(node, f"{wanted} is wanted here, and this is {found}")

    # -- words about records ----------------------------------------------------------------------

    def seen_as(self, node: ast.AST, name: str, value: Value) -> Reference:
        """Write `Strip.at(address)`: an address, or another record, seen as a Strip."""
        record = self.record(node, name)
        if isinstance(value, Reference):
            return Reference(Inline(record), value.pointer)
        return self.view(Inline(record), value)

    def record(self, node: ast.AST, name: str) -> type[Record]:
        """The record of this name in the function's module."""
        found: Any = None if name in self.names else self.source.__globals__.get(name)
        if not is_record(found):
            raise self.wrong(node, f"{name} is no record")
        record: type[Record] = found
        return record

    def length(self, node: ast.AST, value: Value) -> Any:
        """Write `len(table)` or `len(cells)`."""
        if not isinstance(value, Reference) or isinstance(value.shape, Inline):
            raise self.wrong(node, "only tables and cells have a length")
        if isinstance(value.shape, Array):
            return value.shape.count
        begin, end = (self.load(self.field(node, value, side)) for side in ("begin", "end"))
        return self.b.sdiv(self.b.sub(end, begin), I64(value.shape.element.size))

    def size_of(self, node: ast.AST, args: list[ast.expr]) -> int:
        """Write `size_of(Strip)`."""
        match args:
            case [ast.Name(name)]:
                return size_of(self.record(node, name))
        raise self.wrong(node, "size_of takes the name of a record")
