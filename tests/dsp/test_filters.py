"""Filters: responses compared with formulas, and stability under modulation."""

import numpy as np
import pytest

RATE = 48_000
FRAMES = 1 << 16
BINS = np.unique(np.geomspace(20, 20_000, 160).astype(int) * FRAMES // RATE)
HZ = BINS * RATE / FRAMES


def impulse(size: float = 1.0) -> np.ndarray:
    return np.concatenate([[size], np.zeros(FRAMES - 1)])


def response(listen, name: str, size: float = 1.0, **parameters: float) -> np.ndarray:
    """Gains at HZ, measured with an impulse."""
    heard = listen(name, FRAMES, x=impulse(size), **parameters)[0]
    return np.fft.rfft(heard)[BINS] / size


def warped(cutoff: float) -> np.ndarray:
    """HZ as the analogue prototype's s, bilinear and exact at the cutoff."""
    return 1j * np.tan(np.pi * HZ / RATE) / np.tan(np.pi * cutoff / RATE)


def worst(found: np.ndarray, meant: np.ndarray) -> float:
    """The largest deviation in decibels where the formula is above -60 dB."""
    heard = np.abs(meant) > 1e-3
    return float(np.abs(20 * np.log10(np.abs(found[heard]) / np.abs(meant[heard]))).max())


STATE_VARIABLE = {
    "lpf": lambda s, k: 1 / (s * s + k * s + 1),
    "hpf": lambda s, k: s * s / (s * s + k * s + 1),
    "bpf": lambda s, k: k * s / (s * s + k * s + 1),
    "notch": lambda s, k: (s * s + 1) / (s * s + k * s + 1),
}


@pytest.mark.parametrize("name", STATE_VARIABLE)
@pytest.mark.parametrize("cutoff", [40.0, 300.0, 1_000.0, 5_000.0, 18_000.0])
@pytest.mark.parametrize("q", [0.5, 1.0, 10.0])
def test_a_state_variable_filter_has_the_response_of_its_formula(listen, name, cutoff, q) -> None:
    found = response(listen, name, cutoff=cutoff, q=q)
    meant = STATE_VARIABLE[name](warped(cutoff), 1 / q)
    # A notch's floor is where the bin stands, to the last bit.
    assert worst(found, np.where(np.abs(meant) < 0.01, 0, meant)) < 0.02


@pytest.mark.parametrize("cutoff", [30.0, 1_000.0, 15_000.0])
def test_a_one_pole_has_the_response_of_its_formula(listen, cutoff) -> None:
    s = warped(cutoff)
    assert worst(response(listen, "onepole", cutoff=cutoff), 1 / (1 + s)) < 0.02
    assert worst(response(listen, "hpf1", cutoff=cutoff), s / (1 + s)) < 0.02


@pytest.mark.parametrize("cutoff", [60.0, 1_000.0, 12_000.0])
@pytest.mark.parametrize("resonance", [0.0, 0.5, 0.9])
def test_the_ladder_has_the_response_of_its_formula_at_low_level(listen, cutoff, resonance) -> None:
    found = response(listen, "moog", 1e-3, cutoff=cutoff, resonance=resonance)
    four = (1 + warped(cutoff)) ** 4
    assert worst(found, 1 / (four + 4 * resonance)) < 0.05


@pytest.mark.parametrize("name", ["rlpf", "rhpf"])
def test_rlpf_and_rhpf_lower_the_level_as_resonance_rises(listen, name) -> None:
    kind = {"rlpf": "lpf", "rhpf": "hpf"}[name]
    found = response(listen, name, cutoff=900.0, res=9.0)
    assert worst(found, STATE_VARIABLE[kind](warped(900.0), 1 / 9) / 3) < 0.02


def test_the_dj_filter_is_off_in_the_middle(listen) -> None:
    assert (listen("djf", FRAMES, x=impulse(), position=0.5)[0] == impulse()).all()
    lows, highs = HZ < 200, HZ > 5_000
    for position, passed, stopped in ((0.2, lows, highs), (0.8, highs, lows)):
        gains = np.abs(response(listen, "djf", position=position))
        assert gains[passed].min() > 0.5
        assert gains[stopped].max() < 0.15


@pytest.mark.parametrize("octaves", [1, 2, 4, 6, 8, 9])
def test_the_dj_filter_sweeps_ten_octaves_from_20_hz_on_either_side(listen, octaves) -> None:
    """Fully turned in (0.05 beside the middle), its gain at the cutoff is 1 / 1.2."""
    cutoff = 20 * 2**octaves
    tone = np.exp(-2j * np.pi * cutoff / RATE * np.arange(FRAMES))
    for position in (octaves / 20, 0.5 + octaves / 20):
        heard = listen("djf", FRAMES, x=impulse(), position=position)[0]
        assert abs(np.sum(heard * tone)) == pytest.approx(1 / 1.2, rel=0.01)


def test_a_comb_rings_at_its_pitch(listen) -> None:
    heard = listen("comb", 1_000, x=impulse()[:1_000], freq=480.0, feedback=0.5)[0]
    meant = np.zeros(1_000)
    meant[::100] = 0.5 ** np.arange(10)
    assert heard == pytest.approx(meant, abs=1e-6)


def test_an_all_pass_keeps_the_spectrum(listen) -> None:
    found = response(listen, "allpass", coeff=0.7, time=0.01)
    assert worst(found, np.ones(len(HZ))) < 0.02
    heard = listen("allpass", FRAMES, x=impulse(), coeff=0.7, time=0.01)[0]
    assert heard[[0, 480, 960]] == pytest.approx([0.7, 0.51, -0.357], abs=1e-5)


def test_formants_peak_at_their_frequencies(listen) -> None:
    gains = np.abs(response(listen, "formant", f1=500.0, f2=1_500.0, f3=2_500.0))
    for centre in (500.0, 1_500.0, 2_500.0):
        near = np.abs(HZ / centre - 1) < 0.2
        assert HZ[near][np.argmax(gains[near])] == pytest.approx(centre, rel=0.05)
        assert gains[near].max() == pytest.approx(1.0, abs=0.25)


@pytest.mark.parametrize(("letter", "first"), [(0, 650), (1, 400), (2, 290), (3, 400), (4, 350)])
def test_a_vowel_is_loudest_at_its_first_formant(listen, letter, first) -> None:
    gains = np.abs(response(listen, "vowel", letter=float(letter)))
    assert HZ[np.argmax(gains)] == pytest.approx(first, rel=0.06)


def test_numbers_between_vowels_interpolate(listen) -> None:
    gains = np.abs(response(listen, "vowel", letter=0.5))
    assert HZ[np.argmax(gains)] == pytest.approx(525, rel=0.06)


RNG = np.random.default_rng(5)
WILD = 10 ** RNG.uniform(1.3, 4.3, 20_000)
NOISE = RNG.uniform(-1, 1, 20_000)


@pytest.mark.parametrize("name", ["lpf", "hpf", "bpf", "notch", "rlpf", "rhpf"])
def test_a_cutoff_that_jumps_every_frame_stays_finite(listen, name) -> None:
    resonance = {"rlpf": "res", "rhpf": "res"}.get(name, "q")
    heard = listen(name, 20_000, x=NOISE, cutoff=WILD, **{resonance: 40.0})
    assert np.abs(heard).max() < 100


def test_the_ladder_self_oscillates_in_tune(listen) -> None:
    heard = listen("moog", RATE, x=impulse()[:RATE], cutoff=1_000.0, resonance=1.1)[0]
    tail = heard[RATE // 2 :]
    assert 0.05 < np.abs(tail).max() < 1.5
    spectrum = np.abs(np.fft.rfft(tail * np.hanning(len(tail))))
    assert np.argmax(spectrum) * 2 == pytest.approx(1_000, rel=0.02)


def test_the_oscillating_ladder_stays_bounded_under_audio_rate_modulation(listen) -> None:
    heard = listen("moog", 20_000, x=NOISE * 10, cutoff=WILD, resonance=1.2)
    assert np.isfinite(heard).all()
    assert np.abs(heard).max() < 3
