"""Edit a program while it plays: the editor in this terminal, the engine in its own process.

The sound does not depend on the editor: should it end in any way but quitting, the music goes on,
and `phonon attach` (or `phonon edit`) returns to it.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from phonon.cli import session_options
from phonon.errors import PhononError

if TYPE_CHECKING:
    from phonon.session.remote import RemoteSession

HELP = "edit a program while it plays"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("file", metavar="FILE", help="a program; it may be new")
    editor_options(parser)
    session_options.arguments(parser, backends=("auto", "null", "python"))


def editor_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the editor itself."""
    add = parser.add_argument
    add("--keys", choices=("vi", "plain"), default="vi", help="vi's modes, or none (vi)")
    add("--theme", choices=("dark", "light", "contrast"), default="dark", help="the look (dark)")


def run(options: argparse.Namespace) -> int:
    """Edit the file."""
    from phonon.cli.progress import announced_if_slow
    from phonon.session import read
    from phonon.session.remote import start_engine

    need_terminal("edit")
    path = Path(options.file)
    text = read(options.file) if path.exists() else ""
    with announced_if_slow("starting the engine"):
        session = start_engine(None, **session_options.read(options))
    return edit_session(session, path, text, options)


def need_terminal(command: str) -> None:
    """Raise PhononError without a terminal to draw on."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise PhononError(f"{command} needs a terminal; `phonon play` plays without one")


def edit_session(
    session: RemoteSession,
    path: Path,
    text: str,
    options: argparse.Namespace,
    *,
    recover: bool = False,
) -> int:
    """Edit until the performer quits; then end the engine, unless it is to play on."""
    from phonon.editor.app import edit

    sys.setswitchinterval(0.001)  # sending an evaluation must not wait for drawing
    stays = True
    try:
        plain = options.keys == "plain"
        stays = edit(session, path, text, plain=plain, theme=options.theme, recover=recover)
    finally:
        if stays:
            session.close()
        else:
            session.shut_down()
    if stays:
        print("phonon: the engine plays on; `phonon attach` returns to it", file=sys.stderr)
    return 0
