"""Parses the command line, runs the command and prints errors as one line."""

from __future__ import annotations

import argparse
import contextlib
import errno
import gc
import os
import signal
import sys
import time
from collections.abc import Sequence
from types import FrameType
from typing import NoReturn

from phonon import __version__
from phonon.cli import (
    attach,
    check,
    devices,
    doctor,
    edit,
    engine,
    events,
    keys,
    play,
    profile,
    render,
    soak,
    units,
)
from phonon.errors import PhononError, nearest

OK, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130

COMMANDS = {
    "render": render,
    "events": events,
    "check": check,
    "units": units,
    "doctor": doctor,
    "edit": edit,
    "attach": attach,
    "keys": keys,
    "play": play,
    "devices": devices,
    "engine": engine,
    "soak": soak,
    "profile": profile,
}

DESCRIPTION = "Phonon: a live-coding pattern language with its own synthesis engine."


def main() -> NoReturn:
    """Entry point of the program; ends the process.

    Two habits of long-lived programs cost a short one 0.1 of its 0.4 seconds: collecting garbage
    while everything is still being loaded, and taking every library apart at the end.
    """
    gc.set_threshold(200_000, 10, 10)
    _handle_signals()
    code = run(sys.argv[1:])
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


def run(arguments: Sequence[str]) -> int:
    """Carry out a command line; returns the exit code."""
    try:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(AttributeError):
                stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
        code = _run(arguments)
        sys.stdout.flush()
    except PhononError as error:
        from phonon.cli.report import report

        report(error.diagnostics)
        return FAILED
    except Terminated as ending:
        return _say(f"ended by {ending.name}", 128 + ending.number)
    except KeyboardInterrupt:
        return _say("interrupted", INTERRUPTED)
    except BrokenPipeError:
        return _quiet()
    except OSError as error:
        return _system_error(error)
    except SystemExit as end:  # argparse has printed its message
        return end.code if isinstance(end.code, int) else USAGE
    except MemoryError:
        return _say("out of memory", FAILED)
    except Exception as error:  # noqa: BLE001  # whatever it is, a performer reads one line
        return _unexpected(error)
    return code


def parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    top = Parser(prog="phonon", description=DESCRIPTION, epilog="phonon COMMAND --help says more.")
    top.add_argument("--version", action="store_true", help="show the version and exit")
    commands = top.add_subparsers(metavar="COMMAND", dest="command", parser_class=Parser)
    for name, command in COMMANDS.items():
        sub = commands.add_parser(
            name,
            help=command.HELP,
            description=command.__doc__,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        command.arguments(sub)
        sub.set_defaults(run=command.run, parser=sub)
    return top


class Parser(argparse.ArgumentParser):
    """An argument parser that offers the nearest command or option."""

    def error(self, message: str) -> NoReturn:
        """Print what is wrong with the command line, and exit."""
        what, invalid, rest = message.partition(": invalid choice: ")
        wrong, _, choices = rest.rstrip(")").partition(" (choose from ")
        wrong, known = wrong.strip("'"), [word.strip(" '") for word in choices.split(",")]
        if invalid and (near := nearest(wrong, known, 1)):
            what = "command" if what == "argument COMMAND" else what.partition(" ")[2]
            message = f"there is no {what} {wrong}; did you mean {near[0]}?"
        elif message.startswith("unrecognized arguments: "):
            wrong = message.partition(": ")[2].split()[0]
            options = [name for action in self._actions for name in action.option_strings]
            message = f"there is no option {wrong}"
            if near := nearest(wrong, options, 1):
                message += f"; did you mean {near[0]}?"
        self.print_usage(sys.stderr)
        self.exit(USAGE, f"{self.prog}: {message}\n")


class Terminated(KeyboardInterrupt):
    """Raised on SIGTERM, so that files are cleaned up as on Ctrl-C.

    It must be a KeyboardInterrupt: while CPython compiles an imported module, it clears any other
    exception that a signal raises as it folds constants (`fold_binop` in `ast_opt.c`).
    """

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number
        self.name = signal.Signals(number).name


def _run(arguments: Sequence[str]) -> int:
    top = parser()
    options, rest = top.parse_known_args(render.explicit(arguments))
    if options.version:
        print("phonon", __version__)
        return OK
    if options.command is None:
        top.print_help(sys.stderr)
        return USAGE
    if rest:
        options.parser.error(f"unrecognized arguments: {' '.join(rest)}")
    code: int = options.run(options)
    return code


def _handle_signals() -> None:
    last = -1.0

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        """Handle Ctrl-C; one more within a second must not disturb the clean-up."""
        nonlocal last
        before, last = last, time.monotonic()
        if last - before > 1.0 or before < 0:
            raise KeyboardInterrupt

    def terminate(number: int, _frame: FrameType | None) -> None:
        raise Terminated(number)

    with contextlib.suppress(ValueError):  # only the main thread may set handlers
        signal.signal(signal.SIGINT, interrupt)
        for name in ("SIGTERM", "SIGHUP"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), terminate)


def _say(message: str, code: int) -> int:
    with contextlib.suppress(OSError):
        print(f"phonon: {message}", file=sys.stderr)
    return code


def _quiet() -> int:
    """Silence the errors of a closed standard output, also at exit."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 128 + signal.SIGPIPE if hasattr(signal, "SIGPIPE") else FAILED


def _system_error(error: OSError) -> int:
    if error.errno in {errno.EPIPE, errno.ENOSPC} and error.filename is None:
        code = _quiet()
        return code if error.errno == errno.EPIPE else _say("the disk is full", FAILED)
    if os.environ.get("PHONON_DEBUG"):
        raise error
    where = f"{error.filename}: " if error.filename else ""
    return _say(where + (error.strerror or str(error)).lower(), FAILED)


def _unexpected(error: Exception) -> int:
    if os.environ.get("PHONON_DEBUG"):
        raise error
    what = f"{type(error).__name__}: {error}".partition("\n")[0].rstrip(": ")
    return _say(f"this should not happen: {what} (PHONON_DEBUG=1 shows where)", FAILED)
