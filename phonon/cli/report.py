"""Prints diagnostics: place, message, source line, caret, suggestions."""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Iterable
from typing import TextIO

from phonon.errors import Diagnostic

WIDTH = 96  # of the part of a source line that is shown

STYLES = {"error": "\x1b[1;31m", "warning": "\x1b[1;33m", "caret": "\x1b[1;36m", "end": "\x1b[0m"}


def report(
    diagnostics: Iterable[Diagnostic], source: str = "", name: str = "", file: TextIO | None = None
) -> None:
    """Print diagnostics to `file` (standard error), with their lines where `source` is given."""
    file = file or sys.stderr
    paint = coloured(file)
    for diagnostic in diagnostics:
        print("\n".join(lines(diagnostic, source, name, paint)), file=file)


def coloured(file: TextIO) -> bool:
    """Whether to colour: on a terminal without NO_COLOR and TERM=dumb."""
    return file.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def lines(diagnostic: Diagnostic, source: str, name: str, paint: bool = False) -> list[str]:
    """Lines for one diagnostic."""
    head = _styled(f"{diagnostic.severity}:", diagnostic.severity, paint)
    message = printable(diagnostic.message)
    if not source or not diagnostic.placed:
        told = [f"{name or 'phonon'}: {head} {message}"]
        return told + _suggested(diagnostic, "  ")
    place = f"{name}:{diagnostic.line}:{diagnostic.column}:"
    texts = source.split("\n")
    line = texts[diagnostic.line - 1] if diagnostic.line <= len(texts) else ""
    begin = min(diagnostic.column - 1, len(line))
    last = diagnostic.end_column - 1 if diagnostic.end_line == diagnostic.line else len(line)
    end = min(max(last, begin + 1), max(len(line), begin + 1))
    shown, before, marked = _window(line, begin, end)
    number = str(diagnostic.line)
    gap = " " * len(number)
    caret = _styled("^" + "~" * (marked - 1), "caret", paint)
    return [
        f"{place} {head} {message}",
        f"  {number} | {shown}",
        f"  {gap} | {before}{caret}",
        *_suggested(diagnostic, f"  {gap}   "),
    ]


def printable(text: str) -> str:
    """`text` without control characters; tabs become a space."""
    text = text.replace("\t", " ")
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)


def _suggested(diagnostic: Diagnostic, margin: str) -> list[str]:
    words = [printable(word) for word in diagnostic.suggestions]
    return [f"{margin}did you mean {' or '.join(words)}?"] if words else []


def _window(line: str, begin: int, end: int) -> tuple[str, str, int]:
    """The shown part of a line, the blanks before its marked stretch, and that one's width."""
    first = 0 if end <= WIDTH else max(begin - WIDTH // 3, 0)
    last = first + WIDTH
    left, right = ("… " if first else ""), (" …" if last < len(line) else "")
    shown = left + printable(line[first:last]) + right
    before = " " * (len(left) + _cells(printable(line[first:begin])))
    return shown, before, max(_cells(printable(line[begin : min(end, last)])), 1)


def _cells(text: str) -> int:
    """How many columns of a terminal `text` takes."""
    wide = sum(unicodedata.east_asian_width(c) in {"W", "F"} for c in text)
    return len(text) + wide - sum(bool(unicodedata.combining(c)) for c in text)


def _styled(text: str, style: str, paint: bool) -> str:
    return f"{STYLES.get(style, '')}{text}{STYLES['end']}" if paint else text
