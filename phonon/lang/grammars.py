"""Finds the two grammars, makes their parsers, and keeps the parsers' tables on disk.

Lark needs 70 ms for the tables of programs and 25 ms for those of the mini-notation; to read them
back takes 6 ms and 3 ms.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from functools import cache
from pathlib import Path
from typing import Any

import lark

from phonon.kernel.object_cache import cache_folder
from phonon.lang.statement_kinds import statement_grammar

STARTS = {"phonon": ("statement", "expression"), "mini": ("pattern",)}


def grammar_folder() -> Path:
    """Where the grammar files are: inside the package in a wheel, beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "grammar", package.parent / "grammar"):
        if (folder / "phonon.lark").is_file():
            return folder
    raise FileNotFoundError("the grammar folder of phonon is missing; reinstall phonon")


@cache
def grammar_text(name: str) -> str:
    """The source of the grammar `phonon`, with its statements, or `mini`."""
    text = (grammar_folder() / f"{name}.lark").read_text(encoding="utf-8")
    return text + statement_grammar() if name == "phonon" else text


def make_parser(name: str, transformer: Any, folder: Path | None = None) -> lark.Lark:
    """The LALR parser of grammar `name`, building its results through `transformer`.

    Tables are kept in `folder` (by default in the cache), in a file named after grammar and
    version. Lark checks such a file against the grammar and takes the grammar where it is missing
    or broken; a folder that cannot be written is no failure either.
    """
    text = grammar_text(name)
    folder = folder or cache_folder() / "grammar"
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    key = hashlib.sha256(f"{lark.__version__}\n{text}".encode()).hexdigest()[:16]
    return lark.Lark(
        text,
        parser="lalr",
        start=list(STARTS[name]),
        maybe_placeholders=False,
        transformer=transformer,
        cache=os.fspath(folder / f"{name}-{key}.tables"),
    )
