"""Show the words of the language: all of them, or one with arguments, ranges and an example."""

from __future__ import annotations

import argparse

HELP = "the reference: every word of the language, or one"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("name", metavar="NAME", nargs="?", help="a word; all of them without")
    parser.add_argument("--markdown", action="store_true", help="the whole reference as a page")


def run(options: argparse.Namespace) -> int:
    """Print the words, or one of them."""
    from phonon.lang import reference

    if options.markdown:
        print(reference.page(), end="")
    elif options.name is None:
        _all()
    else:
        _one(options.name)
    return 0


def _all() -> None:
    from phonon.lang import lookup

    family = None
    for entry in lookup.entries():
        if (entry.sort, entry.family) != family:
            family = entry.sort, entry.family
            print(f"\n{entry.family} ({entry.sort}s)" if entry.sort != "control" else "\ncontrols")
        print(f"  {entry.name:<16} {entry.summary}")


def _one(name: str) -> None:
    from phonon.errors import Diagnostic, PhononError
    from phonon.lang import lookup

    found = lookup.find(name)
    if not found:
        message = f"there is no word {name} in the language"
        raise PhononError([Diagnostic(message, 1, 1, 1, 1, lookup.near(name))])
    for place, entry in enumerate(found):
        if place:
            print()
        print(f"{entry.usage}  ({entry.sort})")
        if entry.aliases:
            print(f"also {', '.join(entry.aliases)}")
        print(f"\n{entry.doc}")
        for line in entry.arguments:
            print(f"  {line}")
        for line in entry.example.splitlines():
            print(f"\n  {line}")
