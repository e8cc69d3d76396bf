"""The table of statement kinds: how each is written, what it defines and takes, and its help.

Splitting, the grammar, error messages, definitions by name, highlighting, completion and the
reference read this table. A kind is a row here, a class in `statement_syntax` and a function in
`statement_lowering`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from phonon.errors import Fault, Span, nearest

NAME = r"[^\W\d][\w']*"
OUTPUTS = 16

Defines = Literal["setting", "function", "instrument", "bus", "output", "nothing"]

# A statement may use what stands further left here, so that is lowered first.
LOWERING_ORDER: tuple[Defines, ...] = (
    "setting",
    "function",
    "instrument",
    "bus",
    "output",
    "nothing",
)

_ENDINGS = {":": ":(?!:)", "$": r"\$", "#": "#"}
_OUTPUT = re.compile(r"(?:out|o|d)(\d*)")


@dataclass(frozen=True)
class Head:
    """One way to begin a statement: one of `words`, then one of the characters `ends`.

    Without `ends` the word stands by itself. `pattern` is the regular expression of the word where
    it is not one of a few. The examples are whole statements.
    """

    words: tuple[str, ...]
    ends: str
    help: str
    examples: tuple[str, ...]
    pattern: str = ""

    @property
    def word(self) -> str:
        """The regular expression of the word."""
        return f"(?:{self.pattern or '|'.join(self.words)})"

    @property
    def ending(self) -> str:
        """The regular expression of what ends the word."""
        endings = "|".join(_ENDINGS[end] for end in self.ends)
        return rf"\s*(?:{endings})" if self.ends else r"\b"

    @property
    def regex(self) -> str:
        """The regular expression of the whole head."""
        return self.word + self.ending

    @property
    def start(self) -> str:
        """What begins a statement at column 0, finished or not: `out` does, `cps` is a name too."""
        return self.regex if self.ends == ":" else rf"{self.word}\b"

    @property
    def spellings(self) -> tuple[str, ...]:
        """The heads as they are offered: `bpm:`, `synth`."""
        return tuple(word + self.ends[:1] for word in self.words)


@dataclass(frozen=True)
class StatementKind:
    """One row: `takes` is what follows the head, in the notation of the grammar.

    `key` names the definition among all others (`fn {name}`); it is empty where nothing is
    defined. `noun` is how messages call the kind.
    """

    name: str
    noun: str
    defines: Defines
    key: str
    takes: str
    heads: tuple[Head, ...]

    @property
    def rule(self) -> str:
        """The grammar's name for a statement of this kind."""
        return f"{self.name}_statement"

    @property
    def named_after_head(self) -> bool:
        """Whether the name that is defined follows the head, as in `fn name`."""
        return "{name}" in self.key and self.takes.startswith("NAME")

    @property
    def may_be_expression(self) -> bool:
        """Whether the head without its ending is an expression too, as `~bus` is."""
        return self.defines == "bus"

    @cached_property
    def _definitions(self) -> tuple[re.Pattern[str], ...]:
        if self.named_after_head:
            found = [rf"{head.start}[ \t]+(?P<name>{NAME})" for head in self.heads]
        else:
            found = [f"(?=(?P<name>{head.word})){head.start}" for head in self.heads]
        return tuple(map(re.compile, found))

    def name_in(self, text: str) -> str | None:
        """The name that `text` gives to what it defines; None if it is of another kind.

        It is empty if there can be no such thing.
        """
        found = next(filter(None, (each.match(text) for each in self._definitions)), None)
        if found is None:
            return None
        return normal_output(found["name"]) if self.defines == "output" else found["name"]


KINDS: tuple[StatementKind, ...] = (
    StatementKind(
        "tempo",
        "tempo",
        defines="setting",
        key="cps",
        takes="expression",
        heads=(
            Head(
                ("cps", "tempo"),
                ":",
                "cycles per second, a number or a pattern",
                ("cps: 0.5", 'tempo: "<0.5 0.6>"'),
            ),
            Head(
                ("bpm",),
                ":",
                "beats per minute, four to a cycle or as many as the second number says",
                ("bpm: 120", "bpm: 90 3"),
            ),
            Head(("setcps",), "", "cycles per second, as Tidal writes it", ("setcps 0.5",)),
        ),
    ),
    StatementKind(
        "output",
        "output",
        defines="output",
        key="{name}",
        takes="expression",
        heads=(
            Head(
                ("out", "o1"),
                ":$",
                f"what is heard; outputs are `out` and `o1` to `o{OUTPUTS}` (Tidal's `d1` is `o1`)",
                ("out: saw 55", 'o1: s "bd*4"', 'd1 $ s "bd*4"'),
                pattern=r"out\d*|[od]\d+",
            ),
        ),
    ),
    StatementKind(
        "bus",
        "bus",
        defines="bus",
        key="{name}",
        takes="expression",
        heads=(
            Head(
                (),
                ":$#",
                "a bus: a named value, effect or transform",
                ("~bass: saw 55", "~twice $ fast 2", "~dark # lpf 400"),
                pattern=r"~[^\W\d]\w*",
            ),
        ),
    ),
    StatementKind(
        "fn",
        "function",
        defines="function",
        key="fn {name}",
        takes="NAME NAME* (EQUALS | TIGHT_EQUALS) expression",
        heads=(
            Head(
                ("fn",),
                "",
                "a function of expressions",
                ("fn wobble rate depth = sine rate * depth",),
            ),
        ),
    ),
    StatementKind(
        "synth",
        "instrument",
        defines="instrument",
        key="synth {name}",
        takes="NAME parameter* EQUALS expression",
        heads=(
            Head(
                ("synth",),
                "",
                "an instrument: one copy of its graph per voice; `n` chooses in a list of defaults",
                (
                    "synth bell freq cutoff=900 = saw freq # lpf cutoff",
                    "synth tom tune=[50, 60, 75] = sine tune # perc 0.001 0.3",
                ),
            ),
        ),
    ),
    StatementKind(
        "rng",
        "random formula",
        defines="setting",
        key="rng",
        takes="NAME",
        heads=(
            Head(
                ("rng",),
                ":",
                "the formula of random patterns: `precise`, `tidal` or `strudel`",
                ("rng: tidal",),
            ),
        ),
    ),
    StatementKind(
        "command",
        "command",
        defines="nothing",
        key="",
        takes="(NAME | NUMBER)*",
        heads=(
            Head(("hush",), "", "silences all outputs, or those named", ("hush", "hush o2")),
            Head(("unhush",), "", "lets them be heard again", ("unhush", "unhush o2")),
            Head(("mute", "unmute"), "", "silences outputs and back", ("mute o1", "unmute o1")),
            Head(("solo", "unsolo"), "", "silences all others and back", ("solo o3", "unsolo o3")),
            Head(("panic",), "", "silences everything at once, effects too", ("panic",)),
        ),
    ),
)


BY_NAME = {kind.name: kind for kind in KINDS}


@dataclass(frozen=True, slots=True)
class Definition:
    """What a statement defines: `key` is its name among all definitions, as in `synth bell`."""

    kind: StatementKind
    name: str

    @property
    def key(self) -> str:
        return self.kind.key.format(name=self.name)


def definition(text: str) -> Definition | None:
    """What a statement defines, whether or not the rest of it can be read."""
    for kind in KINDS:
        name = kind.name_in(text) if kind.key else None
        if name:
            return Definition(kind, name)
    return None


def definitions(source: str) -> Iterator[Definition]:
    """What the lines of a text define, also while it is being written."""
    found = (definition(line) for line in source.split("\n"))
    return (each for each in found if each is not None)


def heads() -> Iterator[tuple[StatementKind, Head]]:
    """Every head with its kind."""
    return ((kind, head) for kind in KINDS for head in kind.heads)


def normal_output(text: str) -> str:
    """`out` for `out`, `o1` for `o1`, `out1`, `d1` and `1`; empty for what is no output."""
    found = _OUTPUT.fullmatch(text)
    number = found[1] if found else text if text.isdecimal() else None
    if number is None or len(number) > 3:
        return ""
    if not number:
        return "out"
    return f"o{int(number)}" if 1 <= int(number) <= OUTPUTS else ""


def output_name(text: str, span: Span) -> str:
    """`normal_output`, or the Fault that says what outputs there are."""
    name = normal_output(text)
    if name:
        return name
    if _OUTPUT.fullmatch(text) or text.isdecimal():
        raise Fault(f"outputs are numbered from o1 to o{OUTPUTS}", span)
    names = ["out", *(f"o{count}" for count in range(1, OUTPUTS + 1))]
    raise Fault(f"`{text}` is no output", span, nearest(text, names) or ("o1",))


def statement_grammar() -> str:
    """The grammar's rule `statement` and the terminals of the heads."""
    rules = [f"{kind.name.upper()}_HEAD {kind.takes} -> {kind.rule}" for kind in KINDS]
    terminals = [f"{kind.name.upper()}_HEAD: /\\A(?:{_pattern(kind)})/" for kind in KINDS]
    return "\n".join(["", "statement: " + "\n | ".join(rules), *terminals, ""])


def _pattern(kind: StatementKind) -> str:
    return "|".join(head.regex for head in kind.heads).replace("/", r"\/")
