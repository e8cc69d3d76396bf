"""What an event becomes: pitch, level, length, effects, cut groups, sends."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import inf, isfinite

import pytest

from phonon.graph.node import Const, Control, Node, SharedSignal, Stream
from phonon.patterns import pure
from phonon.score import Instrument, Score
from phonon.score.voice_builder import number

MIDDLE_C = 261.6255653
LFO = SharedSignal(Node("sine", (Const(2.0),)), "~lfo")


# -- what sounds ----------------------------------------------------------------------------------


def test_a_stream_without_a_sound_plays_the_default_instrument(voice) -> None:
    assert voice(note=0.0).patch[0] == "tone"


def test_an_unknown_sound_makes_no_voice(score, moment) -> None:
    assert score.voice(Stream("o1", pure({})), {"s": "nobody"}, moment) is None


def test_an_instrument_of_the_program_comes_before_a_bank_of_its_name(voice, sounds) -> None:
    sounds.banks["lead"] = sounds.banks["mono"]
    assert voice(s="lead").sample is None
    assert sounds.asked == []


def test_a_bank_comes_before_a_built_in_instrument_of_its_name(moment, sounds) -> None:
    class Mixed(dict):
        own = frozenset({"mine"})

    built_in = Instrument("mono", Node("saw", (Control("freq", 440.0),)))
    score = Score(pure(1), instruments=Mixed(mono=built_in))
    found = score.voice(Stream("o1", pure({})), {"s": "mono"}, moment)
    assert found.sample is sounds.banks["mono"]
    silent = replace(moment, samples=None)
    assert score.voice(Stream("o1", pure({})), {"s": "mono"}, silent).sample is None


def test_n_is_the_number_of_the_sample(voice, sounds) -> None:
    voice(s="mono", n=3.7)
    voice(s="mono")
    assert sounds.asked == [("mono", 3), ("mono", 0)]


# -- pitch ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("controls", "hertz"),
    [
        ({}, MIDDLE_C),
        ({"note": 9.0}, 440.0),
        ({"note": 12.0}, 2 * MIDDLE_C),
        ({"n": 9.0}, 440.0),
        ({"n": 5.0, "note": 9.0}, 440.0),
        ({"note": 9.0, "octave": -1.0}, 220.0),
        ({"n": 9.0, "octave": 1.0}, 880.0),
        ({"freq": 100.0, "note": 9.0}, 100.0),
        ({"note": "9"}, 440.0),
    ],
)
def test_the_pitch_of_an_instrument(voice, controls, hertz) -> None:
    assert voice(controls, s="lead").controls["freq"] == pytest.approx(hertz)


def test_where_n_chooses_a_variant_it_is_not_the_note(voice) -> None:
    found = voice(s="chosen", n=1.0)
    assert found.controls["freq"] == pytest.approx(MIDDLE_C)
    assert found.controls["shine"] == 0.2


def test_a_note_beyond_twenty_octaves_is_brought_back_and_told_once(voice, score) -> None:
    assert voice(s="lead", note=1e9).controls["note"] == 240.0
    assert voice(s="lead", note=-1e9).controls["note"] == -240.0
    assert voice(s="lead", octave=1e9).controls["note"] == 240.0
    assert voice(s="lead", note=240.0).controls["note"] == 240.0
    found = score.voice_builder.warnings.diagnostics("", ["lead"])
    told = sorted(item.message for item in found)
    assert told == ["note 1e+09 is beyond all hearing", "octave 1e+09 is beyond all hearing"]


def test_a_note_of_twenty_octaves_is_not_remarked_on(voice, score) -> None:
    voice(s="lead", note=240.0)
    assert score.voice_builder.warnings.diagnostics("", ["lead"]) == []


def test_speed_transposes_an_instrument_as_it_does_a_sample(voice) -> None:
    assert voice(s="drum").controls["transpose"] == 1.0
    assert voice(s="drum", speed=2.0, note=12.0).controls["transpose"] == pytest.approx(4.0)
    assert voice(s="drum", speed=-2.0).controls["transpose"] == pytest.approx(2.0)
    assert voice(s="drum", speed=0.0).controls["transpose"] == 1.0


# -- level and place ------------------------------------------------------------------------------


def test_the_level_is_gain_times_velocity(voice) -> None:
    assert voice(s="lead").controls["level"] == 1.0
    assert voice(s="lead", gain=0.5, velocity=0.5).controls["level"] == 0.25


def test_every_voice_graph_ends_with_level_and_pan(voice, chain) -> None:
    found = voice(s="lead")
    assert chain(found.graph)[-1] == "_place"
    _, level, pan = found.graph.inputs
    assert (level, pan) == (Control("level", 1.0), Control("pan", 0.5))


def test_a_signal_as_gain_multiplies_the_voice_and_leaves_its_velocity(voice, chain) -> None:
    found = voice(s="lead", gain=LFO, velocity=0.5)
    assert chain(found.graph)[-2:] == ["mul", "_place"]
    assert found.graph.inputs[0].inputs[1] is LFO
    assert found.controls["level"] == 0.5


def test_a_signal_as_pan_is_the_pan_input(voice) -> None:
    assert voice(s="lead", pan=LFO).graph.inputs[2] is LFO


def test_a_signal_replaces_the_control_of_an_instrument(voice) -> None:
    found = voice(s="lead", shine=LFO)
    envelope = found.graph.inputs[0]
    assert envelope.inputs[0].inputs[1] is LFO
    assert voice(s="lead").graph.inputs[0].inputs[0].inputs[1] == Control("shine", 1.0)
    assert found.patch != voice(s="lead").patch


def test_the_defaults_of_an_instrument_yield_to_the_event(voice) -> None:
    assert voice(s="lead").controls["shine"] == 0.3
    assert voice(s="lead", shine=0.9).controls["shine"] == 0.9


@pytest.mark.parametrize("wrong", ["loud", None, inf, -inf, float("nan"), 10**400, object()])
def test_a_value_that_is_no_finite_number_is_as_if_not_given(voice, wrong) -> None:
    assert number(wrong) is None
    found = voice(s="lead", gain=wrong, shine=wrong, note=wrong)
    assert found.controls["level"] == 1.0
    assert found.controls["shine"] == 0.3
    assert all(map(isfinite, found.controls.values()))


@pytest.mark.parametrize(
    ("item", "value"), [(2, 2.0), ("2.5", 2.5), (Fraction(1, 4), 0.25), (True, 1.0)]
)
def test_number_gives_a_finite_number_or_none(item, value) -> None:
    assert number(item) == value


# -- length ---------------------------------------------------------------------------------------


def test_an_instrument_is_gated_for_its_event(voice) -> None:
    found = voice(s="lead")
    assert found.gate == found.hold == 0.5


def test_legato_is_the_length_in_events(voice) -> None:
    found = voice(s="lead", legato=0.5)
    assert found.gate == found.hold == 0.25


def test_a_sample_plays_to_its_end_whatever_its_event(voice) -> None:
    found = voice(s="mono")
    assert found.gate == inf
    assert found.hold == 2.0


@pytest.mark.parametrize(
    ("controls", "seconds"),
    [
        ({"speed": 2.0}, 1.0),
        ({"speed": -2.0}, 1.0),
        ({"speed": 0.5}, 4.0),
        ({"note": 12.0}, 1.0),
        ({"octave": -1.0}, 4.0),
        ({"begin": 0.25, "end": 0.75}, 1.0),
        ({"begin": 0.75, "end": 0.25}, 1.0),
        ({"accelerate": -0.5}, 4.0),
        ({"accelerate": 3.0}, 2.0),
        ({"accelerate": -1.0}, 2.0),
        ({"speed": 0.0}, 0.0),
        ({"speed": 1e-9}, 600.0),
    ],
)
def test_the_length_of_a_sample_follows_its_controls(voice, controls, seconds) -> None:
    found = voice(controls, s="mono")
    assert found.hold == pytest.approx(seconds)
    assert found.controls["seconds"] == pytest.approx(seconds)


def test_unit_c_stretches_a_sample_over_cycles(voice) -> None:
    # Two seconds at half a cycle per second are one cycle: speed 1 fits it into one cycle.
    assert voice(s="mono", unit="c").hold == pytest.approx(2.0)
    assert voice(s="mono", unit="c", speed=2.0).hold == pytest.approx(1.0)
    assert voice(s="wide", unit="c").hold == pytest.approx(2.0)


def test_unit_c_follows_the_tempo(score, moment) -> None:
    twice = replace(moment, cps=1.0)
    found = score.voice(Stream("o1", pure({})), {"s": "wide", "unit": "c"}, twice)
    assert found.controls["speed"] == pytest.approx(1.0)
    assert found.hold == pytest.approx(1.0)


def test_unit_s_makes_speed_the_seconds_of_the_whole_sample(voice) -> None:
    assert voice(s="mono", unit="s", speed=4.0).hold == pytest.approx(4.0)
    assert voice(s="mono", unit="s", speed=4.0).controls["speed"] == 0.5
    assert voice(s="mono", unit="s", speed=0.0).hold == 0.0


def test_legato_gates_a_sample_but_does_not_lengthen_it(voice) -> None:
    short, long = voice(s="mono", legato=0.5), voice(s="mono", legato=40.0)
    assert (short.gate, short.hold) == (0.25, 0.25)
    assert (long.gate, long.hold) == (20.0, 2.0)


def test_a_looped_sample_lasts_as_long_as_its_event(voice) -> None:
    found = voice(s="mono", loop=1.0, legato=40.0)
    assert (found.gate, found.hold) == (20.0, 20.0)
    assert voice(s="mono", loop=1.0).hold == 0.5
    assert voice(s="mono", loop=0.0).gate == inf


# -- effects --------------------------------------------------------------------------------------


def test_a_gated_sample_gets_an_envelope_and_a_whole_one_none(voice, chain) -> None:
    assert chain(voice(s="mono").graph)[-2:] == ["_sampler_mono", "_place"]
    assert chain(voice(s="mono", legato=1.0).graph)[-2:] == ["adsr", "_place"]


def test_a_stereo_sample_has_a_sampler_of_two_sides(voice, chain) -> None:
    assert chain(voice(s="wide").graph)[0] != chain(voice(s="mono").graph)[0]
    assert chain(voice(s="wide").graph)[-2:] == ["sampler", "_place"]


def test_an_instrument_without_a_gate_gets_an_envelope(voice, chain) -> None:
    assert chain(voice(s="drone").graph) == ["saw", "adsr", "_place"]
    assert chain(voice(s="lead").graph).count("adsr") == 1


def test_a_ringing_instrument_is_cut_off_by_legato_only(voice, chain) -> None:
    assert "adsr" not in chain(voice(s="drum").graph)
    assert "adsr" in chain(voice(s="drum", legato=0.5).graph)


def test_effects_act_in_the_order_in_which_they_are_set(voice, chain) -> None:
    one = voice({"s": "drum", "cutoff": 800.0, "crush": 4.0})
    other = voice({"s": "drum", "crush": 4.0, "cutoff": 800.0})
    assert chain(one.graph)[-3:] == ["lpf", "crush", "_place"]
    assert chain(other.graph)[-3:] == ["crush", "lpf", "_place"]


def test_an_envelope_is_on_with_any_of_its_times_and_only_once(voice, chain) -> None:
    for control in ("attack", "decay", "sustain", "release"):
        assert chain(voice({"s": "drum", control: 0.3}).graph).count("adsr") == 1
    assert chain(voice({"s": "drone"}, attack=0.1, release=1.0).graph).count("adsr") == 1


def test_a_further_parameter_alone_switches_no_effect_on(voice, chain) -> None:
    assert "lpf" not in chain(voice(s="drum", resonance=4.0).graph)
    assert "ring" not in chain(voice({"s": "drum", "ring.depth": 0.5}).graph)


def test_a_control_that_the_instrument_reads_adds_no_effect(moment, chain) -> None:
    graph = Node("lpf", (Node("saw", (Control("freq", 440.0),)), Control("cutoff", 500.0)))
    score = Score(pure(1), instruments={"own": Instrument("own", graph)})
    found = score.voice(Stream("o1", pure({})), {"s": "own", "cutoff": 900.0}, moment)
    assert chain(found.graph).count("lpf") == 1
    assert found.controls["cutoff"] == 900.0


def test_parameters_not_set_have_the_default_of_their_control_or_unit(voice) -> None:
    envelope = voice(s="drone").graph.inputs[0]
    assert envelope.inputs[1:] == (
        Control("gate", 1.0),
        Control("attack", 0.005),
        Control("decay", 0.1),
        Control("sustain", 1.0),
        Control("release", 0.05),
    )


def test_a_signal_sets_an_effect(voice) -> None:
    filtered = voice(s="drum", cutoff=LFO).graph.inputs[0]
    assert filtered.unit == "lpf"
    assert filtered.inputs[1] is LFO


def test_a_word_of_an_effect_is_its_number(voice) -> None:
    assert voice(s="drum", vowel="a").controls["vowel"] == 0.0
    assert voice(s="drum", vowel="e").controls["vowel"] == 1.0
    assert "vowel" not in voice(s="drum", vowel="quack").controls


def test_voices_that_differ_in_values_only_share_a_graph(voice) -> None:
    one, other = voice(s="lead", cutoff=500.0), voice(s="lead", cutoff=900.0, note=3.0)
    assert one.patch == other.patch
    assert one.graph is other.graph
    assert voice(s="lead").patch != one.patch


# -- cut groups and sends ------------------------------------------------------------------------


def test_a_cut_group_silences_all_of_its_number(voice) -> None:
    assert voice(s="lead", cut=1.0).cut == voice(s="mono", cut=1.0).cut
    assert voice(s="lead", cut=1.0).cut != voice(s="lead", cut=2.0).cut


def test_a_negative_cut_group_silences_those_of_the_same_sound(voice) -> None:
    assert voice(s="lead", cut=-1.0).cut == voice(s="lead", cut=-1.0).cut
    assert voice(s="lead", cut=-1.0).cut != voice(s="mono", cut=-1.0).cut


def test_cut_zero_is_no_group_and_leaves_an_instruments_own(voice) -> None:
    assert voice(s="lead", cut=0.0).cut is None
    assert voice(s="lead").cut is None
    assert voice(s="drum").cut == "hats"
    assert voice(s="drum", cut=1.0).cut != "hats"


def test_a_voice_goes_to_the_mix_and_to_the_sends_it_asks_for(voice) -> None:
    assert voice(s="lead").ports == (("main", ""),)
    assert voice(s="lead", room=0.5).ports == (("main", ""), ("room", "room"))
    sends = voice(s="lead", room=0.5, delay=0.3).ports[1:]
    assert set(sends) == {("delay", "delay"), ("room", "room")}
    assert voice(s="lead", room=0.0, delay=0.0).ports == (("main", ""),)


def test_the_order_of_routes_does_not_change_the_port(voice) -> None:
    one = voice({"s": "lead", "@route": ("b", "a", "b")}).ports
    assert one == voice({"s": "lead", "@route": ("a", "b")}).ports == (("a+b", ""),)
