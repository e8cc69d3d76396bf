"""Warnings about what events ask for in vain."""

from __future__ import annotations

from dataclasses import replace

import pytest

from phonon.errors import Fault, Span
from phonon.graph.node import Const, Node, SharedSignal, Stream
from phonon.patterns import pure
from phonon.score import Score

NAMES = ("lead", "drum", "drone", "chosen", "tone")


@pytest.fixture
def warnings(score, moment):
    """The messages that events of streams, given as controls by stream, lead to."""

    def told(source: str = "", spans: tuple[Span, ...] = (), **streams: list[dict]) -> list:
        for name, events in streams.items():
            for event in events:
                score.voice(Stream(name, pure({})), event, replace(moment, spans=spans))
        return score.voice_builder.warnings.diagnostics(source, NAMES)

    return told


def messages(found) -> list[str]:
    return [diagnostic.message for diagnostic in found]


def test_events_whose_controls_are_all_heard_lead_to_no_warning(warnings) -> None:
    event = {"s": "lead", "note": 3.0, "octave": 1.0, "gain": 0.5, "pan": 0.2, "shine": 0.4}
    event |= {"cutoff": 900.0, "resonance": 2.0, "legato": 0.5, "cut": 1.0, "attack": 0.1}
    event |= {"room": 0.2, "size": 0.5, "delay": 0.2, "delaytime": 0.1, "delayfeedback": 0.3}
    assert warnings(o1=[event]) == []


def test_every_control_of_samples_is_heard_by_a_sample(warnings) -> None:
    event = {"s": "mono", "n": 1.0, "begin": 0.1, "end": 0.9, "speed": 2.0, "unit": "c"}
    event |= {"accelerate": 0.1, "loop": 1.0, "note": 3.0}
    assert warnings(o1=[event]) == []


def test_a_missing_sound_is_told_once_with_the_nearest_name(warnings) -> None:
    (found,) = warnings('o1: s "laed*2"', (Span(7, 11),), o1=[{"s": "laed"}] * 2)
    assert found.message == "nothing sounds that is called laed"
    assert found.suggestions == ("lead",)
    assert found.severity == "warning"
    assert (found.line, found.column, found.end_column) == (1, 8, 12)


def test_the_reason_of_a_missing_sound_is_told_instead(moment) -> None:
    class Broken(dict):
        def __getitem__(self, name):
            raise Fault("its definition has an error")

    score = Score(pure(1), instruments=Broken())
    score.voice(Stream("o1", pure({})), {"s": "lead"}, moment)
    (found,) = score.voice_builder.warnings.diagnostics("", NAMES)
    assert found.message == "its definition has an error"
    assert found.suggestions == ()


def test_a_bank_that_exists_but_cannot_be_read_is_not_told_as_missing(score, moment) -> None:
    score.voice(Stream("o1", pure({})), {"s": "nobody"}, moment)
    assert score.voice_builder.warnings.diagnostics("", [*NAMES, "nobody"]) == []


@pytest.mark.parametrize(
    ("event", "message"),
    [
        ({"s": "lead", "wobble": 1.0}, "wobble does nothing here: lead has no such control"),
        ({"s": "mono", "shine": 1.0}, "shine does nothing here: mono has no such control"),
        ({"s": "lead", "resonance": 3.0}, "resonance does nothing without cutoff: # cutoff 800"),
        ({"s": "lead", "size": 0.9}, "size does nothing without room: # room 0.5"),
        ({"s": "lead", "delaytime": 0.1}, "delaytime does nothing without delay: # delay 0.5"),
        (
            {"s": "lead", "begin": 0.5},
            "begin does nothing here: for samples only, and lead is an instrument",
        ),
        (
            {"s": "lead", "begin": 0.5, "end": 0.7},
            "begin and end do nothing here: for samples only, and lead is an instrument",
        ),
    ],
)
def test_a_control_without_effect_is_a_warning_that_says_what_would_help(
    warnings, event, message
) -> None:
    assert messages(warnings(o1=[event, event])) == [message]


def test_a_pitch_is_in_vain_where_nothing_has_one(moment) -> None:
    from phonon.score import Instrument

    score = Score(pure(1), instruments={"hiss": Instrument("hiss", Node("noise"))})
    for control in ("note", "octave", "freq"):
        score.voice(Stream("o1", pure({})), {"s": "hiss", control: 5.0}, moment)
    found = messages(score.voice_builder.warnings.diagnostics("", ["hiss"]))
    assert sorted(found) == [
        f"{control} does nothing here: hiss has no pitch" for control in ("freq", "note", "octave")
    ]


def test_a_control_that_one_sound_of_the_stream_hears_is_not_in_vain(warnings) -> None:
    assert warnings(o1=[{"s": "lead", "begin": 0.5}, {"s": "mono", "begin": 0.5}]) == []


def test_a_control_that_only_another_stream_hears_is_in_vain(warnings) -> None:
    found = warnings(o1=[{"s": "lead", "begin": 0.5}], o2=[{"s": "mono", "begin": 0.5}])
    assert len(found) == 1


def test_a_control_that_is_in_vain_in_two_streams_is_told_once(warnings) -> None:
    found = warnings(o1=[{"s": "lead", "wobble": 1.0}], o2=[{"s": "lead", "wobble": 1.0}])
    assert len(found) == 1


def test_a_signal_that_the_voice_reads_is_heard_and_another_is_in_vain(warnings) -> None:
    signal = SharedSignal(Node("sine", (Const(1.0),)), "~lfo")
    assert warnings(o1=[{"s": "lead", "shine": signal}]) == []
    assert len(warnings(o2=[{"s": "lead", "wobble": signal}])) == 1


def test_hidden_controls_are_never_told(warnings) -> None:
    assert warnings(o1=[{"s": "lead", "@route": ("a",)}]) == []


def test_a_warning_stands_at_the_word_before_its_value(warnings) -> None:
    source = 'o1: s "lead" # wobble 1\no2: s "lead" # wobble "2"'
    place = source.index('"2"') + 1
    (found,) = warnings(source, (Span(place, place + 1),), o2=[{"s": "lead", "wobble": 2.0}])
    assert (found.line, found.column, found.end_column) == (2, 16, 22)


def test_a_warning_stands_at_an_alias_too_but_not_within_a_longer_word(warnings) -> None:
    source = 'o1: s "lead" # lpq 3 # xlpq "4" # lpqs "5"'
    place = source.index('"5"') + 1
    (found,) = warnings(source, (Span(place, place + 1),), o1=[{"s": "lead", "resonance": 5.0}])
    assert (found.column, found.end_column) == (16, 19)


def test_a_warning_whose_word_is_not_written_stands_at_its_value(warnings) -> None:
    (found,) = warnings("out: x 1", (Span(7, 8),), o1=[{"s": "lead", "wobble": 1.0}])
    assert (found.column, found.end_column) == (8, 9)


def test_warnings_come_in_the_order_of_the_text(warnings) -> None:
    source = 'o1: s "nobody"\no2: s "lead" # wobble 1'
    places = Span(source.index("1", 20), len(source)), Span(7, 13)
    warnings(source, places[:1], o2=[{"s": "lead", "wobble": 1.0}])
    found = warnings(source, places[1:], o1=[{"s": "nobody"}])
    assert [item.line for item in found] == [1, 2]
