"""Programs to start from, and what becomes of them when somebody types in the dark."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

from phonon.lang import lookup

ROOT = Path(__file__).parents[2]

# What no example shows: circles, every statement form, deep nesting, signals in odd places.
ODD = [
    'cps: "<0.5 1>"\nout: s "bd*4 <sn cp>" # n "0 3"\n   # gain "1 0.8" -- loud\n',
    "~a: saw 55 # lpf 800 * 0.3\n~b: noise * 0.1\nout: (~a * 0.3 + ~b) # reverb :room 0.8\n",
    'd1 $ every 4 (# speed 2) $ off 0.125 (|+ n 7) $ n "0 .. 3" + n "1"\n',
    """fn duo f d = saw (f - d) + saw (f + d)
synth pad freq cutoff=900 = saw freq # lpf cutoff # adsr 0.01 0.1 0.5 0.1
out: (duo 110 1 * 0.2) + s "pad*2" # note "c e" # cutoff "<400 1200>"
""",
    """o2: saw (track [0 200, 4 2000 exp, 8 400] :loop 8) * 0.2
hush o2
rng: tidal
bpm: 90 3
o1: s "hh*4?"
""",
    'out: jux (rev . (# speed 2)) $ 0.25 <~ cat [s "bd*2", s "sn(3,8,2)?0.3"]\n',
    'o1: stack [\ns "{bd hh sn, cp oh}%4",\n"<0 [2 4]>" |+| n (1/8)\n]\nsolo o1\n',
    '~feel: within (0, 0.5) (fast 2) $ rev\nout: note "c\'maj7\'ii e\'min" # s "pluck" $ ~feel\n',
    "~a: (saw 55 * 0.2) + ~b * 0.4\n~b: ~a # lpf 900\nout: ~b\n",
    '~space: delay 0.25 0.4 # reverb 0.8\nout: every 2 (# ~space) $ s "bd sn:2 bd:3:0.5"\n',
    '~pad: saw freq # lpf (sine 0.5 * 400 + 900) * 0.2\nout: s "~pad(3,8)" # note "c e g"\n',
    'out: s "bd*2" # delay 0.4 # delaytime 0.2 # room "0.2 0.5" # lpf (sine 0.25 * 900 + 1200)\n',
    'out: s "superpwm*4" # freq "110 220" # accelerate 1 # legato 0.5 # cut 1 # octave -1\n',
]
PIECES = [
    *"()[]{}<>\"'~-+*/%|#$.,:;=@!?_^& \n\t0123456789abcxyz",
    "--", "..", "|+|", "<~", "~>", " . ", "out:", "~a", "::", "1e9", "-1", "é", "\u00a0", "\0",
    "(3,8)", "*1000", "\\", "“", "o1 $", "fn f x =", "[[[", ")))", '""', "# lpf 300", "\r\n", "鼓",
    "\ufeff", "\u202e", "🥁", "synth q freq = ", "~out", "../..",
]  # fmt: skip
NUMBERS = [
    "0", "-1", "1e9", "-1e9", "1e30", "1e300", "1e-30", "99999999999", "0.5", "1/3", "17", "-0.0",
    "4096", "3600", '"0"', '"<1 -1>"', '"[1,2,3]"', "(0/1)", "sine", "(sine 1)", "rev", '"x"',
]  # fmt: skip
TOKEN = re.compile(r'"|[A-Za-z_][\w\']*|\d+\.?\d*|\s+|[^\w\s]')
NUMBER = re.compile(r"(?<![\w.])\d+\.?\d*")


def programs() -> list[str]:
    """Everything there is to mutate, in a fixed order."""
    found = [path.read_text() for path in sorted((ROOT / "examples").glob("*.ph"))]
    readme = (ROOT / "README.md").read_text()
    found += re.findall(r"^```phonon\n(.*?)^```$", readme, re.DOTALL | re.MULTILINE)
    return found + ODD + [*unit_programs(), *transform_programs()]


def unit_programs() -> Iterator[str]:
    """One program for each unit."""
    for entry in lookup.entries():
        if entry.sort == "unit":
            yield f"out: {entry.example.splitlines()[0]}\n"


def transform_programs() -> Iterator[str]:
    """One program for each transform that has a stream in its example."""
    for entry in lookup.entries():
        line = entry.example.splitlines()[0] if entry.example else ""
        if entry.sort == "transform" and re.search(r'\b(s|n|note|sound) "', line):
            yield f"out: {line}\n"


def mutated(text: str, chance: random.Random) -> str:
    """`text` with one to three mistakes in it."""
    for _ in range(chance.randint(1, 3)):
        mistake = chance.choice((_typo, _typo, _words, with_a_number, with_a_number, _line))
        text = mistake(text, chance)
    return text


def _typo(text: str, chance: random.Random) -> str:
    """A few characters put in, left out, put twice, or everything lost behind them."""
    at = chance.randrange(len(text) + 1)
    end = min(len(text), at + chance.randint(1, 6))
    piece = chance.choice(PIECES)
    cut = text[:at] if chance.random() < 0.1 else text[:at] + piece
    return chance.choice(
        [
            text[:at] + piece + text[at:],
            text[:at] + text[end:],
            text[:at] + piece + text[end:],
            text[:at] + text[at:end] * 2 + text[end:],
            cut,
        ]
    )


def _words(text: str, chance: random.Random) -> str:
    """Two words change places, or one is misspelt, missing or doubled."""
    tokens = TOKEN.findall(text)
    if not tokens:
        return text
    one, two = chance.randrange(len(tokens)), chance.randrange(len(tokens))
    match chance.randrange(5):
        case 0:
            tokens[one], tokens[two] = tokens[two], tokens[one]
        case 1:
            tokens[one] = tokens[two]
        case 2:
            tokens[one] = ""
        case 3:
            tokens[one] *= chance.randint(2, 4)
        case _:
            letters = list(tokens[one])
            letters.insert(chance.randrange(len(letters) + 1), chance.choice("aeiostn_1"))
            tokens[one] = "".join(letters)
    return "".join(tokens)


def with_a_number(text: str, chance: random.Random) -> str:
    """A number becomes another one, or no number at all."""
    places = list(NUMBER.finditer(text))
    if not places:
        return text
    place = chance.choice(places)
    return text[: place.start()] + chance.choice(NUMBERS) + text[place.end() :]


def _line(text: str, chance: random.Random) -> str:
    """A line is lost, doubled, or moves."""
    lines = text.split("\n")
    line = lines.pop(chance.randrange(len(lines)))
    for _ in range(chance.randint(0, 2)):
        lines.insert(chance.randint(0, len(lines)), line)
    return "\n".join(lines)
