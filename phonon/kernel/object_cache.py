"""Keeps object code on disk: one checked file per kernel in the user's cache folder."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path

import platformdirs

MAGIC = b"phonon kernel 1\n"
SUFFIX = ".o"


class ObjectCache:
    """Keeps object code by key.

    Where the folder cannot be written, nothing is kept and nothing fails; `note` says so then.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or default_folder()
        self.note = ""

    def get(self, key: str) -> bytes | None:
        """The object kept under a key; None if there is none, or if it is damaged."""
        try:
            content = self._path(key).read_bytes()
        except OSError:
            return None
        head = len(MAGIC) + hashlib.sha256().digest_size
        code = content[head:]
        if content[:head] != MAGIC + hashlib.sha256(code).digest():
            return None
        return code

    def put(self, key: str, code: bytes) -> None:
        """Keep an object; others see all of it or nothing."""
        content = MAGIC + hashlib.sha256(code).digest() + code
        temporary = ""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=self.folder, suffix=".part")
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            os.replace(temporary, self._path(key))
        except OSError as error:
            if temporary:
                with contextlib.suppress(OSError):
                    os.unlink(temporary)
            self.note = f"compiled kernels cannot be kept in {self.folder}: {error.strerror}"

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}{SUFFIX}"


def cache_folder() -> Path:
    """The folder for files that can be made again: PHONON_CACHE, or the user's usual cache."""
    chosen = os.environ.get("PHONON_CACHE")
    return Path(chosen or platformdirs.user_cache_dir("phonon", appauthor=False))


def default_folder() -> Path:
    """The folder of this user's kernels."""
    return cache_folder() / "kernels"
