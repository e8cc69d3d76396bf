"""Paths of the files through which an engine and its interfaces communicate."""

from __future__ import annotations

import os
import warnings
from dataclasses import dataclass
from pathlib import Path

from phonon.errors import PhononError

VARIABLE = "PHONON_ENGINE"
LONGEST_SOCKET = 100  # bytes; the system allows 108 at most


@dataclass(frozen=True, slots=True)
class EnginePaths:
    """The files of one engine, in a folder that only its user may read."""

    folder: Path

    @classmethod
    def of(cls, folder: str | Path | None = None) -> EnginePaths:
        """The paths in a folder (default: PHONON_ENGINE, else the user's runtime folder).

        Makes the folder. Raises PhononError.
        """
        from platformdirs import user_runtime_path

        chosen = folder or os.environ.get(VARIABLE)
        with warnings.catch_warnings():  # without XDG_RUNTIME_DIR it warns, and uses /tmp
            warnings.simplefilter("ignore")
            path = Path(chosen) if chosen else user_runtime_path("phonon", appauthor=False)
        path = path.absolute()
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise PhononError(f"the engine's folder {path} cannot be made: {reason}") from None
        if len(os.fsencode(path / "engine.sock")) > LONGEST_SOCKET:
            raise PhononError(f"the path of the engine's folder is too long: {path}")
        return cls(path)

    @property
    def socket(self) -> Path:
        """Unix socket for requests."""
        return self.folder / "engine.sock"

    @property
    def shared(self) -> Path:
        """File of the shared memory."""
        return self.folder / "engine.memory"

    @property
    def state(self) -> Path:
        """The last good program, tempo, mutes and solos, from which a crashed engine resumes."""
        return self.folder / "engine.json"

    @property
    def lock(self) -> Path:
        """File that the engine locks as long as it lives."""
        return self.folder / "engine.lock"

    @property
    def log(self) -> Path:
        """Standard output and error of the engine's process."""
        return self.folder / "engine.log"
