"""Declares records: memory that native functions and Python share, read and written by name.

    class Strip(Record):
        left: int              # a word of 64 bits; so are addresses
        gain: float            # 64 bits
        curve: Single          # 32 bits
        master: Master         # the address of another record
        sends: Table[Send]     # where rows of another record begin and end
        buses: Addresses[Bus]  # where addresses of another record begin and end
        peaks: Cells[float] = cells(2)
        tail: int = own_line() # alone in its cache line, so that two threads can meet there

In a native function, and in Python, `strip.gain` is read and written, `for send in strip.sends`
goes from row to row, and `Strip.at(address)` is the strip at an address. In Python alone,
`Strip(left=…, gain=…)` is a new one: a field that is unknown or missing raises TypeError.
"""

from __future__ import annotations

import ctypes
import inspect
import struct
import typing
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from operator import index
from typing import (
    Annotated,
    Any,
    Generic,
    Literal,
    Self,
    TypeAlias,
    TypeVar,
    dataclass_transform,
    overload,
)

WORD = 8
LINE = 64  # bytes of a cache line

T = TypeVar("T")
R = TypeVar("R", bound="Record")

Single: TypeAlias = Annotated[float, "f"]
Word32: TypeAlias = Annotated[int, "I"]

_CODES: dict[Any, str] = {int: "q", float: "d", Single: "f", Word32: "I"}
_TYPES: dict[str, Any] = {
    "q": ctypes.c_int64,
    "d": ctypes.c_double,
    "f": ctypes.c_float,
    "I": ctypes.c_uint32,
}


# -- what a field holds ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NumberKind:
    """A number, by its code in `struct`: a word, a float of 64 or 32 bits, 32 bits."""

    code: str

    @property
    def size(self) -> int:
        return struct.calcsize(self.code)

    @property
    def pack(self) -> str:
        return self.code

    def words(self, value: Any) -> tuple[Any, ...]:
        return (float(value) if self.code in "df" else index(value),)

    def read(self, address: int) -> Any:
        return _TYPES[self.code].from_address(address).value

    def write(self, address: int, value: Any) -> None:
        (_TYPES[self.code].from_address(address).value,) = self.words(value)


@dataclass(frozen=True, slots=True)
class Pointer:
    """The address of a record."""

    record: type[Record]
    size = WORD
    pack = "q"

    def words(self, value: Any) -> tuple[Any, ...]:
        if not isinstance(value, self.record):
            raise TypeError(f"{value!r} is no {self.record.__name__}")
        if value.temporary:
            raise TypeError(f"{value!r} is nowhere to stay: put it into memory that is kept")
        return (value.address,)

    def read(self, address: int) -> Any:
        return self.record.at(_TYPES["q"].from_address(address).value)

    def write(self, address: int, value: Any) -> None:
        (_TYPES["q"].from_address(address).value,) = self.words(value)


@dataclass(frozen=True, slots=True)
class Inline:
    """A record that lies within another one, or is the row of a table."""

    record: type[Record]

    @property
    def size(self) -> int:
        return size_of(self.record)

    def read(self, address: int) -> Any:
        return self.record.at(address)

    def write(self, address: int, value: Any) -> None:
        if not isinstance(value, self.record) or size_of(type(value)) != self.size:
            raise TypeError(f"{value!r} is no {self.record.__name__}, or has another size")
        ctypes.memmove(address, value.address, self.size)


Element: TypeAlias = NumberKind | Pointer | Inline


@dataclass(frozen=True, slots=True)
class TableRange:
    """The addresses where a table begins and ends."""

    element: Element
    size = 2 * WORD
    pack = "qq"

    def words(self, value: Any) -> tuple[Any, ...]:
        if not isinstance(value, Table) or value.element != self.element:
            raise TypeError(f"{value!r} is no table of {self.element}")
        return value.begin, value.end

    def read(self, address: int) -> Any:
        first, last = (_TYPES["q"].from_address(address + WORD * n).value for n in range(2))
        return Table(self.element, first, last)

    def write(self, address: int, value: Any) -> None:
        for number, word in enumerate(self.words(value)):
            _TYPES["q"].from_address(address + WORD * number).value = word


@dataclass(frozen=True, slots=True)
class Array:
    """Elements one after the other; `count` 0 stands for as many as follow the record."""

    element: Element
    count: int

    @property
    def size(self) -> int:
        return self.element.size * self.count

    def read(self, address: int) -> Any:
        return Cells(self.element, address, self.count)

    def write(self, address: int, value: Any) -> None:
        raise TypeError(f"{value!r}: cells are set one by one")


Packed: TypeAlias = NumberKind | Pointer | TableRange
Shape: TypeAlias = Inline | TableRange | Array
FieldKind: TypeAlias = NumberKind | Pointer | Shape


class Field:
    """A field of a record: its offset, and how Python reads and writes it."""

    __slots__ = ("default", "kind", "name", "offset")

    def __init__(self, name: str, kind: FieldKind, offset: int, default: Any) -> None:
        self.name, self.kind, self.offset, self.default = name, kind, offset, default

    def __get__(self, record: Record | None, owner: type[Record]) -> Any:
        return self if record is None else self.kind.read(record.address + self.offset)

    def __set__(self, record: Record, value: Any) -> None:
        self.kind.write(record.address + self.offset, value)


# -- how fields are declared ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Cells:
    count: int


_OWN_LINE, _REQUIRED = object(), object()


def cells(count: int, *, init: Literal[False] = False) -> Any:  # noqa: ARG001 — for type checkers
    """Declare a field of so many elements, zeros at first."""
    return _Cells(count)


def what_follows(*, init: Literal[False] = False) -> Any:  # noqa: ARG001 — for type checkers
    """Declare the last field: as many elements as follow the record."""
    return _Cells(0)


def own_line(*, init: Literal[False] = False) -> Any:  # noqa: ARG001 — for type checkers
    """Declare a field, zero at first, with a cache line of its own."""
    return _OWN_LINE


class Cells(Generic[T]):
    """Elements one after the other in memory."""

    __slots__ = ("address", "count", "element")

    def __init__(self, element: Element, address: int, count: int) -> None:
        self.element, self.address, self.count = element, address, count

    def _place(self, number: int) -> int:
        if number < 0 or (self.count and number >= self.count):
            raise IndexError(f"there are {self.count} cells, so none is number {number}")
        return self.address + self.element.size * number

    def __getitem__(self, number: int) -> T:
        found: T = self.element.read(self._place(number))
        return found

    def __setitem__(self, number: int, value: T) -> None:
        self.element.write(self._place(number), value)

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[T]:
        return (self[number] for number in range(self.count))


class AddressCells(Cells[R]):
    """Addresses of records one after the other in memory."""

    __slots__ = ()


class Table(Generic[T]):
    """Rows one after the other in memory, from the address `begin` to the address `end`."""

    __slots__ = ("begin", "element", "end")

    def __init__(self, element: Element, begin: int, end: int) -> None:
        self.element, self.begin, self.end = element, begin, end

    def __len__(self) -> int:
        return (self.end - self.begin) // self.element.size

    def __getitem__(self, number: int) -> T:
        if not 0 <= number < len(self):
            raise IndexError(f"there are {len(self)} rows, so none is number {number}")
        found: T = self.element.read(self.begin + self.element.size * number)
        return found

    def __iter__(self) -> Iterator[T]:
        for address in range(self.begin, self.end, self.element.size):
            yield self.element.read(address)


class Addresses(Table[R]):
    """A table of the addresses of records."""

    __slots__ = ()


# -- records --------------------------------------------------------------------------------------


class _Declaration(type):
    """Reads the annotations of a record and gives every field its offset."""

    fields: dict[str, Field]
    least_size: int
    _packer: tuple[struct.Struct, list[tuple[str, Packed, Any]]] | None

    def __new__(
        cls, name: str, bases: tuple[type, ...], space: dict[str, Any], size: int = 0
    ) -> _Declaration:
        space.setdefault("__slots__", ())
        own = list(space.get("__annotations__", ()))
        defaults = {key: space.pop(key) for key in own if key in space}
        record = super().__new__(cls, name, bases, space)
        record._packer = None
        record.fields = {}
        record.least_size = max([size, *(getattr(base, "least_size", 0) for base in bases)])
        for base in bases:
            if isinstance(base, _Declaration):
                record.fields |= base.fields
        if record.__module__ != __name__:
            hints = typing.get_type_hints(record, include_extras=True)
            for key in own:
                record._declare(key, hints[key], defaults.get(key, _REQUIRED))
        return record

    def _declare(cls, name: str, hint: Any, default: Any) -> None:
        where = f"{cls.__module__}.{cls.__name__}.{name}"
        if name in RESERVED:
            raise TypeError(f"{where}: a field needs another name")
        kind = _kind(hint, default, where)
        known = cls.fields.get(name)
        if known is None:
            offset = cls._next_offset(kind, alone=default is _OWN_LINE, where=where)
        elif known.kind == kind and not isinstance(kind, Array) and default is not _OWN_LINE:
            offset = known.offset
        else:
            raise TypeError(f"{where}: an inherited field keeps its kind and its place")
        cls.fields[name] = Field(name, kind, offset, default)
        setattr(cls, name, cls.fields[name])

    def _next_offset(cls, kind: FieldKind, *, alone: bool, where: str) -> int:
        """The offset of the next field; `alone` gives it a cache line of its own."""
        last = next(reversed(cls.fields.values()), None)
        if last is not None and last.kind.size == 0:
            raise TypeError(f"{where}: nothing can be behind {last.name}")
        alone = alone or (last is not None and last.default is _OWN_LINE)
        return _aligned(_end(cls.fields), LINE if alone else _alignment(kind))

    def _make_packer(cls) -> tuple[struct.Struct, list[tuple[str, Packed, Any]]]:
        """The fields that a new record is packed from, and how; all others are zeros."""
        code, end = "=", 0
        fields: list[tuple[str, Packed, Any]] = []
        for field in cls.fields.values():
            if (
                isinstance(field.kind, NumberKind | Pointer | TableRange)
                and field.default is not _OWN_LINE
            ):
                code += f"{field.offset - end}x{field.kind.pack}"
                end = field.offset + field.kind.size
                fields.append((field.name, field.kind, field.default))
        size = size_of(typing.cast("type[Record]", cls))
        cls._packer = struct.Struct(f"{code}{size - end}x"), fields
        return cls._packer


def _kind(hint: Any, default: Any, where: str) -> FieldKind:
    origin = _origin(hint)
    if origin in (Table, Addresses, Cells, AddressCells):
        (inner,) = typing.get_args(hint)
        pointers = origin in (Addresses, AddressCells)
        element = Pointer(inner) if pointers else element_of(inner, where)
        if origin in (Table, Addresses):
            return TableRange(element)
        if isinstance(default, _Cells):
            return Array(element, default.count)
        raise TypeError(f"{where}: say how many cells: `= cells(4)`")
    if isinstance(hint, _Declaration):
        return Pointer(typing.cast("type[Record]", hint))
    return element_of(hint, where)


def _origin(hint: Any) -> Any:
    return typing.get_origin(hint)


def element_of(hint: Any, where: str = "an element") -> NumberKind | Inline:
    """The element that a type stands for, in cells or as the row of a table."""
    if isinstance(hint, _Declaration):
        return Inline(typing.cast("type[Record]", hint))
    for known, code in _CODES.items():
        if hint == known:
            return NumberKind(code)
    raise TypeError(f"{where}: {hint!r} is no kind of field")


def _alignment(kind: FieldKind) -> int:
    element = kind.element if isinstance(kind, Array) else kind
    return element.size if isinstance(element, NumberKind) else WORD


def _aligned(offset: int, alignment: int) -> int:
    return -(-offset // alignment) * alignment


def _end(fields: dict[str, Field]) -> int:
    return max((field.offset + field.kind.size for field in fields.values()), default=0)


@dataclass_transform(kw_only_default=True, field_specifiers=(cells, own_line, what_follows))
class Record(metaclass=_Declaration):
    """A record in memory: a new one with all its fields by name, or the one `at` an address.

    A new record lies in memory of the object's own; no other record can point to it. One that is
    `at` an address keeps nothing alive. The record at address 0 stands for none and is false.
    """

    __slots__ = ("_kept", "address")

    address: int
    _kept: Any

    def __init__(self, **given: Any) -> None:
        cls = type(self)
        packer, fields = cls._packer or cls._make_packer()
        values: list[Any] = []
        for name, kind, default in fields:
            value = given.pop(name, default)
            if value is _REQUIRED:
                raise TypeError(f"{cls.__name__} needs its field {name}")
            values += kind.words(value)
        if given:
            raise TypeError(unknown_field(cls, next(iter(given))))
        kept = ctypes.create_string_buffer(packer.size)
        packer.pack_into(kept, 0, *values)
        object.__setattr__(self, "_kept", kept)
        object.__setattr__(self, "address", ctypes.addressof(kept))

    @classmethod
    def at(cls, address: int | Record) -> Self:
        """The record at an address, or another record seen as this one."""
        record = object.__new__(cls)
        if isinstance(address, Record):
            place, kept = address.address, address._kept  # noqa: SLF001 — of its own kind
        else:
            place, kept = index(address), None
        object.__setattr__(record, "address", place)
        object.__setattr__(record, "_kept", kept)
        return record

    @classmethod
    def within(cls, buffer: Any) -> Self:
        """The record at the beginning of a writable buffer, which it keeps alive."""
        kept = (ctypes.c_char * size_of(cls)).from_buffer(buffer)
        record = cls.at(ctypes.addressof(kept))
        object.__setattr__(record, "_kept", (kept, buffer))
        return record

    @property
    def temporary(self) -> bool:
        """Whether the record lies in memory of this object's own."""
        return isinstance(self._kept, ctypes.Array)

    def place(self, name: str) -> int:
        """The address of a field."""
        field = type(self).fields.get(name)
        if field is None:
            raise AttributeError(unknown_field(type(self), name))
        return self.address + field.offset

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in type(self).fields:
            raise AttributeError(unknown_field(type(self), name))
        object.__setattr__(self, name, value)

    def __bool__(self) -> bool:
        return self.address != 0

    def __bytes__(self) -> bytes:
        return ctypes.string_at(self.address, size_of(type(self)))

    def __repr__(self) -> str:
        return f"{type(self).__name__} at {self.address:#x}"


RESERVED = frozenset(
    {"address", "at", "fields", "least_size", "mro", "place", "temporary", "within"}
)


def unknown_field(record: type[Record], name: str) -> str:
    """The message about a field that a record does not have."""
    return f"{record.__name__} has no field {name}; it has {', '.join(record.fields)}"


@overload
def size_of(record: type[Record]) -> int: ...
@overload
def size_of(record: Element) -> int: ...
def size_of(record: Any) -> int:
    """The bytes of a record, or of an element: the distance from one row of a table to the next."""
    return _size_of(record) if isinstance(record, _Declaration) else int(record.size)


@cache
def _size_of(record: type[Record]) -> int:
    alignment = LINE if any(field.default is _OWN_LINE for field in record.fields.values()) else 8
    return _aligned(max(_end(record.fields), record.least_size), alignment)


def is_record(value: object) -> bool:
    """Whether a value is a class of records."""
    return isinstance(value, _Declaration) and value is not Record


@cache
def parameter_shapes(function: Callable[..., Any]) -> dict[str, Shape]:
    """The parameters of a function that are annotated as records or tables."""
    found: dict[str, Shape] = {}
    for name, hint in inspect.get_annotations(function, eval_str=True).items():
        if is_record(hint):
            found[name] = Inline(hint)
        elif _origin(hint) in (Table, Addresses):
            kind = _kind(hint, _REQUIRED, f"{function.__qualname__}, {name}")
            found[name] = typing.cast("TableRange", kind)
    return found


def described(value: type[Record] | FieldKind) -> str:
    """The names and offsets of a record's fields, and of all records that it leads to."""
    found: dict[type[Record], str] = {}
    pending = _records(value)
    while pending:
        record = pending.pop()
        if record not in found:
            found[record] = f"{record.__name__} {size_of(record)}" + "".join(
                f" {field.name} {field.offset} {_text(field.kind)}"
                for field in record.fields.values()
            )
            pending += [r for field in record.fields.values() for r in _records(field.kind)]
    return "; ".join([_text(value), *sorted(found.values())])


def _records(value: Any) -> list[type[Record]]:
    """The record that a kind of field is or leads to, if any."""
    inner = getattr(value, "element", value)
    inner = getattr(inner, "record", inner)
    return [inner] if is_record(inner) else []


def _text(value: Any) -> str:
    if is_record(value):
        return str(value.__name__)
    inner = getattr(value, "element", None) or getattr(value, "record", None)
    what = getattr(value, "code", "") if inner is None else _text(inner)
    return f"{type(value).__name__}({what}{getattr(value, 'count', '')})"
