"""`@native`: the engine's own functions, compiled by numba in the worker and kept like kernels.

    @native("i64(i64, i64)")
    def render(engine, frames): ...

records the function; nothing is compiled and numba is not imported. Without a signature (plain
`@native`), a function can only be called by other native functions, and is inlined or not as LLVM
likes. The body is numba's Python (nopython mode) on numbers: i64 i32 u64 u32 f64 f32 bool and
vectors of 16 floats from phonon.kernel.intrinsics. It must not raise, allocate, or use objects;
integer and float constants of its module are folded in.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, overload

F = TypeVar("F", bound=Callable[..., Any])


@overload
def native(signature: F, /) -> F: ...
@overload
def native(signature: str, /) -> Callable[[F], F]: ...
def native(signature: F | str, /) -> F | Callable[[F], F]:
    """Record a function for compilation, with a C signature such as "void(i64, f32)"."""
    if not isinstance(signature, str):
        return _marked(signature, "")
    return lambda function: _marked(function, signature)


def _marked(function: F, signature: str) -> F:
    function.__phonon_native__ = signature  # type: ignore[attr-defined]
    return function


def is_native(value: object) -> bool:
    """Whether a value is a native function, with or without a signature."""
    return isinstance(getattr(value, "__phonon_native__", None), str)


def signature_of(function: Callable[..., Any]) -> str:
    """The C signature of a native function; TypeError where it has none."""
    text = getattr(function, "__phonon_native__", "")
    if not text:
        raise TypeError(f"{function.__qualname__} has no @native signature, so it has no address")
    return str(text)
