"""Mutated programs: never a traceback, never slow, always a place in the source."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from phonon.errors import Fault
from phonon.lang.mini_parser import parse_mini
from phonon.lang.mini_patterns import mini_pattern
from phonon.lang.mini_words import word_reader
from phonon.lang.parser import parse_program
from phonon.patterns import Pattern

PROGRAMS = [
    'cps: 0.5\nout: s "bd*4 <sn cp>" # n "0 3"\n   # gain "1 0.8" -- loud\n',
    "~a: saw 55 # lpf 800 * 0.3\nout: (~a * 0.3 + ~b) # reverb :room 0.8 :damp 0.3\n",
    'd1 $ every 4 (# speed 2) $ off 0.125 (|+ n 7) $ n "0 .. 3" + n "1"\n',
    "fn duo f d = saw (f - d) + saw (f + d)\nsynth pad freq cutoff=900 = saw freq # lpf cutoff\n",
    "o2: track [0 200, 4 2000 exp, 8 400] :loop 8\nhush o2\nrng: tidal\nbpm: 90 3\n",
    'out: jux (rev . (# speed 2)) $ 0.25 <~ cat [s "bd*2", s "sn(3,8,2)?0.3"]\n',
    'o1: stack [\ns "{a b c, d e}%4",\n"<0 [2 4]>" |+| n (1/8)\n]\nsolo o1\n',
    '~feel: within (0, 0.5) (fast 2) $ rev\nout: note "c\'maj7\'ii e\'min" # s "pad"\n',
]
STRINGS = [
    "bd*4 [sn cp]? <a b c>(3,8,<0 2>)", "{a b c, d@2 e!3}%4 . 0 .. 3", "a|b? , [c . d e]/1.5",
    "c'maj7'ii e'<min maj>'5", "bd:3:0.5 ~ _ - 1%8 [x ! !]*<2 3>", "^a b@1.5 <c d , e>!2",
]  # fmt: skip
PIECES = [
    *"()[]{}<>\"'~-+*/%|#$.,:;=@!?_^& \n\t0123456789abcxyz",
    "--", "..", "|+|", "<~", "~>", " . ", "out:", "~a", "::", "1e9", "-1", "é", "\u00a0", "\0",
    "(3,8)", "*1000", "\\", "“", "o1 $", "fn f x =", "[[[", ")))", '""', "# lpf 300",
]  # fmt: skip

SLOWEST = 0.1  # seconds for one program; 1 ms is usual


def mutated(text: str, chance: random.Random) -> str:
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(text) + 1)
        end = min(len(text), at + chance.randint(1, 6))
        piece = chance.choice(PIECES)
        text = chance.choice(
            [
                text[:at] + piece + text[at:],
                text[:at] + text[end:],
                text[:at] + piece + text[end:],
                text[:at] + text[at:end] * 2 + text[end:],
                text[:at],
            ]
        )
    return text


def test_ten_thousand_mutated_programs_are_read_or_refused(
    cost: Callable[[Callable[[], object]], float],
) -> None:
    chance = random.Random(20)
    slow = []
    refused = 0
    for _ in range(10_000):
        source = mutated(chance.choice(PROGRAMS), chance)
        began = time.thread_time()
        _, diagnostics = parse_program(source)
        if time.thread_time() - began > SLOWEST:
            slow.append(source)
        refused += bool(diagnostics)
        lines = source.split("\n")
        for error in diagnostics:
            assert error.message
            assert 1 <= error.line <= error.end_line <= len(lines)
            assert 1 <= error.column <= len(lines[error.line - 1]) + 1
    assert 2_000 < refused < 9_500
    # Something else may have fallen into the time of one: it is read again, alone.
    for source in slow:
        assert cost(lambda: parse_program(source)) < SLOWEST, source  # noqa: B023


def made_or_refused(text: str, kind: str) -> Pattern | Fault:
    try:
        return mini_pattern(parse_mini(text), word_reader(kind))
    except Fault as fault:
        return fault


def test_mutated_strings_are_refused_or_can_be_queried(
    cost: Callable[[Callable[[], object]], float],
) -> None:
    chance = random.Random(21)
    asked = 0
    for _ in range(3_000):
        text = mutated(chance.choice(STRINGS), chance)
        made = made_or_refused(text, chance.choice(["word", "note", "auto"]))
        if isinstance(made, Fault):
            assert made.span is not None, text
            assert 0 <= made.span.begin <= made.span.end <= len(text), text
            continue
        began = time.thread_time()
        assert len(made.query(0, 1)) <= 10_000
        if time.thread_time() - began > 1:
            assert cost(lambda: made.query(0, 1)) < 1, text  # noqa: B023
        asked += 1
    assert asked > 500
