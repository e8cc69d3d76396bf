"""Loads kernels and the engine's functions: from memory, from the cache, or newly compiled.

`load` never imports numba: what is missing is compiled in a worker process. Code stays loaded
until the process ends (2–4 KB each), so an address stays good.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import llvmlite.binding as llvm

from phonon.errors import PhononError
from phonon.kernel import compiler
from phonon.kernel.digest import kernel_key, native_key
from phonon.kernel.form import Form
from phonon.kernel.native import signature_of
from phonon.kernel.object_cache import ObjectCache

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class KernelKey:
    """A kernel: a unit (or any form) at a width, with "a" or "k" for each of its slots."""

    form: Form
    width: int
    rates: str


Item = KernelKey | Callable[..., Any]
"""A kernel's key, or a function decorated with @native and a signature."""

_lock = threading.RLock()
_addresses: dict[str, int] = {}
_cache: list[ObjectCache] = []


def load(items: Iterable[Item], progress: Progress | None = None) -> dict[Item, int]:
    """The address of every item; compiles what neither memory nor the cache has.

    `progress(done, total)` is called before and after every kernel that has to be compiled, and
    not at all if none has. PhononError says what could not be compiled.
    """
    keys = {item: item_key(item) for item in items}
    with _lock:
        missing = {key: item for item, key in keys.items() if key not in _addresses}
        for key in list(missing):
            code = object_cache().get(key)
            if code is not None and _linked(key, code):
                del missing[key]
        if missing:
            _compile(missing, progress)
        return {item: _addresses[key] for item, key in keys.items()}


def ready(items: Iterable[Item]) -> bool:
    """Whether `load` would return at once: nothing is compiled now, or would have to be."""
    if not _lock.acquire(blocking=False):
        return False
    try:
        return all(
            key in _addresses or object_cache().get(key) is not None for key in map(item_key, items)
        )
    finally:
        _lock.release()


def item_key(item: Item) -> str:
    """The name of an item's code; it changes whenever the code might."""
    if isinstance(item, KernelKey):
        return kernel_key(item.form, item.width, item.rates)
    return native_key(item)


def object_cache() -> ObjectCache:
    """The object cache that keeps code between runs."""
    if not _cache:
        _cache.append(ObjectCache())
    return _cache[0]


def use_object_cache(new: ObjectCache) -> None:
    """Keep code elsewhere from now on, and forget what is loaded (for tests)."""
    with _lock:
        _cache[:] = [new]
        _addresses.clear()


def _compile(missing: dict[str, Item], progress: Progress | None) -> None:
    total = len(missing)
    if progress:
        progress(0, total)
    jobs = [_job(key, item) for key, item in missing.items()]
    for done, (key, code) in enumerate(compiler.compile_jobs(jobs), 1):
        object_cache().put(key, code)
        if not _linked(key, code):
            raise PhononError(f"the code of {_label(missing[key])} cannot be loaded")
        if progress:
            progress(done, total)


def _job(key: str, item: Item) -> compiler.Job:
    if isinstance(item, KernelKey):
        return compiler.Job(key, item.form.function, item.width, item.rates)
    return compiler.Job(key, item, signature=signature_of(item))


def _label(item: Item) -> str:
    if isinstance(item, KernelKey):
        return f"{item.form.name} ({item.width} wide, {item.rates})"
    return str(item.__qualname__)


@cache
def _engine() -> Any:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    target = llvm.Target.from_triple(llvm.get_process_triple())
    machine = target.create_target_machine(jit=True)
    return llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)


def _linked(key: str, code: bytes) -> bool:
    """Load an object and note its address."""
    engine = _engine()
    try:
        engine.add_object_file(llvm.ObjectFileRef.from_data(code))
        engine.finalize_object()
        address = engine.get_function_address(compiler.symbol(key))
    except RuntimeError:
        return False
    if address:
        _addresses[key] = address
    return bool(address)
