"""Renders a stretch of a score to an array or to files, in chunks."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from phonon.audio.loudness import LoudnessMeter, db
from phonon.audio.resample import Floats
from phonon.audio.wav import DEPTHS, LARGEST_BYTES, WavWriter
from phonon.errors import Diagnostic, PhononError

if TYPE_CHECKING:
    from phonon.engine import Renderer
    from phonon.graph.voice import SampleSource
    from phonon.score import Score

Progress = Callable[[str, float, float], None]

DEFAULT_CYCLES = Fraction(4)
CHUNK = 8_192  # frames between two looks at the keyboard
ARRAY_FRAMES = 1 << 26  # 512 MiB as float32 stereo, 23 minutes at 48 kHz
NORMAL_PEAK_DB = -1.0

# An open tail ends with half a second below -80 dB, or here.
QUIET, QUIET_SECONDS, LONGEST_TAIL = 1e-4, 0.5, 30


@dataclass(frozen=True, slots=True)
class Take:
    """The stretch of a score to render, and how.

    Its length is `cycles` at the score's tempo, or else `seconds`, or else four cycles; `tail` is
    in seconds, None for as long as it sounds. No event begins in the tail.
    """

    begin: Fraction = Fraction(0)
    cycles: Fraction | None = None
    seconds: Fraction | None = None
    rate: int = 48_000
    tail: Fraction | None = Fraction(0)
    seed: int | None = None
    block: int = 64
    voices: int = 256

    def frames(self, score: Score) -> int:
        """Return the exact length in frames, without the tail."""
        from phonon.engine.clock import frames_of_cycles

        if self.seconds is not None:
            return round(self.seconds * self.rate)
        cycles = DEFAULT_CYCLES if self.cycles is None else self.cycles
        return frames_of_cycles(score.cps, self.begin, self.begin + cycles, self.rate)


@dataclass(slots=True)
class Report:
    """Figures of a render; levels are linear, of the mix as it was written.

    `voices` is the most that sounded at once, `faults` how often a signal was no number and was
    silenced, `limiter_db` the most that the master's limiter took away.
    """

    frames: int
    rate: int
    paths: list[Path] = field(default_factory=list)
    peak: float = 0.0
    rms: float | None = None
    lufs: float | None = None
    true_peak: float | None = None
    voices: int = 0
    stolen: int = 0
    faults: int = 0
    limiter_db: float = 0.0
    clipped: int = 0
    render_seconds: float = 0.0
    warnings: list[Diagnostic] = field(default_factory=list)

    @property
    def peak_db(self) -> float:
        """Return the peak in dB of full scale."""
        return db(self.peak)

    @property
    def seconds(self) -> float:
        """Return the length in seconds."""
        return self.frames / self.rate

    @property
    def real_time_factor(self) -> float:
        """Return the seconds of sound per second of rendering."""
        return self.seconds / self.render_seconds if self.render_seconds else 0.0

    def stats(self) -> dict[str, Any]:
        """Return the figures by name."""
        return {
            "frames": self.frames,
            "seconds": self.seconds,
            "sample_rate": self.rate,
            "peak": self.peak,
            "peak_db": self.peak_db,
            "rms": self.rms,
            "rms_db": None if self.rms is None else db(self.rms),
            "lufs": self.lufs,
            "true_peak": self.true_peak,
            "true_peak_db": None if self.true_peak is None else db(self.true_peak),
            "clipped": self.clipped,
            "voices": self.voices,
            "stolen": self.stolen,
            "faults": self.faults,
            "limiter_db": self.limiter_db,
            "render_seconds": self.render_seconds,
            "real_time_factor": self.real_time_factor,
        }


def render_array(
    score: Score,
    take: Take,
    *,
    samples: SampleSource | None = None,
    normalize: bool = False,
    progress: Progress | None = None,
    warnings: list[Diagnostic] | None = None,
) -> Floats:
    """Render the mix of a take, shape (frames, 2), with its tail.

    `warnings` receives what the report of a file would have said.
    """
    if take.frames(score) > ARRAY_FRAMES:
        raise PhononError(
            f"an array holds at most {ARRAY_FRAMES / take.rate / 60:.0f} minutes; "
            "`phonon render` writes longer ones to a file"
        )
    run = _Run(score, take, samples, progress)
    sound = np.concatenate([chunk for chunk, _ in run.chunks()] or [np.zeros((0, 2), np.float32)])
    if normalize and sound.size:
        meter = LoudnessMeter(take.rate)
        meter.feed(sound)
        sound *= np.float32(_gain(meter.true_peak))
    if warnings is not None:
        warnings += run.report().warnings
    return sound


def render_file(
    score: Score,
    path: str | Path,
    take: Take,
    *,
    bits: str = "24",
    normalize: bool = False,
    stems: bool = False,
    measure: bool = False,
    samples: SampleSource | None = None,
    progress: Progress | None = None,
) -> Report:
    """Write the mix of a take to `path`, and with `stems` every output beside it: all or nothing.

    `normalize` renders twice: once to find the true peak, once to write. Stems get the same gain.
    `measure` fills in what costs time to know (RMS, LUFS, true peak).
    """
    length = take.frames(score)
    if length * 2 * DEPTHS[bits] > LARGEST_BYTES:
        raise PhononError(f"{path} would take more than the 4 GiB that a WAV file can hold")
    gain = 1.0
    with ExitStack() as stack:
        mix = stack.enter_context(WavWriter(path, take.rate, bits=bits))
        parts = {
            name: stack.enter_context(WavWriter(stem_path(path, name), take.rate, bits=bits))
            for name in (score.outputs if stems else ())
        }
        if normalize:
            before = LoudnessMeter(take.rate)
            for chunk, _ in _Run(score, take, samples, progress, "measuring").chunks():
                before.feed(chunk)
            gain = _gain(before.true_peak)
        run = _Run(score, take, samples, progress, stems=stems)
        meter = LoudnessMeter(take.rate) if measure else None
        peak = 0.0
        for chunk, outputs in run.chunks():
            scaled = chunk * np.float32(gain)
            mix.write(scaled)
            peak = max(peak, float(np.abs(scaled).max()))
            if meter:
                meter.feed(scaled)
            for name, part in parts.items():
                part.write(outputs[name] * np.float32(gain))
        for writer in (mix, *parts.values()):
            writer.complete()
    report = run.report()
    report.paths = [mix.path, *(part.path for part in parts.values())]
    report.peak, report.clipped = peak, mix.clipped
    if meter:
        report.rms, report.lufs, report.true_peak = meter.rms, meter.lufs, meter.true_peak
    return report


def stem_path(path: str | Path, name: str) -> Path:
    """Return the path of the stem of output `name`: `song.o1.wav` beside `song.wav`."""
    path = Path(path)
    return path.with_name(f"{path.stem}.{name}{path.suffix or '.wav'}")


def _silent(_label: str, _done: float, _total: float) -> None:
    """Ignore the progress."""


def _gain(true_peak: float) -> float:
    """Return the gain that brings a true peak to -1 dB; silence stays silence."""
    return float(10 ** (NORMAL_PEAK_DB / 20)) / true_peak if true_peak > 0 else 1.0


class _Run:
    """One pass over a take."""

    def __init__(
        self,
        score: Score,
        take: Take,
        samples: SampleSource | None,
        progress: Progress | None,
        label: str = "rendering",
        stems: bool = False,
    ) -> None:
        from phonon.engine import Renderer

        self._take = take
        self._label = label
        self._progress = progress or _silent
        self._length = take.frames(score)
        self._seconds = 0.0
        self._frames = 0
        self._renderer: Renderer = Renderer(
            score,
            sample_rate=take.rate,
            block=take.block,
            voices=take.voices,
            samples=samples,
            seed=take.seed,
            begin=take.begin,
            end=self._length,
            stems=stems,
            progress=self._progress,
        )

    def chunks(self) -> Iterator[tuple[Floats, dict[str, Floats]]]:
        """Yield the mix, shape (frames, 2), and the outputs before the master, chunk by chunk."""
        tail = LONGEST_TAIL * self._take.rate
        if self._take.tail is not None:
            tail = round(self._take.tail * self._take.rate)
        quiet, enough = 0, int(QUIET_SECONDS * self._take.rate)
        total = self._length + tail
        while self._frames < total:
            border = self._length if self._frames < self._length else total
            count = min(CHUNK, border - self._frames)
            begun = time.perf_counter()
            mix, outputs = self._renderer.render_outputs(count)
            self._seconds += time.perf_counter() - begun
            self._frames += count
            yield mix, outputs
            self._progress(self._label, self._frames, total)
            if self._take.tail is None and self._frames > self._length:
                quiet = quiet + count if float(np.abs(mix).max()) < QUIET else 0
                if quiet >= enough:
                    return

    def report(self) -> Report:
        """Return the figures of the render so far."""
        stats = self._renderer.stats
        report = Report(
            self._frames,
            self._take.rate,
            voices=stats.peak_voices,
            stolen=stats.stolen,
            faults=stats.faults,
            limiter_db=stats.reduction_db,
            render_seconds=self._seconds,
        )
        if stats.faults:
            message = f"a signal was no number {stats.faults} times and was silenced there"
            report.warnings.append(Diagnostic(message, 1, 1, 1, 1, (), "warning"))
        return report
