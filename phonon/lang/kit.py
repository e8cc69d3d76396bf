"""Builds the built-in drums and instruments: synths written in Phonon, in `phonon/kit/*.ph`."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from phonon.errors import PhononError
from phonon.lang import kit_source
from phonon.lang.name_resolver import NameResolver
from phonon.lang.parser import parse_program
from phonon.lang.statement_syntax import SynthDefinition
from phonon.score.instrument import Instrument

CHOKES = {"hh": "hats", "oh": "hats"}  # they silence each other, as on a real hi-hat


def names() -> list[str]:
    """The names of all built-in sounds."""
    return list(kit_source.synth_texts())


@cache
def instrument(name: str) -> Instrument:
    """Build the built-in instrument `name`; raises KeyError."""
    from phonon.lang.instruments import synth_instrument

    source = kit_source.synth_texts()[name]
    statements, diagnostics = parse_program(source)
    if diagnostics:
        raise PhononError(diagnostics)
    (synth,) = (s for s in statements if isinstance(s, SynthDefinition))

    def no_bus(bus: str) -> object:
        raise KeyError(bus)

    built = synth_instrument(synth, NameResolver(_NoBuses()), no_bus)  # type: ignore[arg-type]
    return replace(built, choke=CHOKES.get(name))


class _NoBuses:
    def value(self, name: str, span: object) -> object:
        raise KeyError(name)

    def names(self) -> list[str]:
        return []
