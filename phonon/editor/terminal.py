"""Switches on the terminal's mouse and key protocols, and restores it however the editor ends."""

from __future__ import annotations

import atexit
import contextlib
import os
import re
from types import TracebackType
from typing import Self

from prompt_toolkit.output import Output

# Terminals that know one of these send Ctrl-Enter as a key of its own; others ignore both.
_ASK = "\x1b[?u"  # kitty's protocol: a terminal that has it answers with its flags
_OTHER_KEYS_ON, _OTHER_KEYS_OFF = "\x1b[>4;1m", "\x1b[>4;0m"
# Buttons, and movements while one is held; as decimal numbers (SGR), for wide terminals.
_MOUSE_ON, _MOUSE_OFF = "\x1b[?1002h\x1b[?1006h", "\x1b[?1002l\x1b[?1006l"
_KITTY_ON, _KITTY_OFF = "\x1b[>1u", "\x1b[<u"
# Switches off all modes of prompt_toolkit too, for an end in which it does not.
_RESTORE = "\x1b[?2026l\x1b[?1000;1002;1003;1006l\x1b[?2004l\x1b[?1049l\x1b[0 q\x1b[?25h\x1b[0m"

_FLAGS = re.compile(r"\x1b\[\?\d+u")


class Terminal:
    """A context manager; an exit handler restores the terminal if the process ends otherwise."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._kitty = False
        self._asked = False
        self.tells_apart = False
        self.has_mouse = False

    def __enter__(self) -> Self:
        if os.environ.get("TERM") not in {"linux", "dumb", "vt100"}:
            self._asked = True
            self._send(_OTHER_KEYS_ON + _ASK)
            self.mouse(True)
        atexit.register(self.restore)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._undo()
        if error is not None:
            self._send(_RESTORE)
        atexit.unregister(self.restore)

    def answered(self, answer: str) -> None:
        """Switch on kitty's key protocol if `answer` says that the terminal has it."""
        if self._asked and not self._kitty and _FLAGS.fullmatch(answer):
            self._kitty = self.tells_apart = True
            self._send(_KITTY_ON)

    def mouse(self, ours: bool) -> None:
        """Take the mouse, or leave it to the terminal."""
        if self._asked:
            self.has_mouse = ours
            self._send(_MOUSE_ON if ours else _MOUSE_OFF)

    def restore(self) -> None:
        """Switch off everything that may have been switched on."""
        self._undo()
        self._send(_RESTORE)

    def _undo(self) -> None:
        if self.has_mouse:
            self.mouse(False)
        if self._kitty:
            self._kitty = False
            self._send(_KITTY_OFF)
        if self._asked:
            self._asked = False
            self._send(_OTHER_KEYS_OFF)

    def _send(self, sequence: str) -> None:
        with contextlib.suppress(OSError, ValueError):
            self._output.write_raw(sequence)
            self._output.flush()
