"""The engine's own functions as machine code: loops over memory, written in a little Python.

    @machine("i64(i64, i64)")
    def render(engine, frames): ...

A function on whole numbers (64 bits) and floats, with addresses for data: `words(address)[3]` is
the fourth 64-bit word behind an address, `floats`, `doubles` and `bits` likewise. There are
assignments, arithmetic, `if`, `while`, `for … in range(…)`, calls of other such functions and of
the words below; nothing can raise or allocate. `phonon.kernel.loops` writes it straight to LLVM,
because numba's front end takes ten seconds for what this takes half a second. Importing this
module imports neither.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn, TypeVar, overload

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")


@overload
def machine(signature: F, /) -> F: ...
@overload
def machine(signature: str, /) -> Callable[[F], F]: ...
def machine(signature: F | str, /) -> F | Callable[[F], F]:
    """Record a function of this form; with a signature, `"void(i64, i64)"`, it has an address.

    Its parameters and its result, if any, are then 64-bit numbers.
    """
    if isinstance(signature, str):
        return lambda function: _marked(function, signature)
    return _marked(signature, "")


def _marked(function: F, signature: str) -> F:
    function.__phonon_machine__ = signature  # type: ignore[attr-defined]
    return function


def is_machine(value: object) -> bool:
    """Whether a value is a function recorded in this form."""
    return isinstance(getattr(value, "__phonon_machine__", None), str)


def signature_of(function: Callable[..., Any]) -> str:
    """The C signature of a recorded function; TypeError where it has none."""
    text = getattr(function, "__phonon_machine__", "")
    if not text:
        raise TypeError(f"{function.__qualname__} has no @machine signature, so it has no address")
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
    """Read a place (`ring.tail`, `words(address)[3]`) that another thread releases."""
    _only_compiled("acquire")


def release(place: T, value: T) -> None:
    """Write a place so that who acquires it sees all that was written before."""
    _only_compiled("release")


def flush_denormals() -> int:
    """Treat denormal floats as zero on this thread from now on; returns the mode before."""
    _only_compiled("flush_denormals")


def restore_denormals(mode: int) -> None:
    """Go back to the mode that `flush_denormals` returned."""
    _only_compiled("restore_denormals")
