"""Reads words of mini-notation as numbers, notes, times, sounds, Hz …"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from phonon.errors import Fault, Span, nearest
from phonon.lang.numerals import numeral
from phonon.patterns import note_number
from phonon.score.instrument import MIDDLE_C

_TRUE = {"t": True, "true": True, "f": False, "false": False}


@dataclass(frozen=True, slots=True)
class WordReader:
    """Converts the words of a string to values of `kind`."""

    kind: str
    convert: Callable[[str, Span], object]

    def __call__(self, text: str, span: Span) -> object:
        return self.convert(text, span)


def word_reader(kind: str) -> WordReader:
    """The converter for a kind: number, integer, time, boolean, word, sound, note, n, hz, auto."""
    return WordReader(kind, CONVERTERS[kind])


def plain(value: int | Fraction) -> int | float:
    """An exact number as the int or float that patterns carry."""
    return value.numerator if value.denominator == 1 else float(value)


def number(text: str, span: Span) -> int | float:
    """`1`, `0.5`, `1e3`, `.5`, `1%8`, `1q` as a number."""
    return plain(_numeral(text, span, "a number"))


def integer(text: str, span: Span) -> int:
    """A whole number."""
    value = _numeral(text, span, "a whole number")
    if value.denominator != 1:
        raise Fault(f"`{text}` is no whole number", span, (str(round(value)),))
    return value.numerator


def time(text: str, span: Span) -> int | Fraction:
    """An exact number of cycles: `0.25`, `1%8`, `1q`."""
    return _numeral(text, span, "a time such as 0.25 or 1%8")


def boolean(text: str, span: Span) -> bool:
    """`t` and `f`, or numbers, of which only 0 is false."""
    value = _TRUE.get(text)
    if value is None:
        found = numeral(text, span, bare_letters=False)
        if found is None:
            raise Fault(f"`{text}` is neither t nor f (nor 1 or 0)", span, ("t", "f"))
        value = found != 0
    return value


def word(text: str, _span: Span) -> str:
    """The word itself."""
    return text


def note(text: str, span: Span) -> int | float:
    """Semitones from middle C: a number, or a note name in scientific pitch (`c4` is 0)."""
    found = note_number(text)
    if found is not None:
        return found
    value = numeral(text, span, bare_letters=False)
    if value is None:
        raise Fault(f"`{text}` is neither a note nor a number", span, _near_notes(text))
    return plain(value)


def number_or_note(text: str, span: Span) -> int | float:
    """A number; a letter that is a note is the note (`n "c e g"`)."""
    return note(text, span)


def hz(text: str, span: Span) -> int | float:
    """A frequency: a number is Hz already, a note name is its pitch."""
    found = note_number(text)
    if found is not None:
        return MIDDLE_C * float(2.0 ** (found / 12))
    value = numeral(text, span, bare_letters=False)
    if value is None:
        message = f"`{text}` is neither a frequency in Hz nor a note"
        raise Fault(message, span, _near_notes(text))
    return plain(value)


def auto(text: str, span: Span) -> object:
    """A number if it looks like one, otherwise a word: for strings whose kind is not known."""
    value = numeral(text, span, bare_letters=False)
    return text if value is None else plain(value)


def tail(text: str, span: Span) -> object:
    """The part of a word after a `:`."""
    return auto(text, span)


def _numeral(text: str, span: Span, wanted: str) -> int | Fraction:
    value = numeral(text, span)
    if value is None:
        raise Fault(f"{wanted} is expected here, not `{text}`", span)
    return value


def _near_notes(text: str) -> tuple[str, ...]:
    names = [letter + sign for letter in "cdefgab" for sign in ("", "#", "b")]
    octave = re.search(r"-?\d+$", text)
    number = octave[0] if octave and len(octave[0]) < 3 else ""
    return nearest(text, (name + number for name in names), 2)


CONVERTERS: Final[dict[str, Callable[[str, Span], object]]] = {
    "number": number,
    "integer": integer,
    "time": time,
    "boolean": boolean,
    "word": word,
    "sound": word,
    "note": note,
    "n": number_or_note,
    "hz": hz,
    "auto": auto,
}
