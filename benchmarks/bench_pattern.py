"""Microseconds per queried cycle of eight patterns, beside Strudel's figures for the same.

`pytest benchmarks/bench_pattern.py` measures both ways of asking: `later`, cycle after cycle as a
running program does, and `first`, where nothing is remembered from an earlier cycle.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import count
from typing import Any

import pytest

from phonon.patterns import (
    CYCLE,
    Pattern,
    euclid_group,
    fast_from_list,
    fastcat,
    find,
    operate,
    polymeter,
    pure,
    rand,
    saw,
    silence,
    sine,
    slowcat,
    stack,
)

# Strudel 1.2.6 on node 20, µs per cycle on the machine where the targets were set.
STRUDEL = {
    "seq4": 44,
    "polymeter": 378,
    "everyjuxoff": 703,
    "euclid64x8": 5236,
    "chop32": 428,
    "striate32": 1501,
    "degrade": 142,
    "controls": 561,
}


def words(text: str) -> Pattern:
    return fastcat([silence if word == "~" else pure(word) for word in text.split()])


def alternating(text: str) -> Pattern:
    return slowcat([pure(word) for word in text.split()])


def named(name: str, pattern: Pattern) -> Pattern:
    return pattern.fmap(lambda value: {name: value})


def sound(text: str) -> Pattern:
    return named("s", words(text))


def call(name: str, *arguments: Any) -> Pattern:
    transform = find(name)
    assert transform is not None
    return transform.call(*arguments)


def with_control(pattern: Pattern, name: str, values: Pattern) -> Pattern:
    return operate("#", pattern, named(name, values))


def seq4() -> Pattern:
    return sound("bd sn hh cp")


def polymeters() -> Pattern:
    voices = [
        (
            3,
            fastcat(
                [pure("bd").fast(2), words("sn cp").fast(2), slowcat([pure("hh"), pure("oh")])]
            ),
        ),
        (5, words("lt mt ht ~ rim")),
        (4, fastcat([polymeter([(3, words("a b c"))], 4), pure("d"), pure("e").fast(3), silence])),
    ]
    return named("s", polymeter(voices, 8))


def everyjuxoff() -> Pattern:
    drums = with_control(sound("bd sn hh cp"), "n", fast_from_list([0, 1, 2]))
    faster = call("every", 4, lambda p: p.fast(2), drums)
    doubled = call("off", Fraction(1, 8), lambda p: operate("|+", p, pure({"n": 12})), faster)
    return call("jux", Pattern.rev, doubled)


def euclid64x8() -> Pattern:
    pulses = (7, 11, 13, 17, 19, 23, 29, 31)
    return stack(
        [named("s", euclid_group(pure(f"v{k}"), pure(k), pure(64), pure(k % 5))) for k in pulses]
    )


def chop32() -> Pattern:
    return call("chop", 32, sound("break"))


def striate32() -> Pattern:
    return call("striate", 32, sound("bd sn hh cp"))


def degrade() -> Pattern:
    return with_control(call("degradeBy", 0.5, sound("hh").fast(32)), "pan", rand())


def controls() -> Pattern:
    notes = named("note", fast_from_list([0, 3, 7, 10, 12, 10, 7, 3]))
    played = with_control(notes, "s", alternating("saw tri"))
    played = with_control(played, "gain", fast_from_list([1, 0.8]))
    played = with_control(played, "pan", sine)
    played = with_control(played, "cutoff", call("range", 400, 4000, saw))
    played = with_control(played, "resonance", fast_from_list([0.1, 0.2, 0.3]))
    return with_control(played, "release", slowcat([pure(0.1), pure(0.4)]))


PATTERNS: dict[str, Callable[[], Pattern]] = {
    "seq4": seq4,
    "polymeter": polymeters,
    "everyjuxoff": everyjuxoff,
    "euclid64x8": euclid64x8,
    "chop32": chop32,
    "striate32": striate32,
    "degrade": degrade,
    "controls": controls,
}


def cycles() -> Iterator[int]:
    return count()


@pytest.mark.parametrize("name", PATTERNS)
def test_later(benchmark: Any, name: str) -> None:
    pattern, numbers = PATTERNS[name](), cycles()

    def ask() -> None:
        start = next(numbers) * CYCLE
        pattern.events(start, start + CYCLE)

    benchmark.group = name
    benchmark.extra_info["strudel_µs"] = STRUDEL[name]
    benchmark(ask)


@pytest.mark.parametrize("name", PATTERNS)
def test_first(benchmark: Any, name: str) -> None:
    def fresh() -> tuple[tuple[Pattern], dict[str, Any]]:
        return (PATTERNS[name](),), {}

    def ask(pattern: Pattern) -> None:
        pattern.events(0, CYCLE)

    benchmark.group = name
    benchmark.extra_info["strudel_µs"] = STRUDEL[name]
    benchmark.pedantic(ask, setup=fresh, rounds=300)
