"""Shows what this terminal really sends, key by key, and what the editor makes of it."""

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

PAUSE = 0.05  # seconds without a byte after which what was sent was one key


def probe() -> None:
    """Print keys until q has been pressed twice."""
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
    """A line; the terminal is raw, and goes to the beginning of a line only when told to."""
    sys.stdout.write(f"{text}\r\n")
    sys.stdout.flush()


def _presses(handle: int) -> Iterator[str]:
    """What arrives in one go."""
    while data := os.read(handle, 1024):
        while select.select([handle], [], [], PAUSE)[0]:
            more = os.read(handle, 1024)
            if not more:
                break
            data += more
        yield data.decode("utf-8", "replace")


def _names() -> dict[str, str]:
    """What single keys do, by the key."""
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
