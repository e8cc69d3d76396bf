"""Show the editor's keys, or with --probe what this terminal really sends."""

from __future__ import annotations

import argparse
import sys

from phonon.errors import PhononError

HELP = "show the editor's keys, or what this terminal sends"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("--probe", action="store_true", help="show what each pressed key sends")
    parser.add_argument("--markdown", action="store_true", help="the table of the README")


def run(options: argparse.Namespace) -> int:
    """Print the table made from the live key map, or probe."""
    from phonon.editor import commands  # noqa: F401  # registers the commands
    from phonon.editor.cheat_sheet import table
    from phonon.editor.key_probe import probe

    if options.probe:
        if not (sys.stdin.isatty() and sys.stdout.isatty()):
            raise PhononError("keys --probe needs a terminal")
        probe()
        return 0
    rows = table()
    if options.markdown:
        print("| | keys | |\n|---|---|---|")
        for group, keys, said in rows:
            spelt = " · ".join(f"`{key}`" for key in keys.split("  "))
            print(f"| {group.lower()} | {spelt.replace('|', chr(92) + '|')} | {said} |")
        return 0
    for group, keys, said in rows:
        print(f"{group:<6}{keys:<32} {said}")
    print("\nP: in PERFORM (Space Space); A- is Alt, C- is Ctrl, S- is Shift")
    return 0
