"""A session in this process: what reaches the player, and what is told."""

from __future__ import annotations

import numpy as np
import pytest
import soundfile

from phonon.errors import PhononError, Span
from phonon.session import local
from phonon.session.sound_preview import BUILT_IN_SECONDS, HEIGHTS, overview

MUSIC = """cps: 0.55
o1: s "bd*4" # gain 1.2
o2: s "hh*8" # pan sine
o3: s "supersaw(3,8)" # note "<c3'min7 ef3'maj7>" # lpf (sine 0.3 * 800 + 1200) # reverb 0.5
"""
PROGRAM = 'cps: 0.6\n~a: saw 55\nout: ~a\no2: s "bd*4 hh"'


def last(session, name):
    return [call for call in session.player.calls if call[0] == name][-1]


def test_an_evaluation_hands_the_whole_program_to_the_player(session):
    done = session.evaluate(PROGRAM)
    assert done.ok
    assert done.defined == ("cps", "~a", "out", "o2")
    assert session.outputs() == ["out", "o2"]
    assert list(session.player.scores[-1].outputs) == ["out", "o2"]


def test_a_block_goes_to_the_player_with_all_that_plays(session):
    session.evaluate(PROGRAM)
    assert session.evaluate("~a: saw 110", scope="block", when="cycle").ok
    assert list(session.player.scores[-1].outputs) == ["out", "o2"]
    assert last(session, "swap") == ("swap", "cycle")


def test_an_evaluation_of_nothing_but_commands_swaps_nothing(session):
    session.evaluate(PROGRAM)
    session.evaluate("hush o2", scope="block")
    assert len(session.player.scores) == 1
    assert last(session, "mute") == ("mute", ["o2"])


def test_a_refusal_of_the_player_is_a_diagnostic_and_changes_nothing(session, monkeypatch):
    session.evaluate(PROGRAM)

    def refuse(score, when="now", *, unhush=True):
        raise PhononError("too large")

    monkeypatch.setattr(session.player, "swap", refuse)
    done = session.evaluate("out: noise")
    assert not done.ok
    assert done.defined == ()
    assert done.diagnostics[0].message == "too large"
    assert session.status().definitions["out"] == "out: ~a"


def test_an_unknown_value_of_when_is_refused_before_anything_plays_too(session):
    for program in (PROGRAM, "out: noise"):
        with pytest.raises(PhononError, match="begins now, beat, cycle; not never"):
            session.evaluate(program, when="never")
        assert session.status().definitions == {}


@pytest.mark.parametrize(
    ("command", "call"),
    [
        ("hush", ("hush",)),
        ("panic", ("panic",)),
        ("unhush", ("unhush",)),
        ("hush o2", ("mute", ["o2"])),
        ("mute out o2", ("mute", ["out", "o2"])),
        ("solo o2", ("solo", ["o2"])),
    ],
)
def test_commands_reach_the_player(session, command, call):
    session.evaluate(PROGRAM)
    assert session.evaluate(command, scope="block").ok
    assert session.player.calls[-1] == call


def test_unmute_and_unsolo_undo_mute_and_solo(session):
    session.mute("out")
    session.mute("o2")
    session.evaluate("unmute o2", scope="block")
    assert last(session, "mute") == ("mute", ["out"])
    session.mute("out")
    assert last(session, "mute") == ("mute", [])
    session.solo("o2", True)
    session.evaluate("unsolo", scope="block")
    assert last(session, "solo") == ("solo", [])


def test_a_solo_of_an_output_that_does_not_play_silences_nothing(session):
    session.evaluate(PROGRAM)
    done = session.evaluate("solo o9", scope="block")
    assert [found.message for found in done.diagnostics] == ["solo o9: there is no output o9"]
    session.evaluate("solo o9 o2", scope="block")
    assert last(session, "solo") == ("solo", ["o2"])


def test_unmute_all_ends_mutes_and_solos(session):
    session.mute("out")
    session.solo("o2")
    session.unmute_all()
    assert last(session, "mute") == ("mute", [])
    assert last(session, "solo") == ("solo", [])


def test_a_tapped_tempo_lasts_until_a_program_says_otherwise(session):
    session.evaluate("out: saw 55")
    session.tempo(0.75)
    assert last(session, "tempo") == ("tempo", 0.75)
    session.evaluate("out: saw 60", scope="block")
    assert cps(session) == 0.75
    session.evaluate("bpm: 240", scope="block")
    assert cps(session) == 1.0
    session.evaluate("out: saw 65", scope="block")
    assert cps(session) == 1.0


def test_a_tempo_out_of_range_is_refused(session):
    for wrong in (0, -1, float("nan"), 1e9):
        with pytest.raises(PhononError, match="tempo"):
            session.tempo(wrong)


def test_highlights_are_spans_in_their_definitions(session):
    session.evaluate(PROGRAM)
    begin = session._definitions.source_map.source.index("bd*4")
    session.player.sounds = [(0, 100, (Span(begin, begin + 2),), "o2")]
    (lit,) = session.sounding(0)
    assert (lit.definition, lit.output) == ("o2", "o2")
    text = session.status().definitions["o2"]
    assert [text[a:b] for a, b in lit.spans] == ["bd"]


def test_highlights_of_an_older_program_are_spans_in_its_definitions(session):
    session.evaluate(PROGRAM)
    begin = session._definitions.source_map.source.index("bd*4")
    session.advance(1_000)
    session.evaluate('-- moved\ncps: 0.6\n~longer: saw 55 # lpf 800\nout: ~longer\no2: s "hh"')
    session.player.sounds = [(500, 2_000, (Span(begin, begin + 2),), "o2")]
    (lit,) = session.sounding(1_000)
    assert lit.definition == "o2"


def test_a_program_that_hushes_itself_is_silent_from_its_first_frame(session):
    session.evaluate("out: saw 55 * 0.5\nhush")
    assert not session.advance(9_600)[1_000:].any()
    assert session.evaluate("out: saw 55 * 0.4").ok
    assert session.advance(9_600).any()


def test_a_recording_of_the_null_device_equals_the_render_bit_for_bit(session, tmp_path):
    import phonon

    session.record(str(tmp_path / "take.wav"))
    session.evaluate(MUSIC)
    sound = session.advance(4 * 48_000)
    session.record(None)
    assert np.array_equal(soundfile.read(tmp_path / "take.wav", dtype="float32")[0], sound)
    assert np.array_equal(sound, phonon.render(MUSIC, seconds=4))
    assert np.abs(sound).max() > 0.1


def test_telemetry_has_the_figures_of_the_running_program(session):
    session.evaluate(MUSIC)
    session.mute("o2")
    session.advance(48_000)
    meter = session.meter()
    assert meter.frame == 48_000
    assert (meter.late, meter.faults, meter.swaps) == (0, 0, 1)
    assert meter.voices > 0
    assert meter.playing
    assert [output.name for output in meter.outputs] == ["o1", "o2", "o3"]
    assert [output.muted for output in meter.outputs] == [False, True, False]
    assert meter.outputs[0].peak > 0.1
    assert meter.cycle == pytest.approx(0.55 - 64 / 48_000 * 0.55, abs=0.02)


def test_problems_of_playing_are_reported_once(session, monkeypatch):
    monkeypatch.setattr(local, "WARN", 0.0)

    def told(text, scope="block"):
        after = max((message.number for message in session.messages()), default=0)
        session.evaluate(text, scope=scope)
        for _ in range(3):
            session.advance(48_000)
            session.meter()
        return [message.text for message in session.messages(after)]

    unknown = 'o2: s "bd nosuchsound"'
    assert told(f"cps: 1\n{unknown}", "file") == ["o2: nothing sounds that is called nosuchsound"]
    assert told('o1: s "bd"') == []
    assert told(unknown) == ["o2: nothing sounds that is called nosuchsound"]


def test_messages_are_numbered(session):
    session.tell("one")
    session.tell("two", "error")
    assert [message.text for message in session.messages()] == ["one", "two"]
    assert [message.text for message in session.messages(1)] == ["two"]


def test_the_status_has_the_running_program(session):
    session.evaluate(PROGRAM, name="set.ph")
    status = session.status()
    assert status.callback == "null"
    assert (status.name, status.text) == ("set.ph", PROGRAM)
    assert list(status.definitions) == ["cps", "~a", "out", "o2"]


def test_built_in_sounds_are_among_the_samples(session):
    names = [bank.name for bank in session.samples()]
    assert {"bd", "sn", "hh"} <= set(names)
    assert names == sorted(names)


def test_a_preview_sounds_beside_the_program_and_is_not_recorded(session, tmp_path):
    session.record(str(tmp_path / "take.wav"))
    session.preview("bd:1")
    assert session.advance(4_800).any()
    session.record(None)
    assert not soundfile.read(tmp_path / "take.wav")[0].any()


@pytest.fixture
def with_samples(tmp_path):
    (tmp_path / "own").mkdir()
    sound = np.zeros((11_025, 2))
    sound[5_500] = -0.25, 0.5
    soundfile.write(tmp_path / "own" / "click.wav", sound, 22_050, subtype="FLOAT")
    made = local.LocalSession(backend="null", speed=None, samples=[str(tmp_path)])
    yield made
    made.close()


def test_a_sound_is_described_by_its_length_and_outline(with_samples):
    session = with_samples
    wave = session.describe("own:0")
    assert wave.seconds == 0.5
    assert len(wave.peaks) == HEIGHTS
    assert [(at, peak) for at, peak in enumerate(wave.peaks) if peak] == [(31, 0.5)]
    session.preview("own")
    assert session.advance(48_000).any()
    built_in = session.describe("supersaw")
    assert 0 < built_in.seconds <= BUILT_IN_SECONDS
    assert max(built_in.peaks) > 0.05
    assert built_in.peaks[-1] < max(built_in.peaks)
    with pytest.raises(PhononError, match="no sound nosuch"):
        session.describe("nosuch")
    assert session._samples.library._bytes == 0, "to look at a sound does not keep it"


def test_an_outline_keeps_the_maximum_of_every_stretch():
    heights = np.zeros(1000, np.float32)
    heights[505] = 0.5
    assert overview(heights, 10) == (0, 0, 0, 0, 0, 0.5, 0, 0, 0, 0)
    assert overview(heights[:0], 10) == ()
    assert len(overview(heights[:2], 10)) == 10


def test_a_preview_of_an_unknown_sound_is_refused(session):
    with pytest.raises(PhononError, match="no sound nosuch"):
        session.preview("nosuch")


def test_restore_resumes_a_saved_state(session, monkeypatch):
    session.evaluate(PROGRAM + "\nhush", name="set.ph")
    session.mute("o2")
    session.solo("out")
    session.tempo(0.8)
    other = local.LocalSession(backend="null", speed=None)
    other.restore(session.state())
    assert other.outputs() == ["out", "o2"]
    assert other.state() == session.state()
    assert last(other, "mute") == ("mute", ["o2"])
    assert last(other, "hush") == ("hush",)
    other.close()


def cps(session) -> float:
    return float(session.player.scores[-1].cps.query(0, 1)[0].value)
