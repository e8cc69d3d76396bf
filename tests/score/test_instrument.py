"""Instruments: the controls that a voice graph reads, and whether it sounds on after its gate."""

from __future__ import annotations

import pytest

from phonon.graph.node import Const, Control, Node
from phonon.score import Instrument
from phonon.score.instrument import MIDDLE_C

GATE, FREQ = Control("gate", 1.0), Control("freq", 440.0)
SAW = Node("saw", (FREQ,))
PERC = Node("perc", (SAW, GATE, Const(0.001), Const(0.2)))
ADSR = Node("adsr", (SAW, GATE, Const(0.01), Const(0.1), Const(1.0), Const(0.1)))


def test_note_zero_is_middle_c() -> None:
    assert pytest.approx(261.6256, abs=1e-4) == MIDDLE_C


def test_the_controls_are_those_that_the_graph_reads() -> None:
    graph = Node("lpf", (ADSR, Control("cutoff", 800.0), Const(0.7)))
    assert Instrument("x", graph).controls == {"gate", "freq", "cutoff"}


def test_a_graph_of_one_control_reads_that() -> None:
    assert Instrument("x", FREQ).controls == {"freq"}
    assert Instrument("x", Const(1.0)).controls == frozenset()


def test_a_voice_whose_gate_only_strikes_envelopes_rings_on() -> None:
    assert Instrument("x", PERC).rings
    assert Instrument("x", Node("add", (PERC, Node("ad", (SAW, GATE))))).rings


def test_a_voice_that_hears_its_gate_close_does_not_ring_on() -> None:
    assert not Instrument("x", ADSR).rings
    assert not Instrument("x", Node("add", (PERC, ADSR))).rings
    assert not Instrument("x", Node("mul", (PERC, GATE))).rings
    assert not Instrument("x", GATE).rings


def test_a_voice_without_a_gate_does_not_ring_on() -> None:
    assert not Instrument("x", SAW).rings


def test_n_chooses_a_variant_counted_round_and_leaves_the_other_defaults() -> None:
    found = Instrument("x", SAW, {"cutoff": 500.0, "q": 1.0}, variants={"q": (2.0, 4.0, 8.0)})
    assert found.settings(0.0) == {"cutoff": 500.0, "q": 2.0}
    assert found.settings(1.0)["q"] == 4.0
    assert found.settings(1.9)["q"] == 4.0
    assert found.settings(4.0)["q"] == 4.0
    assert found.settings(-1.0)["q"] == 8.0
