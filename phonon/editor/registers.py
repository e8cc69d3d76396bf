"""vi's registers, of which two are the clipboard of everybody else's programs."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from prompt_toolkit.clipboard import ClipboardData, InMemoryClipboard

if TYPE_CHECKING:
    from prompt_toolkit.output import Output

OUTSIDE = frozenset("+*")  # the registers that everybody else's programs can see
MOST = 100_000  # bytes that a terminal takes for its clipboard


class Registers(InMemoryClipboard):
    """A clipboard with vi's registers: the one that was named last is used once."""

    def __init__(self, output: Output) -> None:
        super().__init__()
        self._output = output
        self._named: dict[str, ClipboardData] = {}
        self._next = ""
        self._fresh = False

    def name(self, register: str) -> None:
        """The next command is for this register."""
        self._next, self._fresh = register, True

    def command_ended(self) -> None:
        """A register that the command after it did not use is forgotten."""
        if not self._fresh:
            self._next = ""
        self._fresh = False

    def set_data(self, data: ClipboardData) -> None:
        register, self._next = self._next, ""
        if register:
            self._named[register.lower()] = data
        if register in OUTSIDE:
            self.offer(data.text)
        super().set_data(data)

    def get_data(self) -> ClipboardData:
        register, self._next = self._next, ""
        if register:
            return self._named.get(register.lower(), ClipboardData())
        return super().get_data()

    def offer(self, text: str) -> None:
        """Hand a text to the terminal's clipboard, as far as it takes one (OSC 52)."""
        packed = base64.b64encode(text.encode()).decode()
        if len(packed) <= MOST:
            self._output.write_raw(f"\x1b]52;c;{packed}\x07")
            self._output.flush()
