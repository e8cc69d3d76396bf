"""Reads numbers exactly: decimals, ratios, and Tidal's letters for parts of a cycle."""

from __future__ import annotations

import re
from fractions import Fraction

from phonon.errors import Fault, Span
from phonon.lang.limits import DIGITS, EXPONENT

_DECIMAL = re.compile(r"([+-]?(?:\d+(?:\.\d*)?|\.\d+))(?:[eE]([+-]?\d+))?")
_HEXADECIMAL = re.compile(r"([+-]?)0[xX]([0-9a-fA-F]+)")
_RATIO = re.compile(r"([+-]?\d+)%(\d+)")
_LETTER = re.compile(r"([+-]?(?:\d+(?:\.\d+)?|\.\d+))?([whqestfx])")

# Whole, half, quarter, eighth, sixteenth, third, fifth, sixth (Tidal's).
LETTERS = {
    "w": Fraction(1),
    "h": Fraction(1, 2),
    "q": Fraction(1, 4),
    "e": Fraction(1, 8),
    "s": Fraction(1, 16),
    "t": Fraction(1, 3),
    "f": Fraction(1, 5),
    "x": Fraction(1, 6),
}


def exact_number(text: str, span: Span) -> int | Fraction:
    """The exact value of a decimal literal."""
    value = decimal(text, span)
    if value is None:
        raise Fault(f"`{text}` is no number", span)
    return value


def decimal(text: str, span: Span) -> int | Fraction | None:
    """The exact value of a decimal, or None if `text` is none."""
    found = _DECIMAL.fullmatch(text)
    if found is None:
        return None
    mantissa, exponent = found.groups()
    if len(mantissa) > DIGITS:
        raise Fault(f"a number may have at most {DIGITS} digits", span)
    if exponent and (len(exponent) > 5 or abs(int(exponent)) > EXPONENT):
        raise Fault(f"the exponent of a number may be at most {EXPONENT}", span)
    return Fraction(text) if exponent or "." in mantissa else int(text)


def numeral(text: str, span: Span, *, bare_letters: bool = True) -> int | Fraction | None:
    """The exact value of a decimal, `0x10`, `1%8`, `1q` or (with `bare_letters`) `q`."""
    value = decimal(text, span)
    if value is not None:
        return value
    if len(text) > DIGITS:
        return None
    ratio = _RATIO.fullmatch(text)
    if ratio:
        if not int(ratio[2]):
            raise Fault("a ratio cannot have zero below", span)
        return Fraction(int(ratio[1]), int(ratio[2]))
    letter = _LETTER.fullmatch(text)
    if letter and (letter[1] or bare_letters):
        return Fraction(letter[1] or 1) * LETTERS[letter[2]]
    hexadecimal = _HEXADECIMAL.fullmatch(text)
    if hexadecimal:
        return int(hexadecimal[1] + hexadecimal[2], 16)
    return None
