"""The help entry of every word of the language: units, transforms and controls."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from phonon.dsp.registry import Unit, units
from phonon.errors import nearest
from phonon.kernel.form import UnitParameter
from phonon.patterns import Transform, transforms
from phonon.patterns.registry import KINDS
from phonon.score.controls import ControlSpec, controls

ANYTHING = 1e5  # a bound from here on is there for the arithmetic, not for the ear
UNITS = {"hz": " Hz", "seconds": " s", "db": " dB", "cycles": " cycles"}


@dataclass(frozen=True, slots=True)
class WordEntry:
    """Help for one word; `sort` is unit, transform or control, `usage` shows the arguments."""

    name: str
    sort: str
    family: str
    usage: str
    doc: str
    aliases: tuple[str, ...] = ()
    example: str = ""
    arguments: tuple[str, ...] = ()

    @property
    def summary(self) -> str:
        """The first sentence of its help."""
        return self.doc.partition("\n")[0]


@cache
def entries() -> tuple[WordEntry, ...]:
    """All units, transforms and controls, sorted by family and name."""
    found = [
        *(_unit(unit) for unit in units().values() if not unit.hidden),
        *(_transform(transform) for transform in transforms().values()),
        *(_control(control) for control in controls().values()),
    ]
    order = ("unit", "transform", "control")
    return tuple(
        sorted(found, key=lambda entry: (order.index(entry.sort), entry.family, entry.name))
    )


def find(word: str) -> list[WordEntry]:
    """The entries of a word or alias; a few words are both a unit and a control."""
    return [entry for entry in entries() if word == entry.name or word in entry.aliases]


def near(word: str) -> tuple[str, ...]:
    """The words that are spelt most like `word`."""
    return nearest(word, (name for entry in entries() for name in (entry.name, *entry.aliases)))


def _unit(unit: Unit) -> WordEntry:
    given = [
        parameter.name if parameter.default is None else f"[{parameter.name}]"
        for parameter in unit.parameters
    ]
    signals = [signal for signal in unit.inputs if signal.default is None]
    words = [*(signal.name for signal in unit.inputs[1:]), *given]
    usage = " ".join([*(["…", "#"] if signals else []), unit.name, *words])
    return WordEntry(
        unit.name,
        "unit",
        unit.family,
        usage,
        unit.doc + ("\n\nActs on the mix." if unit.scope == "mix" else ""),
        unit.aliases,
        unit.example,
        tuple(_range(parameter) for parameter in unit.parameters),
    )


def _range(parameter: UnitParameter) -> str:
    """Range and default of a parameter: `cutoff: 20 to 20000 Hz, 1000 if not given`."""
    low, high = parameter.low, parameter.high
    if parameter.words:
        said = " ".join(parameter.words)
    elif low is not None and high is not None and high < ANYTHING:
        said = f"{low:.6g} to {high:.6g}"
    else:
        said = "any number"
    said += UNITS.get(parameter.kind, "")
    if parameter.default is None:
        return f"{parameter.name}: {said}"
    value = parameter.words[int(parameter.default)] if parameter.words else parameter.default
    told = value if isinstance(value, str) else f"{value:.6g}"
    return f"{parameter.name}: {said}, {told} if not given"


def _transform(transform: Transform) -> WordEntry:
    words = [
        parameter.name if parameter.kind != "Pattern" else "pattern"
        for parameter in transform.parameters
    ]
    return WordEntry(
        transform.name,
        "transform",
        transform.family,
        " ".join([transform.name, *words]),
        transform.doc,
        transform.aliases,
        transform.example,
        tuple(
            f"{parameter.name}: {KINDS[parameter.kind]}"
            for parameter in transform.parameters
            if parameter.kind != "Pattern"
        ),
    )


def _control(control: ControlSpec) -> WordEntry:
    default = "" if control.default is None else f"; {control.default:g} if not given"
    return WordEntry(
        control.name,
        "control",
        "controls of an event",
        f"# {control.name} value",
        f"{control.doc[:1].upper()}{control.doc[1:]}{default}.",
        control.aliases,
    )
