"""Harmony: scales, chords, voicings, arpeggios, rolled chords."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import ceil, floor
from typing import Any

from phonon.errors import Fault, nearest
from phonon.patterns.chords import chord_notes
from phonon.patterns.event import Raw, meet
from phonon.patterns.joins import inner_join, remembered
from phonon.patterns.notes import degree, scale_named
from phonon.patterns.operators import is_number
from phonon.patterns.pattern import Pattern, by_cycle, traits_of
from phonon.patterns.registry import (
    Integer,
    Number,
    Numbers,
    Time,
    Word,
    WordPattern,
    transform,
)
from phonon.patterns.sequence import stack
from phonon.patterns.time import CYCLE, Ticks, over, scaled


def _on_notes(value: Any, function: Callable[[Any], Any]) -> Any:
    """`function` of a number, or of a control map's `note` or `n`; the result is its `note`."""
    if isinstance(value, dict):
        if is_number(value.get("note")):
            return {**value, "note": function(value["note"])}
        if is_number(value.get("n")):
            others = {name: item for name, item in value.items() if name != "n"}
            return {"note": function(value["n"]), **others}
        return value
    return function(value) if is_number(value) else value


@transform()
def scale(name: WordPattern, pattern: Pattern) -> Pattern:
    """Turn numbers into the degrees of a scale.

    A root may stand before the name: `e3:minor`.

    >>> note (scale "<minor d:major>" "0 .. 7") # s "superpiano"
    """

    def placed(value: Any, named: tuple[float, Sequence[float]]) -> Any:
        root, degrees = named
        return _on_notes(value, lambda place: degree(degrees, floor(place)) + root)

    return pattern.app_left(name.fmap(lambda word: scale_named(_spelled(word))), placed)


def _spelled(word: Any) -> str:
    """`e:minor` as one word; the mini-notation reads it as a pair."""
    return ":".join(map(str, word)) if isinstance(word, tuple) else str(word)


@transform()
def to_scale(degrees: Numbers, pattern: Pattern) -> Pattern:
    """Turn numbers into places in a list of notes, which repeats every octave.

    >>> n (toScale [0, 2, 7] "0 1 2 3")
    """
    if not degrees:
        return pattern
    return pattern.fmap(lambda value: _on_notes(value, lambda place: degree(degrees, floor(place))))


@transform()
def chord(name: Word, pattern: Pattern) -> Pattern:
    """Play a chord on every note as its root; modifiers as in the mini-notation (`maj7'ii`).

    >>> note (chord "<maj min7>" "c e")
    """

    def raised(interval: float) -> Pattern:
        return pattern.fmap(lambda value: _on_notes(value, lambda root: root + interval))

    return stack([raised(interval) for interval in chord_notes(str(name))])


@transform("trans")
def transpose(semitones: Number, pattern: Pattern) -> Pattern:
    """Transpose notes by `semitones`.

    >>> transpose "<0 5 7>" $ note "c e g"
    """
    return pattern.fmap(lambda value: _on_notes(value, lambda note: note + semitones))


HIGHEST = 12  # of a voicing: c5


@transform()
def voicing(pattern: Pattern) -> Pattern:
    """Move notes of chords by octaves so that successive chords lie close together.

    Each chord takes the inversion whose highest note is nearest to `c5` from below.

    >>> note (voicing "<c'maj7 a'min7 d'min7 g'dom7>")
    """

    def query(begin: Ticks, end: Ticks) -> list[Raw]:
        found: list[Raw] = []
        for events in _chords(pattern.events(begin, end)):
            notes = [_note_of(event[4]) for event in events]
            moves = _voiced([note for note in notes if note is not None])
            for a, b, c, d, value, context in events:
                moved = _on_notes(value, lambda note: note + 12 * moves[note])  # noqa: B023
                found.append((a, b, c, d, moved, context))
        return found

    return by_cycle(query, traits_of(pattern))


def _voiced(notes: list[float]) -> dict[float, int]:
    """The octaves by which each note of a chord moves."""
    rising = sorted(notes)
    best: dict[float, int] = {}
    nearest_top = -12.0
    for raised in range(len(rising)):
        moves = {note: int(place < raised) for place, note in enumerate(rising)}
        top = max(note + 12 * by for note, by in moves.items())
        down = ceil((top - HIGHEST) / 12)
        if top - 12 * down - HIGHEST > nearest_top:
            nearest_top = top - 12 * down - HIGHEST
            best = {note: by - down for note, by in moves.items()}
    return best


def _note_of(value: Any) -> float | None:
    """The number that `_on_notes` would change."""
    found: list[float] = []
    _on_notes(value, found.append)
    return found[0] if found else None


def _converge(items: list[Any]) -> list[Any]:
    found = []
    low, high = 0, len(items) - 1
    while low <= high:
        found.append(items[low])
        if low < high:
            found.append(items[high])
        low, high = low + 1, high - 1
    return found


def _pinky(items: list[Any]) -> list[Any]:
    return [note for item in items[:-1] for note in (item, items[-1])]


def _thumb(items: list[Any]) -> list[Any]:
    return [note for item in items[1:] for note in (items[0], item)]


def _both_ways(items: list[Any]) -> list[Any]:
    return items[:-1] + items[::-1][:-1]


ARPEGGIOS: dict[str, Callable[[list[Any]], list[Any]]] = {
    "up": lambda items: items,
    "down": lambda items: items[::-1],
    "updown": _both_ways,
    "downup": lambda items: _both_ways(items[::-1]),
    "up&down": lambda items: items + items[::-1],
    "down&up": lambda items: items[::-1] + items,
    "converge": _converge,
    "diverge": lambda items: _converge(items)[::-1],
    "disconverge": lambda items: _converge(items) + _converge(items)[::-1][1:],
    "pinkyup": _pinky,
    "pinkyupdown": lambda items: _both_ways(_pinky(items)),
    "thumbup": _thumb,
    "thumbupdown": lambda items: _both_ways(_thumb(items)),
}


def _chords(events: list[Raw]) -> list[list[Raw]]:
    """The events, grouped by their whole."""
    found: dict[tuple[Ticks, Ticks], list[Raw]] = {}
    for event in events:
        if event[0] is not None:
            found.setdefault((event[0], event[1]), []).append(event)
    return [found[whole] for whole in sorted(found)]


def _arpeggiated(mode: str, pattern: Pattern) -> Pattern:
    if mode not in ARPEGGIOS:
        raise Fault(f"no arpeggio is called {mode}", suggestions=nearest(mode, ARPEGGIOS))
    arrange = ARPEGGIOS[mode]

    def query(begin: Ticks, end: Ticks) -> list[Raw]:
        found: list[Raw] = []
        for notes in _chords(pattern.events(begin, end)):
            played = arrange(notes)
            for place, (a, b, c, d, value, context) in enumerate(played):
                first = a + over((b - a) * place, len(played))
                last = a + over((b - a) * (place + 1), len(played))
                part = meet(first, last, c, d)
                if part:
                    found.append((first, last, *part, value, context))
        return found

    return by_cycle(query, traits_of(pattern))


@transform()
def arp(mode: WordPattern, pattern: Pattern) -> Pattern:
    """Arpeggiate chords: up, down, converge … or by the numbers of their notes.

    >>> note (arp "<up downup>" "c'maj e'min")
    """
    mode = mode.fmap(_place_or_mode)
    first = mode.events(0, CYCLE)
    if first and is_number(first[0][4]):
        return _indexed(mode, pattern)
    return inner_join(mode.fmap(remembered(lambda word: _arpeggiated(str(word), pattern))))


def _place_or_mode(word: Any) -> Any:
    """The number that a word spells, or else the word itself."""
    try:
        return float(word)
    except ValueError:
        return word


def _indexed(places: Pattern, pattern: Pattern) -> Pattern:
    """The notes of each chord by number, in the rhythm of `places`."""

    def query(begin: Ticks, end: Ticks) -> list[Raw]:
        found: list[Raw] = []
        for notes in _chords(pattern.events(begin, end)):
            _, _, c, d, _, _ = notes[0]
            for a2, b2, c2, d2, place, context in places.events(c, d):
                chosen = notes[floor(place) % len(notes)]
                found.append((a2, b2, c2, d2, chosen[4], chosen[5] + context))
        return found

    return by_cycle(query, traits_of(pattern, places))


@transform("arpg")
def arpeggiate(pattern: Pattern) -> Pattern:
    """Arpeggiate chords from the first note to the last.

    >>> arpeggiate $ note "c'maj e'min"
    """
    return _arpeggiated("up", pattern)


@transform()
def rolled_by(amount: Time, pattern: Pattern) -> Pattern:
    """Roll chords: delay their notes one after another, by up to `amount` of their length.

    A negative `amount` rolls from the last note to the first.

    >>> rolledBy 0.5 $ note "c'maj'5"
    """
    depth = amount if amount > 0 else -amount

    def query(begin: Ticks, end: Ticks) -> list[Raw]:
        found: list[Raw] = []
        for notes in _chords(pattern.events(begin, end)):
            ordered = notes[::-1] if amount < 0 else notes
            for place, (a, b, c, d, value, context) in enumerate(ordered):
                first = a + over(scaled(b - a, depth) * place, len(notes))
                part = meet(first, b, c, d)
                if part:
                    found.append((first, b, *part, value, context))
        return found

    return by_cycle(query, traits_of(pattern))


@transform()
def rolled(pattern: Pattern) -> Pattern:
    """Roll chords within a quarter of their length: `rolledBy 0.25`.

    >>> rolled $ note "c'maj'5"
    """
    return rolled_by(Fraction(1, 4), pattern)


@transform()
def rot(places: Integer, pattern: Pattern) -> Pattern:
    """Rotate the values of each cycle by `places` events to the left; the rhythm stays.

    >>> rot "<0 1>" $ n "0 ~ 4 7"
    """

    def query(begin: Ticks, end: Ticks) -> list[Raw]:
        start = begin // CYCLE * CYCLE
        events = sorted(
            (event for event in pattern.events(start, start + CYCLE) if event[0] is not None),
            key=lambda event: (event[2], event[3]),
        )
        found: list[Raw] = []
        for place, (a, b, c, d, _, _) in enumerate(events):
            part = meet(begin, end, c, d)
            source = events[(place + places) % len(events)]
            if part:
                found.append((a, b, *part, source[4], source[5]))
        return found

    return by_cycle(query, traits_of(pattern))
