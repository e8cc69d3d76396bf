"""The built-in drums: levels, variants, tuning, ends, choking hats."""

from itertools import combinations

import numpy as np
import pytest

import phonon

DRUMS = ("bd", "sn", "hh", "oh", "cp", "rim", "lt", "mt", "ht", "cy", "cb")
VARIANTS = 5
SECONDS = 4
RATE = 48_000


@pytest.fixture(scope="module", params=DRUMS)
def hits(request):
    """All variants of a drum, one after the other."""
    numbers = " ".join(str(n) for n in range(VARIANTS))
    sound = phonon.render(
        f'cps: {1 / SECONDS}\nout: s "{request.param} ~ ~ ~" # n "<{numbers}>"', cycles=VARIANTS
    )
    return np.split(sound, VARIANTS)


def test_every_variant_peaks_near_minus_12_db(hits, ears):
    for sound in hits:
        assert -14.5 < ears.peak(sound) < -9.8


def test_variants_differ_audibly(hits, ears):
    for one, other in combinations(hits, 2):
        assert ears.distance(one, other) > 3.5


def test_a_hit_begins_at_once_and_without_a_click(hits, ears):
    for sound in hits:
        first = np.abs(sound[:480]).max(1)
        assert first[0] < 0.05 * np.abs(sound).max()
        assert first[:240].max() > 0.05 * np.abs(sound).max()


def test_a_hit_ends_in_silence(hits):
    for sound in hits:
        assert not sound[-RATE // 4 :].any()


def test_a_hit_has_no_direct_current(hits):
    for sound in hits:
        assert np.abs(sound.mean(0)).max() < 2e-4


def test_drums_are_panned_to_the_middle(hits):
    for sound in hits:
        assert np.array_equal(sound[:, 0], sound[:, 1])


@pytest.mark.parametrize(
    ("drum", "hertz"), [("bd", 51), ("lt", 82), ("mt", 123), ("ht", 176), ("sn", 186)]
)
def test_drums_are_tuned(drum, hertz, ears):
    sound = phonon.render(f'cps: 1\nout: s "{drum}" # decay 1', cycles=1)
    assert abs(ears.cents(sound[RATE // 8 : RATE // 2], hertz)) < 5


@pytest.mark.parametrize("how", ["# speed 2", "# note 12", "# speed -2", "# octave 1"])
def test_speed_and_note_transpose_a_drum_and_shorten_it(how, ears):
    plain = phonon.render('cps: 1\nout: s "lt" # decay 0.8', cycles=1)
    higher = phonon.render(f'cps: 1\nout: s "lt" # decay 0.8 {how}', cycles=1)
    assert abs(ears.cents(higher[RATE // 8 : RATE // 3], 164)) < 5
    ends = [np.flatnonzero(np.abs(sound[:, 0]) > 1e-3)[-1] / RATE for sound in (plain, higher)]
    assert ends[1] == pytest.approx(ends[0] / 2, rel=0.05)


def test_n_selects_a_variant_modulo_their_number(ears):
    heard = phonon.render('cps: 1\nout: s "bd" # n "<1 6 -4>"', cycles=3)
    one, around, below = np.split(heard, 3)
    assert ears.distance(one, around) < 1
    assert ears.distance(one, below) < 1


def test_a_drum_rings_beyond_its_event_unless_legato_is_given(ears):
    rings = phonon.render('cps: 1\nout: s "bd:1 ~ ~ ~ ~ ~ ~ ~"', cycles=1)
    assert ears.peak(rings[RATE // 3 : RATE // 2]) > -30
    cut = phonon.render('cps: 1\nout: s "bd:1 ~ ~ ~ ~ ~ ~ ~" # legato 1', cycles=1)
    assert ears.peak(cut[RATE // 3 : RATE // 2]) < -60


@pytest.mark.parametrize("pair", ["oh:2 hh", "hh:2 oh", "oh:2 oh:1"])
def test_the_hats_choke_each_other_without_a_click(pair, ears):
    heard = phonon.render(f'cps: 4\nout: s "{pair} ~ ~" # gain "1 0 0 0"', cycles=1)
    onset = RATE // 16
    assert np.abs(heard[:onset]).max() > 0.1
    assert not heard[onset + round(0.006 * RATE) :].any()


def test_other_drums_do_not_choke(ears):
    heard = phonon.render('cps: 4\nout: s "oh:2 rim ~ ~" # gain "1 0 0 0"', cycles=1)
    assert ears.rms(heard[RATE // 16 + 480 :]) > -40


@pytest.mark.parametrize("drum", ["sn", "hh", "oh", "cp", "cy"])
def test_two_hits_are_alike_but_never_equal(drum, ears):
    one, other = np.split(phonon.render(f'cps: 0.5\nout: s "{drum}*2"', cycles=1), 2)
    assert np.abs(one - other).max() > 0.01
    assert ears.distance(one, other) < 4
