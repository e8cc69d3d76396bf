"""Progress of long jobs on standard error: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import TracebackType
from typing import Any, Self

PATIENCE = 0.4  # seconds before anything is shown; the bar's library alone takes 0.15 to load
LINE_EVERY = 10.0  # seconds between two plain lines


@contextmanager
def announced_if_slow(what: str) -> Iterator[None]:
    """Print a message on standard error if the block takes long."""
    timer = threading.Timer(PATIENCE, lambda: print(f"phonon: {what} …", file=sys.stderr))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


class Progress:
    """Shows the progress of jobs; call it as `progress(label, done, total)`, inside `with`."""

    def __init__(self, quiet: bool = False) -> None:
        self._terminal = sys.stderr.isatty()
        self._quiet = quiet
        self._begun = time.monotonic()
        self._told = self._begun
        self._stack = ExitStack()
        self._bar: Any = None
        self._counters: dict[str, Any] = {}

    def __enter__(self) -> Self:
        return self

    def __call__(self, label: str, done: float, total: float) -> None:
        """`done` of `total` of the job `label` is finished."""
        now = time.monotonic()
        if self._quiet or now - self._begun < PATIENCE:
            return
        if self._terminal:
            self._draw(label, done, total)
        elif now - self._told > LINE_EVERY:
            self._told = now
            share = f"{100 * done / total:.0f} %" if total else ""
            print(f"phonon: {label} {share}", file=sys.stderr)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.__exit__(kind, error, trace)

    def _draw(self, label: str, done: float, total: float) -> None:
        if self._bar is None:
            self._bar = self._stack.enter_context(_bar())
        counter = self._counters.get(label)
        if counter is None:
            counter = self._counters[label] = self._bar(label=label, total=1000)
        counter.items_completed = round(1000 * done / total) if total else 1000
        counter.done = done >= total
        self._bar.invalidate()


@contextmanager
def _bar() -> Iterator[Any]:
    """prompt_toolkit's progress bar, which here leaves Ctrl-C to the terminal.

    Its input is a pipe that nobody writes to, and it does not ask the terminal for the cursor's
    position, for the answer would be typed into the shell.
    """
    from prompt_toolkit.input import create_pipe_input
    from prompt_toolkit.output import create_output
    from prompt_toolkit.shortcuts.progress_bar import ProgressBar, formatters

    output = create_output(stdout=sys.stderr)
    if hasattr(output, "enable_cpr"):
        output.enable_cpr = False
    shown = [
        formatters.Label(width=24),
        formatters.Bar(),
        formatters.Text(" "),
        formatters.Percentage(),
        formatters.Text(" "),
        formatters.TimeElapsed(),
    ]
    with (
        create_pipe_input() as nobody,
        ProgressBar(input=nobody, output=output, formatters=shown) as bar,
    ):
        yield bar
