"""Where an engine and its interfaces find each other: a folder of this user's alone."""

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
    """The files of one engine."""

    folder: Path

    @classmethod
    def of(cls, folder: str | Path | None = None) -> EnginePaths:
        """Those in a folder, in the one of PHONON_ENGINE, or in the usual one."""
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
        """Where commands go."""
        return self.folder / "engine.sock"

    @property
    def shared(self) -> Path:
        """The shared memory."""
        return self.folder / "engine.memory"

    @property
    def state(self) -> Path:
        """The last good program and what the performer has set."""
        return self.folder / "engine.json"

    @property
    def lock(self) -> Path:
        """Held by the engine as long as it lives."""
        return self.folder / "engine.lock"

    @property
    def log(self) -> Path:
        """What the engine and the libraries below it say."""
        return self.folder / "engine.log"
