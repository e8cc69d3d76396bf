"""The piano roll: the notes of the cycle that the playhead is in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, isfinite, log2

from phonon.editor.drawing.cells import (
    BAR,
    DIM,
    NOW,
    PANEL,
    StyledLine,
    cut,
    header,
    narrow,
    painted,
    stacked,
)
from phonon.editor.glyphs import FANCY, Glyphs
from phonon.session.protocol import UpcomingEvent

MIDDLE_C = 261.6256  # Hz, note 0
NAMES = ("c", "c#", "d", "d#", "e", "f", "f#", "g", "g#", "a", "a#", "b")
_EXACT = 1e-6  # columns; what rounding may have moved


@dataclass(frozen=True, slots=True)
class Note:
    """A note from `begin` to `end` in cycles; `pitch` in semitones from middle c, None without."""

    begin: float
    end: float
    pitch: int | None
    name: str


def notes(events: Iterable[UpcomingEvent]) -> list[Note]:
    """Events as notes; the pitch is that of `note` or `freq`, without them the name is `s`."""
    return [Note(event.begin, event.end, *_named(event.controls)) for event in events]


def note_name(pitch: int) -> str:
    """The name of a pitch: `c4` for 0."""
    octave, step = divmod(pitch, 12)
    return f"{NAMES[step]}{octave + 4}"


def draw_roll(
    found: Sequence[Note],
    cycle: float,
    width: int,
    height: int,
    glyphs: Glyphs = FANCY,
    *,
    span: int = 1,
) -> list[StyledLine]:
    """A title and one row for every pitch or sound of the `span` cycles that `cycle` is in.

    Sounding notes are solid, coming ones shaded, played ones faint.
    """
    first = floor(cycle / span) * span
    shown = [note for note in found if note.begin < first + span and note.end > first]
    title = header("roll", [f"cycle {first}" + (f"-{first + span - 1}" if span > 1 else "")], width)
    margin = 5 if width >= 20 else 0
    columns = width - margin
    if height < 2 or columns < 1:
        return stacked([title], width, height)
    lines = [title]
    for label, inside in _rows(shown, height - 1):
        row = [note for note in shown if inside(note)]
        text, styles = _row(row, first, cycle, columns / span, columns, glyphs)
        head: StyledLine = [(PANEL, cut(narrow(label, glyphs), margin - 1) + " ")] if margin else []
        lines.append(head + painted(text, styles))
    return stacked(lines, width, height)


Inside = Callable[[Note], bool]


def _rows(shown: Sequence[Note], height: int) -> list[tuple[str, Inside]]:
    """Pitches from high to low, then sounds; where there are too many, neighbours share a row."""
    pitches = sorted({note.pitch for note in shown if note.pitch is not None}, reverse=True)
    names = list(dict.fromkeys(note.name for note in shown if note.pitch is None))
    names.sort()
    for_names = min(len(names), max(height - len(pitches), height // 2 if pitches else height))
    return _pitch_rows(pitches, height - for_names) + _name_rows(names, for_names)


def _pitch_rows(pitches: Sequence[int], height: int) -> list[tuple[str, Inside]]:
    if not pitches or height < 1:
        return []
    if len(pitches) <= height:
        return [(note_name(pitch), _pitched(pitch, pitch)) for pitch in pitches]
    top, bottom = pitches[0], pitches[-1]
    each = ceil((top - bottom + 1) / height)
    borders = range(top, bottom - 1, -each)
    return [(note_name(high - each + 1), _pitched(high - each + 1, high)) for high in borders]


def _name_rows(names: Sequence[str], height: int) -> list[tuple[str, Inside]]:
    if height < 1:
        return []
    if len(names) <= height:
        return [(name, _called({name})) for name in names]
    rows = _name_rows(names[: height - 1], height - 1)
    rest = names[height - 1 :]
    return [*rows, (f"+{len(rest)}", _called(set(rest)))]


def _pitched(low: int, high: int) -> Inside:
    return lambda note: note.pitch is not None and low <= note.pitch <= high


def _called(names: set[str]) -> Inside:
    return lambda note: note.pitch is None and note.name in names


def _row(
    row: Sequence[Note], first: int, cycle: float, scale: float, columns: int, glyphs: Glyphs
) -> tuple[str, list[str]]:
    playhead = min(int((cycle - first) * scale), columns - 1)
    text, styles = [" "] * columns, [DIM] * columns
    text[playhead] = glyphs.bar
    placed = [(*_place(note, first, scale, columns), note) for note in row]
    begins = {begin for begin, _, _ in placed}
    for begin, end, note in sorted(placed, key=lambda one: one[0]):
        # A gap before the next note of the row shows where it begins.
        last = end - 1 if end in begins and end - begin > 1 else end
        style, fill = _look(note, cycle, glyphs)
        text[begin:last] = fill * (last - begin)
        styles[begin:last] = [style] * (last - begin)
    return "".join(text), styles


def _place(note: Note, first: int, scale: float, columns: int) -> tuple[int, int]:
    begin = min(max(int((note.begin - first) * scale + _EXACT), 0), columns - 1)
    end = min(int((note.end - first) * scale + _EXACT), columns)
    return begin, max(end, begin + 1)


def _look(note: Note, cycle: float, glyphs: Glyphs) -> tuple[str, str]:
    if note.end <= cycle:
        return DIM, "░" if glyphs.braille else "."
    if note.begin <= cycle:
        return NOW, glyphs.full
    return BAR, "▒" if glyphs.braille else "="


def _named(controls: Mapping[str, object]) -> tuple[int | None, str]:
    name = str(controls.get("s", ""))
    note, hz = _number(controls.get("note")), _number(controls.get("freq"))
    if note is None and hz is not None and hz > 0:
        note = 12 * log2(hz / MIDDLE_C)
    return (None, name or "?") if note is None else (round(note), name)


def _number(value: object) -> float | None:
    return value if isinstance(value, int | float) and isfinite(value) else None
