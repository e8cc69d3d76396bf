"""Say everything that is wrong with a program; exit 1 if there is an error."""

from __future__ import annotations

import argparse

HELP = "say everything that is wrong with a program"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("file", metavar="FILE", nargs="+", help="a program, or - to read one")
    parser.add_argument(
        "--samples",
        action="append",
        default=[],
        metavar="DIR",
        help="a folder of sample banks; may be given more than once",
    )


def run(options: argparse.Namespace) -> int:
    """Check each file."""
    from phonon.cli.report import report
    from phonon.session import check, read

    wrong = 0
    for name in options.file:
        source = read(name)
        found = check(source, samples=options.samples)
        shown = "<stdin>" if name == "-" else name
        report(found, source, shown)
        errors = sum(diagnostic.severity == "error" for diagnostic in found)
        wrong += errors
        if not found:
            print(f"{shown}: no problems")
    return 1 if wrong else 0
