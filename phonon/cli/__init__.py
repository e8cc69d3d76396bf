"""The command line: one module per command, heavy imports inside the command."""

from phonon.cli.run import main

__all__ = ["main"]
