"""Oscillators: harmonics, alias levels, levels over frequency."""

from collections.abc import Callable

import numpy as np
import pytest

RATE = 48_000.0
FRAMES = 1 << 15
Play = Callable[..., np.ndarray]


def decibels(x: np.ndarray | float) -> np.ndarray:
    return 20 * np.log10(np.maximum(np.abs(x), 1e-12))


def alias_level(x: np.ndarray, freq: float) -> float:
    """The strongest component below 16 kHz that is no harmonic, in dB against the fundamental."""
    spectrum = np.abs(np.fft.rfft(x * np.blackman(len(x))))
    frequency = np.fft.rfftfreq(len(x), 1 / RATE)
    fundamental = spectrum[np.abs(frequency - freq) < 8].max()
    between = (frequency > 30) & (frequency < 16_000)
    for k in range(1, int(RATE / 2 / freq) + 1):
        between &= np.abs(frequency - k * freq) > 24
    return float(decibels(spectrum[between].max() / fundamental))


def harmonics(x: np.ndarray, freq: float, top: float = 15_000.0) -> np.ndarray:
    """Amplitudes of the harmonics up to `top` Hz."""
    window = np.blackman(len(x))
    window *= 2 / window.sum()
    turn = -2j * np.pi * freq / RATE * np.arange(len(x))
    return np.abs([np.sum(x * window * np.exp(k * turn)) for k in range(1, int(top / freq) + 1)])


def ideal(name: str, count: int, width: float = 0.5) -> np.ndarray:
    k = np.arange(1, count + 1)
    if name in ("saw", "isaw"):
        return 2 / np.pi / k
    if name == "tri":
        return np.where(k % 2, 8 / (np.pi * k) ** 2, 0)
    return np.abs(4 / np.pi / k * np.sin(np.pi * k * width))


HIGH = [440.7, 1760.3, 3001.3, 5003.3, 7013.7, 9973.1, 12_011.3, 14_983.9]


@pytest.mark.parametrize("freq", HIGH)
@pytest.mark.parametrize(("name", "limit"), [("saw", -64), ("isaw", -64), ("square", -64)])
def test_aliases_are_far_below_the_fundamental(
    play: Play, name: str, limit: float, freq: float
) -> None:
    assert alias_level(play(name, FRAMES, freq=freq), freq) < limit


@pytest.mark.parametrize("freq", HIGH)
def test_aliases_of_the_triangle_are_lower_still(play: Play, freq: float) -> None:
    assert alias_level(play("tri", FRAMES, freq=freq), freq) < -74


def test_aliases_of_the_saw_at_5_khz_are_75_db_down(play: Play) -> None:
    assert alias_level(play("saw", FRAMES, freq=5003.3), 5003.3) < -75


@pytest.mark.parametrize("width", [0.05, 0.2, 0.37, 0.8])
@pytest.mark.parametrize("freq", [440.7, 1760.3, 5003.3])
def test_pulses_have_the_harmonics_of_their_width(play: Play, width: float, freq: float) -> None:
    x = play("pulse", FRAMES, freq=freq, width=width)
    assert alias_level(x, freq) < -60
    found = harmonics(x, freq)
    wanted = ideal("pulse", len(found), width)
    strong = wanted > 0.05 * wanted.max()
    assert np.abs(decibels(found / wanted)[strong]).max() < 0.6
    assert abs(x.mean()) < 5e-3


@pytest.mark.parametrize("name", ["saw", "isaw", "square", "tri"])
def test_harmonics_are_within_a_decibel_of_the_ideal_to_15_khz(play: Play, name: str) -> None:
    for freq in (55.3, 220.9, 1234.5, 3001.3, 5003.3, 7497.0, 14_983.9):
        found = harmonics(play(name, FRAMES, freq=freq), freq)
        wanted = ideal(name, len(found))
        there = wanted > 1e-9
        assert np.abs(decibels(found[there] / wanted[there])).max() < 0.5, freq
        assert np.all(decibels(found[~there]) < -80), freq


@pytest.mark.parametrize("name", ["sine", "saw", "square", "tri", "pulse", "blip"])
def test_frequencies_may_be_negative(play: Play, name: str) -> None:
    there = play(name, 4096, freq=1234.5)
    back = play(name, 4096, freq=-1234.5)
    assert np.std(back) == pytest.approx(np.std(there), rel=1e-3)


@pytest.mark.parametrize("name", ["saw", "square", "tri"])
def test_a_sweep_keeps_its_level(play: Play, name: str) -> None:
    frames = 1 << 16
    freq = 60 * (10_000 / 60) ** (np.arange(frames) / frames)
    x = play(name, frames, freq=freq)
    assert np.abs(x).max() < 1.35
    low = np.std(x[:8192])
    for start in range(0, frames - 4096, 4096):
        k = np.arange(1, int(15_000 / freq[start + 4095]) + 1)
        share = np.sqrt((ideal(name, len(k)) ** 2).sum() / (ideal(name, 2000) ** 2).sum())
        level = decibels(np.std(x[start : start + 4096]) / low)
        assert decibels(share) - 0.8 < level < 0.8


def test_the_level_of_the_fundamental_does_not_depend_on_frequency(play: Play) -> None:
    chance = np.random.default_rng(7)
    for freq in np.exp(chance.uniform(np.log(30), np.log(14_000), 24)):
        found = harmonics(play("saw", FRAMES, freq=freq), freq, top=freq)
        assert decibels(found[0] * np.pi / 2) == pytest.approx(0, abs=0.5)


def test_frequency_modulation_keeps_the_band_limit(play: Play) -> None:
    """Sidebands of a saw at 2 kHz, modulated by 100 Hz, all fall on multiples of 100 Hz."""
    t = np.arange(FRAMES) / RATE
    x = play("saw", FRAMES, freq=2000 + 300 * np.sin(2 * np.pi * 100 * t))
    spectrum = np.abs(np.fft.rfft(x * np.blackman(FRAMES)))
    frequency = np.fft.rfftfreq(FRAMES, 1 / RATE)
    off = np.abs(frequency / 100 - np.round(frequency / 100)) > 0.25
    below = (frequency > 30) & (frequency < 16_000)
    assert decibels(spectrum[off & below].max() / spectrum.max()) < -55


@pytest.mark.parametrize("freq", [16_000.0, 19_999.0, 0.0, 1e-6])
@pytest.mark.parametrize("name", ["saw", "square", "tri", "supersaw", "blip"])
def test_extreme_frequencies_stay_bounded(play: Play, name: str, freq: float) -> None:
    x = play(name, 4096, freq=freq)
    assert np.abs(x).max() < 3.5
    if freq > 1:
        assert np.std(x) > 0.1


@pytest.mark.parametrize("voices", [1, 2, 3, 5.5, 7])
def test_supersaw_is_as_loud_with_any_number_of_voices(play: Play, voices: float) -> None:
    x = play("supersaw", 1 << 16, freq=220.0, detune=0.5, voices=voices)
    assert decibels(np.std(x) * np.sqrt(3)) == pytest.approx(0, abs=1.0)


def test_supersaw_does_not_alias(play: Play) -> None:
    freq = 3001.3
    x = play("supersaw", FRAMES, freq=freq, detune=0.0, voices=1.0)
    assert alias_level(x, freq) < -70


def test_fm_has_the_sidebands_of_bessel(play: Play) -> None:
    x = play("fm", FRAMES, carrier=3000.0, modulator=375.0, index=1.0)
    found = harmonics(x, 375.0, 4200)
    # J0, J1, J2, J3 of 1
    assert found[[7, 8, 9, 10]] == pytest.approx([0.7652, 0.4401, 0.1149, 0.0196], abs=1e-3)


def test_blip_has_equal_harmonics_and_no_more(play: Play) -> None:
    found = harmonics(play("blip", FRAMES, freq=440.0, harmonics=9.0), 440.0)
    assert found[:9] == pytest.approx(1 / 9, rel=1e-3)
    assert found[9:].max() < 1e-4
    assert alias_level(play("blip", FRAMES, freq=1234.5), 1234.5) < -90


def test_impulses_come_at_their_times(play: Play) -> None:
    x = play("impulse", 48_000, freq=8.0)
    assert list(np.flatnonzero(x)) == pytest.approx([6000 * k for k in range(8)], abs=1)


@pytest.mark.parametrize("bright", [0.0, 0.25, 0.5, 0.7, 1.0])
def test_the_upper_six_drawbars_of_the_organ_rise_with_the_square_of_bright(
    play: Play, bright: float
) -> None:
    """Levels at 16', 8', 5 1/3', 4', 2 2/3', 2', 1 3/5', 1 1/3' and 1', in halves of 8'."""
    found = harmonics(play("organ", FRAMES, freq=440.0, bright=bright), 220.0, top=16.5 * 220)
    upper = 2 * bright**2
    wanted = np.zeros(16)
    wanted[[0, 1, 2]] = 0.24, 0.3, 0.18
    wanted[[3, 5, 7, 9, 11, 15]] = upper * np.array([0.21, 0.135, 0.12, 0.075, 0.06, 0.09])
    assert found == pytest.approx(wanted, abs=1e-3)
