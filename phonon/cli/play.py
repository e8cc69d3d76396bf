"""Play a program, and play it again whenever it is saved: any editor becomes a live one.

What is wrong with the program is said, and the old version of what fails plays on. Ctrl-C ends.
"""

from __future__ import annotations

import argparse
import sys
import time
from typing import TYPE_CHECKING

from phonon.cli import argtypes, session_options
from phonon.errors import PhononError

if TYPE_CHECKING:
    from phonon.cli.stats import StatsWriter
    from phonon.cli.watch import Watched
    from phonon.session.gc_schedule import GarbageSchedule
    from phonon.session.local import LocalSession
    from phonon.session.protocol import Evaluation

HELP = "play a program, again at every save"

LOOK = 0.05  # seconds between two checks of file and meters
FADE = 0.1  # seconds at the end, for the last frames to fade out


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    add = parser.add_argument
    add("file", metavar="FILE", help="a program, or - to read one from standard input")
    add("--seconds", type=argtypes.seconds, metavar="N", help="end after so many seconds")
    add(
        "--stats",
        metavar="JSONL",
        help="write one JSON object per second to a file (or to -), and one for the whole",
    )
    add("--record", metavar="WAV", help="record to a WAV file")
    add("--bits", choices=("16", "24", "32f"), default="32f", help="its sample format (32f)")
    session_options.arguments(parser, backends=("auto", "null", "python"))


def run(options: argparse.Namespace) -> int:
    """Play until the end, or until interrupted."""
    from phonon.cli.progress import Progress
    from phonon.cli.stats import StatsWriter
    from phonon.cli.watch import Watched
    from phonon.session import read
    from phonon.session.gc_schedule import GarbageSchedule
    from phonon.session.local import LocalSession

    watched = None if options.file == "-" else Watched(options.file)
    source = read(options.file)
    with Progress() as progress:
        session = LocalSession(progress=progress, **session_options.read(options))
        try:
            _evaluate(session, source, options.file)
        except BaseException:
            session.close()
            raise
    if options.seconds is not None and not session.outputs():
        session.close()
        return 1
    with StatsWriter(options.stats, session) as figures, GarbageSchedule() as garbage:
        try:
            if options.record:
                session.record(options.record, options.bits)
            session.start()
            figures.begin()
            _say_what_plays(session)
            _play(session, options, figures, watched, garbage)
        except KeyboardInterrupt as ending:
            if type(ending) is not KeyboardInterrupt:
                raise  # SIGTERM is reported as such
            print(file=sys.stderr)
        finally:
            session.hush()
            time.sleep(FADE)
            try:
                figures.finish()
            finally:
                session.close()
                _tell(session, figures.told)
    return 0


def _play(
    session: LocalSession,
    options: argparse.Namespace,
    figures: StatsWriter,
    watched: Watched | None,
    garbage: GarbageSchedule,
) -> None:
    from phonon.session import read

    begun = time.monotonic()
    end = begun + float(options.seconds) if options.seconds is not None else float("inf")
    while (now := time.monotonic()) < end:
        garbage.collect_if_due()
        figures.read_meter()
        figures.told = _tell(session, figures.told)
        if watched is not None and watched.changed():
            try:
                done = _evaluate(session, read(options.file), options.file)
                garbage.request()
                print(f"phonon: playing {_played(done)}", file=sys.stderr)
            except PhononError as error:  # unreadable for the moment: the program plays on
                from phonon.cli.report import report

                report(error.diagnostics)
        elif watched is not None and watched.gone():
            print(f"phonon: {options.file} is gone: playing on as before", file=sys.stderr)
        time.sleep(max(min(LOOK, end - now), 0.0))


def _evaluate(session: LocalSession, source: str, file: str) -> Evaluation:
    """Evaluate a text and print its diagnostics."""
    from phonon.cli.report import report

    name = "<stdin>" if file == "-" else file
    done = session.evaluate(source, scope="file", name=name)
    report(done.diagnostics, source, name)
    return done


def _played(done: Evaluation) -> str:
    """The names of new and of kept definitions, for a message."""
    if not done.defined:
        return "on as before"
    kept = f"; {' '.join(done.kept)} as before" if done.kept else ""
    return " ".join(done.defined) + kept


def _say_what_plays(session: LocalSession) -> None:
    status = session.status()
    priority = f", {status.priority}" if status.priority else ""
    print(
        f"phonon: {status.device}, {status.callback} callback, {status.sample_rate} Hz, "
        f"{status.block} frames, {status.latency_ms:.1f} ms{priority}",
        file=sys.stderr,
    )


def _tell(session: LocalSession, after: int) -> int:
    """Print the new messages; returns the number of the last one."""
    for message in session.messages(after):
        after = message.number
        print(f"phonon: {message.text}", file=sys.stderr)
    return after
