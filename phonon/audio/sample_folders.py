"""Finds the sample folders: the given ones, the environment's, the configuration's."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Sequence
from pathlib import Path

from platformdirs import user_config_path

from phonon.errors import PhononError

VARIABLE = "PHONON_SAMPLES"


def config_file() -> Path:
    """Path of the configuration file, whether or not it exists."""
    return user_config_path("phonon", appauthor=False) / "config.toml"


def sample_folders(asked: Sequence[str | Path] = ()) -> list[Path]:
    """The folders of sample banks, in order of precedence.

    `asked` (the command line's `--samples`) must exist; then come those in PHONON_SAMPLES,
    separated as in PATH, then the list `samples` of the configuration file.
    """
    for folder in asked:
        if not Path(folder).expanduser().is_dir():
            raise PhononError(f"there is no sample folder {folder}")
    named = [*asked, *filter(None, os.environ.get(VARIABLE, "").split(os.pathsep)), *_configured()]
    return list(dict.fromkeys(Path(folder).expanduser() for folder in named))


def _configured() -> list[str]:
    path = config_file()
    try:
        with path.open("rb") as file:
            table = tomllib.load(file)
    except (FileNotFoundError, NotADirectoryError):
        return []
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PhononError(f"cannot read the configuration {path}: {error}") from None
    folders = table.get("samples", [])
    if isinstance(folders, str):
        return [folders]
    if not isinstance(folders, list) or not all(isinstance(folder, str) for folder in folders):
        raise PhononError(f"`samples` in {path} must be a list of folders")
    return folders
