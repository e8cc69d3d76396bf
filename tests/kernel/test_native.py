import ctypes
import math

import numpy as np
import pytest

from phonon.errors import PhononError
from phonon.kernel.harness import block, rows
from phonon.kernel.intrinsics import (
    Lanes,
    abs16,
    add16,
    bad16,
    call_kernel,
    clear_bytes,
    copy_bytes,
    ftz_restore,
    ftz_set,
    is_finite,
    lane16,
    load16,
    load_acquire,
    max16,
    min16,
    peek_f32,
    peek_f64,
    peek_i32,
    peek_i64,
    peek_u32,
    poke_f32,
    poke_f64,
    poke_i32,
    poke_i64,
    set_lane16,
    splat16,
    store16,
    store_release,
    sum16,
    ticks,
    top16,
)
from phonon.kernel.library import load
from phonon.kernel.native import native

SCALE = 3
STEPS = (1, 2, 3)


@native
def scaled(x):
    return x * SCALE


@native
def bumped(x):
    return scaled(x) + 1 + len(STEPS)


@native("i64(i64)")
def entry(x):
    total = 0
    for i in range(x):
        total += bumped(i)
    return total


@native("void(i64, i64)")
def shuffle(source, target):
    poke_i64(target, peek_i64(source) + 1)
    poke_i32(target + 8, peek_i32(source + 8) - peek_u32(source + 12))
    poke_f32(target + 16, peek_f32(source + 16) * 2)
    poke_f64(target + 24, peek_f64(source + 24) * 2)
    store_release(target + 32, load_acquire(source + 32))
    copy_bytes(target + 40, source + 40, 8)
    clear_bytes(target + 48, 8)
    poke_i64(target + 56, 1 if is_finite(peek_f64(source + 24)) else 0)


@native("f32(i64, i64)")
def mixed(a, b):
    lanes = max16(load16(a) * splat16(2) - load16(b), abs16(load16(b)) * 0.5)
    lanes = min16(lanes, splat16(7.5))
    store16(a, set_lane16(lanes, 3, lane16(lanes, 4) + sum16(lanes)))
    add16(b, lanes + 1.0)
    return top16(lanes) if not bad16(load16(b)) else -1.0


@native("void(i64, i64, i64)")
def halve(io, off, n):
    poke_f32(io, peek_f32(io) * 0.5)


@native("void(i64, i64)")
def halve_flushing(address, io):
    before = ftz_set()
    call_kernel(address, io, 0, 1)
    ftz_restore(before)
    call_kernel(address, io + 4, 0, 1)


@native("void(i64, i64, i64)")
def counted(io, off, n):
    poke_i64(io, peek_i64(io) + off * n)


@native("i64(i64, i64)")
def calling(address, io):
    call_kernel(address, io, 3, 5)
    call_kernel(address, io, 2, 5)
    return peek_i64(io)


def compiled(function, result, *arguments):
    return ctypes.CFUNCTYPE(result, *arguments)(load([function])[function])


I64, F32 = ctypes.c_int64, ctypes.c_float


def test_a_native_function_calls_others_and_sees_its_modules_numbers():
    assert compiled(entry, I64, I64)(10) == entry(10)


def test_memory_words_do_compiled_what_they_do_in_python():
    source = block(64)
    source[:] = np.arange(64) * 37 % 251
    source[24:32].view(np.float64)[0] = 1.25
    source[16:20].view(np.float32)[0] = -0.75
    source[15] = 255
    python, machine = block(64), block(64)
    machine[:] = python[:] = 9
    shuffle(source.ctypes.data, python.ctypes.data)
    compiled(shuffle, None, I64, I64)(source.ctypes.data, machine.ctypes.data)
    assert bytes(python) == bytes(machine)


def test_lane_words_do_compiled_what_they_do_in_python():
    def operands():
        a, b = rows(1, 16), rows(1, 16)
        a[0], b[0] = np.linspace(-2, 5, 16), np.linspace(3, -1, 16)
        return a, b

    python, machine = operands(), operands()
    meant = mixed(*(array.ctypes.data for array in python))
    found = compiled(mixed, F32, I64, I64)(*(array.ctypes.data for array in machine))
    assert found == pytest.approx(meant, rel=1e-6)
    for one, other in zip(python, machine, strict=True):
        np.testing.assert_allclose(other, one, rtol=1e-6)


def test_not_a_number_is_noticed():
    a, b = rows(1, 16), rows(1, 16)
    b[0, 5] = math.nan
    assert compiled(mixed, F32, I64, I64)(a.ctypes.data, b.ctypes.data) == -1


def test_denormals_are_flushed_only_between_set_and_restore():
    numbers = np.full(2, 1.5e-38, np.float32)
    kernel = load([halve])[halve]
    compiled(halve_flushing, None, I64, I64)(kernel, numbers.ctypes.data)
    assert numbers[0] == 0.0
    assert 0.0 < numbers[1] < 1e-38


def test_a_kernel_is_called_by_its_address():
    io = np.zeros(1, np.int64)
    addresses = load([counted, calling])
    call = ctypes.CFUNCTYPE(I64, I64, I64)(addresses[calling])
    assert call(addresses[counted], io.ctypes.data) == 25


@native("i64()")
def now():
    return ticks()


def test_ticks_rise():
    call = compiled(now, I64)
    first = call()
    assert call() > first


def test_plain_lanes_calculate():
    assert (Lanes([1.0] * 16) + 2.0).items == [3.0] * 16


@native("i64(i64)")
def wrong(x):
    return x.no_such_thing


def test_a_function_that_cannot_be_compiled_is_named():
    with pytest.raises(PhononError, match="wrong cannot be compiled"):
        load([wrong])


@native("i64(string)")
def odd(x):
    return 0


def test_an_unknown_type_is_named():
    with pytest.raises(PhononError, match="string"):
        load([odd])
