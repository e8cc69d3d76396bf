"""Notes by name: scientific pitch, and scales as semitones above their root."""

from __future__ import annotations

import re
from collections.abc import Sequence

from phonon.errors import Fault, nearest

LETTERS = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
ACCIDENTALS = {"#": 1, "s": 1, "b": -1, "f": -1, "n": 0}
MIDDLE_OCTAVE = 4
NOTE = re.compile(r"([a-gA-G])([#sbfn]{0,4})(-?\d{1,2})?")


def note_number(name: str) -> int | None:
    """Semitones from c4 of a note name such as `c`, `eb3`, `ef3`, `cs5`; None for other words."""
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

# Other names of scales, in lower case and without separators.
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
    """The note of a scale at `place`; places beyond the scale continue in the next octave."""
    octave, step = divmod(place, len(scale))
    return scale[step] + 12 * octave
