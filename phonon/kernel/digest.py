"""Hashes everything that a kernel's code depends on: its function, all it refers to, the compiler.

Functions are hashed by bytecode, not by source, so that no file is read and comments may change.
Of records, all fields count that a function can reach.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import types
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, cast

import llvmlite
import llvmlite.binding as llvm

from phonon.kernel.form import Form, is_helper
from phonon.kernel.native import is_native, signature_of
from phonon.kernel.records import Record, described, is_record, parameter_shapes

# The modules that a kernel's code depends on; those that only run or load it are not among them.
COMPILER = ("body", "build", "engine_compiler", "engine_fields", "engine_words", "form",
            "io_layout", "lines", "maths", "native", "ops", "polynomials", "records",
            "unit_compiler", "unit_words")  # fmt: skip


@cache
def compiler_digest() -> bytes:
    """A hash of the compiler's own sources, its libraries, this Python and this processor."""
    found = hashlib.sha256(importlib.util.MAGIC_NUMBER)
    folder = Path(__file__).parent
    for name in COMPILER:
        found.update((folder / f"{name}.py").read_bytes())
    found.update(repr((llvmlite.__version__, llvm.llvm_version_info)).encode())
    found.update(llvm.get_process_triple().encode())
    found.update(llvm.get_host_cpu_name().encode())
    found.update(llvm.get_host_cpu_features().flatten().encode())
    return found.digest()


def kernel_key(form: Form, width: int, rates: str) -> str:
    """The key of a kernel in the object cache."""
    return _key(f"{form.parameters}{form.inputs}{form.states}{width}{rates}", form.function)


def native_key(function: Callable[..., Any]) -> str:
    """The key of an engine function in the object cache."""
    return _key(f"{signature_of(function)}{os.name}", function)


def _key(text: str, function: Callable[..., Any]) -> str:
    found = hashlib.sha256(compiler_digest())
    found.update(text.encode())
    found.update(function_digest(function))
    return found.hexdigest()[:40]


@cache
def function_digest(function: Callable[..., Any]) -> bytes:
    """A hash of a function's bytecode and of everything that it refers to, recursively."""
    found = hashlib.sha256()
    names: list[str] = []
    _add_code(found, function.__code__, names)
    found.update(repr(function.__defaults__).encode())
    if is_native(function):
        for name, shape in parameter_shapes(function).items():
            found.update(f"{name}:{described(shape)}".encode())
    for name in names:
        value = function.__globals__.get(name)
        if value is function:
            continue
        if is_helper(value) or is_native(value):
            found.update(function_digest(cast(Callable[..., Any], value)))
        elif is_record(value):
            found.update(f"{name}={described(cast('type[Record]', value))}".encode())
        elif isinstance(value, int | float | tuple | list):
            found.update(f"{name}={value!r}".encode())
        else:
            found.update(f"{name}:{getattr(value, '__qualname__', type(value))}".encode())
    return found.digest()


def _add_code(found: Any, code: types.CodeType, names: list[str]) -> None:
    found.update(code.co_code)
    found.update(repr((code.co_names, code.co_varnames, code.co_freevars)).encode())
    names += [name for name in code.co_names if name not in names]
    for constant in code.co_consts[1 if code.co_consts[:1] and _is_doc(code) else 0 :]:
        if isinstance(constant, types.CodeType):
            _add_code(found, constant, names)
        else:
            found.update(repr(constant).encode())


def _is_doc(code: types.CodeType) -> bool:
    return isinstance(code.co_consts[0], str)
