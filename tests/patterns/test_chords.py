"""Chord names and modifiers."""

from __future__ import annotations

import pytest

from phonon.patterns.chords import CHORDS, is_modifier, modified


def test_names_of_one_chord_mean_the_same() -> None:
    assert CHORDS["major"] == CHORDS["maj"] == CHORDS["M"] == (0, 4, 7)
    assert CHORDS["minor7"] == CHORDS["min7"] == CHORDS["m7"] == (0, 3, 7, 10)


def test_every_chord_begins_at_its_root_and_rises() -> None:
    for name, notes in CHORDS.items():
        assert notes[0] == 0, name
        assert list(notes) == sorted(set(notes)), name


@pytest.mark.parametrize(
    ("modifier", "notes"),
    [
        ("i", (4, 7, 12)),
        ("ii", (7, 12, 16)),
        ("iii", (12, 16, 19)),
        ("o", (-12, -5, 4)),
        ("d1", (-5, 0, 4)),
        ("d2", (-8, 0, 7)),
        ("d9", (0, 4, 7)),
        ("2", (0, 4)),
        ("5", (0, 4, 7, 12, 16)),
    ],
)
def test_modifiers_change_the_notes_of_a_chord(modifier: str, notes: tuple[int, ...]) -> None:
    assert is_modifier(modifier)
    assert modified((0, 4, 7), modifier) == notes


@pytest.mark.parametrize("word", ["", "maj", "x", "d", "io", "-1"])
def test_other_words_are_not_chord_modifiers(word: str) -> None:
    assert not is_modifier(word)
