"""The scope stands still, misses no peak and shows the time that it says."""

from __future__ import annotations

import numpy as np
import pytest

from phonon.editor.drawing.cells import plain
from phonon.editor.drawing.dots import between, envelope, text
from phonon.editor.drawing.oscilloscope import Oscilloscope, trigger
from phonon.editor.glyphs import ASCII, FANCY

RATE = 48_000


def tone(hz, phase=0.0, frames=2048, rate=RATE, gain=0.5):
    return (gain * np.sin(2 * np.pi * (hz * np.arange(frames) / rate + phase))).astype(np.float32)


def drawn(samples, width=42, height=6, glyphs=FANCY, **options):
    return [
        plain(line) for line in Oscilloscope(**options).draw(samples, RATE, width, height, glyphs)
    ]


@pytest.mark.parametrize("hz", [110.0, 440.0, 1234.5])
def test_a_tone_stands_still_whatever_its_phase(hz):
    pictures = [drawn(tone(hz, phase), span=0.01)[1:] for phase in np.linspace(0, 1, 23)]
    for picture in pictures:
        moved = sum(a != b for a, b in zip("".join(picture), "".join(pictures[0]), strict=True))
        assert moved <= 0.1 * 42 * 5


def test_the_trigger_is_where_the_wave_rises_between_two_samples():
    wave = tone(440.0, 0.37)
    at = trigger(wave, 0.0, 1500)
    assert at is not None
    assert abs((440 * at / RATE + 0.37 + 0.5) % 1 - 0.5) < 1e-3
    assert 1500 - RATE / 440 <= at <= 1500


def test_the_trigger_takes_the_lobe_before_the_highest_peak():
    time = np.arange(2048) / RATE
    wave = (np.sin(2 * np.pi * 200 * time) + 0.9 * np.sin(2 * np.pi * 600 * time + 1)).astype("f4")
    found = {
        round(trigger(np.roll(wave[:1920], shift), 0.0, 1200) % 240 - shift % 240) % 240
        for shift in range(0, 240, 17)
    }
    assert max(found) - min(found) <= 1


def test_noise_on_a_slow_edge_triggers_once():
    rng = np.random.default_rng(1)
    wave = tone(60.0) + rng.uniform(-0.005, 0.005, 2048).astype("f4")
    at = trigger(wave, 0.0, 1300)
    assert at is not None
    assert wave[int(at) + 40] > 0.1


def test_a_wave_without_a_crossing_runs_free_at_its_newest_end():
    flat = np.full(2048, 0.25, dtype=np.float32)
    assert trigger(flat, 0.0, 1000) is None
    assert "free" in drawn(flat, width=60)[0]
    flat[-3:] = 0.75
    assert "pp 0.50" in drawn(flat, width=60)[0]


def test_the_time_shown_is_the_time_over_the_width():
    wave = np.zeros(2048, dtype=np.float32)
    wave[-480:] = 1.0
    low, _ = envelope(wave, len(wave) - 1 - 960, 960 / 84, 84)
    assert np.flatnonzero(low > 0.5)[0] in {42, 43}
    assert "20 ms" in drawn(wave)[0]
    assert "42.6 ms" in drawn(wave, span=1.0)[0]


def test_a_peak_of_one_sample_is_drawn():
    wave = np.zeros(2048, dtype=np.float32)
    wave[1800] = 0.9
    low, high = envelope(wave, 1000, 12.0, 84)
    assert high.max() == pytest.approx(0.9)
    assert (high[:-1] >= low[1:]).all()
    assert (high[1:] >= low[:-1]).all()


def test_min_max_and_swing_are_figures_of_what_is_shown():
    head = drawn(tone(440.0), width=60)[0]
    assert "pp 1.00" in head
    assert "-0.50..+0.50" in head


def test_a_frozen_scope_keeps_its_wave_and_says_so():
    scope = Oscilloscope()
    first = scope.draw(tone(440.0), RATE, 60, 6)
    scope.freeze()
    held = scope.draw(tone(100.0), RATE, 60, 6)
    assert "FROZEN" in plain(held[0])
    assert [plain(line) for line in held[1:]] == [plain(line) for line in first[1:]]
    scope.freeze()
    assert "FROZEN" not in plain(scope.draw(tone(100.0), RATE, 60, 6)[0])


def test_slower_and_faster_step_through_the_spans():
    scope = Oscilloscope()
    scope.slower()
    scope.slower()
    assert scope.span == 0.04
    for _ in range(9):
        scope.faster()
    assert scope.span == 0.001


def test_a_square_fills_both_halves():
    square = np.sign(tone(100.0)) * 2  # louder than the screen is high
    rows = drawn(square, height=3, span=0.01)[1:]
    assert any(character != " " for character in rows[0])
    assert any(character != " " for character in rows[1])


def test_dots_become_braille_or_ascii():
    dots = between(np.float32([-1, -1]), np.float32([1, -1]), 4)
    assert text(dots, FANCY) == ["⣇"]
    dots = between(np.float32([-1, 0, 1]), np.float32([1, 0, 1]), 3)
    assert text(dots, ASCII) == ["|-'"]


@pytest.mark.parametrize("glyphs", [FANCY, ASCII])
@pytest.mark.parametrize(("width", "height"), [(1, 1), (5, 3), (42, 6), (120, 20)])
@pytest.mark.parametrize("frames", [0, 1, 2, 7, 2048])
def test_every_size_is_filled_exactly(glyphs, width, height, frames):
    rows = drawn(tone(440.0, frames=frames), width, height, glyphs)
    assert [len(row) for row in rows] == [width] * height
    if not glyphs.braille:
        assert all(row.isascii() for row in rows)
