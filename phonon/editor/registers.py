"""vi's registers; `"+` and `"*` are the clipboard of the terminal."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from prompt_toolkit.clipboard import ClipboardData, InMemoryClipboard

if TYPE_CHECKING:
    from prompt_toolkit.output import Output

OUTSIDE = frozenset("+*")  # registers that other programs can read
MOST = 100_000  # bytes that a terminal takes for its clipboard


class Registers(InMemoryClipboard):
    """A clipboard with vi's registers: naming one selects it for the next command."""

    def __init__(self, output: Output) -> None:
        super().__init__()
        self._output = output
        self._named: dict[str, ClipboardData] = {}
        self._next = ""
        self._fresh = False

    def name(self, register: str) -> None:
        """Select a register for the next command."""
        self._next, self._fresh = register, True

    def command_ended(self) -> None:
        """Unselect a register that the command after its name did not use."""
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
        """Send a text to the terminal's clipboard (OSC 52), unless it is too long."""
        packed = base64.b64encode(text.encode()).decode()
        if len(packed) <= MOST:
            self._output.write_raw(f"\x1b]52;c;{packed}\x07")
            self._output.flush()
