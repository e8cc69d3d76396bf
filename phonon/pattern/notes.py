"""Notes by name: scientific pitch, scales and chords as semitones from c4."""

from __future__ import annotations

import re
from collections.abc import Sequence

from phonon.errors import Fault, nearest

LETTERS = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
ACCIDENTALS = {"#": 1, "s": 1, "b": -1, "f": -1, "n": 0}
MIDDLE_OCTAVE = 4
NOTE = re.compile(r"([a-gA-G])([#sbfn]*)(-?\d+)?")


def note_number(name: str) -> int | None:
    """Semitones from c4 of a note name such as `c`, `eb3`, `ef3`, `cs5`; None if it is none."""
    match = NOTE.fullmatch(name)
    if match is None:
        return None
    letter, accidentals, octave = match.groups()
    shift = sum(ACCIDENTALS[accidental] for accidental in accidentals)
    height = int(octave) - MIDDLE_OCTAVE if octave else 0
    return LETTERS[letter.lower()] + shift + 12 * height


def _table(text: str) -> dict[str, tuple[float, ...]]:
    """Lines of `names : degrees`."""
    found: dict[str, tuple[float, ...]] = {}
    for line in text.strip().splitlines():
        names, _, degrees = line.partition(":")
        notes = tuple(float(degree) if "." in degree else int(degree) for degree in degrees.split())
        found.update(dict.fromkeys(names.split(), notes))
    return found


SCALES = _table("""
minPent yu : 0 3 5 7 10
majPent gong : 0 2 4 7 9
ritusen zhi : 0 2 5 7 9
egyptian shang : 0 2 5 7 10
jiao : 0 3 5 8 10
kumai : 0 2 3 7 9
hirajoshi : 0 2 3 7 8
iwato : 0 1 5 6 10
chinese : 0 4 6 7 11
indian : 0 4 5 7 10
pelog : 0 1 3 7 8
prometheus : 0 2 4 6 11
scriabin : 0 1 4 7 9
blues : 0 3 5 6 7 10
whole wholetone messiaen1 : 0 2 4 6 8 10
augmented : 0 3 4 7 8 11
augmented2 : 0 1 4 5 8 9
hexMajor7 : 0 2 4 7 9 11
hexDorian : 0 2 3 5 7 10
hexPhrygian : 0 1 3 5 8 10
hexSus : 0 2 5 7 9 10
hexMajor6 : 0 2 4 5 7 9
hexAeolian : 0 3 5 7 8 10
major ionian : 0 2 4 5 7 9 11
dorian : 0 2 3 5 7 9 10
phrygian : 0 1 3 5 7 8 10
lydian : 0 2 4 6 7 9 11
mixolydian : 0 2 4 5 7 9 10
minor aeolian melodicMinorDesc : 0 2 3 5 7 8 10
locrian : 0 1 3 5 6 8 10
harmonicMinor : 0 2 3 5 7 8 11
harmonicMajor : 0 2 4 5 7 8 11
melodicMinor : 0 2 3 5 7 9 11
melodicMajor bartok hindu : 0 2 4 5 7 8 10
todi : 0 1 3 6 7 8 11
purvi : 0 1 4 6 7 8 11
marva : 0 1 4 6 7 9 11
bhairav : 0 1 4 5 7 8 11
ahirbhairav : 0 1 4 5 7 9 10
superLocrian : 0 1 3 4 6 8 10
romanianMinor : 0 2 3 6 7 9 10
hungarianMinor : 0 2 3 6 7 8 11
neapolitanMinor : 0 1 3 5 7 8 11
neapolitanMajor : 0 1 3 5 7 9 11
enigmatic : 0 1 4 6 8 10 11
spanish : 0 1 4 5 7 8 10
leadingWhole : 0 2 4 6 8 10 11
lydianMinor : 0 2 4 6 7 8 10
locrianMajor : 0 2 4 5 6 8 10
diminished octatonic messiaen2 : 0 1 3 4 6 7 9 10
diminished2 octatonic2 : 0 2 3 5 6 8 9 11
messiaen3 : 0 2 3 4 6 7 8 10 11
messiaen4 : 0 1 2 5 6 7 8 11
messiaen5 : 0 1 5 6 7 11
messiaen6 : 0 2 4 5 6 8 10 11
messiaen7 : 0 1 2 3 5 6 7 8 9 11
chromatic : 0 1 2 3 4 5 6 7 8 9 10 11
bayati : 0 1.5 3 5 7 8 10
hijaz : 0 1 4 5 7 8.5 10
sikah : 0 1.5 3.5 5.5 7 8.5 10.5
rast : 0 2 3.5 5 7 9 10.5
saba : 0 1.5 3 4 6 8 10
iraq : 0 1.5 3.5 5 6.5 8.5 10.5
""")

CHORDS = _table("""
major maj M : 0 4 7
aug plus sharp5 : 0 4 8
six 6 : 0 4 7 9
sixNine six9 sixby9 6by9 : 0 4 7 9 14
major7 maj7 : 0 4 7 11
major9 maj9 : 0 4 7 11 14
add9 : 0 4 7 14
major11 maj11 : 0 4 7 11 14 17
add11 : 0 4 7 17
major13 maj13 : 0 4 7 11 14 21
add13 : 0 4 7 21
dom7 seven 7 : 0 4 7 10
dom9 : 0 4 7 14
dom11 : 0 4 7 17
dom13 : 0 4 7 21
sevenFlat5 7f5 : 0 4 6 10
sevenSharp5 7s5 : 0 4 8 10
sevenFlat9 7f9 : 0 4 7 10 13
nine : 0 4 7 10 14
eleven 11 : 0 4 7 10 14 17
thirteen 13 : 0 4 7 10 14 17 21
minor min m : 0 3 7
diminished dim : 0 3 6
minorSharp5 msharp5 mS5 : 0 3 8
minor6 min6 m6 : 0 3 7 9
minorSixNine minor69 min69 minSixNine m69 mSixNine m6by9 : 0 3 9 7 14
minor7flat5 minor7f5 min7flat5 min7f5 m7flat5 m7f5 : 0 3 6 10
minor7 min7 m7 : 0 3 7 10
minor7sharp5 minor7s5 min7sharp5 min7s5 m7sharp5 m7s5 : 0 3 8 10
minor7flat9 minor7f9 min7flat9 min7f9 m7flat9 m7f9 : 0 3 7 10 13
minor7sharp9 minor7s9 min7sharp9 min7s9 m7sharp9 m7s9 : 0 3 7 10 14
diminished7 dim7 : 0 3 6 9
minor9 min9 m9 : 0 3 7 10 14
minor11 min11 m11 : 0 3 7 10 14 17
minor13 min13 m13 : 0 3 7 10 14 17 21
minorMajor7 minMaj7 mmaj7 : 0 3 7 11
one 1 : 0
five 5 : 0 7
sus2 : 0 2 7
sus4 : 0 5 7
sevenSus2 7sus2 : 0 2 7 10
sevenSus4 7sus4 : 0 5 7 10
nineSus4 ninesus4 9sus4 : 0 5 7 10 14
sevenFlat10 7f10 : 0 4 7 10 15
nineSharp5 9sharp5 9s5 : 0 1 13
minor9sharp5 minor9s5 min9sharp5 min9s5 m9sharp5 m9s5 : 0 1 14
sevenSharp5flat9 7s5f9 : 0 4 8 10 13
minor7sharp5flat9 m7sharp5flat9 : 0 3 8 10 13
elevenSharp 11s : 0 4 7 10 14 18
minor11sharp m11sharp m11s : 0 3 7 10 14 18
""")

# Scales as they are called elsewhere, spelt without their separators.
_OTHER_SCALES = {
    "minorpentatonic": "minPent",
    "majorpentatonic": "majPent",
    "pentatonic": "majPent",
    "naturalminor": "minor",
}
_BY_PLAIN_NAME = {name.lower(): name for name in SCALES}


def scale_named(text: str) -> tuple[int, tuple[float, ...]]:
    """Root and degrees of a scale: `minor`, `harmonicMinor`, `e:minor`, `D3:minor:pentatonic`."""
    root = 0
    first, separator, rest = text.partition(":")
    number = note_number(first) if separator else None
    if number is not None:
        root, text = number, rest
    plain = re.sub(r"[\s:_]", "", text).lower()
    name = text if text in SCALES else _BY_PLAIN_NAME.get(plain) or _OTHER_SCALES.get(plain)
    if name is None:
        raise Fault(f"no scale is called {text}", suggestions=nearest(text, SCALES))
    return root, SCALES[name]


def degree(scale: Sequence[float], place: int) -> float:
    """The note of a scale at `place`, counted on through the octaves."""
    octave, step = divmod(place, len(scale))
    return scale[step] + 12 * octave


def chord_named(name: str) -> tuple[float, ...]:
    """The notes of a chord on c4."""
    if name not in CHORDS:
        raise Fault(f"no chord is called {name}", suggestions=nearest(name, CHORDS))
    return CHORDS[name]


MOST_CHORD_NOTES = 128


def modified(notes: Sequence[float], modifier: str) -> list[float]:
    """A chord changed by `i` (inverted, `ii` twice), `o` (open), `d2` (drop) or a note count."""
    chord = list(notes)
    if modifier.isdecimal():
        count = int(modifier)
        if count > MOST_CHORD_NOTES:
            raise Fault(f"a chord of more than {MOST_CHORD_NOTES} notes")
        return [degree(chord, place) for place in range(count)]
    if re.fullmatch(r"i+", modifier):
        for _ in modifier[: 8 * len(chord)]:
            chord = [*chord[1:], chord[0] + 12]
        return chord
    if modifier == "o":
        if len(chord) < 3:
            return chord
        return [chord[0] - 12, chord[2] - 12, chord[1], *chord[3:]]
    if re.fullmatch(r"d\d+", modifier):
        place = len(chord) - int(modifier[1:])
        if not 0 <= place < len(chord):
            return chord
        return [chord[place] - 12, *chord[:place], *chord[place + 1 :]]
    raise Fault(f"a chord is changed by i, o, d1 or a number of notes, not by {modifier}")


def chord_notes(root: float, name: str, modifiers: Sequence[str] = ()) -> list[float]:
    """The notes of the chord `name` on `root`, changed by each modifier in turn."""
    notes: list[float] = [root + note for note in chord_named(name)]
    for modifier in modifiers:
        notes = modified(notes, modifier)
    return notes


def chord_spelled(text: str) -> list[float] | None:
    """The notes of `c'maj7'ii` or `e3'min'5`; None if the text is no chord at all."""
    root_name, *parts = text.split("'")
    root = note_number(root_name)
    if root is None or not parts:
        return None
    name, *modifiers = parts
    if name not in CHORDS and re.fullmatch(r"i+|o|d\d+|\d+", name):
        name, modifiers = "major", parts
    return chord_notes(root, name or "major", modifiers)
