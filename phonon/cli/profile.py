"""Measure what a program costs, unit by unit and output by output.

The program is rendered twice, in turns: as it is, and with looks at the clock after everything. The
clock tells how the second render's work is shared; how much work it was, without the looks, is the
sum of the table. It stands beside the work of the plain render's loop.
"""

from __future__ import annotations

import argparse
import sys
from fractions import Fraction
from typing import TYPE_CHECKING

from phonon.cli import argtypes

if TYPE_CHECKING:
    from phonon.session.costs import Costs

HELP = "say what a program costs, unit by unit"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    add = parser.add_argument
    add("file", metavar="FILE", help="a program, or - to read one from standard input")
    add("--cycles", type=argtypes.cycles, default=Fraction(8), metavar="N", help="how long (8)")
    add(
        "--rate", type=argtypes.rate, default=48_000, metavar="HZ", help="frames per second (48000)"
    )
    add(
        "--samples",
        action="append",
        default=[],
        metavar="DIR",
        help="a folder of sample banks; may be given more than once",
    )
    add("--top", type=int, default=20, metavar="N", help="how many units are listed (20)")


def run(options: argparse.Namespace) -> int:
    """Render, and print the tables."""
    from phonon.cli.progress import Progress
    from phonon.cli.report import report
    from phonon.session import compile_source, read
    from phonon.session.costs import costs

    source = read(options.file)
    score, diagnostics = compile_source(source)
    report(diagnostics, source, "<stdin>" if options.file == "-" else options.file)
    if score is None or any(found.severity == "error" for found in diagnostics):
        return 1
    with Progress() as progress:
        found = costs(
            score, options.cycles, rate=options.rate, samples=options.samples, progress=progress
        )
    _table("unit", found.units, found, options.top)
    print()
    _table("definition", found.owners, found, options.top)
    print()
    print(f"{'sum':<24}{1e3 * found.seconds:>10.2f} ms")
    apart = found.seconds / found.loop_seconds - 1 if found.loop_seconds else 0.0
    print(f"{'render loop':<24}{1e3 * found.loop_seconds:>10.2f} ms  (the sum: {apart:+.1%})")
    load = found.loop_seconds / found.sounding
    print(f"{found.sounding:.2f} s of sound, {load:.2%} of real time", file=sys.stderr)
    return 0


def _table(head: str, rows: dict[str, float], found: Costs, top: int) -> None:
    total = found.seconds or 1.0
    print(f"{head:<24}{'ms':>10}{'share':>9}{'ns/frame':>11}")
    shown = list(rows.items())[:top]
    if len(shown) < len(rows):
        shown.append((f"({len(rows) - top} more)", sum(list(rows.values())[top:])))
    for name, seconds in shown:
        frame = 1e9 * seconds / found.frames
        print(
            f"{name or '(engine)':<24}{1e3 * seconds:>10.2f}{seconds / total:>9.1%}{frame:>11.1f}"
        )
