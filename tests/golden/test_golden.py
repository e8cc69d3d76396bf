"""Every example and every unit's example line sounds as it did when it was stored.

Bits are compared where the compiler, the libraries and the processor are those of the stored
renders: floats differ in their last bits between processors. Elsewhere the levels of the octaves
must agree. A wanted change is stored with `.venv/bin/python tests/golden/golden.py`.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

spec = importlib.util.spec_from_file_location("golden", Path(__file__).with_name("golden.py"))
golden = importlib.util.module_from_spec(spec)
spec.loader.exec_module(golden)

STORED = golden.stored()
SAME_MACHINE = golden.machine() == STORED["machine"]
SOURCES = golden.sources()
RENEW = "renew it with .venv/bin/python tests/golden/golden.py if the change is wanted"


def verdict(want, got, exact: bool) -> str:
    """Empty if a render is the stored one, else what differs."""
    if want["hash"] == got["hash"]:
        return ""
    loudest, place = golden.deviation(want, got)
    if loudest > golden.TOLERANCE:
        return f"{loudest:.1f} dB apart ({place}); {RENEW}"
    return f"other bits, though no octave is {golden.TOLERANCE} dB apart; {RENEW}" if exact else ""


def test_every_example_and_every_unit_is_stored() -> None:
    assert set(STORED["renders"]) == set(SOURCES), RENEW


@pytest.mark.parametrize("name", SOURCES)
def test_the_render_is_the_stored_one(name: str) -> None:
    assert verdict(STORED["renders"][name], golden.rendered(*SOURCES[name]), SAME_MACHINE) == ""


def test_a_change_of_half_a_decibel_is_found_on_any_machine() -> None:
    usual, louder = (golden.rendered(f"out: saw 110 * {gain}", 1) for gain in (0.1, 0.106))
    assert verdict(usual, usual, exact=True) == ""
    assert " dB apart (" in verdict(usual, louder, exact=False)


def test_a_change_of_the_last_bits_is_found_on_the_same_machine_only() -> None:
    usual, other = (golden.rendered(f"out: saw 110 * {gain}", 1) for gain in (0.1, 0.10001))
    assert "other bits" in verdict(usual, other, exact=True)
    assert verdict(usual, other, exact=False) == ""


def test_a_filter_a_semitone_off_is_found_on_any_machine() -> None:
    usual, other = (golden.rendered(f"out: noise # lpf {hz} 4", 1) for hz in (800, 848))
    assert verdict(usual, other, exact=False)
