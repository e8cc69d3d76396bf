"""Vectors of 16 floats as a type of numba's."""

from __future__ import annotations

import operator
from typing import Any

from llvmlite import ir
from numba.core import types
from numba.core.datamodel import models
from numba.core.typing import signature
from numba.core.typing.templates import AbstractTemplate
from numba.extending import lower_builtin, register_model, type_callable  # noqa: F401
from numba.core.typing.templates import infer_global

from phonon.kernel.ops import F32, FLAGS, I32

ROW = ir.VectorType(F32, 16)


class LanesType(types.Type):  # type: ignore[misc]
    """16 floats in one register (or two, or four)."""

    def __init__(self) -> None:
        super().__init__(name="lanes16")


LANES = LanesType()


@register_model(LanesType)
class LanesModel(models.PrimitiveModel):  # type: ignore[misc]
    """LLVM's own vector."""

    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, ROW)


def splat(builder: Any, value: Any) -> Any:
    """16 times a float."""
    base = ir.Constant(ROW, ir.Undefined)
    one = builder.insert_element(base, value, ir.Constant(I32, 0))
    return builder.shuffle_vector(one, base, ir.Constant(ir.VectorType(I32, 16), [0] * 16))


def _operator(function: Any, write: str) -> None:
    @infer_global(function)
    class Template(AbstractTemplate):  # type: ignore[misc]
        def generic(self, args: Any, kws: Any) -> Any:  # noqa: ARG002 — numba's calling convention
            if len(args) == 2 and args[0] == LANES:
                return signature(LANES, LANES, LANES if args[1] == LANES else types.float32)
            return None

    @lower_builtin(function, LANES, LANES)
    def lanes(context: Any, builder: Any, sig: Any, args: Any) -> Any:  # noqa: ARG001
        return getattr(builder, write)(*args, flags=FLAGS)

    @lower_builtin(function, LANES, types.float32)
    def number(context: Any, builder: Any, sig: Any, args: Any) -> Any:  # noqa: ARG001
        return getattr(builder, write)(args[0], splat(builder, args[1]), flags=FLAGS)


_operator(operator.add, "fadd")
_operator(operator.sub, "fsub")
_operator(operator.mul, "fmul")
