import ctypes

import numpy as np
import pytest

from phonon.errors import PhononError
from phonon.kernel.harness import block
from phonon.kernel.library import load
from phonon.kernel.native import (
    acquire,
    bits,
    call,
    doubles,
    float32,
    floats,
    flush_denormals,
    native,
    release,
    restore_denormals,
    uint32,
    words,
)

SCALE = 3


@native
def scaled(x):
    return x * SCALE


@native
def bumped(x):
    return scaled(x) + 1 if x > 2 else -x


@native("i64(i64)")
def summed(n):
    total = 0
    for i in range(n):
        if i == 7:
            continue
        total += bumped(i)
    while total % 5 != 0 and total > 0:
        total -= 1
    return total


@native("void(i64, i64)")
def shuffle(source, target):
    s, t = words(source), words(target)
    t[0] = s[0] + 1
    bits(target)[2] = uint32(bits(source)[2]) * 3 + 1
    floats(target)[4] = min(abs(floats(source)[4]), float32(0.5)) * 2
    doubles(target)[3] = doubles(source)[3] / 4
    release(words(target)[4], acquire(words(source)[4]))


@native("void(i64, i64, i64)")
def halve(io, off, n):
    f = floats(io)
    for i in range(n):
        f[off + i] *= 0.5


@native("void(i64, i64)")
def halve_flushing(address, io):
    before = flush_denormals()
    call(address, io, 0, 1)
    restore_denormals(before)
    call(address, io, 1, 1)


def compiled(function, *arguments):
    return ctypes.CFUNCTYPE(*arguments)(load([function])[function])


I64 = ctypes.c_int64


def test_a_function_calls_others_and_sees_its_modules_numbers():
    assert compiled(summed, I64, I64)(10) == summed(10)


def test_memory_is_read_and_written_by_address():
    source, target = block(64), block(64)
    source.view(np.int64)[0], source.view(np.uint32)[2] = 41, 0xF0000000
    source.view(np.float32)[4], source.view(np.float64)[3] = -0.25, 5.0
    source.view(np.int64)[4] = -7
    compiled(shuffle, None, I64, I64)(source.ctypes.data, target.ctypes.data)
    assert target.view(np.int64)[0] == 42
    assert target.view(np.uint32)[2] == 0xD0000001
    assert target.view(np.float32)[4] == 0.5
    assert target.view(np.float64)[3] == 1.25
    assert target.view(np.int64)[4] == -7


@native("void(i64)")
def shift_right(address):
    unsigned, signed = bits(address), words(address)
    unsigned[0] = unsigned[0] >> 4
    unsigned[1] >>= uint32(31)
    signed[1] = signed[1] >> 4
    signed[2] >>= 63


def test_a_shift_to_the_right_is_logical_on_bits_and_keeps_the_sign_of_words():
    memory = block(64)
    memory.view(np.uint32)[:2] = 0xF0000010, 0x80000000
    memory.view(np.int64)[1:3] = -40, -1
    compiled(shift_right, None, I64)(memory.ctypes.data)
    assert list(memory.view(np.uint32)[:2]) == [0x0F000001, 1]
    assert list(memory.view(np.int64)[1:3]) == [-3, -1]


@native("void(i64)")
def compare_to_itself(address):
    numbers, results = doubles(address), words(address + 16)
    for index in range(2):
        results[2 * index] = 1 if numbers[index] == numbers[index] else 0
        results[2 * index + 1] = 1 if numbers[index] != numbers[index] else 0


def test_only_nan_differs_from_itself():
    memory = block(64)
    memory.view(np.float64)[:2] = 1.0, np.nan
    compiled(compare_to_itself, None, I64)(memory.ctypes.data)
    assert list(memory.view(np.int64)[2:6]) == [1, 0, 0, 1]


def test_denormals_are_flushed_only_between_set_and_restore():
    numbers = np.full(2, 1.5e-38, np.float32)
    kernel = load([halve])[halve]
    compiled(halve_flushing, None, I64, I64)(kernel, numbers.ctypes.data)
    assert 0.0 < numbers[1] < 1e-38
    if ctypes.sizeof(ctypes.c_void_p) == 8:
        assert numbers[0] == 0.0


@native("i64(i64)")
def wrong(x):
    return x.no_such_thing


@native("i64(i64)")
def unknown(x):
    return print(x)


@pytest.mark.parametrize("function", [wrong, unknown])
def test_a_function_that_cannot_be_compiled_is_named_with_its_place(function):
    with pytest.raises(PhononError, match=rf"{function.__name__}.*test_native.py:\d+"):
        load([function])


def test_only_functions_with_a_signature_have_an_address():
    with pytest.raises(TypeError, match="scaled has no @native signature"):
        load([scaled])
