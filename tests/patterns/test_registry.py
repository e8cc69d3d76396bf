"""The registry of transforms: names, documentation, kinds, conversion of arguments, limits."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import phonon
import phonon.patterns
from phonon.errors import Fault
from phonon.patterns import Pattern, find, pure, silence, slowcat, transform, transforms
from phonon.patterns.registry import KINDS, Time

# The words that a player of Tidal will try first.
PROMISED = """
fast slow rev early late <~ ~> every firstOf lastOf every' whenmod sometimes sometimesBy often
rarely almostAlways almostNever always never someCycles someCyclesBy degrade degradeBy
undegradeBy unDegradeBy off superimpose layer jux juxBy stack cat fastcat slowcat randcat
wrandcat timecat timeCat stut stutWith echo echoWith ply chop striate slice splice loopAt fit
chunk chunk' iter iter' palindrome segment range rangex struct mask sew stitch euclid euclidInv
euclidFull euclidOff euclidRot euclidLegato swingBy swing press pressBy inside outside within
linger zoom zoomArc compress fastGap brak hurry arp scale toScale chord run scan irand rand
brand brandBy perlin choose chooseBy wchoose cycleChoose shuffle scramble randrun rot rotL rotR
while when reset restart sine cosine saw isaw tri square sine2 saw2 envL time round floor ceil
quantise wedge fix contrast ghost stutter smooth spread fastspread rolled rolledBy pick pickF
inhabit squeeze bite binary binaryN foldEvery silence pure const overlay plyWith ribbon transpose
voicing
"""


@pytest.mark.parametrize("name", PROMISED.split())
def test_a_word_known_from_tidal_exists(name: str) -> None:
    assert find(name) is not None


@pytest.mark.parametrize("name", transforms())
def test_a_transform_is_documented_and_its_parameters_have_kinds(name: str) -> None:
    found = transforms()[name]
    assert re.match(r"[A-Z`].*[.)]", found.doc)
    assert found.example
    assert all(parameter.kind in KINDS for parameter in found.parameters)


@pytest.mark.parametrize("name", transforms())
def test_the_example_of_a_transform_has_events_and_uses_it(name: str) -> None:
    found = transforms()[name]
    assert any(word in found.example for word in (name, *found.aliases))
    assert phonon.pattern(found.example).query(0, 4)


def test_every_kind_of_argument_is_used() -> None:
    used = {parameter.kind for found in transforms().values() for parameter in found.parameters}
    assert used == set(KINDS)


def test_no_name_is_taken_twice() -> None:
    names = [name for found in transforms().values() for name in (found.name, *found.aliases)]
    assert len(names) == len(set(names))


def test_transform_registers_a_function_with_name_help_and_example(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for table in ("_TRANSFORMS", "_ALIASES"):
        target = f"phonon.patterns.registry.{table}"
        monkeypatch.setattr(target, dict(getattr(phonon.patterns.registry, table)))

    @transform("twofold")
    def doubly_fast(times: Time, pattern: Pattern) -> Pattern:
        """Play twice as fast, `times` over.

        >>> doublyFast 2 $ s "bd"
        """
        return pattern.fast(2 * times)

    found = find("twofold")
    assert found is not None
    assert (found.name, found.doc) == ("doublyFast", "Play twice as fast, `times` over.")
    assert len(found.call(2, pure("x")).query(0, 1)) == 4
    with pytest.raises(TypeError):
        transform("twofold")(doubly_fast)


def test_a_patterned_argument_is_sampled(
    call: Callable[..., Pattern], played: Callable[..., list[Any]]
) -> None:
    changing = call("fast", slowcat([pure(1), pure(2)]), "a b")
    assert [len(played(changing, cycle, cycle + 1)) for cycle in range(3)] == [2, 4, 2]


def test_an_integer_argument_may_change_every_cycle(
    call: Callable[..., Pattern], values: Callable[..., list[Any]]
) -> None:
    choosing = call("every'", slowcat([pure(2), pure(3)]), "1", lambda p: silence, "a")
    assert values(choosing, 0, 6) == ["a", "a", "a", "a", "a"]


def test_a_wrong_value_is_a_fault_not_a_crash(call: Callable[..., Pattern]) -> None:
    with pytest.raises(Fault, match="a number"):
        call("fast", pure("much"), "a")


def test_too_many_events_are_refused(call: Callable[..., Pattern]) -> None:
    crowd = call("fast", 2000, pure({"s": "bd"}))
    for name in ("chop", "striate", "ply", "stutter"):
        arguments = (4000, 1, crowd) if name == "stutter" else (4000, crowd)
        with pytest.raises(Fault, match="more than"):
            call(name, *arguments).query(0, 1)


def test_excessive_counts_and_speeds_are_refused(call: Callable[..., Pattern]) -> None:
    for pattern in (
        pure("x").fast(10**9),
        pure("x").fast(1000).fast(1000),
        call("ply", 10**7, "a"),
        call("segment", 10**8, "a"),
    ):
        with pytest.raises(Fault, match="more than"):
            pattern.query(0, 1)
    with pytest.raises(Fault, match="more than"):
        call("run", 10**9)
    with pytest.raises(Fault, match="more than"):
        call("echo", 10**9, 1, 0.5, "a")


def test_the_package_imports_every_module_that_defines_transforms():
    defining = {
        path.stem
        for path in Path(phonon.patterns.__file__).parent.glob("*.py")
        if "\n@transform(" in path.read_text(encoding="utf-8")
    }
    found = {entry.function.__module__.rpartition(".")[2] for entry in transforms().values()}
    assert defining <= found
