"""Marks the engine's own functions, loops over memory that are compiled to machine code.

    @native("i64(i64, i64)")
    def render(engine: EngineRecord, frames: int): ...

They calculate with whole numbers (64 bits) and floats. Memory is read and written by the names of
records (`phonon.kernel.records`): a parameter that is annotated with a record is its address, and
`engine.plan`, `engine.peaks[3]` and `for row in plan.rows` are what they are in Python. Signals and
state are plain addresses: `floats(address)[3]` is the fourth float behind one; `words`, `doubles`
and `bits` likewise. There are assignments, arithmetic, `if`, `while`, `for … in range(…)`, calls
of other such functions and of the words below; nothing can raise or allocate.

`engine_compiler` writes them straight to LLVM, because numba's front end takes ten seconds for what
this takes half a second. Importing this module imports neither.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn, TypeVar, overload

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")


@overload
def native(signature: F, /) -> F: ...
@overload
def native(signature: str, /) -> Callable[[F], F]: ...
def native(signature: F | str, /) -> F | Callable[[F], F]:
    """Mark a function as native; with a signature, `"void(i64, i64)"`, it can be loaded by address.

    Its parameters and its result, if any, are then 64-bit numbers.
    """
    if isinstance(signature, str):
        return lambda function: _marked(function, signature)
    return _marked(signature, "")


def _marked(function: F, signature: str) -> F:
    function.__phonon_native__ = signature  # type: ignore[attr-defined]
    return function


def is_native(value: object) -> bool:
    """Whether a value is a function marked as native."""
    return isinstance(getattr(value, "__phonon_native__", None), str)


def signature_of(function: Callable[..., Any]) -> str:
    """The C signature of a native function; TypeError where it has none."""
    text = getattr(function, "__phonon_native__", "")
    if not text:
        raise TypeError(f"{function.__qualname__} has no @native signature, so it has no address")
    return str(text)


def _only_compiled(name: str) -> NoReturn:
    raise TypeError(f"{name} means something in compiled functions only")


def words(address: int) -> Any:
    """The 64-bit words behind an address."""
    _only_compiled("words")


def floats(address: int) -> Any:
    """The single floats behind an address."""
    _only_compiled("floats")


def doubles(address: int) -> Any:
    """The double floats behind an address."""
    _only_compiled("doubles")


def bits(address: int) -> Any:
    """The unsigned 32-bit words behind an address."""
    _only_compiled("bits")


def uint32(value: Any) -> Any:
    """The low 32 bits, unsigned; arithmetic on them wraps."""
    _only_compiled("uint32")


def float32(value: Any) -> Any:
    """A single float."""
    _only_compiled("float32")


def call(function: int, *arguments: int) -> None:
    """Call a kernel, or any function of 64-bit numbers, by its address."""
    _only_compiled("call")


def address_of(memory: object) -> int:
    """The address of a record, of a table's bounds, or of cells."""
    _only_compiled("address_of")


def acquire(place: T) -> T:
    """Read a field or element (`ring.tail`, `words(address)[3]`) that another thread releases."""
    _only_compiled("acquire")


def release(place: T, value: T) -> None:
    """Write a field or element; a thread that acquires it sees everything written before."""
    _only_compiled("release")


def flush_denormals() -> int:
    """Treat denormal floats as zero on this thread from now on; returns the mode before."""
    _only_compiled("flush_denormals")


def restore_denormals(mode: int) -> None:
    """Go back to the mode that `flush_denormals` returned."""
    _only_compiled("restore_denormals")
