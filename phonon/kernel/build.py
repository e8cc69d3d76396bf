"""Compiles kernels and the engine's functions to object code.

It runs in the worker process, never in the one that makes music: `compile_kernels` is where numba
is imported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import llvmlite.binding as llvm
from llvmlite import ir

from phonon.kernel.body import write_kernel
from phonon.kernel.engine_compiler import write_function
from phonon.kernel.form import Form


def compile_kernels(wanted: Sequence[tuple[str, Form, int, str]]) -> Iterator[tuple[str, bytes]]:
    """Object code for (symbol, form, width, rates), one object each.

    One numba compilation carries them all: its intrinsic writes every kernel into the module that
    numba is compiling, whose passes then optimise them. numba's front end alone, which kernels
    written as its own functions would go through, takes 35 to 180 ms for each.
    """
    from numba import cfunc
    from numba.core import types
    from numba.extending import intrinsic

    def generate(context: Any, builder: Any, *_: Any) -> Any:
        for symbol, form, width, rates in wanted:
            write_kernel(builder.module, symbol, form, width, rates)
        return context.get_dummy_value()

    def write_all(typing_context: Any) -> Any:  # noqa: ARG001 — numba's calling convention
        return types.void(), generate

    write: Any = intrinsic(write_all)

    def carry() -> None:
        write()

    carrier: Any = cfunc("void()")(carry)
    module = carrier._library._final_module  # noqa: SLF001 — the only way to the optimised code
    machine = target_machine()
    for symbol, *_ in wanted:
        yield symbol, standalone(module.clone(), symbol, machine)


def compile_native(symbol: str, function: Callable[..., Any]) -> bytes:
    """Object code of one of the engine's functions, optimised for this machine."""
    written = ir.Module(symbol)
    written.triple = llvm.get_process_triple()
    write_function(written, symbol, function)
    module = llvm.parse_assembly(str(written))
    machine = target_machine()
    options = llvm.create_pipeline_tuning_options(speed_level=2)
    builder = llvm.create_pass_builder(machine, options)
    builder.getModulePassManager().run(module, builder)
    return standalone(module, symbol, machine)


def target_machine() -> Any:
    """LLVM's description of this processor, with all its features."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    target = llvm.Target.from_triple(llvm.get_process_triple())
    features = llvm.get_host_cpu_features().flatten()
    return target.create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=features, opt=3, reloc="pic", codemodel="default"
    )


def standalone(module: Any, symbol: str, machine: Any) -> bytes:
    """Object code of one function of an optimised module and of everything that it calls."""
    for value in [*module.functions, *module.global_variables]:
        if not value.is_declaration and value.name != symbol:
            value.linkage = "internal"
    passes = llvm.create_new_module_pass_manager()
    passes.add_global_dead_code_eliminate_pass()
    passes.run(module, llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options()))
    return bytes(machine.emit_object(module))
