"""The tempo of taps."""

from __future__ import annotations

import pytest

from phonon.session.tap_tempo import TapTempo


def test_four_taps_to_a_cycle():
    taps = TapTempo()
    assert taps.tap(10.0) is None
    assert taps.tap(10.5) == pytest.approx(0.5)
    assert taps.tap(11.0) == pytest.approx(0.5)


def test_a_pause_starts_a_new_tap_tempo():
    taps = TapTempo()
    taps.tap(0.0)
    taps.tap(0.5)
    assert taps.tap(10.0) is None
    assert taps.tap(10.25) == pytest.approx(1.0)
