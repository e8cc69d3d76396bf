"""The built-in instruments: levels, pitch, onsets, ends, controls."""

import re
from itertools import pairwise

import numpy as np
import pytest

import phonon
from phonon.lang import kit, kit_source

RATE = 48_000
NOTES = ("c2", "g2", "c3", "e3", "c4", "a4", "c5", "fs5", "c6")
DRUMS = {"bd", "sn", "hh", "oh", "cp", "rim", "lt", "mt", "ht", "cy", "cb"}
INSTRUMENTS = [name for name in kit.names() if name not in DRUMS]
STILL = {  # takes away what moves the pitch on purpose
    "supersaw": "# detune 0",
    "supersquare": "# detune 0",
    "strings": "# detune 0",
    "pad": "# detune 0",
    "brass": "# detune 0",
    "superpwm": "# rate 0",
    "superchip": "# depth 0",
    "lead": "# depth 0",
    "flute": "# depth 0",
    "pluck": "# damping 0",
    "bell": "# index 0.5",
}
OTHER = {  # values that differ clearly from the defaults
    "attack": 1.5,
    "decay": 0.02,
    "sustain": 1,
    "release": 4,
    "cutoff": 900,
    "resonance": 8,
    "detune": 1,
    "voices": 1,
    "rate": 14,
    "depth": 1,
    "duty": 0.1,
    "ratio": 5,
    "index": 6,
    "damping": 1,
    "bright": 1,
    "sweep": 2,
    "breath": 0.8,
}


CONTEXT = {  # where a control can show itself
    "decay": "# sustain 0.2 # attack 0.01",
    "sustain": "# decay 0.1 # attack 0.01",
    "release": "# sustain 0.8",
    "rate": "# depth 0.9",
}


def played(name: str, notes, more: str = ""):
    """Notes of an instrument, each a second long, with a second to die away."""
    pattern = " ".join(f"[{note} ~]" for note in notes)
    program = f'cps: 0.5\nout: note "<{pattern}>" # s "{name}" {more}'
    return np.split(phonon.render(program, cycles=len(notes)), len(notes))


@pytest.fixture(scope="module", params=INSTRUMENTS)
def name(request):
    return request.param


@pytest.fixture(scope="module")
def heard(name):
    """A note of an instrument after another, from c2 to c6."""
    return played(name, NOTES)


def test_every_instrument_of_the_language_exists():
    promised = "tone supersaw superpwm superfm supersquare superchip pluck organ piano epiano fm"
    promised += " bell bass acid pad strings brass flute lead"
    assert set(promised.split()) == set(INSTRUMENTS)


def test_a_note_peaks_near_minus_12_db(heard, ears):
    peaks = [ears.peak(sound) for sound in heard]
    assert min(peaks) > -14.9
    assert max(peaks) < -9.8
    assert -14.2 < np.mean(peaks) < -11.2


def test_velocity_makes_a_note_softer(name, ears):
    full, half = (ears.peak(played(name, ["c4"], f"# velocity {v}")[0]) for v in (1, 0.5))
    assert -10 < half - full < -4


def test_notes_are_in_tune(name, ears):
    for note, sound in zip(NOTES, played(name, NOTES, STILL.get(name, "")), strict=True):
        sustained = sound[RATE // 6 : RATE - RATE // 20]
        assert abs(ears.cents(sustained, ears.hertz(note))) < 5, note
        assert ears.partial(sustained, ears.hertz(note)) > ears.spectrum(sustained)[1].max() - 30


def test_a_note_begins_without_a_click(heard):
    for sound in heard:
        assert np.abs(sound[0]).max() < 0.02


def test_a_note_ends_without_a_click(heard):
    """Once the note is let go, no step is larger than those while it was held."""
    for sound in heard:
        steps = np.abs(np.diff(sound, axis=0)).max(1)
        held, ending = steps[RATE // 2 : RATE - 100], steps[RATE - 100 :]
        assert ending.max() <= 1.1 * held.max()


def test_a_note_ends_in_silence(name):
    sound = phonon.render(f'cps: 0.125\nout: s "{name} ~ ~ ~ ~ ~ ~ ~" # note "c3"', cycles=1)
    assert np.abs(sound).max() > 0.1
    assert not sound[-RATE:].any()


def test_a_note_has_no_direct_current(heard):
    for sound in heard:
        assert np.abs(sound.mean(0)).max() < 1e-3


def test_a_chord_of_eight_notes_stays_near_full_scale(name, ears):
    chord = "[c2,g2,c3,ef3,g3,bf3,d4,f4]"
    assert ears.peak(played(name, [chord], "# gain 0.5")[0]) < 20 * np.log10(0.5) + 4


def controls(name: str) -> list[str]:
    return re.findall(r"(\w+)=\S", kit_source.synth_texts()[name])


@pytest.mark.parametrize(
    ("name", "control"),
    [(name, control) for name in INSTRUMENTS for control in controls(name)],
)
def test_every_control_changes_the_sound(name, control, ears):
    context = CONTEXT.get(control, "")
    plain = played(name, ["c3"], context)[0]
    other = played(name, ["c3"], f"{context} # {control} {OTHER[control]}")[0]
    times = (0.02, 0.08, 0.32, 0.95, 1.2, 1.6)
    difference = ears.colour(plain, times) - ears.colour(other, times)
    level = abs(ears.rms(plain) - ears.rms(other))
    assert max(level, np.sqrt(np.mean(difference**2))) > 1


def test_pads_and_strings_are_wide(ears):
    for name in ("supersaw", "strings", "pad"):
        sound = played(name, ["c3"])[0]
        assert ears.rms(sound[:, 0] - sound[:, 1]) > ears.rms(sound) - 6


def test_brightness_follows_velocity(ears):
    for name in ("piano", "epiano", "bell", "brass", "acid"):
        soft, loud = (played(name, ["c3"], f"# velocity {v}")[0] for v in (0.2, 1))
        high = [ears.levels(sound[4_800:24_000], 400, 12_000).max() for sound in (soft, loud)]
        low = [ears.levels(sound[4_800:24_000], 40, 200).max() for sound in (soft, loud)]
        assert high[1] - low[1] > high[0] - low[0] + 2, name


def test_a_stream_without_a_sound_plays_a_tone():
    one = phonon.render('out: note "c e"', cycles=1)
    assert np.array_equal(one, phonon.render('out: note "c e" # s "tone"', cycles=1))
    assert np.abs(one).max() > 0.1


def test_a_pluck_fades_with_its_string(ears):
    sound = played("pluck", ["c3"])[0]
    quarters = [ears.rms(part) for part in np.split(sound[:RATE], 4)]
    assert all(later < earlier - 1 for earlier, later in pairwise(quarters))
