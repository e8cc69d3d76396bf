"""Buses, functions, instruments and commands."""

from __future__ import annotations

from math import isclose

import pytest

from phonon import check
from phonon.graph.node import Bus, Const, Mix
from tests.lang.compiled import errors, node, output, score, units, values, voice

# -- buses ----------------------------------------------------------------------------------------


def test_a_bus_may_be_used_before_its_definition() -> None:
    found = score("out: ~a * 0.5\n~a: saw 55")
    assert node(found.outputs["out"]).inputs[0] == Bus("a")
    assert node(found.buses["a"]).unit == "saw"


def test_a_bus_may_feed_itself() -> None:
    graph = node(score("~a: saw 55 + ~a * 0.4\nout: ~a").buses["a"])
    assert node(graph.inputs[1]).inputs[0] == Bus("a")


def test_the_error_of_patterns_in_a_circle_names_the_buses() -> None:
    (error,) = errors('~a: fast 2 $ ~b\n~b: rev $ ~a\nout: s "bd"')
    assert "in a circle" in error
    assert "~a → ~b → ~a" in error
    (error,) = errors('~a: s "bd" # lpf ~b\n~b: ~a\nout: ~a')
    assert "~a → ~b → ~a" in error


def test_an_effect_bus_and_a_transform_bus() -> None:
    graph = node(output('~space: delay 0.25 0.4 # reverb 0.8\nout: s "bd" # ~space'))
    assert units(graph)[:2] == ["reverb", "delay"]
    assert isinstance(output('~feel: rev\nout: s "bd" $ ~feel'), Mix)


def test_a_bus_plays_as_an_instrument() -> None:
    made = voice('~pad: saw freq # lpf 900\nout: s "~pad(3,8)" # note "c e g"', 1)
    assert isclose(made.controls["freq"], 261.6255653 * 2 ** (4 / 12), rel_tol=1e-6)
    assert "saw" in units(made.graph)


def test_note_is_an_input_of_a_voice_and_a_control() -> None:
    made = voice('~p: sine (mtof (note + 60) + note * 2)\nout: s "~p" # note "a4"')
    assert made.controls["note"] == 9
    assert "mtof" in units(made.graph)
    assert voice('out: note $ "e4"').controls["note"] == 4


@pytest.mark.parametrize(
    "source",
    [
        "~p: saw freq\nout: ~p",
        "~p: saw freq\n~q: ~p * 0.5\nout: saw 55 + ~q",
        '~p: saw freq + ~p * 0.5\nout: s "~p"',
    ],
)
def test_a_voice_input_outside_a_voice_is_an_error(source: str) -> None:
    found = errors(source) or [str(error) for error in check(source)]
    assert any("voice" in error for error in found), found


def test_gate_is_an_effect_right_of_hash_and_else_an_input_of_a_voice() -> None:
    assert units(output('out: s "bd sn" # gate')) == ["gate"]
    assert "mul" in units(voice('~p: saw freq * gate\nout: s "~p"').graph)
    assert units(output("out: noise # gate * 0.5")) == ["mul", "gate", "noise"]


def test_a_bus_without_voice_inputs_is_transposed() -> None:
    made = voice('~b: saw 55\nout: s "~b" # note 12')
    assert made.controls["transpose"] == 2
    assert "mul" in units(made.graph)


def test_a_program_without_an_output_is_an_error_that_suggests_one() -> None:
    (error,) = errors("~a: saw 55\n~b: sine 2")
    assert "out: ~b" in error


# -- functions and instruments --------------------------------------------------------------------


def test_fn_is_a_function_of_expressions() -> None:
    graph = node(output("fn duo f d = saw (f - d) + saw (f + d)\nout: duo 110 0.5"))
    assert [node(item).inputs[0] for item in graph.inputs] == [Const(109.5), Const(110.5)]
    assert "takes 2" in errors("fn duo f d = saw (f - d)\nout: duo 1 2 3")[0]
    assert "without end" in errors("fn f x = f x\nout: f 1")[0]


def test_a_synth_has_controls_with_defaults() -> None:
    source = "synth acid freq cutoff=900 = saw freq # lpf cutoff 4\n"
    made = voice(source + 'out: s "acid" # cutoff "<400 1200>"')
    assert made.controls["cutoff"] == 400
    assert voice(source + 'out: s "acid"').controls["cutoff"] == 900
    assert units(made.graph).count("lpf") == 1


def test_n_selects_among_listed_defaults_and_leaves_the_pitch() -> None:
    source = "synth tom transpose tune=[80, 120, 170] = sine (tune * transpose) # perc\n"
    assert voice(source + 'out: s "tom:2"').controls["tune"] == 170
    assert voice(source + 'out: s "tom:4"').controls["tune"] == 120
    assert voice(source + 'out: s "tom:-1"').controls["tune"] == 170
    assert voice(source + 'out: s "tom:2"').controls["transpose"] == 1
    assert voice(source + 'out: s "tom" # note 12 # speed -2').controls["transpose"] == 4
    assert voice(source + 'out: s "tom:2" # tune 99').controls["tune"] == 99
    assert "among which n chooses" in errors('synth a tune="1 2" = saw tune')[0]


def test_a_percussive_synth_gets_a_gate_only_with_legato() -> None:
    struck = "synth tom tune=80 = sine tune # perc 0.001 2\n"
    assert "adsr" not in units(voice(struck + 'out: s "tom"').graph)
    assert "adsr" in units(voice(struck + 'out: s "tom" # legato 0.5').graph)
    held = "synth tom tune=80 = sine tune # adsr 0.001 2 0 0.1\n"
    assert units(voice(held + 'out: s "tom" # legato 0.5').graph).count("adsr") == 1


def test_the_gate_of_an_envelope_may_be_named() -> None:
    graph = node(output("out: noise # perc 0 0.01 :gate (square 90)"))
    assert units(graph.inputs[1]) == ["square"]


def test_built_in_sounds_have_controls_of_their_own() -> None:
    assert voice('out: s "supersaw" # detune 0.6').controls["detune"] == 0.6
    assert "detune" in errors('out: s "supersaw" # detun 0.6')[0]


def test_two_noises_are_independent() -> None:
    graph = node(output("out: noise - noise"))
    assert graph.inputs[0] != graph.inputs[1]


def test_commands_of_the_program_mute_and_solo_outputs_of_a_render() -> None:
    program = "o1: saw 55\no2: saw 66\no3: saw 77\n"
    assert list(score(program + "hush o2").heard) == ["o1", "o3"]
    assert list(score(program + "solo o3").heard) == ["o3"]
    assert list(score(program + "solo o3\nhush o3").heard) == []
    assert list(score(program + "hush\nunhush o1").heard) == ["o1"]


def test_a_synths_own_control_comes_before_an_alias() -> None:
    source = "synth blip freq dur=0.2 = saw freq # perc 0.001 dur\n"
    assert voice(source + 'out: s "blip" # dur 0.5').controls["dur"] == 0.5
    assert values('s "x" # dur 0.5') == [{"s": "x", "legato": 0.5}]
