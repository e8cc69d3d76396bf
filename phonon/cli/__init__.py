"""The command line: one module per command, heavy imports inside the command."""

import sys


def main() -> int:
    """The program `phonon`; even its own imports may be interrupted."""
    try:
        from phonon.cli.run import main as run_program

        run_program()
    except KeyboardInterrupt:
        print("phonon: interrupted", file=sys.stderr)
        return 130
