"""Render a program to a WAV file: the whole file, exactly as long as asked, or none.

OUT appears when it is complete; an interrupted or failed render leaves what was there before. The
same program gives the same file on every run.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from phonon.cli import argtypes
from phonon.errors import PhononError

if TYPE_CHECKING:
    from phonon.audio.offline import Report
    from phonon.errors import Diagnostic

HELP = "render a program to a WAV file"

_NEGATIVE = re.compile(r"-\d")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    add = parser.add_argument
    add("file", metavar="FILE", help="a program, or - to read one from standard input")
    add("out", metavar="OUT", help="the WAV file to write")
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--cycles", type=argtypes.cycles, metavar="N", help="length in cycles (4)")
    length.add_argument("--seconds", type=argtypes.seconds, metavar="N", help="length in seconds")
    add(
        "--from",
        type=argtypes.position,
        default=Fraction(0),
        metavar="M",
        dest="begin",
        help="the cycle to begin at (0)",
    )
    add(
        "--rate", type=argtypes.rate, default=48_000, metavar="HZ", help="frames per second (48000)"
    )
    add("--bits", choices=("16", "24", "32f"), default="24", help="sample format (24)")
    add("--normalize", action="store_true", help="bring the true peak to -1 dB")
    add("--stems", action="store_true", help="also one file per output, as OUT.o1.wav")
    add(
        "--tail",
        type=argtypes.tail,
        default=Fraction(0),
        metavar="SECONDS",
        help="render on after the end: so many seconds, or `auto`, until it is quiet",
    )
    add(
        "--samples",
        action="append",
        default=[],
        metavar="DIR",
        help="a folder of sample banks; may be given more than once",
    )
    add("--seed", type=argtypes.seed, metavar="N", help="another seed for everything noisy")
    add(
        "--voices",
        type=argtypes.voices,
        default=256,
        metavar="N",
        help="how many voices may sound at once (256)",
    )
    add(
        "--stats",
        metavar="JSON",
        help="write peak, RMS, LUFS, true peak, voices, stolen and speed to a file, or to - ",
    )
    add("--block", type=int, choices=(1, 16, 64, 256), default=64, help=argparse.SUPPRESS)


def explicit(words: Sequence[str]) -> list[str]:
    """Fill in the values that --tail and --stats may be written without.

    A bare `--tail` is `--tail=auto`; a bare `--stats` (nothing after it that is - or a device, or
    has an ending, but a program's) is `--stats=-`; a negative number is a value and no option.
    """
    result = []
    skip = False
    for place, word in enumerate(words):
        if skip:
            skip = False
            continue
        following = words[place + 1] if place + 1 < len(words) else ""
        if word in ("--from", "--tail") and _NEGATIVE.match(following):
            result += [f"{word}={following}"]
            skip = True
        elif word == "--tail" and not _is_tail(following):
            result.append("--tail=auto")
        elif word == "--stats" and not _is_place(following):
            result.append("--stats=-")
        else:
            result.append(word)
    return result


def _is_place(word: str) -> bool:
    """Whether an argument after --stats is its file."""
    if word.startswith("-"):
        return word == "-"
    ending = Path(word).suffix
    return ending not in ("", ".ph") or (not ending and word.startswith("/dev/"))


def run(options: argparse.Namespace) -> int:
    """Render, and say in one line what came out."""
    from phonon.cli.progress import Progress
    from phonon.cli.report import report
    from phonon.session import compile_source, read, render_file

    _refuse(options.file, options.out)
    source = read(options.file)
    name = "<stdin>" if options.file == "-" else options.file
    score, diagnostics = compile_source(source)
    report(diagnostics, source, name)
    if score is None or any(found.severity == "error" for found in diagnostics):
        return 1
    try:
        with Progress() as progress:
            done = render_file(
                score,
                options.out,
                cycles=options.cycles,
                seconds=options.seconds,
                begin=options.begin,
                rate=options.rate,
                bits=options.bits,
                normalize=options.normalize,
                stems=options.stems,
                measure=options.stats is not None,
                tail=options.tail,
                samples=options.samples,
                seed=options.seed,
                block=options.block,
                voices=options.voices,
                progress=progress,
            )
    except PhononError as error:
        _tell(error.diagnostics, source, name)
        return 1
    _tell(done.warnings, source, name)
    _write_stats(options.stats, done)
    print(_summary(done), file=sys.stderr)
    return 0


def _tell(diagnostics: Sequence[Diagnostic], source: str, name: str) -> None:
    """Print diagnostics, with the source line for those that have a place."""
    from phonon.cli.report import report

    for diagnostic in diagnostics:
        about = (source, name) if diagnostic.placed else ("", "")
        report([diagnostic], *about)


def _refuse(file: str, out: str) -> None:
    """Raise PhononError if OUT would overwrite a program or has another format's ending."""
    if Path(out).suffix.lower() in {".ph", ".flac", ".ogg", ".mp3", ".aif", ".aiff"} or out == "-":
        raise PhononError(f"cannot write {out}: the output is a WAV file")
    if os.path.realpath(file) == os.path.realpath(out):
        raise PhononError(f"cannot write {out}: it is the program")


def _is_tail(word: str) -> bool:
    return word == "auto" or word.replace(".", "", 1).replace("/", "", 1).isdigit()


def _write_stats(place: str | None, done: Report) -> None:
    if place is None:
        return
    import json

    text = json.dumps({name: _number(value) for name, value in done.stats().items()}, indent=2)
    if place == "-":
        print(text)
    else:
        with open(place, "w", encoding="utf-8") as file:
            file.write(text + "\n")


def _number(value: Any) -> Any:
    """A number for JSON, which has no infinity: the level of silence is null."""
    if isinstance(value, float):
        return round(value, 6) if abs(value) != float("inf") else None
    return value


def _summary(done: Report) -> str:
    names = ", ".join(str(path) for path in done.paths)
    levels = f"peak {done.peak_db:.1f} dB" if done.peak > 0 else "silence"
    clipped = f", {done.clipped} values clipped" if done.clipped else ""
    return (
        f"{names}: {done.seconds:.3f} s, {levels}{clipped}, {done.real_time_factor:.0f} × real time"
    )
