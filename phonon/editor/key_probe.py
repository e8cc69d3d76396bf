"""Prints the bytes that this terminal sends for each key, and the command that they give."""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Iterator

from prompt_toolkit.input import create_input
from prompt_toolkit.key_binding.key_processor import KeyPress
from prompt_toolkit.keys import Keys
from prompt_toolkit.output import create_output

from phonon.editor import commands  # noqa: F401  # registers the commands
from phonon.editor.decoder import PRIVATE, Decoder
from phonon.editor.keymap import COMMANDS, parse
from phonon.editor.terminal import Terminal

PAUSE = 0.05  # seconds without a byte that end a key


def probe() -> None:
    """Print keys until q is pressed twice."""
    terminal = Terminal(create_output())
    named = _names()
    _say("press keys to see what they send; q twice ends")
    last = ""
    with create_input().raw_mode(), terminal:
        for sent in _presses(sys.stdin.fileno()):
            keys: list[KeyPress] = []
            decoder = Decoder(keys.append, terminal.answered)
            decoder.feed_and_flush(sent)
            if not keys:
                _say(f"{_spelt(sent):<24} an answer of the terminal")
                continue
            said = " ".join(_name(key) for key in keys)
            does = named.get(keys[0].key, "") if len(keys) == 1 else ""
            _say(f"{_spelt(sent):<24} {said:<16} {does}")
            if sent == last == "q":
                break
            last = sent
    able = "yes" if terminal.tells_apart else "no (Alt-Enter and Alt-. always work)"
    _say(f"tells Ctrl-Enter from Enter: {able}")


def _say(text: str) -> None:
    """Print a line; a raw terminal needs the carriage return."""
    sys.stdout.write(f"{text}\r\n")
    sys.stdout.flush()


def _presses(handle: int) -> Iterator[str]:
    """The bytes of each key press: those that arrive without a PAUSE."""
    while data := os.read(handle, 1024):
        while select.select([handle], [], [], PAUSE)[0]:
            more = os.read(handle, 1024)
            if not more:
                break
            data += more
        yield data.decode("utf-8", "replace")


def _names() -> dict[str, str]:
    """The commands in normal mode that single keys give, by key."""
    found: dict[str, str] = {}
    for one in COMMANDS.values():
        for key in one.keys:
            keys = parse(key.spelling)
            if len(keys) == 1 and "normal" in key.modes:
                number = f" {key.argument}" if key.argument is not None else ""
                found[keys[0]] = f"{one.name}{number}"
    return found


def _name(press: KeyPress) -> str:
    key = press.key
    if isinstance(key, Keys):
        return key.value
    return PRIVATE.get(key, key)


def _spelt(sent: str) -> str:
    return "".join(
        "ESC "
        if character == "\x1b"
        else character
        if character.isprintable()
        else f"<{ord(character):02x}>"
        for character in sent
    )
