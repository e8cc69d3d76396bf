"""What a check says of events before anything sounds, and where; a render says the same."""

from __future__ import annotations

import time
import warnings

import pytest

import phonon


def found(source, severity):
    return [d for d in phonon.check(source) if d.severity == severity]


@pytest.mark.parametrize(
    ("source", "place", "says", "offers"),
    [
        ('out: s "bdd sn"', (1, 9), "nothing sounds that is called bdd", "bd"),
        ('cps: 1\nout: s "<bd nope>"', (2, 13), "called nope", None),
        ('~a: s "bd"\nout: s "~a"', (2, 9), "~a holds a stream of events", None),
        ('~a: fast 2\nout: s "~a"', (2, 9), "~a holds a function", None),
        ('out: s "~nope"', (1, 9), "called ~nope", None),
        ('out: s "bd" # resonance 0.3', (1, 15), "nothing without cutoff", None),
        ('out: s "bd" # size 0.5', (1, 15), "nothing without room", None),
        ('out: s "bd" # delayfb 0.5', (1, 15), "nothing without delay", None),
        ('out: s "superpwm" # accelerate 2', (1, 21), "for samples only", None),
        ('out: chop 4 $ s "bd"', (1, 18), "begin and end do nothing", None),
        ('synth p freq = saw freq\nout: s "p" # detune 2', (2, 14), "has no such control", None),
        ('~p: noise * 0.1\nout: s "~p" # up 3', (2, 15), "~p has no pitch", None),
        ('out: s "superpwm" # note 1e9', (1, 21), "beyond all hearing", None),
        ('solo o9\no1: s "bd"', (1, 1), "no output o9", "o1"),
        ('cps: 1\ncps: 2\nout: s "bd"', (2, 1), "the last one, counts", None),
    ],
)
def test_unused_sounds_and_controls_are_warnings(source, place, says, offers):
    (warning,) = found(source, "warning")
    assert found(source, "error") == []
    assert says in warning.message
    assert (warning.line, warning.column) == place
    assert offers is None or offers in warning.suggestions


@pytest.mark.parametrize(
    "source",
    [
        'out: s "bd" # resonance 3 # cutoff 300',
        'out: s "[bd, supersaw]" # detune 0.3',
        'out: s "<bd supersaw>" # detune 0.3',
        'out: s "superpwm" # cutoff (sine 1 * 300 + 400)',
        'out: every 2 (# room 0.5) $ s "bd" # size 0.5',
        'out: s "bd" # speed 2 # pan 0.3 # legato 2 # attack 0.1',
        'synth p freq cut2=9 = saw freq # lpf cut2\nout: s "p" # cut2 300',
        '~p: saw freq\nout: s "~p" # note "c e" # octave 1',
        "out: silence",
    ],
)
def test_what_some_event_uses_is_not_warned_of(source):
    assert phonon.check(source) == []


@pytest.mark.parametrize(
    ("source", "place", "says"),
    [
        ('out: fast 1e9 $ s "bd"', (1, 6), "sped up"),
        ('out: s "bd"\no1: linger 1e-9 $ s "bd*4"', (2, 5), "sped up"),
        ('out: s "bd" # n (segment 1e6 sine)', (1, 6), "sped up"),
        ("out: saw 1e300", (1, 10), "more than a signal can hold"),
        ('out: saw ("9" |* "1e300" |* "1e300")', (1, 10), "more than a signal can hold"),
        ("out: saw 55 # delay 3600 0.5", (1, 15), "8 that its delay line holds"),
        ('cps: "<1 0>"\nout: s "bd"', (1, 6), "a tempo of 0"),
        ('out: s "bd" # begin (sine 1)', (1, 21), "a signal cannot move it"),
        ("out: s (sine 1)", (1, 8), "a signal cannot move it"),
        ('out: s "bd" # saw 55', (1, 15), "right of `#`"),
        ("~a: lpf 300 # ~b\n~b: hpf 300 # ~a\nout: saw 55 # ~a", (2, 15), "right of `#`"),
        ("out: saw 55 # _place", (1, 15), "not a word"),
        ("out: bd", (1, 6), "played by s"),
        ("out: n (0 .. 3)", (1, 11), "inside a string"),
        ("out: s", (1, 6), "s needs a value"),
        ("out: rev", (1, 6), "give it one"),
        ("out: wrandcat [(s 1, rev)]", (1, 22), "plain numbers"),
        ('out: foldEvery [0.5] rev $ s "bd"', (1, 17), "whole numbers"),
        ("synth p freq a=1e300 = saw a\nout: saw 55", (1, 16), "more than a signal can hold"),
        ("synth p freq s=1 = saw freq\nout: saw 55", (1, 14), "cannot be a parameter"),
    ],
)
def test_mistakes_in_events_are_errors_at_their_place(source, place, says):
    errors = found(source, "error")
    assert [says in error.message for error in errors] == [True], errors
    assert (errors[0].line, errors[0].column) == place


@pytest.mark.parametrize(
    "source",
    [
        'out: fast 1000 $ degrade $ fast 1000 $ degrade $ fast 1000 $ degrade $ s "bd"',
        'out: chunk 4096 (chunk 4096 rev) $ s "bd*4"',
        'out: inside 100 (inside 100 (inside 100 rev)) $ s "bd"',
    ],
)
def test_patterns_of_too_much_work_are_refused(source):
    begun = time.thread_time()
    (error,) = found(source, "error")
    assert "too much work" in error.message or "events at a time" in error.message
    assert (error.line, error.column) == (1, 6)
    assert time.thread_time() - begun < 30  # one to three are usual


def test_a_word_that_a_control_does_not_know_is_an_error():
    (error,) = found('out: s "bd" # vowel "<a q>"', "error")
    assert "vowel is one of a, e, i, o, u" in error.message
    (error,) = found('out: s "bd" # unit "x"', "error")
    assert "unit is one of r, c, s" in error.message


def test_values_that_are_not_numbers_are_diagnostics():
    (error,) = found('cps: "<0.5:1>"\nout: s "bd"', "error")
    assert "a tempo is one number" in error.message
    (error,) = found('out: select "6<0 0:9>" [s "bd*4", s "sn*3"]', "error")
    assert "cannot be calculated with" in error.message


def test_powers_of_powers_are_computed_in_bounded_time():
    assert found('out: s "bd" # n ("9" |** "99999" |** "99999" |** "99999")', "error") == []


def test_a_render_warns_of_what_a_check_warns_of():
    with pytest.warns(UserWarning, match="1:15: warning: resonance does nothing without cutoff"):
        phonon.render('out: s "bd" # resonance 3', cycles=1)
    with pytest.raises(phonon.PhononError, match="1:6: error: a pattern sped up"):
        phonon.render('out: whenmod 4 3 (fast 1e9) $ s "bd"', cycles=4)
    with pytest.warns(UserWarning, match="no number"):
        phonon.render("out: saw 55 * 1e11 * 1e11 * 1e11 * 1e11", cycles=1)
    with pytest.warns(UserWarning, match="silenced by the program's own commands"):
        phonon.render('hush\nout: s "bd"', cycles=1)


def test_a_bank_that_cannot_be_read_is_told_once(tmp_path):
    (tmp_path / "tick").mkdir()
    (tmp_path / "tick" / "a.wav").write_bytes(b"no sound")
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        phonon.render('out: s "tick bd"', cycles=1, samples=[tmp_path])
    assert len(told) == 1
    assert phonon.check('out: s "tick tock"', samples=[tmp_path])[0].suggestions == ("tick",)
