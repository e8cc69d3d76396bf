"""The spectrum: a tone raises the bar that contains it, pink noise all of them."""

from __future__ import annotations

import numpy as np
import pytest

from phonon.editor.drawing.bands import bands
from phonon.editor.drawing.cells import plain
from phonon.editor.drawing.spectrum import FLOOR, Spectrum, bars_in
from phonon.editor.glyphs import ASCII, FANCY

FRAME = 1 / 30


class Steady(Spectrum):
    """A spectrum that is told how much time has passed."""

    def after(self, seconds, sound, rate, count):
        self.now = getattr(self, "now", 0.0) + seconds
        self.hear(sound, rate, self.now, count)


def tone(hz, rate, frames=2048, gain=1.0, phase=0.1):
    return (gain * np.sin(2 * np.pi * (hz * np.arange(frames) / rate + phase))).astype(np.float32)


def pink(frames, seed=0):
    rng = np.random.default_rng(seed)
    spectrum = np.fft.rfft(rng.standard_normal(frames))
    spectrum[1:] /= np.sqrt(np.arange(1, len(spectrum)))
    spectrum[0] = 0
    sound = np.fft.irfft(spectrum)
    return (sound / np.sqrt(np.mean(sound**2)) * 0.25).astype(np.float32)


@pytest.mark.parametrize("rate", [44_100, 48_000, 96_000])
@pytest.mark.parametrize("count", [20, 38, 80])
@pytest.mark.parametrize("window", [512, 2048, 8192])
def test_a440_stands_in_the_bar_that_contains_440_hz(rate, count, window):
    scale = bands(rate, count, window)
    levels, heard = scale.levels(tone(440.0, rate, window))
    at = int(np.argmax(levels))
    assert scale.edges[at] <= 440 < scale.edges[at + 1]
    assert levels[at] == pytest.approx(0, abs=0.5)
    assert heard == pytest.approx(440, rel=0.01)


@pytest.mark.parametrize("rate", [44_100, 48_000, 96_000])
def test_every_tone_stands_in_its_own_bar(rate):
    scale = bands(rate, 40, 2048)
    slack = 0.06 * rate / 2048  # a twentieth of a bin, as good as the window lets it be
    for hz in np.geomspace(60 * rate / 44_100, 15_000, 97):
        levels, _ = scale.levels(tone(hz, rate))
        at = int(np.argmax(levels))
        assert scale.edges[at] - slack <= hz < scale.edges[at + 1] + slack


@pytest.mark.parametrize("rate", [44_100, 48_000, 96_000])
@pytest.mark.parametrize("count", [30, 80])
def test_pink_noise_leaves_no_bar_empty(rate, count):
    sound = pink(rate)
    spectrum = Steady()
    for end in range(2048, 2048 + 30 * 1500, 1500):
        spectrum.after(FRAME, sound[end - 2048 : end], rate, count)
    assert (spectrum.decibels() > FLOOR + 10).all()


def test_pink_noise_is_flat_where_bars_are_wider_than_bins():
    rate = 48_000
    sound = pink(1 << 17)
    scale = bands(rate, 30, 8192)
    total = [10 ** (scale.levels(sound[at : at + 8192])[0] / 10) for at in range(0, 120_000, 4096)]
    wide = 10 * np.log10(np.mean(total, axis=0))[scale.edges[:-1] > 200]
    assert wide.max() - wide.min() < 3


def test_bars_fall_by_a_fifth_in_a_thirtieth_of_a_second_at_any_frame_rate():
    for frames in (1, 2, 4):
        spectrum = Steady()
        for _ in range(300):
            spectrum.after(FRAME, tone(1000, 48_000), 48_000, 40)
        before = spectrum.bars.max()
        for _ in range(frames):
            spectrum.after(FRAME / frames, np.zeros(2048), 48_000, 40)
        assert spectrum.bars.max() == pytest.approx(before * 0.8, rel=1e-6)


def test_peaks_hold_a_second_and_then_fall():
    spectrum = Steady()
    for _ in range(100):
        spectrum.after(FRAME, tone(1000, 48_000), 48_000, 40)
    top = spectrum.peaks.max()
    for _ in range(29):
        spectrum.after(FRAME, np.zeros(2048), 48_000, 40)
    assert spectrum.peaks.max() == top
    for _ in range(31):
        spectrum.after(FRAME, np.zeros(2048), 48_000, 40)
    assert spectrum.peaks.max() == pytest.approx(top - 20, abs=1.5)
    for _ in range(120):
        spectrum.after(FRAME, np.zeros(2048), 48_000, 40)
    assert spectrum.peaks.max() == FLOOR


def test_figures_name_the_tone_and_its_level():
    spectrum = Steady()
    for _ in range(100):
        spectrum.after(FRAME, tone(440, 44_100, gain=0.5), 44_100, bars_in(42))
    lines = [plain(line) for line in spectrum.draw(42, 8)]
    assert "440 Hz  -6 dB" in lines[0]
    column = lines[-1].index("500")
    assert "█" in lines[3][column - 2 : column + 3]


def test_silence_draws_no_bars_and_the_word_silent():
    spectrum = Steady()
    spectrum.after(FRAME, np.zeros(2048), 48_000, bars_in(42))
    lines = [plain(line) for line in spectrum.draw(42, 8)]
    assert "silent" in lines[0]
    assert all(not line[4:].strip() for line in lines[1:-1])


def test_a_new_rate_or_width_resets_the_spectrum():
    spectrum = Steady()
    spectrum.after(FRAME, tone(440, 48_000), 48_000, 38)
    spectrum.after(FRAME, tone(440, 96_000), 96_000, 30)
    assert len(spectrum.bars) == len(spectrum.peaks) == 30
    assert plain(spectrum.draw(42, 6)[0]).rstrip() == "spectrum"


@pytest.mark.parametrize("glyphs", [FANCY, ASCII])
@pytest.mark.parametrize(("width", "height"), [(1, 1), (5, 3), (29, 5), (42, 8), (120, 30)])
def test_every_size_is_filled_exactly(glyphs, width, height):
    spectrum = Steady()
    for gain in (1.0, 0.2):
        spectrum.after(2.0, tone(440, 48_000, gain=gain), 48_000, bars_in(width))
    rows = [plain(line) for line in spectrum.draw(width, height, glyphs)]
    assert [len(row) for row in rows] == [width] * height
    if not glyphs.braille:
        assert all(row.isascii() for row in rows)


def test_a_tone_beyond_the_bars_is_not_named():
    scale = bands(48_000, 40, 2048)
    sound = tone(20_000, 48_000, gain=1.0) + tone(1_000, 48_000, gain=0.1)
    assert scale.levels(sound)[1] == pytest.approx(1_000, rel=0.01)
    assert scale.levels(np.zeros(2048, dtype=np.float32))[1] == 0.0
