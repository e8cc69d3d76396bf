"""The journal of a file: its unsaved text and its evaluated versions survive a crash."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

import platformdirs

from phonon.editor.files import save
from phonon.errors import PhononError

KEPT = 500  # evaluated versions of one file that are remembered


@dataclass(frozen=True, slots=True)
class UnsavedText:
    """A text that was not saved, with its file, cursor and time."""

    path: str
    text: str
    cursor: int
    time: float


@dataclass(frozen=True, slots=True)
class EvaluatedVersion:
    """A text that was evaluated: when, whether without errors, in how many milliseconds.

    `what` names the definitions, or the first error.
    """

    text: str
    time: float
    ok: bool
    milliseconds: float
    what: str = ""


class Journal:
    """The journal of one file, in the user's state folder.

    No method raises: `trouble` is the last failure as a message.
    """

    def __init__(self, path: Path, folder: Path | None = None) -> None:
        self.path = path
        self.trouble = ""
        folder = folder or Path(platformdirs.user_state_path("phonon", appauthor=False))
        mark = hashlib.sha256(os.fsencode(os.path.realpath(path))).hexdigest()[:16]
        self._entry = folder / f"{path.stem[:40]}-{mark}.journal"
        self._versions = folder / f"{path.stem[:40]}-{mark}.versions"
        self._written: str | None = None
        self._lock: IO[str] | None = None
        self.ours = True

    def claim(self) -> bool:
        """Lock the journal; says whether no other running editor has this file."""
        try:
            self._entry.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._lock = self._entry.with_suffix(".lock").open("w")
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.ours = False
        except OSError as error:
            self.trouble = f"no journal: {error}"
        return self.ours

    def write(self, text: str, cursor: int) -> None:
        """Write the unsaved text, if it changed since the last time."""
        if text == self._written or not self.ours:
            return
        entry = UnsavedText(str(self.path), text, cursor, time.time())
        try:
            self._entry.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            save(self._entry, json.dumps(asdict(entry)))
            self._written = text
            self.trouble = ""
        except (OSError, PhononError) as error:
            self.trouble = f"no journal: {error}"

    def clear(self) -> None:
        """Delete the unsaved text: it has been saved."""
        if not self.ours:
            return
        self._written = None
        with contextlib.suppress(OSError):
            self._entry.unlink(missing_ok=True)

    def close(self) -> None:
        """Unlock the journal."""
        if self._lock is not None:
            self._lock.close()

    def unsaved(self, text: str) -> UnsavedText | None:
        """The text that an earlier editor left unsaved, if it is not `text`."""
        try:
            entry = UnsavedText(**json.loads(self._entry.read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return None
        return entry if entry.text != text else None

    def remember(self, version: EvaluatedVersion) -> None:
        """Add an evaluated version."""
        with contextlib.suppress(OSError):
            self._versions.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with self._versions.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(version)) + "\n")

    def versions(self) -> list[EvaluatedVersion]:
        """The evaluated versions of earlier sittings and this one, oldest first."""
        found = []
        with contextlib.suppress(OSError):
            for line in self._versions.read_text("utf-8").splitlines()[-KEPT:]:
                with contextlib.suppress(ValueError, TypeError):
                    found.append(EvaluatedVersion(**json.loads(line)))
        return found
