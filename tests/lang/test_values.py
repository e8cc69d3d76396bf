"""Values of expressions: conversions, operators, effects."""

from __future__ import annotations

from fractions import Fraction
from math import isclose

import pytest

from phonon.errors import Fault, PhononError
from phonon.graph.node import Const, Control, Curve, Held, Mix, SharedSignal
from phonon.lang.compiler import compile_pattern, compile_program
from tests.lang.compiled import MOMENT, errors, leaves, node, output, score, units, values, voice

# -- conversions ----------------------------------------------------------------------------------


def test_a_string_holds_a_parameter_from_event_to_event() -> None:
    held = node(output('out: saw "55 82.5"')).inputs[0]
    assert isinstance(held, Held)
    assert [event.value for event in held.pattern.query(0, 1)] == [55, 82.5]
    assert held.default == 440


def test_simultaneous_values_are_one_oscillator_each_summed() -> None:
    graph = node(output('out: saw "[55,82]"'))
    assert graph.unit == "add"
    assert units(graph).count("saw") == 2


def test_a_constant_string_is_a_constant() -> None:
    assert node(output('out: saw "55"')).inputs == (Const(55.0),)


def test_a_continuous_pattern_becomes_a_curve() -> None:
    assert isinstance(node(output("out: saw 55 # lpf (range 400 900 sine)")).inputs[1], Curve)


def test_a_stream_among_signals_is_the_mix_of_its_voices() -> None:
    graph = node(output('out: saw 55 * 0.1 + s "bd*4"'))
    assert graph.unit == "add"
    assert isinstance(graph.inputs[1], Mix)


def test_a_signal_modulates_every_voice() -> None:
    made = voice('out: s "hh*16" # lpf (sine 0.25 * 900 + 1200)')
    (shared,) = (item for item in leaves(made) if isinstance(item, SharedSignal))
    assert "sine" in units(shared.signal), "one for all voices, which does not begin anew"
    assert not any(isinstance(item, Control) and item.name == "cutoff" for item in leaves(made))


def test_a_signal_modulates_a_control_of_a_synth() -> None:
    synth = "synth acid freq cutoff=900 = saw freq # lpf cutoff 4\n"
    made = voice(synth + 'out: s "acid" # cutoff (sine 0.25 * 300 + 600)')
    (shared,) = (item for item in leaves(made) if isinstance(item, SharedSignal))
    assert "sine" in units(shared.signal)
    assert not any(isinstance(item, Control) and item.name == "cutoff" for item in leaves(made))


def test_a_signal_as_a_pattern_argument_is_an_error_that_offers_the_pattern() -> None:
    (error,) = errors('out: fast (sine 0.1) $ s "bd"')
    assert error.startswith("1:11")
    assert "sine" in error


def test_words_are_converted_to_what_the_parameter_needs() -> None:
    assert values('note "c e g#"') == [{"note": 0}, {"note": 4}, {"note": 8}]
    (pitch,) = node(output('out: saw "a4"')).inputs
    assert isinstance(pitch, Const)
    assert isclose(pitch.value, 440)
    assert values('struct "t f t f" $ s "bd"') == [{"s": "bd"}, {"s": "bd"}]
    (error,) = errors('out: saw "55 loud"')
    assert error.startswith("1:14")


def test_the_modes_of_an_arpeggio_are_words_also_where_notes_are_read() -> None:
    assert values('note (arp "<up down>" "c\'maj")') == [{"note": n} for n in (0, 4, 7)]
    assert values('note (arp "2 0" "c\'maj")') == [{"note": 7}, {"note": 0}]
    assert values('arp "down" $ note "c\'maj"') == [{"note": n} for n in (7, 4, 0)]


def test_note_names_are_scientific_pitch() -> None:
    assert values('note "c c4 c5 b3"') == [{"note": 0}, {"note": 0}, {"note": 12}, {"note": -1}]
    assert isclose(voice('out: s "tone" # note "a4"').controls["freq"], 440, rel_tol=1e-6)


# -- chains and operators -------------------------------------------------------------------------


def test_arithmetic_behind_a_control_belongs_to_its_value() -> None:
    assert values('s "x" # n "0" + n "1"') == [{"s": "x", "n": 1}]
    assert values('s "x" # speed 2 * 1.5') == [{"s": "x", "speed": 3}]


def test_arithmetic_behind_a_unit_applies_to_its_result() -> None:
    graph = node(output("out: saw 55 # lpf 800 * 0.3"))
    assert (graph.unit, graph.inputs[1]) == ("mul", Const(0.3))
    sections = compile_program('out: every 2 (# lpf 500 * 0.5) $ s "bd"')
    assert not sections[1]


def test_const_replaces_the_pattern() -> None:
    source = 'every 2 (const $ s "sn cp") $ s "bd"'
    assert values(source) == [{"s": "sn"}, {"s": "cp"}]
    assert values(source, 1) == [{"s": "bd"}]


def test_an_effect_acts_on_the_whole_sum_left_of_hash() -> None:
    graph = node(output("~a: saw 55\n~b: saw 66\nout: ~a + ~b # lpf 500 * 0.3"))
    assert [item.unit for item in (graph, graph.inputs[0], graph.inputs[0].inputs[0])] == [
        "mul", "lpf", "add",
    ]  # fmt: skip


def test_dollar_applies_functions_from_both_sides_of_the_pattern() -> None:
    left = values('every 2 (fast 2) $ rev $ s "a b"')
    assert left == values('s "a b" $ rev $ every 2 (fast 2)')
    assert values('s "a b" $ fast 2 # speed 2')[0] == {"s": "a", "speed": 2}


def test_transforms_compose_with_dollar_and_dot() -> None:
    program = '~feel: fast 2 $ rev\nout: s "a b" $ ~feel'
    mix = output(program)
    assert isinstance(mix, Mix)
    found = [event.value["s"] for event in mix.stream.pattern.query(0, Fraction(1, 2))]
    assert sorted(found) == ["a", "b"]
    assert values('(fast 2 . rev) $ s "a b"') == values('fast 2 $ rev $ s "a b"')


def test_operators_on_streams_act_on_shared_controls() -> None:
    assert values('s "x" # speed 2 |* speed "1 1.5"') == [
        {"s": "x", "speed": 2},
        {"s": "x", "speed": 3},
    ]
    assert values('n "0 1" + n "10"') == [{"n": 10}, {"n": 11}]


def test_plus_of_two_sounding_streams_mixes_them() -> None:
    assert isinstance(output('out: s "bd" + s "sn"'), Mix)
    assert len(values('s "bd*2" + s "sn"')) == 3


def test_gain_and_pan_are_applied_once_in_a_voice() -> None:
    made = voice('synth x freq gate = saw freq * gate\nout: s "x" # gain 0.5 # pan 0.2')
    found = units(made.graph)
    assert found[0] == "_place"
    assert not {"pan", "gain"} & set(found)
    assert (made.controls["level"], made.controls["pan"]) == (0.5, 0.2)


def test_a_sounding_stream_times_a_number_is_gain() -> None:
    assert values('s "bd" * 0.5') == [{"s": "bd", "gain": 0.5}]
    assert values('(s "bd" # gain 0.5) * 0.5') == [{"s": "bd", "gain": 0.25}]


def test_number_arithmetic_is_exact() -> None:
    event = compile_pattern('(1/3) ~> s "x"').query(0, 1)[0]
    assert event.whole is not None
    assert event.whole.begin in (Fraction(1, 3), Fraction(-2, 3))


# -- effects --------------------------------------------------------------------------------------


def test_voice_effects_are_controls_of_the_event() -> None:
    assert values('s "bd" # lpf "400 2000" 2') == [
        {"s": "bd", "cutoff": 400, "resonance": 2},
        {"s": "bd", "cutoff": 2000, "resonance": 2},
    ]


def test_transforms_reach_the_stream_behind_a_mix_effect() -> None:
    graph = node(output('out: rev $ s "a b" # reverb 0.8'))
    assert graph.unit == "reverb"
    mix = graph.inputs[0]
    assert isinstance(mix, Mix)
    assert mix.stream.pattern.query(0, Fraction(1, 2))[0].value["s"] == "b"


def test_a_transform_reaches_the_patterns_of_a_signal() -> None:
    held = node(output('out: saw "55 110" $ fast 2')).inputs[0]
    assert isinstance(held, Held)
    assert len(held.pattern.query(0, 1)) == 4


def test_functions_of_events_leave_the_arguments_of_a_mix_effect_unchanged() -> None:
    for change in ("(# speed 2)", "(|+ n 7)", "(# reverb 0.5)"):
        graph = node(output(f'out: every 2 {change} $ s "bd*4" # delay "<0.25 0.5>" 0.4'))
        assert graph.unit == "delay"


def test_behind_a_hash_a_synths_own_control_hides_a_transform_of_its_name() -> None:
    synth = "synth x freq bite=3 fast=2 = saw freq # lpf (bite * 200 + fast * 100)\n"
    for chain in ("bite 5 # fast 4", "bite 2 + bite 3 # fast 4", "fast 1 # bite 5 |+ fast 3"):
        graph = output(f'{synth}out: fast 2 $ s "x*2" # {chain}')
        assert isinstance(graph, Mix)
        events = graph.stream.pattern.query(0, 1)
        assert len(events) == 4
        assert {(event.value["bite"], event.value["fast"]) for event in events} == {(5, 4)}


@pytest.mark.parametrize(
    "frequency",
    ['lag 0.02 "[55,82]"', 'lag 0.02 "[55,82]" + 10', '"[55,82]" * (sine 3 + 1)'],
)
def test_simultaneous_values_of_a_modulator_make_one_unit_each(frequency) -> None:
    graph = node(output(f"out: saw ({frequency})"))
    assert units(graph).count("saw") == 2
    (first, second) = graph.inputs
    assert node(first).unit == "saw"
    assert node(second).unit == "mul"
    gate = node(second).inputs[1]
    assert isinstance(gate, Held)
    assert (gate.index, gate.presence) == (1, True)


def test_a_transform_of_a_signal_without_a_pattern_is_an_error() -> None:
    (error,) = errors("out: saw 55 $ fast 2")
    assert "needs a pattern" in error


def test_a_mix_effect_in_a_function_is_one_instance_fed_by_the_selected_events() -> None:
    found = score('out: every 2 (# reverb 0.8) $ s "bd*2"')
    graph = node(found.outputs["out"])
    assert units(graph).count("reverb") == 1
    dry, wet = graph.inputs[0], node(graph.inputs[1]).inputs[0]
    assert isinstance(dry, Mix)
    assert isinstance(wet, Mix)
    assert wet.stream is dry.stream
    (first, *_), (later, *_) = wet.stream.pattern.query(0, 1), wet.stream.pattern.query(1, 2)
    ports = [
        made.ports[0][0]
        for event in (first, later)
        if (made := found.voice(wet.stream, event.value, MOMENT))
    ]
    assert ports == [wet.port, "main"]


def test_delay_with_one_argument_is_a_send_and_with_more_the_effect() -> None:
    assert values('s "bd" # delay 0.4') == [{"s": "bd", "delay": 0.4}]
    made = voice('out: s "bd" # delay 0.4')
    assert ("delay", "delay") in made.ports
    assert node(output('out: s "bd" # delay 0.25 0.5')).unit == "delay"


def test_named_arguments_in_any_order() -> None:
    one = node(output('out: s "bd" # reverb :damp 0.3 :room 0.9')).inputs[1:3]
    assert one == (Const(0.9), Const(0.3))
    assert "no parameter :rom" in errors('out: s "bd" # reverb :rom 0.9')[0]
    assert "twice" in errors('out: s "bd" # reverb 0.5 :room 0.9')[0]
    assert "at most" in errors("out: saw 55 # lpf 1 2 3")[0]


def test_an_expression_or_bare_mini_notation() -> None:
    assert values("bd*2 sn") == ["bd", "bd", "sn"]
    assert values("4*2") == [4, 4]
    assert values("run 3") == [0, 1, 2]
    with pytest.raises(PhononError) as error:
        compile_pattern("[a b")
    assert error.value.diagnostics[0].column == 1


def test_numbers_and_patterns_left_of_a_unit_are_signals() -> None:
    assert node(output("out: saw 55 * (1 # perc 0.001 0.2)").inputs[1]).inputs[0] == Const(1.0)
    assert isinstance(node(output('out: "0 1" # lag 0.1')).inputs[0], Held)
    (error,) = errors('out: "bd sn" # lpf 800')
    assert "`bd`" in error


# -- limits ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        'ply 300 $ s "bd*100"',
        'fast 300 $ s "bd*100"',
        'striate 200 $ s "bd*150"',
        'stut 150 0.5 0.1 $ s "bd*150"',
        'stack [s "bd*9000", s "sn*9000", s "cp*9000"]',
    ],
)
def test_a_pattern_of_more_than_20000_events_per_cycle_is_refused(source: str) -> None:
    with pytest.raises(Fault, match="more than 20000 events at a time"):
        compile_pattern(source).query(0, 1)


def test_a_pattern_of_just_20000_events_per_cycle_plays() -> None:
    assert len(compile_pattern('fast 200 $ s "bd*100"').query(0, 1)) == 20_000
    assert len(compile_pattern('ply 2 $ s "bd*10000"').query(0, 1)) == 20_000


# -- arithmetic without a meaning -----------------------------------------------------------------


@pytest.mark.parametrize("operator", ["/", "+", "-", "%"])
def test_a_number_and_a_sounding_stream_have_no_sum_or_quotient(operator: str) -> None:
    (error,) = errors(f'out: 2 {operator} s "bd"')
    assert error.startswith("1:6")
    assert f"`{operator}` with a number has no meaning for a sounding stream" in error
    assert f"|{operator} speed" in error


def test_a_sounding_stream_is_multiplied_and_divided_by_numbers() -> None:
    assert values('2 * s "bd"') == [{"s": "bd", "gain": 2}]
    assert values('s "bd" / 2') == [{"s": "bd", "gain": 0.5}]
    (error,) = errors('out: s "bd" + 2')
    assert "has no meaning" in error
