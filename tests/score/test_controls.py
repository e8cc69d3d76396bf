"""The table of controls: names, aliases, defaults, and the effects that they switch on."""

from __future__ import annotations

import pytest

from phonon.dsp.registry import units
from phonon.score.controls import (
    ENVELOPE,
    aliases,
    controls,
    effect_of_control,
    find,
    voice_effects,
)


@pytest.mark.parametrize(
    ("alias", "name"),
    [
        ("sound", "s"),
        ("up", "note"),
        ("amp", "gain"),
        ("clip", "legato"),
        ("dur", "legato"),
        ("att", "attack"),
        ("dec", "decay"),
        ("sus", "sustain"),
        ("rel", "release"),
        ("lpf", "cutoff"),
        ("ctf", "cutoff"),
        ("lp", "cutoff"),
        ("lpq", "resonance"),
        ("hpf", "hcutoff"),
        ("hpq", "hresonance"),
        ("bpf", "bandf"),
        ("bpq", "bandq"),
        ("delayt", "delaytime"),
        ("delayfb", "delayfeedback"),
        ("sz", "size"),
        ("roomsize", "size"),
    ],
)
def test_an_alias_of_tidal_is_the_control_it_names(alias: str, name: str) -> None:
    assert find(alias) is find(name)
    assert find(name).name == name


def test_no_name_means_two_controls() -> None:
    written = [name for spec in controls().values() for name in (spec.name, *spec.aliases)]
    assert len(written) == len(set(written)) == len(aliases())


def test_an_unknown_name_is_no_control() -> None:
    assert find("wobble") is None


@pytest.mark.parametrize(
    ("name", "default"),
    [
        ("gain", 1.0),
        ("velocity", 1.0),
        ("pan", 0.5),
        ("speed", 1.0),
        ("begin", 0.0),
        ("end", 1.0),
        ("octave", 0.0),
        ("attack", 0.005),
        ("decay", 0.1),
        ("sustain", 1.0),
        ("release", 0.05),
        ("delaytime", 0.25),
        ("delayfeedback", 0.5),
        ("size", 0.7),
        ("cutoff", None),
        ("room", None),
    ],
)
def test_the_default_of_a_control(name: str, default: float | None) -> None:
    assert find(name).default == default


@pytest.mark.parametrize(
    ("name", "kind"),
    [("s", "sound"), ("n", "n"), ("note", "note"), ("cutoff", "hz"), ("unit", "word")],
)
def test_the_kind_of_a_control_says_how_its_words_are_read(name: str, kind: str) -> None:
    assert find(name).kind == kind


def test_unit_takes_the_three_words_of_tidal() -> None:
    assert find("unit").words == ("r", "c", "s")


def test_every_effect_of_one_voice_can_be_set_by_controls() -> None:
    for name, unit in units().items():
        wanted = unit.scope == "voice" and unit.is_effect and not unit.hidden
        assert (name in voice_effects()) == wanted, name


def test_an_effect_has_a_control_for_each_of_its_parameters() -> None:
    for name, effect in voice_effects().items():
        assert len(effect.keys) == len(set(effect.keys)) == len(effect.unit.parameters), name


def test_the_filters_of_tidal_have_the_names_of_tidal() -> None:
    effects = voice_effects()
    assert effects["lpf"].keys == ("cutoff", "resonance")
    assert effects["hpf"].keys == ("hcutoff", "hresonance")
    assert effects["bpf"].keys == ("bandf", "bandq")
    assert effects["adsr"].keys == ENVELOPE


def test_another_effect_is_switched_on_by_its_name_and_set_by_name_dot_parameter() -> None:
    effects = voice_effects()
    assert effects["ring"].primary == "ring"
    assert effects["ring"].keys[1:] == ("ring.mix",)
    assert effect_of_control()["ring.mix"] == "ring"


def test_every_control_of_an_effect_belongs_to_that_effect_alone() -> None:
    found = effect_of_control()
    for name, effect in voice_effects().items():
        if name not in ("gain", "pan"):
            assert {found[key] for key in effect.keys} <= {name}, name


def test_gain_and_pan_switch_nothing_on() -> None:
    assert "gain" not in effect_of_control()
    assert "pan" not in effect_of_control()


def test_the_words_of_a_vowel_are_those_of_the_unit() -> None:
    assert voice_effects()["vowel"].words("vowel")[:2] == ("a", "e")
