"""Decodes what terminals send: Alt keys, CSI-u and modifyOtherKeys become single keys.

A key that only some terminals can tell apart (Ctrl-Enter, Ctrl-.) is mapped to the Alt key that
all of them can send, and an Alt key to one character of Unicode's private area: plain Esc then
waits for `ttimeoutlen` alone, and no binding needs a chord that begins with Esc.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from prompt_toolkit.input.base import Input
from prompt_toolkit.input.vt100_parser import Vt100Parser
from prompt_toolkit.key_binding import KeyPress
from prompt_toolkit.keys import Keys

Decoded = Keys | str | tuple[Keys | str, ...]

# Few letters: over a slow line Esc and the next key may arrive in one read, so that no Alt key may
# be one that people press after Esc. Digits and `.` are worth that risk: they mute and hush.
_ALTED = {
    "\r": "Enter",
    ".": ".",
    "/": "/",
    "r": "r",
    "s": "s",
    "\x1b[A": "Up",
    "\x1b[B": "Down",
    **{digit: digit for digit in "0123456789"},
}
_PRIVATE = 0xE000

ALT = {name: chr(_PRIVATE + at) for at, name in enumerate(_ALTED.values())}
SHIFT_ENTER = chr(_PRIVATE + len(ALT))
PRIVATE = {character: f"A-{name}" for name, character in ALT.items()} | {SHIFT_ENTER: "S-Enter"}

_MATCHES: dict[str, Decoded] = {"\x1b" + sent: ALT[name] for sent, name in _ALTED.items()}
for _last, _name in (("A", "Up"), ("B", "Down")):
    _MATCHES[f"\x1b[1;3{_last}"] = ALT[_name]

_CSI_U = re.compile(r"\x1b\[(\d{1,7})(?:;(\d{1,3})(?::\d)?)?u")
_OTHER = re.compile(r"\x1b\[27;(\d{1,3});(\d{1,7})~")
# Answers of the terminal to queries: keyboard flags, device attributes.
_ANSWER = re.compile(r"\x1b\[\?[\d;]*[uc]")
_UNFINISHED_ANSWER = re.compile(r"\x1b\[\?[\d;]*\Z")

_SHIFT, _ALT, _CTRL = 1, 2, 4
_NAMED: dict[int, Keys] = {
    9: Keys.ControlI,
    13: Keys.ControlM,
    27: Keys.Escape,
    127: Keys.ControlH,
}


class Decoder(Vt100Parser):
    """prompt_toolkit's parser with more keys; `answered` is called with answers of the terminal."""

    def __init__(
        self,
        feed_key_callback: Callable[[KeyPress], None],
        answered: Callable[[str], None] = lambda answer: None,
    ) -> None:
        super().__init__(feed_key_callback)
        self._answered = answered
        self._held = ""

    def feed(self, data: str) -> None:
        """Decode what the terminal sent; its answers to queries do not become keys."""
        data, self._held = self._held + data, ""
        if "\x1b[?" in data:
            for answer in _ANSWER.findall(data):
                self._answered(answer)
            data = _ANSWER.sub("", data)
            if unfinished := _UNFINISHED_ANSWER.search(data):
                data, self._held = data[: unfinished.start()], unfinished[0]
        super().feed(data)

    def _get_match(self, prefix: str) -> Keys | tuple[Keys, ...] | None:
        """The key of a sequence; prompt_toolkit's parser calls it with every prefix."""
        found = decode(prefix)
        if found is not None:
            return found  # type: ignore[return-value]  # a private key is a plain character
        return super()._get_match(prefix)

    def _call_handler(self, key: str | Keys | tuple[Keys, ...], insert_text: str) -> None:
        if key is Keys.Ignore:
            return
        if isinstance(key, str) and not isinstance(key, Keys) and len(insert_text) > 1:
            insert_text = key if key not in PRIVATE else ""  # the text of a spelt-out character
        super()._call_handler(key, insert_text)


def attach(terminal: Input, answered: Callable[[str], None] = lambda answer: None) -> None:
    """Replace the parser of a terminal's input by a Decoder."""
    parser = getattr(terminal, "vt100_parser", None)
    if parser is not None:
        terminal.vt100_parser = Decoder(parser.feed_key_callback, answered)  # type: ignore[attr-defined]


def decode(sequence: str) -> Decoded | None:
    """The key of a sequence that prompt_toolkit does not know or reads as several keys."""
    if (known := _MATCHES.get(sequence)) is not None:
        return known
    if not sequence.startswith("\x1b["):
        return None
    if found := _CSI_U.fullmatch(sequence):
        return _key(int(found[1]), int(found[2] or 1))
    if found := _OTHER.fullmatch(sequence):
        return _key(int(found[2]), int(found[1]))
    return None


def _key(code: int, modifiers: int) -> Decoded:
    """The key with a code point and xterm's modifier number (1 plus the bits)."""
    held = (modifiers - 1) & 7  # the bits above are Caps Lock, Num Lock and Super
    if code > 0x10FFFF or 0xD800 <= code <= 0xF8FF:  # keypad and media keys have private codes
        return Keys.Ignore
    if code == 13 and held == _SHIFT:
        return SHIFT_ENTER
    if code == 9 and held == _SHIFT:
        return Keys.BackTab
    name = {13: "Enter"}.get(code, chr(code))
    if (
        held & (_ALT | _CTRL)
        and name in ALT
        and not (held & _CTRL and name.isalpha() and code > 32)
    ):
        return ALT[name]
    if code in _NAMED:
        return _NAMED[code]
    if code < 32:
        return Keys.Ignore
    if held & _ALT:
        return Keys.Ignore
    character = chr(code)
    if held & _CTRL:
        return _control(character)
    return character.upper() if held & _SHIFT else character


def _control(character: str) -> Decoded:
    """The key of Ctrl with a character, as a plain terminal sends it; ignored if it sends none."""
    if character == "/":
        return ALT["/"]
    if character == " ":
        return Keys.ControlAt
    try:
        return Keys("c-" + character.lower())
    except ValueError:
        return Keys.Ignore
