"""The built-in drums and instruments: synths written in Phonon, read when they are first used."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from phonon.errors import PhononError
from phonon.lang import syntax as ast
from phonon.lang.names import Names
from phonon.lang.parser import parse_program
from phonon.score.instrument import Instrument

SHEETS = ("drums.ph", "instruments.ph")
CHOKES = {"hh": "hats", "oh": "hats"}  # they silence each other, as on a real hi-hat


@cache
def _texts() -> dict[str, str]:
    """The text of each synth statement by name; the files hold nothing else but comments."""
    texts: dict[str, str] = {}
    for sheet in SHEETS:
        name = ""
        for line in (files("phonon") / "kit" / sheet).read_text("utf-8").splitlines():
            if line.startswith("synth "):
                name = line.split()[1]
                texts[name] = line
            elif name and line.startswith(" "):
                texts[name] += "\n" + line
    return texts


def names() -> list[str]:
    """The names of all built-in sounds."""
    return list(_texts())


@cache
def instrument(name: str) -> Instrument:
    """The built-in instrument `name`; KeyError if there is none."""
    from phonon.lang.instruments import synth_instrument

    source = _texts()[name]
    statements, diagnostics = parse_program(source)
    if diagnostics:
        raise PhononError(diagnostics)
    (synth,) = (s for s in statements if isinstance(s, ast.SynthDefinition))

    def no_bus(bus: str) -> object:
        raise KeyError(bus)

    built = synth_instrument(synth, Names(_NoBuses()), no_bus)  # type: ignore[arg-type]
    return Instrument(built.name, built.graph, built.defaults, CHOKES.get(name))


class _NoBuses:
    def value(self, name: str, span: object) -> object:
        raise KeyError(name)

    def names(self) -> list[str]:
        return []
