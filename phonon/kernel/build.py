"""Compiles kernels and native functions to object code; the only module that imports numba.

It runs in the worker process, never in the one that makes music.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import llvmlite.binding as llvm
from llvmlite import ir
from numba import cfunc, njit
from numba.core import types as numba_types
from numba.extending import intrinsic

from phonon.kernel.body import write_kernel
from phonon.kernel.form import Form
from phonon.kernel.machine import is_machine, write_native
from phonon.kernel.native import is_native
from phonon.kernel.numbawords import KINDS, WORDS
from phonon.kernel.ops import FLAGS

NATIVE_OPTIONS = {"nopython": True, "fastmath": set(FLAGS), "error_model": "numpy"}
CALLEE_OPTIONS = {"fastmath": set(FLAGS), "error_model": "numpy"}


def compile_kernels(wanted: Sequence[tuple[str, Form, int, str]]) -> Iterator[tuple[str, bytes]]:
    """Object code for (symbol, form, width, rates), one object each.

    One numba compilation carries them all: its intrinsic writes every kernel into the module
    that numba is compiling, whose passes then optimise them (its front end costs 35 ms a time).
    """

    @intrinsic  # type: ignore[untyped-decorator]
    def write_all(typing_context: Any) -> Any:  # noqa: ARG001 — numba's calling convention
        def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ARG001
            for symbol, form, width, rates in wanted:
                write_kernel(builder.module, symbol, form, width, rates)
            return context.get_dummy_value()

        return numba_types.void(), generate

    carrier = cfunc("void()", **NATIVE_OPTIONS)(_carrying(write_all))
    module = carrier._library._final_module  # noqa: SLF001 — the only way to the optimised code
    machine = target_machine()
    for symbol, *_ in wanted:
        yield symbol, standalone(module.clone(), {symbol: symbol}, machine, optimise=False)


def _carrying(write_all: Callable[[], None]) -> Callable[[], None]:
    def carry() -> None:
        write_all()

    return carry


def compile_native(symbol: str, function: Callable[..., Any], signature: str) -> bytes:
    """Object code of a function in numba's Python, with a C signature."""
    if is_machine(function):
        written = ir.Module(symbol)
        written.triple = llvm.get_process_triple()
        write_native(written, symbol, function)
        module = llvm.parse_assembly(str(written))
        return standalone(module, {symbol: symbol}, target_machine(), optimise=True)
    compiled = cfunc(c_signature(signature), **NATIVE_OPTIONS)(Binder().bound(function))
    module = llvm.parse_assembly(str(compiled._library._final_module))  # noqa: SLF001
    # numba's C wrapper has an error path through the GIL; these functions cannot raise, and once
    # everything is internal the optimiser sees that.
    return standalone(module, {compiled.native_name: symbol}, target_machine(), optimise=True)


def c_signature(text: str) -> Any:
    """A signature such as "f32(i64, i64)" as numba has it."""
    result, _, rest = text.replace(" ", "").partition("(")
    try:
        arguments = [KINDS[name] for name in rest.rstrip(")").split(",") if name]
        return KINDS[result](*arguments)
    except KeyError as unknown:
        raise TypeError(f"{unknown} is no type of @native; known are {', '.join(KINDS)}") from None


class Binder:
    """Rebuilds native functions so that numba finds what they call."""

    def __init__(self) -> None:
        self.made: dict[Callable[..., Any], Any] = {}

    def bound(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, its callees exchanged for what numba compiles."""
        names = dict(function.__globals__)
        for name in function.__code__.co_names:
            value = names.get(name)
            if is_native(value):
                names[name] = self.callee(value)
            elif callable(value) and value in WORDS:
                names[name] = WORDS[value]
            elif type(value) is types.ModuleType and value.__name__ == "phonon.kernel.intrinsics":
                raise TypeError(f"{function.__qualname__}: import intrinsics by name")
        copy = types.FunctionType(function.__code__, names, function.__name__)
        copy.__defaults__, copy.__qualname__ = function.__defaults__, function.__qualname__
        copy.__module__ = function.__module__
        return copy

    def callee(self, function: Any) -> Any:
        """Another native function, as numba calls it."""
        if function not in self.made:
            self.made[function] = njit(**CALLEE_OPTIONS)(self.bound(function))
        return self.made[function]


def target_machine() -> Any:
    """This machine, as exactly as LLVM knows it."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    target = llvm.Target.from_triple(llvm.get_process_triple())
    features = llvm.get_host_cpu_features().flatten()
    return target.create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=features, opt=3, reloc="pic", codemodel="default"
    )


def standalone(module: Any, names: dict[str, str], machine: Any, *, optimise: bool) -> bytes:
    """One object with the named functions (old name → symbol) and what they need."""
    for old, symbol in names.items():
        module.get_function(old).name = symbol
    for value in [*module.functions, *module.global_variables]:
        if not value.is_declaration and value.name not in names.values():
            value.linkage = "internal"
    options = llvm.create_pipeline_tuning_options(speed_level=2 if optimise else 0)
    builder = llvm.create_pass_builder(machine, options)
    if optimise:
        passes = builder.getModulePassManager()
    else:
        passes = llvm.create_new_module_pass_manager()
        passes.add_global_dead_code_eliminate_pass()
    passes.run(module, builder)
    return bytes(machine.emit_object(module))
