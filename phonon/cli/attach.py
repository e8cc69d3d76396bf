"""Return to an engine that plays on: its program, and what was typed last, are back."""

from __future__ import annotations

import argparse
from pathlib import Path

from phonon.cli import edit

HELP = "return to an engine that plays on"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("file", metavar="FILE", nargs="?", help="another file than the one playing")
    edit.editor_options(parser)


def run(options: argparse.Namespace) -> int:
    """Edit the program of the running engine."""
    from phonon.session import read
    from phonon.session.remote import attach

    edit.need_terminal("attach")
    session = attach()
    status = session.status()
    path = Path(options.file or status.name or "untitled.ph")
    text = read(str(path)) if path.exists() else status.text
    return edit.edit_session(session, path, text, options, recover=True)
