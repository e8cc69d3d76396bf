"""Checks that brackets match, before parsing, so that errors point at the right bracket."""

from __future__ import annotations

import re

from phonon.errors import Fault, Span
from phonon.lang.limits import BRACKETS

CLOSER = {"(": ")", "[": "]", "{": "}", "<": ">"}
OPENER = {closer: opener for opener, closer in CLOSER.items()}

# Outside strings: strings and comments are stepped over; `<` and `>` are operators there.
_PROGRAM = re.compile(r'"[^"]*"?|--[^\n]*|[()\[\]{}]')
_MINI = re.compile(r"[()\[\]{}<>]")


def check_program_brackets(text: str, offset: int) -> None:
    """Raise a Fault for the first bracket of a statement that has no partner."""
    _check(_PROGRAM, text, offset, "statement")


def check_mini_brackets(text: str, offset: int) -> None:
    """Raise a Fault for the first bracket of a string that has no partner."""
    _check(_MINI, text, offset, "string")


def _check(pattern: re.Pattern[str], text: str, offset: int, where: str) -> None:
    open_: list[tuple[str, int]] = []
    for found in pattern.finditer(text):
        bracket, at = found[0], found.start() + offset
        if bracket in CLOSER:
            open_.append((bracket, at))
            if len(open_) > BRACKETS:
                raise Fault(
                    f"brackets are nested more than {BRACKETS} deep in this {where}",
                    Span(at, at + 1),
                )
        elif bracket in OPENER:
            if not open_:
                raise Fault(f"`{bracket}` closes nothing", Span(at, at + 1))
            opener, began = open_.pop()
            if CLOSER[opener] != bracket:
                raise _mismatch(opener, began, bracket, at, open_)
    if open_:
        opener, began = open_[-1]
        raise Fault(
            f"`{opener}` is never closed: a `{CLOSER[opener]}` is missing", Span(began, began + 1)
        )


def _mismatch(opener: str, began: int, closer: str, at: int, outer: list[tuple[str, int]]) -> Fault:
    # `[a (b]`: the inner bracket is open; `[a)`: the closer is of the wrong kind.
    if any(CLOSER[bracket] == closer for bracket, _ in outer):
        return Fault(
            f"`{opener}` is not closed before `{closer}`: a `{CLOSER[opener]}` is missing",
            Span(began, began + 1),
        )
    return Fault(
        f"`{closer}` does not close `{opener}`: a `{CLOSER[opener]}` is expected",
        Span(at, at + 1),
    )
