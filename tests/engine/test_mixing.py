"""Outputs, shared signals, and feedback through voices."""

import numpy as np
import pytest

from phonon.errors import PhononError
from phonon.graph.node import Bus, Control, Curve, Held, Mix, SharedSignal, Stream
from phonon.graph.voice import Voice
from phonon.patterns import fastcat, pure
from phonon.patterns.signals import cyclic


def test_a_score_without_outputs_is_silent(kit):
    assert not kit.Piece({}).render(1_000).any()


def test_removing_an_output_changes_no_other(kit):
    notes = fastcat([pure({"freq": 200.0}), pure({"freq": 300.0})])
    first, second = Mix(Stream("o1", notes)), Mix(Stream("o2", notes.fast(3)))
    noise = kit.node("mul", kit.node("noise"), 0.1)
    outputs = {"o1": first, "o2": second, "o3": noise, "o4": kit.node("lpf", noise, 500, 1)}
    together = kit.Piece(outputs, play=kit.tone).engine(48_000, stems=True)
    _, stems = together.render_outputs(48_000)
    for name, graph in outputs.items():
        alone = kit.Piece({name: graph}, play=kit.tone).engine(48_000, stems=True)
        assert np.array_equal(alone.render_outputs(48_000)[1][name], stems[name])


def test_voices_share_a_signal_of_the_mix(kit):
    """Each voice is the same constant times one oscillation: the mix does not care which."""

    def play(value, moment):
        wave = SharedSignal(kit.node("mul", kit.node("sine", 7), 0.5))
        graph = kit.node("mul", Control("gate", 0.0), wave)
        return Voice("x", graph, value, gate=moment.seconds)

    sound = kit.streamed(fastcat([pure({})] * 5), play).render(96_000)[:, 0]
    time = np.arange(96_000) / 48_000
    assert np.abs(sound - 0.5 * np.sin(2 * np.pi * 7 * time)).max() < 1e-3


def test_held_values_in_voices_step_on_their_frame(kit):
    def play(value, moment):
        graph = kit.node("mul", Control("gate", 0.0), Held(fastcat([pure(0.25), pure(0.5)])))
        return Voice("x", graph, value, gate=moment.seconds)

    sound = kit.streamed(pure({}), play).render(96_000)[:, 0]
    assert np.array_equal(sound, np.repeat(np.float32([0.25, 0.5]), 48_000))


@pytest.mark.parametrize("block", [1, 64])
def test_a_voice_reads_its_own_mix_one_frame_late(kit, block):
    """A voice that adds half of the bus that it feeds: 1, 1.5, 1.75 … times its level."""

    def play(value, moment):
        graph = kit.node("mul", kit.node("add", 0.1, kit.node("left", Bus("a"))), 0.5)
        return Voice("x", graph, value, gate=9.0, hold=9.0)

    stream = Stream("o1", pure({}))
    piece = kit.Piece({"o1": Bus("a")}, {"a": Mix(stream)}, play)
    sound = piece.render(500, block=block)[:, 0]
    expected = 0.05 * (1 - 0.5 ** np.arange(1, 501)) / 0.5
    assert np.abs(sound - expected).max() < 1e-6


def test_too_many_delay_lines_are_refused_by_name(kit):
    graph = kit.node("saw", 50)
    for step in range(300):
        graph = kit.node("delay", graph, Held(pure(0.1 + step)), 0.5, 0.5)
    with pytest.raises(PhononError, match="delay needs"):
        kit.Piece({"o1": graph}).engine(64)


def test_an_hour_of_delay_is_refused_by_name(kit):
    with pytest.raises(PhononError, match="delay: time of 3600 seconds"):
        kit.Piece({"o1": kit.node("delay", kit.node("saw", 50), 3600, 0.5, 0.5)}).engine(64)


def test_more_events_than_the_ring_holds_all_arrive(kit):
    pattern = pure({"freq": 100.0, "level": 0.001}).fast(3_000)
    engine = kit.streamed(pattern).engine(96_000)
    engine.render(96_000)
    assert engine.stats.started == 3_000
    assert engine.stats.late == engine.stats.dropped == 0


def test_simultaneous_events_beyond_the_voice_limit_are_dropped(kit):
    from phonon.patterns import stack

    crowd = stack([pure({"freq": 100.0 + n, "level": 0.001}) for n in range(700)])
    engine = kit.streamed(crowd).engine(9_600)
    sound = engine.render(9_600)
    assert engine.stats.peak_voices <= 256
    assert np.isfinite(sound).all()
    assert engine.stats.started + engine.stats.dropped == 700


def test_a_very_long_cycle_is_queried_in_parts(kit):
    ramp = Curve(cyclic(lambda x: x))
    engine = kit.Piece({"o1": ramp}, cps=pure(0.001)).engine(48_000)
    sound = engine.render(480_000)[:, 0]
    assert np.abs(sound - np.arange(480_000) / 48_000_000).max() < 1e-6
