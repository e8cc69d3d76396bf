"""Calls of `track`, the unit whose argument is a list of keyframes."""

from __future__ import annotations

from collections.abc import Callable

from phonon.dsp.registry import units
from phonon.dsp.tracks import CURVES, Keyframe, keyframes
from phonon.errors import Fault, Span, nearest
from phonon.lang.conversions import constant
from phonon.lang.unit_calls import Keywords
from phonon.lang.values import ListValue, PatternValue, RowValue, UnitCall, Value, describe
from phonon.patterns import Pattern, cycles, signal
from phonon.patterns.time import exact

LARGEST = 1e12  # of the numbers of a keyframe
STEEPEST = 100  # a curvature beyond is a step


def track(arguments: tuple[Value, ...], keywords: Keywords, span: Span) -> UnitCall:
    """`track [0 200, 4 2000 exp, 8 400] :loop 8`: value 200 at cycle 0, 2000 at cycle 4 …"""
    if len(arguments) != 1 or not isinstance(arguments[0], ListValue):
        raise Fault("track takes one list of keyframes: track [0 200, 4 2000 exp, 8 400]", span)
    for name in keywords:
        if name != "loop":
            raise Fault(f"track has no parameter :{name}", span, nearest(name, ["loop"]))
    try:
        data = keyframes([_keyframe(item) for item in arguments[0].items])
    except ValueError as error:
        raise Fault(str(error), arguments[0].span) from None
    position = PatternValue(lambda _: _position(keywords.get("loop")), span)
    return UnitCall(units()["track"], (position,), span, data)


def _keyframe(item: Value) -> Keyframe:
    """The cycle, the value and the curve of one keyframe."""
    if not isinstance(item, RowValue) or not 2 <= len(item.items) <= 3:
        raise Fault("a keyframe is a cycle and a value, and perhaps a curve: 4 2000 exp", item.span)
    numbers: list[float] = []
    for part in item.items[:2]:
        value = None if isinstance(part, str) else constant(part, "number")
        if not isinstance(value, int | float):
            raise Fault("the cycle and the value of a keyframe are plain numbers", item.span)
        if not -LARGEST <= value <= LARGEST:
            raise Fault(f"{float(value):g} is too large for a keyframe", item.span)
        numbers.append(float(value))
    shape = item.items[2] if len(item.items) == 3 else "lin"
    if isinstance(shape, str):
        if shape not in CURVES:
            raise Fault(f"`{shape}` is no curve", item.span, nearest(shape, CURVES))
        return numbers[0], numbers[1], shape
    curvature = constant(shape, "number")
    if not isinstance(curvature, int | float):
        raise Fault(f"a curve is a word or a number, not {describe(shape)}", item.span)
    if not -STEEPEST <= curvature <= STEEPEST:
        raise Fault(f"a curvature is between -{STEEPEST} and {STEEPEST}", item.span)
    return numbers[0], numbers[1], float(curvature)


def _position(loop: Value | None) -> Pattern:
    """The position in cycles, counted round if the track loops."""
    if loop is None:
        return signal(lambda time: float(cycles(time)))
    length = constant(loop, "time")
    if not isinstance(length, int | float) and length is None:
        raise Fault("the length of a loop is a plain number of cycles", loop.span)
    around = exact(length)  # type: ignore[arg-type]
    if around <= 0:
        raise Fault("a loop is longer than 0 cycles", loop.span)
    return signal(lambda time: float(cycles(time) % around))


SPECIAL: dict[str, Callable[[tuple[Value, ...], Keywords, Span], Value]] = {"track": track}
