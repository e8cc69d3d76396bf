"""Records: declared once, read and written by name in compiled functions and in Python."""

import ctypes
import importlib.util
import sys

import numpy as np
import pytest

from phonon.errors import PhononError
from phonon.kernel.digest import native_key
from phonon.kernel.library import load
from phonon.kernel.native import acquire, address_of, floats, native, release, words
from phonon.kernel.records import (
    LINE,
    Addresses,
    Cells,
    Record,
    Single,
    Table,
    Word32,
    cells,
    own_line,
    size_of,
    what_follows,
)

I64 = ctypes.c_int64


class Point(Record):
    x: Single
    y: Single
    serial: int
    mark: Word32


class Shape(Record):
    kind: int
    name: int = 7


class Circle(Shape):
    kind: int = 1
    centre: Point
    radius: float


class Scene(Record):
    points: Table[Point]
    circles: Addresses[Circle]
    numbers: Table[int]
    first: Circle
    weights: Cells[float] = cells(3)
    corners: Cells[Point] = cells(2)
    tail: int = own_line()
    head: int = own_line()
    after: int
    rest: Cells[Single] = what_follows()


def table(kind, rows):
    """Rows in memory of their own; returns the table and what keeps it."""
    kept = np.frombuffer(b"".join(map(bytes, rows)), np.uint8).copy()
    begin = kept.ctypes.data
    return Table(kind, begin, begin + len(kept)), kept


@pytest.fixture
def scene():
    """A scene of three points and two circles, and 16 floats behind it."""
    points = [Point(x=n, y=10 * n, serial=n, mark=n) for n in range(3)]
    rows, kept_rows = table(Scene.points.kind.element, points)
    circles = [Circle(centre=rows[n], radius=n + 0.5) for n in range(2)]
    addresses = np.array([circle.address for circle in circles], np.int64)
    numbers = np.array([5, 6, 7], np.int64)
    made = Scene(
        points=rows,
        circles=Table(
            Scene.circles.kind.element, addresses.ctypes.data, addresses.ctypes.data + 16
        ),
        numbers=Table(Scene.numbers.kind.element, numbers.ctypes.data, numbers.ctypes.data + 24),
        first=Circle.at(circles[0].address),
        after=9,
    )
    room = np.zeros(size_of(Scene) + 64, np.uint8)
    room[: size_of(Scene)] = np.frombuffer(bytes(made), np.uint8)
    found = Scene.at(room.ctypes.data)
    yield found
    del points, circles, kept_rows, addresses, numbers, room


@native("i64(i64)")
def count_marks(scene: Scene) -> int:
    total = 0
    for point in scene.points:
        if point.serial == 1:
            continue
        total += point.mark + point.serial
    for circle in scene.circles:
        total += circle.centre.serial
    for number in scene.numbers:
        total += number
    return total


@native("void(i64)")
def write_fields(scene: Scene) -> None:
    scene.first.radius = 2.5
    scene.first.centre.x += 0.25
    scene.weights[1] = scene.first.radius * 2
    for number in range(2):
        corner = scene.corners[number]
        corner.serial = 40 + number
        corner.mark = 1 << 31
    scene.corners[0] = scene.first.centre
    scene.rest[3] = 0.5
    scene.first = Circle.at(scene.circles.begin)


def compiled(function, *arguments):
    return ctypes.CFUNCTYPE(*arguments)(load([function])[function])


def test_compiled_functions_read_tables_pointers_and_numbers_by_name(scene):
    assert compiled(count_marks, I64, I64)(scene.address) == 4 + 1 + 18


def test_a_native_function_returns_the_same_in_python_and_compiled(scene):
    assert count_marks(scene) == compiled(count_marks, I64, I64)(scene.address)


def test_compiled_functions_write_fields_cells_and_copies_of_records(scene):
    circle = scene.first
    compiled(write_fields, None, I64)(scene.address)
    assert circle.radius == 2.5
    assert circle.centre.x == 0.25
    assert list(scene.weights) == [0.0, 5.0, 0.0]
    assert (scene.corners[1].serial, scene.corners[1].mark) == (41, 1 << 31)
    assert (scene.corners[0].serial, scene.corners[0].mark, scene.corners[0].x) == (0, 0, 0.25)
    assert scene.rest[3] == 0.5
    assert scene.first.address == scene.circles.begin
    assert scene.after == 9


@native("void(i64)")
def meet(scene: Scene) -> None:
    release(scene.tail, acquire(scene.head) + 1)
    release(words(address_of(scene))[0], 3)
    floats(address_of(scene.rest))[0] = 1.5


def test_acquire_and_release_act_on_fields_and_cells(scene):
    scene.head = 41
    compiled(meet, None, I64)(scene.address)
    assert scene.tail == 42
    assert scene.points.begin == 3
    assert scene.rest[0] == 1.5


@native("i64(i64)")
def count_rows(scene: Scene) -> int:
    return 100 * len(scene.points) + 10 * len(scene.circles) + len(scene.corners)


def test_tables_and_cells_have_a_length(scene):
    assert compiled(count_rows, I64, I64)(scene.address) == count_rows(scene) == 322


@native("i64(i64)")
def second_of_each(scene: Scene) -> int:
    return scene.points[1].mark + scene.circles[1].centre.serial + scene.numbers[1]


def test_rows_of_tables_are_found_by_number(scene):
    assert compiled(second_of_each, I64, I64)(scene.address) == second_of_each(scene) == 8


def test_a_record_within_a_buffer_keeps_the_buffer_alive():
    point = Point.within(bytearray(bytes(Point(x=1, y=2, serial=3, mark=4))))
    assert (point.x, point.y, point.serial, point.mark) == (1, 2, 3, 4)


@native
def length(circle: Circle) -> int:
    return circle.kind + circle.name


@native("i64(i64)")
def measured(scene: Scene) -> int:
    circle = Circle.at(0)
    if not circle:
        circle = scene.first
    return length(circle) + size_of(Circle) + (1 if circle else 0)


def test_a_record_is_false_only_at_address_zero(scene):
    assert compiled(measured, I64, I64)(scene.address) == 1 + 7 + 32 + 1


def test_a_field_with_its_own_cache_line_shares_it_with_no_other():
    places = sorted(field.offset for field in Scene.fields.values())
    for field in (Scene.tail, Scene.head):
        assert field.offset % LINE == 0
        assert not [place for place in places if 0 < place - field.offset < LINE]


def test_fields_do_not_overlap_and_rows_stay_aligned():
    for record in (Point, Circle, Scene):
        end = 0
        for field in record.fields.values():
            assert field.offset >= end
            end = field.offset + field.kind.size
        assert size_of(record) >= end
        assert size_of(record) % 8 == 0


def test_a_derived_record_can_be_read_as_its_base():
    circle = Circle(centre=Point.at(0), radius=1)
    assert Shape.at(circle).kind == 1
    assert Shape.at(circle).name == 7


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"x": 1, "y": 2, "serial": 3}, "Point needs its field mark"),
        ({"x": 1, "y": 2, "serial": 3, "mark": 4, "z": 5}, "Point has no field z; it has x, y"),
        ({"x": 1, "y": 2, "serial": 0.5, "mark": 4}, "float"),
        ({"x": 1, "y": 2, "serial": 3, "mark": "4"}, "str"),
    ],
)
def test_python_refuses_missing_unknown_and_unfit_fields(given, message):
    with pytest.raises(TypeError, match=message):
        Point(**given)


def test_python_refuses_to_write_what_is_no_field_or_another_record(scene):
    with pytest.raises(AttributeError, match="Scene has no field frist"):
        scene.frist = scene.first
    with pytest.raises(TypeError, match="Point"):
        scene.first = scene.corners[0]
    with pytest.raises(TypeError, match="nowhere to stay"):
        scene.first = Circle(centre=scene.first.centre, radius=1)
    with pytest.raises(TypeError, match="table"):
        scene.points = scene.numbers
    with pytest.raises(IndexError, match="3 cells"):
        scene.weights[3] = 1.0
    with pytest.raises(AttributeError, match="Scene has no field frist"):
        scene.place("frist")


def test_a_declaration_that_cannot_be_laid_out_is_refused():
    for space in (
        {"__annotations__": {"text": str}},
        {"__annotations__": {"parts": Cells[int]}},
        {"__annotations__": {"address": int}},
        {"__annotations__": {"rest": Cells[int], "more": int}, "rest": what_follows()},
    ):
        with pytest.raises(TypeError, match="Wrong"):
            type(Record)("Wrong", (Record,), {"__module__": __name__, **space})
    with pytest.raises(TypeError, match="keeps its kind"):
        type(Record)(
            "Wrong", (Shape,), {"__module__": __name__, "__annotations__": {"kind": float}}
        )


@native("i64(i64)")
def unknown_field(scene: Scene) -> int:
    return scene.first.diameter


@native("void(i64)")
def another_record(scene: Scene) -> None:
    scene.first = scene.corners[0]


@native("i64(i64)")
def another_argument(scene: Scene) -> int:
    return length(scene.corners[0])


@native("i64(i64)")
def arithmetic(scene: Scene) -> int:
    return scene.first + 1


@native("i64(i64)")
def changed_name(scene: Scene) -> int:
    found = 0
    if scene.after:
        found = scene.first
    return found


@native("i64(i64)")
def field_of_a_number(scene: Scene) -> int:
    return scene.after.kind


@native("i64(i64)")
def number_of_a_record(scene: Scene) -> int:
    return scene.first[0]


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (unknown_field, "Circle has no field diameter; it has kind, name, centre, radius"),
        (another_record, "Circle is wanted here, and this is Point"),
        (another_argument, "Circle is wanted here, and this is Point"),
        (arithmetic, "Circle is no number"),
        (changed_name, "found is a number, and this is Circle"),
        (field_of_a_number, "must be a record"),
        (number_of_a_record, "Circle has fields"),
    ],
)
def test_a_wrong_use_is_refused_with_its_place(function, message):
    with pytest.raises(PhononError, match=rf"{function.__name__}.*test_records.py:\d+.*{message}"):
        load([function])


# -- one more field -------------------------------------------------------------------------------

MODULE = """
from phonon.kernel.native import native
from phonon.kernel.records import Record, Table

class Send(Record):
    {first}bus: int
    gain: float

class Strip(Record):
    sends: Table[Send]
    pan: float

@native
def weigh(send: Send) -> float:
    return send.bus * send.gain

@native("i64(i64)")
def total(strip: Strip) -> int:
    found = 0.0
    for send in strip.sends:
        found += send.bus * send.gain
    return found * strip.pan

@native("i64(i64)")
def same(address: int) -> int:
    return address

@native("i64(i64)")
def seen(address: int) -> int:
    return Strip.at(address).sends.begin
"""


def module(folder, name, first=""):
    path = folder / f"{name}.py"
    path.write_text(MODULE.format(first=first))
    spec = importlib.util.spec_from_file_location(name, path)
    found = importlib.util.module_from_spec(spec)
    sys.modules[name] = found
    spec.loader.exec_module(found)
    return found


@pytest.fixture
def before_and_after(tmp_path):
    """A module, and the same with one more field in a record that another one leads to."""
    names = "records_before", "records_after"
    yield module(tmp_path, names[0]), module(tmp_path, names[1], "mute: int\n    ")
    for name in names:
        del sys.modules[name]


def test_writers_and_readers_agree_after_a_field_is_added(before_and_after):
    for found, more in zip(before_and_after, ({}, {"mute": 77}), strict=True):
        sends = [found.Send(bus=n, gain=2.0, **more) for n in (3, 4)]
        rows, kept = table(found.Strip.sends.kind.element, sends)
        strip = found.Strip(sends=rows, pan=0.5)
        assert compiled(found.total, I64, I64)(strip.address) == 7
        assert [send.bus for send in strip.sends] == [3, 4]
        assert len(kept) == 2 * size_of(found.Send)


def test_a_changed_record_changes_the_digest_of_functions_that_use_it(before_and_after):
    before, after = before_and_after
    for name in ("total", "seen"):
        assert native_key(getattr(before, name)) != native_key(getattr(after, name))
    assert native_key(before.same) == native_key(after.same)
