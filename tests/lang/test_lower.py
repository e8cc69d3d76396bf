"""What a program means: conversions, operators, buses, functions, instruments, errors."""

from __future__ import annotations

from fractions import Fraction
from math import isclose

import pytest

from phonon import check
from phonon.errors import PhononError
from phonon.graph.node import Bus, Const, Control, Curve, Held, Input, Mix, Node, SharedSignal
from phonon.graph.voice import Moment, Voice
from phonon.lang.lower import compile_pattern, compile_program
from phonon.score import Score

MOMENT = Moment(Fraction(0), Fraction(1, 4), 0.5, 48_000)


def score(source: str) -> Score:
    found, diagnostics = compile_program(source)
    assert not diagnostics, diagnostics
    return found


def output(source: str, name: str = "out") -> Input:
    return score(source).outputs[name]


def errors(source: str) -> list[str]:
    return [str(diagnostic) for diagnostic in compile_program(source)[1]]


def values(source: str, cycle: int = 0) -> list[object]:
    events = compile_pattern(source).query(cycle, cycle + 1)
    return [e.value for e in sorted(events, key=lambda e: e.part.begin)]


def units(graph: Input) -> list[str]:
    if not isinstance(graph, Node):
        return []
    return [graph.unit, *(name for item in graph.inputs for name in units(item))]


def node(graph: Input) -> Node:
    assert isinstance(graph, Node)
    return graph


def voice(source: str, place: int = 0) -> Voice:
    found = score(source)
    mix = found.outputs["out"]
    while not isinstance(mix, Mix):
        mix = node(mix).inputs[0]
    events = sorted(mix.stream.pattern.query(0, 1), key=lambda e: e.part.begin)
    made = found.voice(mix.stream, events[place].value, MOMENT)
    assert made is not None
    return made


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


def test_a_continuous_pattern_is_followed() -> None:
    assert isinstance(node(output("out: saw 55 # lpf (range 400 900 sine)")).inputs[1], Curve)


def test_a_stream_among_signals_is_the_mix_of_its_voices() -> None:
    graph = node(output('out: saw 55 * 0.1 + s "bd*4"'))
    assert graph.unit == "add"
    assert isinstance(graph.inputs[1], Mix)


def test_a_signal_modulates_every_voice() -> None:
    made = voice('out: s "hh*16" # lpf (sine 0.25 * 900 + 1200)')
    (shared,) = (item for item in _leaves(made) if isinstance(item, SharedSignal))
    assert "sine" in units(shared.signal), "one for all voices, which does not begin anew"
    assert not any(isinstance(item, Control) and item.name == "cutoff" for item in _leaves(made))


def test_a_signal_modulates_what_a_synth_calls_its_own() -> None:
    synth = "synth acid freq cutoff=900 = saw freq # lpf cutoff 4\n"
    made = voice(synth + 'out: s "acid" # cutoff (sine 0.25 * 300 + 600)')
    (shared,) = (item for item in _leaves(made) if isinstance(item, SharedSignal))
    assert "sine" in units(shared.signal)
    assert not any(isinstance(item, Control) and item.name == "cutoff" for item in _leaves(made))


def _leaves(made: Voice) -> list[Input]:
    found: list[Input] = []
    waiting = [made.graph]
    while waiting:
        item = waiting.pop()
        found.append(item)
        if isinstance(item, Node):
            waiting.extend(item.inputs)
    return found


def test_a_signal_as_a_pattern_argument_offers_the_pattern() -> None:
    (error,) = errors('out: fast (sine 0.1) $ s "bd"')
    assert error.startswith("1:11")
    assert "sine" in error


def test_words_are_read_by_their_consumer() -> None:
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


def test_const_plays_something_else() -> None:
    source = 'every 2 (const $ s "sn cp") $ s "bd"'
    assert values(source) == [{"s": "sn"}, {"s": "cp"}]
    assert values(source, 1) == [{"s": "bd"}]


def test_a_sum_left_of_hash_is_fed_whole() -> None:
    graph = node(output("~a: saw 55\n~b: saw 66\nout: ~a + ~b # lpf 500 * 0.3"))
    assert [item.unit for item in (graph, graph.inputs[0], graph.inputs[0].inputs[0])] == [
        "mul", "lpf", "add",
    ]  # fmt: skip


def test_dollar_goes_both_ways() -> None:
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


def test_gain_and_pan_stand_once_in_a_voice() -> None:
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


def test_mix_effects_act_once_and_transforms_reach_through() -> None:
    graph = node(output('out: rev $ s "a b" # reverb 0.8'))
    assert graph.unit == "reverb"
    mix = graph.inputs[0]
    assert isinstance(mix, Mix)
    assert mix.stream.pattern.query(0, Fraction(1, 2))[0].value["s"] == "b"


def test_a_transform_reaches_the_patterns_of_a_signal() -> None:
    held = node(output('out: saw "55 110" $ fast 2')).inputs[0]
    assert isinstance(held, Held)
    assert len(held.pattern.query(0, 1)) == 4


def test_what_acts_on_events_leaves_the_arguments_of_a_mix_effect_alone() -> None:
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
def test_simultaneous_values_stay_apart_on_their_way_to_a_parameter(frequency) -> None:
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


def test_one_plain_delay_is_a_send_and_more_is_the_effect() -> None:
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


# -- buses ----------------------------------------------------------------------------------------


def test_a_bus_may_be_used_before_its_definition() -> None:
    found = score("out: ~a * 0.5\n~a: saw 55")
    assert node(found.outputs["out"]).inputs[0] == Bus("a")
    assert node(found.buses["a"]).unit == "saw"


def test_a_bus_may_feed_itself() -> None:
    graph = node(score("~a: saw 55 + ~a * 0.4\nout: ~a").buses["a"])
    assert node(graph.inputs[1]).inputs[0] == Bus("a")


def test_a_circle_of_patterns_is_named() -> None:
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
def test_what_only_a_voice_could_play_is_no_silence(source: str) -> None:
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


def test_no_output_offers_one() -> None:
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


def test_n_chooses_among_a_list_of_defaults_and_is_then_no_note() -> None:
    source = "synth tom transpose tune=[80, 120, 170] = sine (tune * transpose) # perc\n"
    assert voice(source + 'out: s "tom:2"').controls["tune"] == 170
    assert voice(source + 'out: s "tom:4"').controls["tune"] == 120
    assert voice(source + 'out: s "tom:-1"').controls["tune"] == 170
    assert voice(source + 'out: s "tom:2"').controls["transpose"] == 1
    assert voice(source + 'out: s "tom" # note 12 # speed -2').controls["transpose"] == 4
    assert voice(source + 'out: s "tom:2" # tune 99').controls["tune"] == 99
    assert "among which n chooses" in errors('synth a tune="1 2" = saw tune')[0]


def test_what_is_struck_rings_on_unless_legato_says_otherwise() -> None:
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


def test_two_noises_are_two() -> None:
    graph = node(output("out: noise - noise"))
    assert graph.inputs[0] != graph.inputs[1]


# -- mistakes -------------------------------------------------------------------------------------


def test_all_errors_are_reported_at_once_and_the_rest_is_understood() -> None:
    found, diagnostics = compile_program('o1: s "bd" # speeed 2\no2: s "sn"\no3: swa 55')
    assert [d.line for d in diagnostics] == [1, 3]
    assert "speed" in diagnostics[0].suggestions
    assert "saw" in diagnostics[1].suggestions
    assert list(found.outputs) == ["o2"]


def test_a_definition_that_depends_on_a_failed_one_is_left_out_quietly() -> None:
    found, diagnostics = compile_program("~a: nosuch 1\no1: ~a * 2\no2: saw 55")
    assert len(diagnostics) == 1
    assert list(found.outputs) == ["o2"]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ('out: "1 2 3"', "by itself"),
        ("out: lpf 800", "nothing sounds"),
        ("out: every 2", "function"),
        ("out: ~nowhere", "no bus ~nowhere"),
        ('out: s "bd" # speed 2 # ~x\n~x: saw 2', "signal"),
        ('out: every "2" 3 $ s "bd"', "function is wanted"),
        ('cps: 0\nout: s "bd"', "tempo"),
        ("out: saw 55\nout: saw 56", "twice"),
        ("out: 1/0 * saw 5", "divides by zero"),
    ],
)
def test_mistakes_are_explained(source: str, words: str) -> None:
    assert any(words in error for error in errors(source)), errors(source)


@pytest.mark.parametrize(
    ("source", "columns"),
    [
        ('out: s "bd" # vowel "a q"', (24, 25)),
        ('out: saw 55 # vowel "<a q>"', (25, 26)),
        ('out: s "bd" # unit "c xyz"', (23, 26)),
        ("out: saw 55 # lpf (fooo 3)", (20, 24)),
        ('out: n (scale "foo" "0 1") # s "bd"', (16, 19)),
        ('out: n (scale "<major foo>" "0 1") # s "bd"', (23, 26)),
        ('out: arp "<up upp>" $ note "c" # s "organ"', (15, 18)),
        ('out: note (chord "foo" "c e") # s "organ"', (19, 22)),
        ('out: note (chord "<maj foo>" "c e") # s "organ"', (24, 27)),
        ('out: s "bd" # speed', (15, 20)),
    ],
)
def test_a_wrong_word_is_marked_where_it_stands(source: str, columns: tuple[int, int]) -> None:
    (error,) = check(source)
    assert (error.column, error.end_column) == columns


def test_an_expression_or_bare_mini_notation() -> None:
    assert values("bd*2 sn") == ["bd", "bd", "sn"]
    assert values("4*2") == [4, 4]
    assert values("run 3") == [0, 1, 2]
    with pytest.raises(PhononError) as error:
        compile_pattern("[a b")
    assert error.value.diagnostics[0].column == 1


def test_commands_of_the_program_say_what_a_render_hears() -> None:
    program = "o1: saw 55\no2: saw 66\no3: saw 77\n"
    assert list(score(program + "hush o2").heard) == ["o1", "o3"]
    assert list(score(program + "solo o3").heard) == ["o3"]
    assert list(score(program + "solo o3\nhush o3").heard) == []
    assert list(score(program + "hush\nunhush o1").heard) == ["o1"]


def test_every_wrong_word_of_a_statement_is_reported() -> None:
    found = errors("o1: swa 55 $ fsat 2\nfn f x = x # lpff 3\no2: saw 55")
    assert [error.split(":")[:2] for error in found] == [["1", "5"], ["1", "14"], ["2", "14"]]
    assert not errors("out: saw 55 # lpf (track [0 200, 4 2000 exp])")


def test_numbers_and_patterns_left_of_a_unit_are_signals() -> None:
    assert node(output("out: saw 55 * (1 # perc 0.001 0.2)").inputs[1]).inputs[0] == Const(1.0)
    assert isinstance(node(output('out: "0 1" # lag 0.1')).inputs[0], Held)
    (error,) = errors('out: "bd sn" # lpf 800')
    assert "`bd`" in error


def test_a_synths_own_control_comes_before_an_alias() -> None:
    source = "synth blip freq dur=0.2 = saw freq # perc 0.001 dur\n"
    assert voice(source + 'out: s "blip" # dur 0.5').controls["dur"] == 0.5
    assert values('s "x" # dur 0.5') == [{"s": "x", "legato": 0.5}]
