"""Reads the source files of the built-in drums and instruments."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from phonon.lang.statement_kinds import definition

SHEETS = ("drums.ph", "instruments.ph")

_CONTROL = re.compile(r"\b([^\W\d]\w*)=\S")


@cache
def synth_texts() -> dict[str, str]:
    """The text of each synth statement by name; the files hold only these and comments."""
    found: dict[str, str] = {}
    for sheet in SHEETS:
        name = ""
        for line in (files("phonon") / "kit" / sheet).read_text("utf-8").splitlines():
            defined = definition(line)
            if defined is not None:
                name = defined.name
                found[name] = line
            elif name and line.startswith(" "):
                found[name] += "\n" + line
    return found


@cache
def controls() -> frozenset[str]:
    """The controls that the built-in sounds have defaults for (`detune=0.3`)."""
    return frozenset(word for text in synth_texts().values() for word in _CONTROL.findall(text))
