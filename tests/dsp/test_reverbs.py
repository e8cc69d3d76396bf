"""Reverbs: decay time, density, width, no ringing, no direct current."""

import math

import numpy as np
import pytest

RATE = 48_000
FRAMES = 4 * RATE
CLAP = np.zeros(FRAMES)
CLAP[0] = 1.0
NOISE = np.random.default_rng(3).uniform(-1, 1, FRAMES)


def tail(listen, name: str, **parameters: float) -> np.ndarray:
    """The wet answer to a clap on both sides."""
    return listen(name, FRAMES, left=CLAP, right=CLAP, mix=1.0, **parameters)


def band(x: np.ndarray, centre: float) -> np.ndarray:
    """About an octave of a sound; silence around it, so that the filter cannot wrap."""
    spectrum = np.fft.rfft(x, 2 * len(x))
    hz = np.fft.rfftfreq(2 * len(x), 1 / RATE)
    shape = np.exp(-2 * np.log2(np.maximum(hz, 1) / centre) ** 2)
    return np.fft.irfft(spectrum * shape)[: len(x)]


def reverberation(x: np.ndarray) -> float:
    """The time in seconds to fall by 60 dB, from -5 to -35 dB of the integrated energy."""
    left = np.cumsum(x[::-1] ** 2)[::-1]
    db = 10 * np.log10(left / left[0] + 1e-30)
    return 2 * (np.argmax(db < -35) - np.argmax(db < -5)) / RATE


def density(x: np.ndarray, at: float) -> float:
    """The share of samples beyond the standard deviation, 1 for noise (Abel and Huang, 2006)."""
    window = x[int(at * RATE) :][: RATE // 50]
    return float(np.mean(np.abs(window) > window.std()) / math.erfc(math.sqrt(0.5)))


@pytest.mark.parametrize("decay", [0.5, 1.0, 2.0])
def test_a_plate_falls_60_db_in_its_decay(listen, decay) -> None:
    for side in tail(listen, "plate", decay=decay, predelay=0.0):
        assert reverberation(band(side, 500)) == pytest.approx(decay, rel=0.1)


def test_damping_shortens_the_highs(listen) -> None:
    for name, how in (("plate", "damping"), ("reverb", "damp")):
        bright = tail(listen, name, **{how: 0.1})[0]
        dark = tail(listen, name, **{how: 0.9})[0]
        highs = [reverberation(band(x, 6_000)) for x in (dark, bright)]
        assert highs[0] < 0.6 * highs[1]


def test_a_larger_room_lasts_longer(listen) -> None:
    times = [reverberation(tail(listen, "reverb", room=room)[0]) for room in (0.0, 0.5, 0.9)]
    assert times[0] < 0.8 * times[1] < 0.5 * times[2]


@pytest.mark.parametrize(("name", "least"), [("plate", 0.85), ("reverb", 0.65)])
def test_the_echo_density_soon_equals_noise(listen, name, least) -> None:
    for side in tail(listen, name):
        for at in (0.1, 0.2, 0.4):
            assert density(side, at) > least


def test_the_plate_does_not_ring(listen) -> None:
    for side in tail(listen, "plate", decay=3.0, mod_depth=0.5):
        late = side[RATE // 2 : 3 * RATE // 2]
        power = np.abs(np.fft.rfft(late * np.hanning(len(late)))) ** 2
        around = np.convolve(power, np.ones(201) / 201, "same")
        # The largest of 8000 bins of noise is 9.5 dB above its surroundings.
        assert 10 * np.log10((power / around)[300:8_000].max()) < 15
        whitened = np.abs(np.fft.rfft(late, 2 * len(late))) ** 2
        whitened /= np.convolve(whitened, np.ones(2_001) / 2_001, "same")
        likeness = np.fft.irfft(whitened)
        assert np.abs(likeness[200:12_000]).max() < 0.15 * likeness[0]


@pytest.mark.parametrize("name", ["plate", "reverb"])
def test_the_sides_differ_and_are_equally_loud(listen, name) -> None:
    left, right = tail(listen, name)
    assert abs(np.corrcoef(left, right)[0, 1]) < 0.1
    assert left.std() == pytest.approx(right.std(), rel=0.1)


@pytest.mark.parametrize("name", ["plate", "reverb"])
def test_direct_current_does_not_accumulate(listen, name) -> None:
    wet = listen(name, FRAMES, left=np.ones(FRAMES), right=np.ones(FRAMES), mix=1.0)
    assert np.abs(wet[:, -RATE:].mean(axis=1)).max() < 0.01


@pytest.mark.parametrize("name", ["plate", "reverb"])
def test_wet_is_about_as_loud_as_dry(listen, name) -> None:
    wet = listen(name, FRAMES, left=0.3 * NOISE, right=np.roll(NOISE, 99) * 0.3, mix=1.0)
    change = 20 * np.log10(wet[:, RATE:].std() / (0.3 * NOISE.std()))
    assert -6 < change < 6


@pytest.mark.parametrize("name", ["plate", "reverb"])
def test_mix_zero_is_the_dry_sound(listen, name) -> None:
    x = NOISE.astype(np.float32)
    left, right = listen(name, FRAMES, left=x, right=-x, mix=0.0)
    assert (left == x).all()
    assert (right == -x).all()


def test_predelay_is_exact(listen) -> None:
    near, _ = tail(listen, "plate", predelay=0.0, mod_depth=0.0)
    late, _ = tail(listen, "plate", predelay=0.1, mod_depth=0.0)
    assert late[4_800:] == pytest.approx(near[:-4_800], abs=1e-6)


@pytest.mark.parametrize("name", ["plate", "reverb"])
def test_the_longest_tail_stays_bounded(listen, name) -> None:
    longest = {"plate": {"decay": 60.0, "damping": 0.0}, "reverb": {"room": 1.0, "damp": 0.0}}
    wet = listen(name, FRAMES, left=NOISE, right=NOISE, mix=1.0, **longest[name])
    assert np.abs(wet).max() < 60
