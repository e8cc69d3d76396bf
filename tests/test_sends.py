"""Sends and routed effects of programs."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

import phonon
from phonon.dsp.registry import units
from phonon.score.controls import SENDS


def energies(sound: NDArray[np.float32], *seconds: tuple[float, float]) -> list[float]:
    """The energy of a sound between each pair of times."""
    spans = [sound[int(48_000 * begin) : int(48_000 * end)] for begin, end in seconds]
    return [float(np.square(span, dtype=np.float64).sum()) for span in spans]


def test_a_delay_send_repeats_the_sound_after_its_time() -> None:
    words = 's "rim ~ ~ ~" # delay 0.5 # delaytime 0.5 # delayfeedback 0'
    sound = phonon.render(f"out: {words}", cycles=1)
    dry = phonon.render('out: s "rim ~ ~ ~"', cycles=1)
    first, echo = sound[:12_000], sound[24_000:36_000]
    np.testing.assert_allclose(first, dry[:12_000], atol=1e-6)
    np.testing.assert_allclose(echo, 0.5 * dry[:12_000], atol=2e-3)


def test_two_sends_of_one_voice_are_both_heard() -> None:
    silence, tail = (0.2, 0.45), (0.5, 0.7)
    program = 'out: s "rim ~ ~ ~" # room 0.6 # delay 0.5 # delaytime 0.5'
    both = energies(phonon.render(program, cycles=1), silence, tail)
    dry = energies(phonon.render('out: s "rim ~ ~ ~"', cycles=1), silence, tail)
    assert both[0] > 1e-4 + dry[0]
    assert both[1] > 1e-4 + dry[1]


def test_only_the_selected_events_go_through_a_routed_effect() -> None:
    sound = phonon.render('out: every 2 (# reverb 0.9 0.2 1) $ s "rim ~ ~ ~"', cycles=2)
    wet, dry = energies(sound, (0.3, 1.5), (2.3, 3.5))
    assert wet > 20 * dry


@pytest.mark.parametrize("name", SENDS)
def test_a_send_is_a_mix_effect_whose_settings_are_its_parameters(name: str) -> None:
    unit = units()[SENDS[name].unit]
    assert unit.scope == "mix"
    assert {"mix", *SENDS[name].settings} <= {parameter.name for parameter in unit.parameters}


@pytest.mark.parametrize("name", SENDS)
def test_settings_of_a_send_that_are_not_given_have_their_defaults(name: str) -> None:
    settings = SENDS[name].settings.values()
    given = "".join(f" # {spec.name} {spec.default}" for spec in settings)
    plain, full, dry = (
        phonon.render(f'out: s "rim ~ ~ ~"{words}', cycles=1)
        for words in (f" # {name} 0.5", f" # {name} 0.5{given}", "")
    )
    np.testing.assert_array_equal(plain, full)
    assert float(np.abs(plain - dry).max()) > 1e-3
