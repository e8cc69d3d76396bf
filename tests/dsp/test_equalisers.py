"""Equalisers compared with the biquads of the Audio EQ Cookbook (Bristow-Johnson)."""

import numpy as np
import pytest

RATE = 48_000
FRAMES = 1 << 17
BINS = np.unique(np.geomspace(30, 20_000, 20).astype(int) * FRAMES // RATE)
HZ = BINS * RATE / FRAMES
NOISE = np.random.default_rng(1).uniform(-1, 1, 20_000).astype(np.float32)


def biquad(kind: str, freq: float, gain: float, q: float) -> np.ndarray:
    """The cookbook's response at HZ."""
    a = 10 ** (gain / 40)
    w = 2 * np.pi * freq / RATE
    alpha, c = np.sin(w) / (2 * q), np.cos(w)
    if kind == "peak":
        top = [1 + alpha * a, -2 * c, 1 - alpha * a]
        bottom = [1 + alpha / a, -2 * c, 1 - alpha / a]
    else:
        d = c if kind == "lowshelf" else -c
        e = 1.0 if kind == "lowshelf" else -1.0
        r = 2 * np.sqrt(a) * alpha
        top = [
            a * (a + 1 - (a - 1) * d + r),
            e * 2 * a * (a - 1 - (a + 1) * d),
            a * (a + 1 - (a - 1) * d - r),
        ]
        bottom = [
            a + 1 + (a - 1) * d + r,
            e * -2 * (a - 1 + (a + 1) * d),
            a + 1 + (a - 1) * d - r,
        ]
    z = np.exp(-2j * np.pi * HZ / RATE)
    return np.polyval(top[::-1], z) / np.polyval(bottom[::-1], z)


def measured(listen, name: str, **parameters: float) -> list[np.ndarray]:
    """The gains at HZ of both sides, or of the only one."""
    signals = {name: np.zeros(FRAMES) for name in ("x", "left", "right")}
    for signal in signals.values():
        signal[0] = 1
    stereo = name in ("eq3", "eq8")
    given = {key: signals[key] for key in (("left", "right") if stereo else ("x",))}
    return [np.fft.rfft(side)[BINS] for side in listen(name, FRAMES, **given, **parameters)]


def worst(found: list[np.ndarray], meant: np.ndarray) -> float:
    return max(float(np.abs(20 * np.log10(np.abs(side / meant))).max()) for side in found)


@pytest.mark.parametrize("kind", ["peak", "lowshelf", "highshelf"])
@pytest.mark.parametrize("freq", [60.0, 1_000.0, 9_000.0])
@pytest.mark.parametrize("gain", [-24.0, -3.0, 12.0])
@pytest.mark.parametrize("q", [0.3, 0.7071, 8.0])
def test_a_band_has_the_response_of_the_cookbook(listen, kind, freq, gain, q) -> None:
    found = measured(listen, kind, freq=freq, gain=gain, q=q)
    assert worst(found, biquad(kind, freq, gain, q)) < 0.05


@pytest.mark.parametrize("band", range(1, 9))
@pytest.mark.parametrize(("gain", "q"), [(24.0, 10.0), (-24.0, 0.1), (6.0, 1.0)])
def test_every_band_of_eq8_is_a_bell(listen, band, gain, q) -> None:
    found = measured(listen, "eq8", **{f"gain{band}": gain, f"q{band}": q})
    assert worst(found, biquad("peak", 60.0 * 2 ** (band - 1), gain, q)) < 0.05


def test_the_ends_of_eq8_can_be_shelves(listen) -> None:
    found = measured(listen, "eq8", gain1=5.0, freq1=80.0, q1=0.7, ends=1.0)
    assert worst(found, biquad("lowshelf", 80.0, 5.0, 0.7)) < 0.05
    found = measured(listen, "eq8", gain8=-7.0, freq8=10_000.0, q8=0.9, ends=1.0)
    assert worst(found, biquad("highshelf", 10_000.0, -7.0, 0.9)) < 0.05


def test_the_responses_of_bands_multiply(listen) -> None:
    found = measured(listen, "eq8", gain2=-4.0, gain5=3.0, gain7=9.0, freq7=6_000.0)
    meant = (
        biquad("peak", 120.0, -4.0, 1)
        * biquad("peak", 960.0, 3.0, 1)
        * biquad("peak", 6_000.0, 9.0, 1)
    )
    assert worst(found, meant) < 0.05


def test_eq3_is_shelf_bell_shelf(listen) -> None:
    found = measured(listen, "eq3", low=6.0, mid=-9.0, high=3.0)
    meant = (
        biquad("lowshelf", 200.0, 6.0, 0.7071)
        * biquad("peak", 1_000.0, -9.0, 0.7071)
        * biquad("highshelf", 5_000.0, 3.0, 0.7071)
    )
    assert worst(found, meant) < 0.05


def test_the_parametric_equaliser_is_shelf_bell_shelf_by_q(listen) -> None:
    settings = {"low_freq": 150.0, "low": 4.0, "low_q": 0.9, "mid": -6.0, "mid_q": 2.0}
    found = measured(listen, "eq", **settings, high_freq=6_000.0, high=3.0, high_q=0.6)
    meant = (
        biquad("lowshelf", 150.0, 4.0, 0.9)
        * biquad("peak", 1_000.0, -6.0, 2.0)
        * biquad("highshelf", 6_000.0, 3.0, 0.6)
    )
    assert worst(found, meant) < 0.05


@pytest.mark.parametrize("name", ["eq3", "eq8"])
def test_an_equaliser_at_0_db_changes_nothing(listen, name) -> None:
    left, right = listen(name, 20_000, left=NOISE, right=-NOISE)
    # -120 dB, and in fact not a bit.
    assert (left == NOISE).all()
    assert (right == -NOISE).all()


def test_a_changed_gain_glides_to_its_new_value(listen) -> None:
    hum = np.sin(2 * np.pi * 100 * np.arange(9_600) / RATE)
    gain = np.where(np.arange(9_600) < 4_800, 0.0, 24.0)
    left, _ = listen("eq8", 9_600, left=hum, right=hum, gain1=gain, freq1=100.0)
    steps = np.abs(np.diff(left, 2))
    # Bent no more sharply at the change than the louder hum that follows is anyway.
    assert steps[4_700:4_900].max() < 3 * steps[-960:].max()
    assert np.abs(left[-480:]).max() == pytest.approx(10 ** (24 / 20), rel=0.01)
