"""Lit steps, clock and meters agree with the sound that is heard at that moment."""

from __future__ import annotations

import math

import numpy as np
import pytest

from phonon.editor.step_highlight import StepHighlight, heard
from phonon.session.local import LocalSession

PROGRAM = 'cps: 0.5\no1: s "bd ~ cp ~" # pan 0\no2: s "~ sn ~ rim" # pan 1'
WORDS = ("bd", "sn", "cp", "rim")
STEPS = 2 * len(WORDS)


@pytest.fixture
def session(monkeypatch, tmp_path):
    monkeypatch.setattr("phonon.audio.sample_folders.config_file", lambda: tmp_path / "config.toml")
    monkeypatch.delenv("PHONON_SAMPLES", raising=False)
    made = LocalSession(backend="null", speed=None)
    assert made.evaluate(PROGRAM).ok
    yield made
    made.close()


def test_a_step_is_lit_while_it_is_heard(session):
    """Each onset in the sound is the beginning of a light, and the clock agrees with both."""
    texts = {line.partition(":")[0]: line for line in PROGRAM.split("\n")}
    lights = StepHighlight(session)
    sound = session.advance(512)
    begun: dict[int, str] = {}
    while len(begun) < STEPS:
        sound = np.concatenate([sound, session.advance(512)])
        telemetry = session.meter()
        assert telemetry.frame == len(sound)
        ear = heard(telemetry)
        assert telemetry.cycle == pytest.approx(ear / session.rate * 0.5, abs=1e-6)
        lights._lits = tuple(session.sounding(ear))
        lights.update(telemetry)
        lit = {texts[name][begin:end] for name, begin, end in lights.now} & set(WORDS)
        assert lit == {WORDS[math.floor(telemetry.cycle * 4 + 1e-9) % 4]}
        begun |= {
            one.begin: texts[one.definition][slice(*one.spans[0])]
            for one in lights._lits
            if one.begin <= ear
        }
    loud = np.abs(sound).max(axis=1)
    for number, (begin, word) in enumerate(sorted(begun.items())):
        assert begin == number * session.rate // 2
        assert word == WORDS[number % 4]
        assert loud[begin : begin + 480].max() > 20 * loud[max(begin - 480, 0) : begin].max(
            initial=0
        )


def test_meters_show_the_peaks_of_the_sound(session):
    session.advance(512)
    seen = []
    for _ in range(40):
        session.meter()
        sound = session.advance(2_560)
        found = session.meter()
        assert found.master.peaks == pytest.approx(tuple(np.abs(sound).max(axis=0)), abs=1e-6)
        left, right = found.outputs
        assert left.peaks[1] == pytest.approx(0, abs=1e-4)
        assert right.peaks[0] == pytest.approx(0, abs=1e-4)
        assert (left.peaks[0], right.peaks[1]) == pytest.approx(found.master.peaks, abs=0.05)
        seen.append(found.master.peaks)
    assert np.max(seen, axis=0).min() > 0.1
