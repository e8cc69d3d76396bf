"""Connects the editor to its session: telemetry, and calls in the background."""

from __future__ import annotations

from asyncio import AbstractEventLoop
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from phonon.editor.notices import Notices
from phonon.errors import PhononError
from phonon.session.protocol import Session, Telemetry


class SessionLink:
    """A session, its last telemetry, and the threads on which it is called.

    Evaluations wait for each other on one thread; all other calls have a second one, so that they
    never wait for an evaluation.
    """

    def __init__(self, session: Session, notices: Notices) -> None:
        self.session = session
        self.telemetry = Telemetry()
        self.lost = ""  # why there is no telemetry
        self.gain = 1.0  # of the master, as it was set last
        self._notices = notices
        self._loop: AbstractEventLoop | None = None
        self._evaluations = ThreadPoolExecutor(1, "evaluate")
        self._background = ThreadPoolExecutor(1, "background")

    def attach(self, loop: AbstractEventLoop) -> None:
        """Take the event loop of the interface, which `call_in_ui` needs."""
        self._loop = loop

    @property
    def playing(self) -> bool:
        """Whether the engine plays and is not hushed."""
        seen = self.telemetry
        return seen.alive and seen.playing and not seen.hushed and not self.lost

    def read_telemetry(self) -> None:
        """Read the telemetry; where the engine does not answer, the old one stays."""
        try:
            self.telemetry = self.session.meter()
            self.lost = ""
        except (OSError, PhononError):
            self.lost = "engine lost"

    def run_in_background(self, action: Callable[[], object], done: str = "") -> None:
        """Call the session without waiting; show `done` as a message afterwards, or the error."""
        self._background.submit(self._run, action, done)

    def run_evaluation(self, action: Callable[[], None]) -> Future[None]:
        """Run an evaluation after those that have not ended yet."""
        return self._evaluations.submit(action)

    def call_in_ui(self, action: Callable[..., None], *arguments: object) -> None:
        """Call a function in the thread of the interface."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(action, *arguments)

    def close(self) -> None:
        """Drop the calls that have not begun."""
        self._background.shutdown(wait=False, cancel_futures=True)
        self._evaluations.shutdown(wait=False, cancel_futures=True)

    def _run(self, action: Callable[[], object], done: str) -> None:
        try:
            action()
        except PhononError as error:
            self.call_in_ui(self._notices.say, str(error.diagnostics[0].message), "error")
        except OSError as error:
            self.call_in_ui(self._notices.say, f"the engine does not answer: {error}", "error")
        else:
            if done:
                self.call_in_ui(self._notices.say, done)
