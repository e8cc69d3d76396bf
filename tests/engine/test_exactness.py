"""Samples do not depend on the block size or on chunks; events start at their frames."""

from fractions import Fraction
from math import pi, sin

import numpy as np
import pytest

from phonon.engine.clock import Clock
from phonon.graph.node import Bus, Control, Curve, Held, Last, Mix, SharedSignal, Stream
from phonon.graph.voice import Voice
from phonon.patterns import fastcat, pure, stack
from phonon.patterns.signals import cyclic

LENGTH = 30_000


def sine_curve():
    return cyclic(lambda x: 0.4 + 0.4 * sin(2 * pi * x))


def varied(kit):
    """A piece with everything: voices, held values, curves, a circle, effects on the sum."""
    node = kit.node
    notes = fastcat([pure({"freq": 100.0 + 70 * step, "level": 0.2}) for step in range(7)])
    stream = Stream("o1", stack([notes, notes.fast(Fraction(5, 3))]))
    wobble = SharedSignal(node("add", node("mul", node("sine", 3), 200), 900))

    def play(value, moment):
        voice = node("lpf", node("saw", Control("freq", 440.0)), wobble, 2.0)
        voice = node("mul", node("mul", voice, Control("gate", 0.0)), Control("level", 1.0))
        voice = node("pan", voice, 0.3)
        return Voice("x", voice, value, gate=moment.seconds / 2, hold=moment.seconds)

    held = Held(fastcat([pure(300.0), pure(900.0), pure(500.0)]), 200.0)
    buses = {"echo": node("add", node("mul", Mix(stream), 0.5), node("mul", Bus("echo"), 0.3))}
    outputs = {
        "o1": node("lpf", Bus("echo"), held, 0.7),
        "o2": node("mul", node("saw", Last(stream, "freq", 50.0)), Curve(sine_curve())),
    }
    return kit.Piece(outputs, buses, play)


@pytest.fixture(scope="module")
def reference(kit):
    return varied(kit).render(LENGTH)


def test_the_test_piece_is_not_silent(reference):
    assert 0.1 < np.abs(reference).max() < 1
    assert np.isfinite(reference).all()


@pytest.mark.parametrize("block", [1, 16, 256])
def test_block_size_changes_nothing(kit, reference, block):
    other = varied(kit).render(LENGTH, block=block)
    assert np.abs(other - reference).max() < 1e-5


@pytest.mark.parametrize("chunk", [1, 7, 64, 100, 4097])
def test_chunks_change_not_one_bit(kit, reference, chunk):
    engine = varied(kit).engine(LENGTH)
    length = min(LENGTH, 300 * chunk)
    parts = [engine.render(min(chunk, length - done)) for done in range(0, length, chunk)]
    assert np.array_equal(np.concatenate(parts), reference[:length])


def test_two_runs_are_equal(kit, reference):
    assert np.array_equal(varied(kit).render(LENGTH), reference)


def test_stems_sum_to_the_mix_before_the_limiter(kit):
    engine = varied(kit).engine(LENGTH, stems=True)
    parts = [engine.render_parts(count) for count in (5, 9000, 995, LENGTH - 10_000)]
    mix = np.concatenate([part[1] for part in parts])
    stems = sum(np.concatenate([part[2][name] for part in parts]) for name in ("o1", "o2"))
    assert np.array_equal(mix, stems)


@pytest.mark.parametrize("cps", [Fraction(1, 2), Fraction(37, 100)])
def test_onsets_are_exact_to_the_frame(kit, cps):
    pattern = fastcat([pure({"level": 0.1}), pure({"level": 0.2}), pure({"level": 0.4})])
    piece = kit.streamed(pattern, kit.click, cps=pure(cps))
    sound = piece.render(2 * 48_000)[:, 0]
    clock = Clock(pure(cps), 48_000)
    for step, level in enumerate((0.1, 0.2, 0.4)):
        frame = clock.frame(Fraction(step, 3))
        assert sound[frame] == pytest.approx(level, abs=1e-6)
        if frame:
            assert sound[frame - 1] != pytest.approx(level, abs=1e-6)


def test_a_voice_sounds_the_same_wherever_it_starts(kit):
    def late(cycle):
        pattern = pure({"freq": 333.0}).slow(8).late(cycle)
        return kit.streamed(pattern).render(20_000)

    early, later = late(Fraction(1003, 96_000)), late(Fraction(1024, 96_000))
    assert np.array_equal(early[1003:15_000], later[1024:15_021])


def test_gates_close_on_their_frame(kit):
    sound = kit.streamed(pure({"level": 0.5}).slow(1), kit.click).render(3 * 48_000)[:, 0]
    again = kit.streamed(fastcat([pure({"level": 0.5}), pure(0)]), kit.click).render(96_000)[:, 0]
    assert sound[:96_000].min() == 0.5
    assert np.array_equal(np.flatnonzero(again), np.arange(48_000))


def test_a_bus_that_uses_itself_reads_its_previous_frame(kit):
    buses = {"a": kit.node("add", Held(pure(1.0)), kit.node("mul", Bus("a"), 0.4))}
    sound = kit.Piece({"o1": kit.node("mul", Bus("a"), 0.1)}, buses).render(200)[:, 0]
    expected = np.cumsum(0.4 ** np.arange(200)) * 0.1
    assert np.abs(sound - expected).max() < 1e-6


@pytest.mark.parametrize("block", [1, 16, 64, 256])
def test_feedback_through_three_buses_is_one_frame_late(kit, block):
    buses = {
        "a": kit.node("add", Held(pure(1.0)), Bus("c")),
        "b": kit.node("mul", Bus("a"), 0.5),
        "c": kit.node("mul", Bus("b"), -0.5),
    }
    sound = kit.Piece({"o1": kit.node("mul", Bus("a"), 0.1)}, buses).render(300, block=block)[:, 0]
    expected = np.cumsum((-0.25) ** np.arange(300)) * 0.1
    assert np.abs(sound - expected).max() < 1e-6


def test_held_values_step_on_their_frame(kit):
    pattern = fastcat([pure(0.1), pure(0.2), pure(0.3)])
    sound = kit.Piece({"o1": Held(pattern)}).render(96_000)[:, 0]
    expected = np.repeat(np.float32([0.1, 0.2, 0.3]), 32_000)
    assert np.array_equal(sound, expected)


def test_held_values_last_through_rests_and_begin_with_the_default(kit):
    pattern = fastcat([pure("x"), pure(0.3), pure("x"), pure("x")])
    sound = kit.Piece({"o1": Held(pattern, 0.5)}).render(96_000)[:, 0]
    assert set(np.round(sound[:24_000], 6)) == {0.5}
    assert set(np.round(sound[24_000:], 6)) == {np.float32(0.3).round(6)}


def test_a_curve_is_within_1e_4_of_its_pattern(kit):
    sound = kit.Piece({"o1": Curve(sine_curve())}).render(96_000)[:, 0]
    time = np.arange(96_000) / 96_000
    assert np.abs(sound - (0.4 + 0.4 * np.sin(2 * np.pi * time))).max() < 1e-4


def test_a_curve_jumps_between_two_frames(kit):
    pattern = cyclic(lambda x: x % 0.25 * 2)
    sound = kit.Piece({"o1": Curve(pattern)}).render(96_000)[:, 0]
    time = np.arange(96_000) / 96_000
    assert np.abs(sound - time % 0.25 * 2).max() < 1e-4


def test_the_jumps_of_a_fast_curve_are_at_their_frames(kit):
    sound = kit.Piece({"o1": Curve(cyclic(lambda x: float(x * 300 % 1 < 0.5)))}).render(96_000)
    time = np.arange(96_000) / 96_000
    assert np.mean(np.abs(sound[:, 0] - (time * 300 % 1 < 0.5))) < 0.01


def test_rand_as_a_curve_is_held_between_grid_points(kit):
    asked = []

    def value(x):
        asked.append(x)
        return float(sin(x * 1e7) * 1e4 % 1)

    sound = kit.Piece({"o1": Curve(cyclic(value))}).render(96_000)[:, 0]
    assert len(asked) < 96_000 / 64 * 4
    assert sound.min() < 0.01
    assert sound.max() > 0.9
    jumps = np.count_nonzero(np.abs(np.diff(sound)) > 1e-3)  # beyond what the limiter moves
    assert 96_000 / 64 * 0.9 < jumps < 96_000 / 64 * 8
