"""Show the events of a program's streams, or of one expression, cycle by cycle.

As a table, or with --json as one line per event:
{"whole": ["0/1", "1/2"], "part": ["0/1", "1/2"], "value": {"s": "bd"}}, where the whole of a
continuous pattern is null. Times are exact.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from phonon.cli import argtypes
from phonon.errors import PhononError

if TYPE_CHECKING:
    from phonon.patterns import Event, TimeSpan

HELP = "show the events of a program or an expression"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("file", metavar="FILE", nargs="?", help="a program, or - to read one")
    what.add_argument("--expr", metavar="E", help="one expression, such as 's \"bd*2 sn\"'")
    parser.add_argument(
        "--cycles", type=argtypes.cycles, default=Fraction(1), metavar="N", help="how many (1)"
    )
    parser.add_argument(
        "--from",
        type=argtypes.position,
        default=Fraction(0),
        metavar="M",
        dest="begin",
        help="the cycle to begin at (0)",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object per line")
    parser.add_argument(
        "--cps", type=argtypes.tempo, metavar="X", help="show seconds too, at X cycles per second"
    )
    parser.add_argument(
        "--rng",
        choices=("precise", "tidal", "strudel"),
        help="the formula of random patterns (the program's own, or precise)",
    )


def run(options: argparse.Namespace) -> int:
    """Print the events."""
    from phonon.cli.report import report
    from phonon.session import events, read

    expression = options.expr is not None
    source = options.expr if expression else read(options.file)
    end = options.begin + options.cycles
    try:
        found = events(source, options.begin, end, expression=expression, rng=options.rng)
    except PhononError as error:
        report(error.diagnostics, source, "--expr" if expression else options.file)
        return 1
    try:
        for line in _json(found) if options.json else _table(found, options.cps):
            print(line)
    except PhononError as error:
        report(error.diagnostics, source, "--expr" if expression else options.file)
        return 1
    return 0


def _json(found: Iterator[Event]) -> Iterator[str]:
    import json

    for event in found:
        whole = None if event.whole is None else _span(event.whole)
        yield json.dumps(
            {"whole": whole, "part": _span(event.part), "value": plain(event.value)},
            ensure_ascii=False,
        )


def _table(found: Iterator[Event], cps: Fraction | None) -> Iterator[str]:
    clock = "" if cps is None else f"{'seconds':>10}  "
    yield f"{clock}{'whole':<21}  {'part':<21}  value"
    for event in found:
        whole = "~" if event.whole is None else _short(event.whole)
        part = "" if event.whole == event.part else _short(event.part)
        clock = "" if cps is None else f"{float(event.part.begin / cps):>10.4f}  "
        yield f"{clock}{whole:<21}  {part:<21}  {_told(event.value)}"


def _span(span: TimeSpan) -> list[str]:
    return [f"{time.numerator}/{time.denominator}" for time in (span.begin, span.end)]


def _short(span: TimeSpan) -> str:
    return f"{span.begin} – {span.end}"


def plain(value: Any) -> Any:
    """A value as JSON: fractions become numbers, signals `<signal>`."""
    if isinstance(value, dict):
        return {str(name): plain(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    if value is None or isinstance(value, (bool, int, str)):
        return value
    try:
        number = float(value)
    except (TypeError, ValueError):
        return "<signal>"  # the only other kind of value, a modulation of the voice
    if isinstance(value, Fraction) and value.denominator == 1:
        return int(value)
    return number if number - number == 0 else None


def _told(value: Any) -> str:
    value = plain(value)
    if isinstance(value, dict):
        return "  ".join(f"{name} {_told(inner)}" for name, inner in value.items())
    return f"{value:.6g}" if isinstance(value, float) else str(value)
