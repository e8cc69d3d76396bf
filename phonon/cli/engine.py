"""Run the engine as a process of its own, for editors to come and go.

`phonon edit` starts one by itself. The engine ends when it is told to, or when nobody is there
and nothing plays.
"""

from __future__ import annotations

import argparse

from phonon.cli import session_options

HELP = "run the engine by itself, or ask about the one that runs"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    add = parser.add_argument
    add("--folder", metavar="DIR", help="where engine and interfaces meet (this user's own folder)")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--stop", action="store_true", help="end the engine that is running")
    what.add_argument("--status", action="store_true", help="say what the running engine does")
    session_options.arguments(parser, backends=("auto", "null", "python"))


def run(options: argparse.Namespace) -> int:
    """Serve until told to end."""
    from phonon.session.engine_paths import EnginePaths
    from phonon.session.remote import attach

    if options.stop:
        attach(options.folder).shut_down()
        return 0
    if options.status:
        session = attach(options.folder)
        status, meter = session.status(), session.meter()
        session.close()
        print(f"engine    process {status.engine}, {status.device}")
        stream = f"{status.sample_rate} Hz, {status.block} frames"
        print(f"sound     {status.callback} callback, {stream}")
        print(f"priority  {status.priority or 'none'}")
        print(f"program   {status.name or 'none'}: {' '.join(status.definitions) or 'nothing'}")
        print(f"now       cycle {meter.cycle:.2f}, load {meter.load:.1%}, {meter.voices} voices")
        return 0
    from phonon.session.server import serve

    serve(EnginePaths.of(options.folder), **session_options.read(options))
    return 0
