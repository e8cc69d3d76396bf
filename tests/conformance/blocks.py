"""Answers the corpora of blocks and programs with Phonon, and judges the answers.

usage: blocks.py blocks_tidal|blocks_strudel|programs_ph [--fails N]
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import re
import warnings
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

import phonon
from phonon.errors import Fault
from phonon.session import compile_source
from phonon.session.programs import heard_streams

CORPORA = Path(__file__).with_name("corpora")
RNG = {"blocks_tidal": "tidal", "blocks_strudel": "strudel", "programs_ph": None}
SPANS = ((0, 4), (7, 9))  # cycles
SILENT = 1e-3  # peak
STEPS = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
# Names of one control; kept apart from Phonon's own table, which is what is tested.
ALIASES = {
    alias: name
    for name, found in {
        "attack": "att",
        "bandf": "bpf bp",
        "bandq": "bpq",
        "cutoff": "lpf ctf lp",
        "decay": "dec",
        "delayfeedback": "delayfb dfb",
        "delaytime": "delayt dt",
        "detune": "det",
        "dictionary": "dict",
        "distort": "dist",
        "duration": "dur",
        "fmdecay": "fmdec",
        "fmi": "fm",
        "hcutoff": "hpf hp",
        "hresonance": "hpq",
        "legato": "clip",
        "lpattack": "lpa",
        "lpdecay": "lpd",
        "lpenv": "lpe",
        "lprelease": "lpr",
        "lpsustain": "lps",
        "n": "number",
        "note": "up",
        "octave": "oct",
        "orbit": "o",
        "pdecay": "pdec",
        "phaserdepth": "phd",
        "phaserrate": "ph phasr phaser",
        "release": "rel",
        "resonance": "lpq",
        "roomlp": "rlp",
        "s": "sound",
        "size": "sz roomsize rsize",
        "sustain": "sus",
        "tremolosync": "tremsync",
        "velocity": "vel",
        "vib": "vibrato v",
        "vibmod": "vmod",
    }.items()
    for alias in found.split()
}

Row = dict[str, Any]
Haps = list[Row]
Onset = tuple[Fraction, Fraction, dict[str, Any]]


# -- answers ------------------------------------------------------------------------------------


def answer(row: Row, rng: str | None) -> Row:
    """What Phonon makes of a row: its outputs, a peak, or an error and its place."""
    try:
        return _program(row["text"]) if "expect" in row["expected"][0] else _block(row, rng)
    except phonon.PhononError as error:
        return _refusal(error.diagnostics[0])
    except Fault as fault:  # from a query: an argument that is a pattern has a wrong value
        return _refusal(fault.diagnostic(row["text"]))


def _block(row: Row, rng: str | None) -> Row:
    score, found = compile_source(row["text"], rng=rng)
    errors = [
        diagnostic
        for diagnostic in found
        if diagnostic.severity == "error" and "nothing is heard" not in diagnostic.message
    ]
    if errors or score is None:
        return _refusal((errors or found)[0])
    outputs = {
        name: [
            {"w": event.whole, "p": event.part, "v": event.value}
            for stream in heard_streams(dataclasses.replace(score, outputs={name: node}))
            for begin, end in SPANS
            for event in stream.pattern.query(begin, end)
        ]
        for name, node in score.outputs.items()
    }
    return {"outputs": outputs}


def _program(text: str) -> Row:
    errors = [found for found in phonon.check(text) if found.severity == "error"]
    if errors:
        return _refusal(errors[0])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # sounds that are not installed
        return {"peak": float(np.abs(phonon.render(text, cycles=2)).max())}


def _refusal(found: phonon.Diagnostic) -> Row:
    return {"error": found.message, "line": found.line, "column": found.column}


# -- judgement ----------------------------------------------------------------------------------


def judge(row: Row, rng: str | None) -> str:
    """Empty if Phonon answers a row as one of the systems does, else what differs."""
    got = answer(row, rng)
    wrong = [_differs(want, got, pitched="js" in row) for want in row["expected"]]
    return "" if "" in wrong else wrong[0]


def _differs(want: Row, got: Row, pitched: bool) -> str:
    if "error" in want or want.get("expect") == "error":
        if "error" not in got:
            return "not refused"
        return "" if _here(want.get("error"), got) else f"refused at {got['line']}:{got['column']}"
    if "error" in got:
        return f"refused: {got['error']}"
    if "expect" in want:
        return "" if got["peak"] > SILENT else "silent"
    wanted, found = _outputs(want["outputs"]), _outputs(got["outputs"])
    if set(wanted) != set(found):
        return f"outputs {sorted(found)}, not {sorted(wanted)}"
    wrong = [name for name in wanted if not _same(wanted[name], found[name], pitched)]
    return f"events of {', '.join(wrong)}" if wrong else ""


def _here(error: Any, got: Row) -> bool:
    """Whether an error is where the mistake is, one column to either side included."""
    places = error.get("at") if isinstance(error, dict) else None
    return not places or any(
        got["line"] == line and begin - 1 <= got["column"] <= end + 1 for line, begin, end in places
    )


def _outputs(found: dict[str, Haps]) -> dict[str, Haps]:
    """The outputs that have events; `o1`, `out1` and `d1` are one."""
    return {_output(name): haps for name, haps in found.items() if haps}


def _output(name: str) -> str:
    numbered = re.fullmatch(r"(?:o|out|d)(\d+)", name)
    return f"d{int(numbered[1])}" if numbered else "d1" if name == "out" else name


def _same(want: Haps, got: Haps, pitched: bool) -> bool:
    """Whether the onsets are equal; pitched ones may lie whole octaves apart throughout."""
    wanted, found = list(_onsets(want, pitched)), list(_onsets(got, pitched))
    low, lower = _lowest(wanted), _lowest(found)
    shift = low - lower if pitched and low is not None and lower is not None else 0
    if shift % 12:
        return False
    return _sorted(wanted) == _sorted(found, shift)


def _onsets(haps: Haps, pitched: bool) -> Iterator[Onset]:
    for hap in haps:
        if hap["w"] is None or Fraction(hap["w"][0]) != Fraction(hap["p"][0]):
            continue
        begin, end = map(Fraction, hap["w"])
        yield begin, end, _controls(hap["v"], pitched)


def _controls(found: Any, pitched: bool) -> dict[str, Any]:
    """The controls of an event by their first names; `bd:3` is `bd` with `n` 3."""
    pairs = found.items() if isinstance(found, dict) else [("value", found)]
    named = {ALIASES.get(key, key): item for key, item in pairs if key[0] != "_"}
    if pitched and isinstance(named.get("note"), str):
        named["note"] = _midi(named["note"])
    values = {key: _value(item) for key, item in named.items()}
    name, _, number = str(values.get("s", "")).partition(":")
    if number and "n" not in values:
        values |= {"s": name, "n": _value(number)}
    return values


def _midi(name: str) -> Any:
    """A note name as a MIDI number (c4 is 60, no octave is 3); another word as it is."""
    found = re.fullmatch(r"([a-g])([#sbfn]*)(-?\d+)?", name.lower())
    if not found:
        return name
    alteration = sum({"#": 1, "s": 1, "b": -1, "f": -1, "n": 0}[sign] for sign in found[2])
    return 12 * (int(found[3] or 3) + 1) + STEPS[found[1]] + alteration


def _value(found: Any) -> Any:
    if isinstance(found, list | tuple):
        return ":".join(str(_value(part)) for part in found)
    if isinstance(found, dict):
        return _value(Fraction(found["$frac"])) if "$frac" in found else "a map"
    try:
        return float(f"{float(found):.9g}") + 0.0
    except (TypeError, ValueError):
        return found if isinstance(found, str) else "a signal"


def _lowest(onsets: Sequence[Onset]) -> float | None:
    notes = (controls.get("note") for _, _, controls in onsets)
    return min((note for note in notes if isinstance(note, float)), default=None)


def _sorted(onsets: Sequence[Onset], shift: float = 0) -> list[Any]:
    def text(controls: dict[str, Any]) -> str:
        if shift and isinstance(controls.get("note"), float):
            controls = {**controls, "note": _value(controls["note"] + shift)}
        return json.dumps(controls, sort_keys=True, ensure_ascii=False)

    return sorted((begin, end, text(controls)) for begin, end, controls in onsets)


# -- corpora ------------------------------------------------------------------------------------


def corpus(name: str) -> list[Row]:
    """The rows of a corpus, with Strudel's answer and Tidal's, if it is another, as `expected`."""
    answers = {row["id"]: row for row in _lines(CORPORA / f"{name}_expected.jsonl")}
    return [
        {**row, "expected": _answers(answers[row["id"]])}
        for row in _lines(CORPORA / f"{name}.jsonl")
    ]


def _lines(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def _answers(row: Row) -> list[Row]:
    tidal = row.get("tidal110")
    return [row, tidal] if isinstance(tidal, dict) else [row]


def main() -> None:
    """Prints how many rows of a corpus pass, and what differs in those that do not."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", choices=RNG)
    parser.add_argument("--fails", type=int, default=0)
    chosen = parser.parse_args()
    rows = corpus(f"{chosen.corpus}_public")
    wrong = [(row, found) for row in rows if (found := judge(row, RNG[chosen.corpus]))]
    for row, found in wrong[: chosen.fails]:
        print(f"{row['id']} [{row['cat']}] {found}")
        print(*(f"    {line}" for line in row["text"].splitlines()), sep="\n")
    print(f"{chosen.corpus}: {len(rows) - len(wrong)} of {len(rows)}")


if __name__ == "__main__":
    main()
