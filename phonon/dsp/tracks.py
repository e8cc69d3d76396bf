"""Keyframe tracks: values at cycles, and the curves between them."""

import math
from collections.abc import Iterable
from itertools import pairwise

from phonon.dsp.registry import unit
from phonon.kernel.form import audio, state, table
from phonon.kernel.maths import clip, exp2, look, search

Keyframe = tuple[float, float, str | float]
"""A cycle, the value there, and the curve that leads from the keyframe before to it."""

CURVES = ("lin", "step", "exp", "cubic")
ROW = 7  # numbers per segment: 1 / length, four coefficients, the height and rate of a bend


@unit()
def track(position: audio, *, times: table, shapes: table, near: state):
    """Automation: passes through the given values at the given cycles.

    The word after a value is the curve that leads to it: `lin` (a straight line, the default),
    `step` (a jump at its cycle), `exp` (exponential), `cubic` (slow at both ends), or a number
    for the curvature. The first value holds before it, the last one after it.

    >>> saw 110 # lpf (track [0 200, 4 2000 exp, 8 400])
    """
    near = search(times, position, near)
    start = near * ROW
    way = clip((position - look(times, near)) * look(shapes, start), 0.0, 1.0)
    cubic = look(shapes, start + 4.0)
    for k in range(3):
        cubic = cubic * way + look(shapes, start + (3.0 - k))
    return cubic + look(shapes, start + 5.0) * exp2(look(shapes, start + 6.0) * way)


def keyframes(keys: Iterable[Keyframe]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The tables of a track: its times in order, and a row of ROW numbers for what follows each.

    Keys may come in any order; of two at one time the later given one comes last, so the
    value jumps. ValueError where there is no key, or `exp` would lead through 0.
    """
    ordered = sorted(keys, key=lambda key: key[0])
    if not ordered:
        raise ValueError("a track needs at least one keyframe")
    rows: list[float] = []
    for (time, value, _), (end, goal, curve) in pairwise(ordered):
        rows += _row(end - time, value, goal, curve)
    rows += _row(0.0, ordered[-1][1], ordered[-1][1], "step")
    return tuple(time for time, _, _ in ordered), tuple(rows)


def _row(length: float, value: float, goal: float, curve: str | float) -> list[float]:
    """Coefficients of c₀ + c₁u + c₂u² + c₃u³ + height · 2^(rate · u), u from 0 to 1."""
    pace = 1.0 / length if length > 0 else 0.0
    rise = goal - value
    if curve == "step":
        return [pace, value, 0.0, 0.0, 0.0, 0.0, 0.0]
    if curve == "cubic":
        return [pace, value, 0.0, 3 * rise, -2 * rise, 0.0, 0.0]
    if curve == "exp":
        if value * goal <= 0:
            raise ValueError(f"exp cannot lead from {value:g} to {goal:g}: both must be above 0")
        return [pace, 0.0, 0.0, 0.0, 0.0, value, math.log2(goal / value)]
    if isinstance(curve, str) and curve != "lin":
        raise ValueError(f"a track has no curve {curve!r}, only {', '.join(CURVES)} or a number")
    if isinstance(curve, str) or abs(curve) < 0.01:
        return [pace, value, rise, 0.0, 0.0, 0.0, 0.0]
    bend = min(max(float(curve), -64.0), 64.0)
    height = rise / math.expm1(bend)
    return [pace, value - height, 0.0, 0.0, 0.0, height, bend * math.log2(math.e)]
