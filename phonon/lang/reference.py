"""Writes the reference page: defaults, statements, mini-notation, and every word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from phonon.lang import kit
from phonon.lang.lookup import WordEntry, entries
from phonon.lang.statement_kinds import heads

TITLES = {"unit": "Units", "transform": "Transforms and patterns", "control": "Controls"}

DEFAULTS = """\
# Reference

Made by `phonon units --markdown` from the registries; not written by hand.

## By default

- **Time.** `cps` is 0.5, two seconds to a cycle; `bpm: 120` is the same, four beats to a cycle.
- **Pitch.** `note` is in semitones from `c4`, which is MIDI 60, 261.63 Hz, `c` and 0. Tidal calls
  that key `c5` and also counts it as 0: numbers mean the same in both, written octaves differ by
  one.
- **Level.** `gain` is linear amplitude. Instruments peak near −12 dBFS at velocity 1, so that eight
  together stay below the limiter, which changes nothing below its ceiling.
- **Place.** `pan` runs from 0 (left) over 0.5 to 1 (right) with constant power, on streams and
  signals alike.
- **Length.** A voice lasts its event × `legato` (1) plus its release; a sample plays to its end
  unless `legato` or `cut` says otherwise. `hh` and `oh` choke each other. There are 256 voices; the
  quietest of the oldest gives way.
- **Names.** `s` looks for a `synth` of the program, a bus (`s "~pad"`), a bank of samples and a
  built-in instrument, in this order. `bd:3` is `# n 3`. `n` picks the file of a bank or the variant
  of a drum, and is the note of an instrument that is given no `note`.
- **Where systems differ,** functions follow Tidal and mini-notation has Strudel's extras. Random
  patterns have a formula of their own; `rng: tidal` and `rng: strudel` take theirs, bit for bit.

"""

MINI_NOTATION = """\
## Mini-notation

| written | means |
|---|---|
| `bd sn` · `[bd sn] cp` | steps that share the cycle; steps within a step |
| `~` · `_` · `bd@3` · `bd . sn sn . cp` | a rest; hold the last step; a weight; steps by groups |
| `bd*2` · `bd/2` · `bd!3` · `bd ! sn` | faster; slower; repeated as steps of their own |
| `<bd sn cp>` · `<bd sn>*8` | one per cycle; a sequence of them |
| `bd, hh hh hh` | at the same time |
| `{bd sn cp, hh hh}` · `{bd sn cp}%4` | polymeter: steps of the same length; so many to a cycle |
| `bd(3,8)` · `bd(3,8,2)` · `bd(-3,8)` | so many onsets spread over steps; rotated; the others |
| `bd?` · `bd?0.3` · `bd \\| sn` | perhaps; with that chance of silence; one of them, by chance |
| `0 .. 3` · `c4 ef4 g4` · `c'maj7'ii` | a run; notes; chords |
| `bd:3` · `1%4` · `t f` | a number of the bank; a ratio; yes and no |
"""


def page() -> str:
    """The whole reference as Markdown."""
    written = [*_statements(), "", MINI_NOTATION.rstrip("\n"), *_instruments(), *_words()]
    return DEFAULTS + "\n".join(written) + "\n"


def _statements() -> Iterator[str]:
    yield from ("## Statements", "", "| written | means |", "|---|---|")
    for _, head in heads():
        yield f"| {' · '.join(f'`{example}`' for example in head.examples)} | {head.help} |"
    yield "| `-- …` | a comment |"


def _instruments() -> Iterator[str]:
    yield from ("", "## Built-in sounds", "", "Play them with `s`; they need no files.", "")
    yield " ".join(f"`{name}`" for name in sorted(kit.names()))


def _words() -> Iterator[str]:
    sort = family = ""
    for entry in entries():
        if entry.sort != sort:
            sort, family = entry.sort, ""
            yield from ("", f"## {TITLES[sort]}")
            if sort == "unit":
                yield from ("", "A parameter in brackets may be left out, or named: `:cutoff 800`.")
        if entry.family != family:
            family = entry.family
            yield from ("", f"### {family[:1].upper()}{family[1:]}")
        yield from ("", *_entry(entry))


def _entry(entry: WordEntry) -> Iterable[str]:
    also = f" (also {', '.join(f'`{alias}`' for alias in entry.aliases)})" if entry.aliases else ""
    yield f"**`{entry.usage}`**{also}  "
    yield from entry.doc.splitlines()
    if entry.arguments:
        yield from ("", "; ".join(entry.arguments))
    if entry.example:
        yield from ("", *(f"    {line}" for line in entry.example.splitlines()))
