"""Voices start, choke, are stolen and retire without a click."""

import numpy as np
import pytest

from phonon.graph.node import Control, Mix, Stream
from phonon.graph.voice import SampleData, Voice
from phonon.patterns import fastcat, pure, silence, stack

SECOND = 48_000


def steepest(sound):
    """The largest step between two frames."""
    return np.abs(np.diff(sound)).max()


def test_a_stolen_voice_fades_and_does_not_click(kit):
    def hum(value, moment):
        graph = kit.node("mul", kit.node("sine", Control("freq", 60.0)), 0.2)
        return Voice("hum", graph, value, gate=9.0, hold=9.0)

    pattern = fastcat([pure({"freq": 50.0 + 5 * step}) for step in range(12)])
    engine = kit.streamed(pattern, hum).engine(2 * SECOND, voices=4)
    sound = engine.render(2 * SECOND)[:, 0]
    assert engine.stats.stolen == 8
    assert engine.stats.voices == engine.stats.peak_voices == 4
    assert steepest(sound) < 4 * 0.2 * 2 * np.pi * 110 / SECOND + 0.2 / 240 * 2


def test_the_quietest_voice_is_stolen_first(kit):
    def hum(value, moment):
        graph = kit.node("mul", kit.node("sine", Control("freq", 60.0)), Control("level", 1.0))
        return Voice("hum", graph, value, gate=9.0, hold=9.0)

    values = [{"freq": 150.0, "level": level} for level in (0.3, 0.01, 0.3)]
    pattern = fastcat([pure(value) for value in values])
    sound = kit.streamed(pattern, hum).render(2 * SECOND, voices=2)[:, 0]
    assert np.abs(sound[-4800:]).max() > 0.5  # both loud ones still sound


def test_a_cut_group_chokes_its_voices_in_five_milliseconds(kit):
    pattern = fastcat([pure({"level": 0.5, "cut": 1}), pure({"level": 0.0, "cut": 1})])

    def long(value, moment):
        graph = kit.node("mul", kit.node("sine", 200), Control("level", 0.5))
        return Voice("long", graph, value, gate=9.0, hold=9.0, cut=value["cut"])

    sound = kit.streamed(pattern, long).render(2 * SECOND)[:, 0]
    assert np.abs(sound[47_000:48_000]).max() > 0.4
    assert np.abs(sound[48_241:]).max() == 0
    assert steepest(sound) < 0.5 * 2 * np.pi * 200 / SECOND + 0.5 / 240


def test_a_cut_group_leaves_other_groups_alone(kit):
    pattern = fastcat([pure({"level": 0.5, "cut": 1}), pure({"level": 0.0, "cut": 2})])

    def long(value, moment):
        graph = kit.node("mul", kit.node("sine", 200), Control("level", 0.5))
        return Voice("long", graph, value, gate=9.0, hold=9.0, cut=value["cut"])

    assert np.abs(kit.streamed(pattern, long).render(2 * SECOND)[60_000:]).max() > 0.4


def test_silent_voices_retire_and_sounding_ones_do_not(kit):
    engine = kit.streamed(fastcat([pure({"level": 0.2}), silence])).engine(2 * SECOND)
    engine.render(47_000)
    assert engine.stats.voices == 1
    engine.render(3_000)
    assert engine.stats.voices == 0


def test_no_voice_begins_after_the_end(kit):
    engine = kit.streamed(fastcat([pure({"level": 0.2})] * 8)).engine(SECOND)
    engine.render(2 * SECOND)
    assert engine.stats.started == 4


def test_a_group_has_more_voices_than_lanes(kit):
    chord = stack([pure({"freq": 100.0 + 10 * step, "level": 0.01}) for step in range(40)])
    engine = kit.streamed(chord).engine(4_000)
    sound = engine.render(4_000)[:, 0]
    time = np.arange(4_000) / SECOND
    waves = sum(np.sin(2 * np.pi * (100 + 10 * step) * time) for step in range(40))
    assert engine.stats.peak_voices == 40
    assert np.abs(sound - waves * 0.01 * np.sqrt(0.5)).max() < 1e-4


def test_every_voice_has_its_own_repeatable_noise(kit):
    def hiss(value, moment):
        graph = kit.node("mul", kit.node("noise"), Control("gate", 0.0))
        return Voice("hiss", kit.node("mul", graph, 0.1), value, gate=moment.seconds)

    pattern = fastcat([pure({}), pure({})])
    sound = kit.streamed(pattern, hiss).render(2 * SECOND)[:, 0]
    first, second = sound[:40_000], sound[48_000:88_000]
    assert abs(np.corrcoef(first, second)[0, 1]) < 0.05
    assert np.array_equal(sound, kit.streamed(pattern, hiss).render(2 * SECOND)[:, 0])
    assert not np.array_equal(sound, kit.streamed(pattern, hiss).render(2 * SECOND, seed=5)[:, 0])


def test_sends_reach_their_port_at_their_level(kit):
    stream = Stream("o1", pure({"level": 0.5, "room": 0.25}))

    def sent(value, moment):
        graph = kit.node("mul", Control("level", 1.0), Control("gate", 0.0))
        ports = (("main", ""), ("room", "room"))
        return Voice("sent", graph, value, gate=9.0, hold=9.0, ports=ports)

    piece = kit.Piece({"o1": Mix(stream), "o2": Mix(stream, "room")}, play=sent)
    _, outputs = piece.engine(1_000, stems=True).render_outputs(1_000)
    assert np.all(outputs["o1"] == 0.5)
    assert np.all(outputs["o2"] == 0.125)


def test_recordings_are_played(kit):
    from phonon.dsp.registry import find

    sampler = find("sampler")
    if sampler is None:
        pytest.skip("there is no sampler unit")
    ramp = SampleData((np.linspace(0, 0.5, 4_800, dtype=np.float32),))
    values = [Control(p.name, p.default or 0.0) for p in sampler.parameters]
    graph = kit.node("sampler", *[1.0] * len(sampler.inputs), *values)

    def play(value, moment):
        return Voice("ramp", graph, value, ramp, hold=0.1)

    sound = kit.streamed(pure({"speed": 1.0}), play).render(9_600)[:, 0]
    assert np.abs(sound[:4_700] - ramp.channels[0][:4_700]).max() < 1e-3
    assert np.abs(sound[4_900:]).max() == 0
