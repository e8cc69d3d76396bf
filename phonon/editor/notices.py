"""Messages to the performer, and questions that are answered with one key."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from phonon.errors import PhononError
from phonon.session.protocol import Message

SECONDS = 6.0  # for which a message is shown
KEPT = 200  # messages in the log

Answer = Callable[[str], bool]  # is given a key; says whether it was one of the answers


class Notices:
    """The message that is shown below the text, the open question, and a log of all messages."""

    def __init__(self, redraw: Callable[[], None]) -> None:
        self.log: list[str] = []
        self.last_number = 0  # of the session's messages
        self._redraw = redraw
        self._shown = ("", "", 0.0)
        self._answer: Answer | None = None

    def say(self, text: str, kind: str = "note") -> None:
        """Show a message (note, warning or error); while a question is open it is only logged."""
        text = " ".join(text.split())
        if self._answer is not None:
            self.log.append(text)
            return
        self._shown = (text, kind, time.monotonic() + SECONDS)
        if text:
            self.log.append(text)
            del self.log[:-KEPT]
        self._redraw()

    @contextmanager
    def errors_shown(self) -> Iterator[None]:
        """Show a PhononError or OSError of the block as a message instead of raising it."""
        try:
            yield
        except PhononError as error:
            self.say(str(error.diagnostics[0].message), "error")
        except OSError as error:
            self.say(error.strerror or str(error), "error")

    @property
    def shown(self) -> tuple[str, str]:
        """The text and the kind of the message that is shown now."""
        text, kind, until = self._shown
        return (text, kind) if time.monotonic() < until or self._answer else ("", "")

    @property
    def asking(self) -> bool:
        """Whether a question is open."""
        return self._answer is not None

    def ask(self, question: str, answer: Answer) -> None:
        """Ask for one key and give it to `answer`."""
        self.say(question, "warning")
        self._answer = answer

    def answer(self, key: str) -> None:
        """Answer the open question; it is asked again if `key` is neither an answer nor `c`."""
        answer, (question, _) = self._answer, self.shown
        if answer is None:
            return
        self._answer = None
        self.say("")
        with self.errors_shown():
            if not answer(key) and key != "c":
                self.ask(question, answer)

    def take(self, messages: Sequence[Message]) -> None:
        """Show the messages of the session that are newer than `last_number`."""
        for message in messages:
            if message.number > self.last_number:
                self.last_number = message.number
                self.say(message.text, message.severity)
