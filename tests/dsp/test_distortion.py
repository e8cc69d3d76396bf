"""Distortion: transfer curves and alias levels."""

import numpy as np
import pytest

RATE = 48_000
RAMP = np.linspace(-1, 1, 4_801)
SLOW = np.sin(2 * np.pi * 5 * np.arange(RATE) / RATE)


def test_soft_is_tanh(listen) -> None:
    assert listen("soft", 4_801, x=RAMP, drive=3.0)[0] == pytest.approx(np.tanh(3 * RAMP), abs=1e-5)


def test_distort_is_tanh_for_slow_signals(listen) -> None:
    heard = listen("distort", RATE, x=SLOW, drive=5.0, mix=1.0)[0]
    assert heard[1:] == pytest.approx(np.tanh(5 * SLOW)[1:], abs=2e-3)
    dry = listen("distort", RATE, x=SLOW, drive=5.0, mix=0.0)[0]
    assert (dry == SLOW.astype(np.float32)).all()


def test_a_loud_onset_makes_no_spike(listen) -> None:
    heard = listen("distort", 100, x=np.full(100, 0.1), drive=6.0, mix=1.0)[0]
    assert heard[0] == pytest.approx(np.log(np.cosh(0.6)) / 0.6, abs=1e-5)
    assert heard[1:] == pytest.approx(np.tanh(0.6), abs=1e-5)
    folded = listen("fold", 100, x=np.full(100, 0.1), drive=6.0)[0]
    assert (abs(folded) <= 0.6001).all()


def test_shape_is_the_curve_of_superdirt(listen) -> None:
    k = 2 * 0.6 / 0.4
    meant = (1 + k) * RAMP / (1 + k * np.abs(RAMP))
    assert listen("shape", 4_801, x=RAMP, amount=0.6)[0] == pytest.approx(meant, abs=1e-5)


def test_fold_reflects_at_full_scale(listen) -> None:
    heard = listen("fold", RATE, x=SLOW, drive=4.0)[0]
    meant = 2 / np.pi * np.arcsin(np.sin(np.pi / 2 * 4 * SLOW))
    assert heard[1:] == pytest.approx(meant[1:], abs=2e-3)


def test_crush_leaves_its_number_of_values(listen) -> None:
    values = np.unique(listen("crush", 4_801, x=RAMP, bits=3.0)[0])
    assert values == pytest.approx(np.arange(-4, 5) / 4)


def test_coarse_holds_each_value(listen) -> None:
    heard = listen("coarse", 48, x=np.arange(48.0), factor=8.0)[0]
    assert (heard == np.repeat(np.arange(0, 48, 8), 8)).all()
    between = listen("coarse", 30, x=np.arange(30.0), factor=2.5)[0]
    assert len(np.unique(between)) == 12


def test_bitcrush_samples_at_its_rate(listen) -> None:
    heard = listen("bitcrush", RATE, x=np.sin(np.arange(RATE)), bits=16.0, rate=4_800.0)[0]
    changes = np.flatnonzero(np.diff(heard))
    assert len(changes) == pytest.approx(4_800, abs=2)
    assert heard[0] == pytest.approx(0.0, abs=1e-4)
    whole = listen("bitcrush", 4_801, x=RAMP, bits=16.0, rate=384_000.0)[0]
    assert whole == pytest.approx(RAMP, abs=2e-5)


@pytest.mark.parametrize(
    ("name", "drive", "less"), [("distort", 4.0, 30), ("distort", 10.0, 25), ("fold", 3.0, 8)]
)
def test_aliases_below_the_fundamental_are_low(listen, name, drive, less) -> None:
    note = 5_003
    x = np.sin(2 * np.pi * note * np.arange(RATE) / RATE)
    plain = {"distort": np.tanh, "fold": lambda u: 2 / np.pi * np.arcsin(np.sin(np.pi / 2 * u))}
    wet = {"mix": 1.0} if name == "distort" else {}
    heard = listen(name, RATE, x=x, drive=drive, **wet)[0]

    def alias(y: np.ndarray) -> float:
        power = np.abs(np.fft.rfft(y * np.blackman(RATE))) ** 2
        return 10 * np.log10(power[20 : note - 20].max() / power.max())

    assert alias(heard) < alias(plain[name](drive * x)) - less
