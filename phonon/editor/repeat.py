"""vi's `.`: keeps the keys of the last change and presses them again."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from prompt_toolkit.application import Application
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.key_binding.key_processor import KeyPress
from prompt_toolkit.keys import Keys

# Undo, redo, repeat and the `:` line are no changes; nor is walking through versions, nor the menu.
_NOT_REPEATED = {"u", ".", ":", " ", Keys.ControlR}


class KeyQueue(deque[KeyPress]):
    """prompt_toolkit's queue of keys, which keeps the key that is being processed."""

    current: KeyPress | None = None

    def popleft(self) -> KeyPress:
        self.current = super().popleft()
        return self.current


class Repeater:
    """Records the keys of a change: from a first one in normal mode until normal mode returns.

    `mode` returns the editor's mode. Made once the application runs, which replaces its queue of
    keys when it begins.
    """

    def __init__(self, app: Application[bool], buffer: Buffer, mode: Callable[[], str]) -> None:
        self._app = app
        self._buffer = buffer
        self._mode = mode
        self._pending: list[KeyPress] = []
        self._change: list[KeyPress] = []
        self._text = buffer.text
        self._replayed = 0
        self._queue = KeyQueue()
        processor = app.key_processor
        processor.input_queue = self._queue
        processor.after_key_press += lambda _: self._pressed()

    def replay(self, count: int) -> None:
        """Press the keys of the last change again."""
        keys = self._change * count
        self._replayed = len(keys) + 1  # and the key that asked for it
        self._app.key_processor.feed_multiple(keys, first=True)

    def _pressed(self) -> None:
        key = self._queue.current
        if self._replayed:
            self._replayed -= 1
            self._text = self._buffer.text
            self._pending.clear()
            return
        if key is None:
            return
        if key.key is Keys.Vt100MouseEvent:
            if not self._pending:
                self._text = self._buffer.text
            return
        self._pending.append(key)
        if not self.idle():
            return
        text = self._buffer.text
        first = self._pending[0].key
        walked = first == "g" and self._pending[-1].key in {"-", "+"}
        if text != self._text and first not in _NOT_REPEATED and not walked:
            self._change = [*self._pending]
        self._text = text
        self._pending.clear()

    def idle(self) -> bool:
        """Whether a new command can begin."""
        app = self._app
        return (
            self._mode() == "normal"
            and not app.key_processor.key_buffer
            and app.key_processor.arg is None
            and app.vi_state.operator_func is None
            and not app.vi_state.waiting_for_digraph
        )
