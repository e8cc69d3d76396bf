"""Chords by name, and their modifiers: number of notes, inversion, open and drop voicings."""

from __future__ import annotations

from collections.abc import Sequence

from phonon.errors import Fault, nearest

MOST_NOTES = 128

# Semitones above the root; then the names, long ones first. The names are Tidal's.
_TABLE = """
0: one 1
0 7: five 5
0 4 7: major maj M
0 4 8: aug plus sharp5
0 4 7 9: six 6
0 4 7 9 14: sixNine six9 sixby9 6by9
0 4 7 11: major7 maj7
0 4 7 11 14: major9 maj9
0 4 7 14: add9 dom9
0 4 7 11 14 17: major11 maj11
0 4 7 17: add11 dom11
0 4 7 11 14 21: major13 maj13
0 4 7 21: add13 dom13
0 4 7 10: dom7 7
0 4 6 10: sevenFlat5 7f5
0 4 8 10: sevenSharp5 7s5
0 4 7 10 13: sevenFlat9 7f9
0 4 7 10 14: nine 9
0 4 7 10 14 17: eleven 11
0 4 7 10 14 18: elevenSharp 11s
0 4 7 10 14 17 21: thirteen 13
0 4 7 10 15: sevenFlat10 7f10
0 4 8 10 14: nineSharp5 9sharp5 9s5
0 4 8 10 13: sevenSharp5flat9 7s5f9
0 2 7: sus2
0 5 7: sus4
0 2 7 10: sevenSus2 7sus2
0 5 7 10: sevenSus4 7sus4
0 5 7 10 14: nineSus4 ninesus4 9sus4
0 3 7: minor min m
0 3 6: diminished dim
0 3 8: minorSharp5 msharp5 mS5
0 3 7 9: minor6 min6 m6
0 3 7 9 14: minorSixNine minor69 min69 minSixNine m69 mSixNine m6by9
0 3 6 10: minor7flat5 min7flat5 m7flat5 m7f5
0 3 8 10: minor7sharp5 min7sharp5 m7sharp5 m7s5
0 3 6 9: diminished7 dim7
0 3 7 10 13: minor7flat9 min7flat9 m7flat9 m7f9
0 3 7 10 15: minor7sharp9 min7sharp9 m7sharp9 m7s9
0 3 7 10: minor7 min7 m7
0 3 7 10 14: minor9 min9 m9
0 3 7 10 14 17: minor11 min11 m11
0 3 7 10 14 18: minor11sharp m11sharp m11s
0 3 7 10 14 17 21: minor13 min13 m13
0 3 7 11: minorMajor7 minMaj7 mmaj7
0 3 8 10 14: minor9sharp5 minor9s5 min9sharp5 min9s5 m9sharp5 m9s5
0 3 8 10 13: minor7sharp5flat9 m7sharp5flat9
"""

CHORDS: dict[str, tuple[int, ...]] = {
    name: tuple(map(int, notes.split()))
    for notes, _, names in (line.partition(":") for line in _TABLE.strip().splitlines())
    for name in names.split()
}


def chord_named(name: str) -> tuple[int, ...]:
    """The semitones above the root of a chord."""
    found = CHORDS.get(name)
    if found is None:
        raise Fault(f"there is no chord `{name}`", suggestions=nearest(name, CHORDS))
    return found


def is_modifier(text: str) -> bool:
    """Whether `text` is a chord modifier: `5`, `i`, `ii`, `o`, `d1`."""
    return (
        text.isdecimal()
        or text == "o"
        or set(text) == {"i"}
        or (text[:1] == "d" and text[1:].isdecimal())
    )


def modified(notes: Sequence[float], modifier: str) -> tuple[float, ...]:
    """The chord with `5` notes, `i`nverted once per letter, `o`pen, or with a note `d1`ropped."""
    chord = tuple(notes)
    if modifier.isdecimal():
        return with_notes(chord, int(modifier))
    if modifier == "o":
        return opened(chord)
    if set(modifier) == {"i"}:
        return inverted(chord, len(modifier))
    return dropped(chord, int(modifier[1:]))


def with_notes(notes: Sequence[float], count: int) -> tuple[float, ...]:
    """`count` notes: those of the chord, then the same an octave higher, and so on."""
    if count > MOST_NOTES:
        raise Fault(f"a chord of more than {MOST_NOTES} notes")
    size = len(notes)
    count = count if size else 0
    return tuple(notes[index % size] + 12 * (index // size) for index in range(count))


def inverted(notes: Sequence[float], times: int) -> tuple[float, ...]:
    """The lowest note moved an octave up, so many times."""
    chord = list(notes)
    for _ in range(min(times, MOST_NOTES) if chord else 0):
        chord.append(chord.pop(0) + 12)
    return tuple(chord)


def opened(notes: Sequence[float]) -> tuple[float, ...]:
    """First and third note an octave down."""
    if len(notes) < 3:
        return tuple(notes)
    first, second, third, *rest = notes
    return (first - 12, third - 12, second, *rest)


def dropped(notes: Sequence[float], which: int) -> tuple[float, ...]:
    """The `which`th note from the top an octave down."""
    if not 1 <= which <= len(notes):
        return tuple(notes)
    place = len(notes) - which
    return (notes[place] - 12, *notes[:place], *notes[place + 1 :])


def chord_notes(text: str) -> tuple[float, ...]:
    """The semitones above the root of `maj7`, `min'ii`, `five'4`: a name and its modifiers."""
    name, *modifiers = text.split("'")
    notes: tuple[float, ...] = chord_named(name)
    for modifier in modifiers:
        if not is_modifier(modifier):
            raise Fault(f"a chord is changed by a number of notes, i, o or d1, not `{modifier}`")
        notes = modified(notes, modifier)
    return notes
