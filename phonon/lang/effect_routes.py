"""Sends only some events to a mix effect: `every 2 (# reverb 0.8)` in every second cycle."""

from __future__ import annotations

from phonon.errors import Fault
from phonon.lang.values import Function, PatternFunction, StreamValue, describe
from phonon.patterns import Pattern, pure
from phonon.score.voice_builder import ROUTE


def routed(function: Function, kind: str, port: str) -> PatternFunction:
    """`function` as a function of patterns: sets controls or sends events to a mix effect."""
    if kind not in ("control", "auto"):
        raise Fault("an effect acts on events, and this pattern has plain values", function.span)
    empty: StreamValue = StreamValue(pure({}), frozenset(), function.span)
    if isinstance(function.apply(empty), StreamValue):
        return lambda pattern: _inside(function, pattern)
    return lambda pattern: pattern.fmap(
        lambda controls: {**controls, ROUTE: (*controls.get(ROUTE, ()), port)}
    )


def _inside(function: Function, pattern: Pattern) -> Pattern:
    result = function.apply(StreamValue(pattern, frozenset(), function.span))
    if not isinstance(result, StreamValue):
        raise Fault(f"this gives {describe(result)} instead of events", function.span)
    return result.pattern
