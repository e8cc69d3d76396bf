"""Checks, queries and renders programs; needs no running engine."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from math import floor
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING, Any

from phonon.errors import Diagnostic, Fault, PhononError, Span, nearest

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from phonon.audio.offline import Progress, Report
    from phonon.audio.samples import SampleLibrary
    from phonon.graph.node import Input, Stream
    from phonon.patterns import Event, Pattern
    from phonon.score import Score

LARGEST_SOURCE = 4 << 20  # bytes; the language has its own, tighter limit

Number = int | float | Fraction


def read(name: str) -> str:
    """Read a program file, or standard input for `-`. Raises PhononError."""
    try:
        if name == "-":
            data = sys.stdin.buffer.read(LARGEST_SOURCE + 1)
        else:
            with open(name, "rb") as file:
                data = file.read(LARGEST_SOURCE + 1)
    except OSError as error:
        raise _unreadable(name, error) from None
    if len(data) > LARGEST_SOURCE:
        raise PhononError(f"{name} is no program: it is larger than {LARGEST_SOURCE >> 20} MiB")
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise PhononError(f"{name} is no UTF-8 text (line {line})") from None


def compile_source(source: str, *, rng: str | None = None) -> tuple[Score | None, list[Diagnostic]]:
    """Compile a program to its score (None where that fails) and diagnostics."""
    from phonon.lang.compiler import compile_program

    try:
        score, diagnostics = compile_program(source, rng=rng)
    except PhononError as error:
        return None, error.diagnostics
    return score, diagnostics


def check(source: str, *, samples: Sequence[str | PathLike[str]] = ()) -> list[Diagnostic]:
    """Find the mistakes of a program, in the order of its lines.

    The events of its first cycles are checked too, without sound; `samples` are folders of sample
    banks beside those of PHONON_SAMPLES and the configuration.
    """
    score, diagnostics = compile_source(source)
    if score is not None and all(found.severity != "error" for found in diagnostics):
        from phonon.session.dry_run import dry_run

        diagnostics = diagnostics + dry_run(score, library_of(samples, 48_000))
        diagnostics.sort(key=lambda found: (found.line, found.column))
    return diagnostics


def pattern(source: str, *, rng: str = "precise") -> Pattern:
    """Compile an expression to a pattern; mini-notation needs no quotes (`bd sn`).

    `rng` is the formula of random patterns: precise, tidal or strudel. Raises PhononError, also
    from its queries.
    """
    from phonon.lang.compiler import compile_pattern
    from phonon.patterns import Pattern, Raw

    found = compile_pattern(source, rng=rng)
    asked = found.guarded(Span(0, len(source))).events

    def query(begin: int, end: int) -> list[Raw]:
        try:
            return asked(begin, end)
        except Fault as fault:
            raise PhononError([fault.diagnostic(source)]) from None

    return Pattern(query, lambda: found.traits, constant=found.constant, context=found.context)


def events(
    source: str,
    begin: Number,
    end: Number,
    *,
    expression: bool = False,
    rng: str | None = None,
) -> Iterator[Event]:
    """Query the events of a program's streams, or of an expression, sorted within each cycle."""
    if expression:
        patterns = [pattern(source, rng=rng or "precise")]
    else:
        score, diagnostics = compile_source(source, rng=rng)
        if score is None or any(found.severity == "error" for found in diagnostics):
            raise PhononError(diagnostics)
        patterns = [stream.pattern for stream in heard_streams(score)]
    return _events(source, patterns, Fraction(begin), Fraction(end))


def heard_streams(score: Score) -> list[Stream]:
    """List the streams that reach an output, in the order in which they are found."""
    from phonon.graph.node import Bus, Last, Mix, Node

    streams: dict[int, Stream] = {}
    seen: set[int] = set()
    waiting: list[Input] = list(reversed(score.outputs.values()))
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, Node):
            waiting.extend(reversed(node.inputs))
        elif isinstance(node, Bus) and node.name in score.buses:
            waiting.append(score.buses[node.name])
        elif isinstance(node, (Mix, Last)):
            streams[id(node.stream)] = node.stream
    return list(streams.values())


def render(
    source: str | PathLike[str],
    *,
    cycles: Number | None = None,
    seconds: Number | None = None,
    begin: Number = 0,
    sample_rate: int = 48_000,
    tail: Number | None = 0,
    normalize: bool = False,
    samples: Sequence[str | PathLike[str]] = (),
    seed: int | None = None,
) -> NDArray[np.float32]:
    """Render a program, or the program file at a path, to an array of shape (frames, 2).

    Its length is `cycles` at the program's tempo, or `seconds`, or else four cycles, from cycle
    `begin`; `tail` adds seconds in which no event starts, None as many as the sound needs.
    `samples` are folders of sample banks beside those of PHONON_SAMPLES and the configuration.
    Raises PhononError.
    """
    from phonon.audio.offline import Take, render_array

    score, diagnostics = compile_source(_source(source))
    if score is None or any(found.severity == "error" for found in diagnostics):
        raise PhononError(diagnostics)
    score.outputs = score.heard
    take = Take(
        begin=Fraction(begin),
        cycles=None if cycles is None else Fraction(cycles),
        seconds=None if seconds is None else Fraction(seconds),
        rate=sample_rate,
        tail=None if tail is None else Fraction(tail),
        seed=seed,
    )
    library = library_of(samples, sample_rate)
    told: list[Diagnostic] = []
    with _placed(score):
        sound = render_array(score, take, samples=library, normalize=normalize, warnings=told)
    for warning in told + _heard(score, library):
        warnings.warn(str(warning), stacklevel=2)
    return sound


def render_file(
    score: Score,
    path: str | PathLike[str],
    *,
    bits: str = "24",
    normalize: bool = False,
    stems: bool = False,
    measure: bool = False,
    samples: Sequence[str | PathLike[str]] = (),
    progress: Progress | None = None,
    **take: Any,
) -> Report:
    """Render a score to a WAV file, which appears only when it is whole.

    `take` are the fields of audio.offline.Take. Raises PhononError.
    """
    from phonon.audio import offline

    chosen = offline.Take(**take)
    library = library_of(samples, chosen.rate)
    score.outputs = score.heard
    with _placed(score):
        report = offline.render_file(
            score,
            fspath(path),
            chosen,
            bits=bits,
            normalize=normalize,
            stems=stems,
            measure=measure,
            samples=library,
            progress=progress,
        )
    report.warnings += _heard(score, library)
    return report


@contextmanager
def _placed(score: Score) -> Iterator[None]:
    """Turn a Fault into a PhononError with its line and column."""
    try:
        yield
    except Fault as fault:
        raise PhononError([fault.diagnostic(score.source)]) from None


def _events(
    source: str, patterns: list[Pattern], begin: Fraction, end: Fraction
) -> Iterator[Event]:
    while begin < end:
        border = min(Fraction(floor(begin) + 1), end)
        try:
            found = [event for pattern in patterns for event in pattern.query(begin, border)]
        except Fault as fault:
            raise PhononError([fault.diagnostic(source)]) from None
        yield from sorted(found, key=lambda event: (event.part.begin, event.part.end))
        begin = border


def _heard(score: Score, library: SampleLibrary) -> list[Diagnostic]:
    """Warnings that only a render can give: unknown names, unreadable samples, kernels not kept."""
    from phonon.kernel.library import object_cache
    from phonon.session.dry_run import event_warnings

    found = event_warnings(score, library)
    told = [*library.problems, *filter(None, [object_cache().note])]
    if score.commands and not score.outputs:
        told.append("every output is silenced by the program's own commands")
    return found + [Diagnostic(text, 1, 1, 1, 1, (), "warning") for text in told]


def _source(source: str | PathLike[str]) -> str:
    if not isinstance(source, str):
        return read(fspath(source))
    is_path = source.endswith(".ph") and "\n" not in source and '"' not in source
    return read(source) if is_path else source


def library_of(folders: Sequence[str | PathLike[str]], rate: int) -> SampleLibrary:
    """The sample banks at a rate; `folders` are searched before the usual ones."""
    from phonon.audio.sample_folders import sample_folders
    from phonon.audio.samples import SampleLibrary

    return SampleLibrary(sample_folders([fspath(folder) for folder in folders]), rate)


def _unreadable(name: str, error: OSError) -> PhononError:
    path = Path(name)
    near: tuple[str, ...] = ()
    if isinstance(error, FileNotFoundError) and path.parent.is_dir():
        near = nearest(path.name, (other.name for other in path.parent.glob("*.ph")))
    message = f"cannot read {name}: {(error.strerror or str(error)).lower()}"
    return PhononError([Diagnostic(message, 1, 1, 1, 1, near)])
