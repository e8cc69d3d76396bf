"""Error messages for syntax errors in mini-notation."""

from __future__ import annotations

import re

from lark.exceptions import UnexpectedInput, UnexpectedToken

from phonon.errors import Fault, Span
from phonon.lang.syntax_errors import position_of

STEP = "a word, a number, a rest `~` or something in brackets"
EUCLID = "`( )` after a step takes two or three numbers: pulses, steps, turn"

_MODIFIERS = "*/:@!?_%.'("
# What a step has to follow: a separator, an opening bracket, an operator.
_OPEN = re.compile(r"[*/:%(\[{<,|']$|(?:^|[\s.])\.$")
_CLOSED = re.compile(r"\([^()\[\]{}<>]*\)|\[[^()\[\]{}<>]*\]|\{[^()\[\]{}<>]*\}|<[^()\[\]{}<>]*>")
_CHARACTERS = {
    "=": "`=` has no meaning inside a string",
    ";": "`;` has no meaning inside a string; `,` stands between what sounds together",
    "&": "`&` has no meaning inside a string; `,` stands between what sounds together",
    "+": "`+` stands before a number only; arithmetic goes outside the string",
    "#": "`#` alone has no meaning inside a string; effects go outside it",
    "-": "a rest is a single `-` or `~`, with spaces around it",
    "~": "a rest is a single `-` or `~`, with spaces around it",
    "_": "`_` lengthens the step before it and stands by itself",
    "$": "`$` has no meaning inside a string; functions go outside it",
}


def explain_mini(error: UnexpectedInput, text: str, offset: int) -> Fault:
    """The Fault for a syntax error in a string that begins at `offset`."""
    if isinstance(error, UnexpectedToken) and error.token.type == "$END":
        end = len(text.rstrip())
        place = Span(offset + max(0, end - 1), offset + end)
        return Fault(f"after `{text[end - 1 : end]}`, {STEP} is expected", place)
    at = position_of(error, text)
    if isinstance(error, UnexpectedToken):
        met = str(error.token)
        message = _token(met, text[:at].rstrip())
    else:
        met = text[at]
        message = _CHARACTERS.get(met, f"`{met}` has no meaning here")
    return Fault(message, Span(offset + at, offset + at + len(met)))


def _token(met: str, before: str) -> str:
    last = before[-1:]
    inside = _inside(before)
    if not before or _OPEN.search(before):
        return _without_step(met, last)
    if met == ")" or (met in ",|" and inside == "("):
        return EUCLID
    if met == "|" and inside in ("{", "<"):
        return "a choice `|` stands in `[ ]` or by itself: put it into `[ ]`"
    if met in ",|":
        return "`,` and `|` cannot share a bracket: put one of them into `[ ]`"
    if met == ".":
        return "groups with ` . ` stand in `[ ]` or by themselves: put them into `[ ]`"
    return f"`{met}` has no meaning after `{last}`"


def _without_step(met: str, last: str) -> str:
    """The message where a step is expected."""
    if met[0] in _MODIFIERS and met != ".":
        where = f"after `{last}`" if last else "at the beginning"
        return f"`{met}` changes the step before it, and there is none {where}"
    if met in ",|.":
        return f"{STEP} is expected " + (f"between `{last}` and `{met}`" if last else "first")
    if last:
        return f"after `{last}`, {STEP} is expected, not `{met}`"
    return f"{STEP} is expected, not `{met}`"


def _inside(text: str) -> str:
    """The innermost bracket that is open at the end of `text`, whose brackets match."""
    shorter = _CLOSED.sub("", text)
    while shorter != text:
        text, shorter = shorter, _CLOSED.sub("", shorter)
    found = re.findall(r"[(\[{<]", text)
    return found[-1] if found else ""
