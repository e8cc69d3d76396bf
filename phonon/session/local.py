"""A session whose engine runs in this process."""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from math import isfinite
from typing import TYPE_CHECKING, Any, get_args

import numpy as np

from phonon.audio.device import BLOCK, best_rate, open_device
from phonon.audio.recorder import Recorder
from phonon.audio.sample_loader import SampleLoader
from phonon.errors import Diagnostic, Fault, PhononError
from phonon.session.definitions import Change, Definitions
from phonon.session.dry_run import event_warnings
from phonon.session.metering import Metering
from phonon.session.protocol import (
    Evaluation,
    EvaluationScope,
    Highlight,
    Message,
    SampleBank,
    Session,
    Status,
    Telemetry,
    UpcomingEvent,
    Wave,
    When,
)
from phonon.session.sound_preview import describe, sound_of
from phonon.session.source_highlights import SourceHighlights
from phonon.session.tap_tempo import TapTempo

if TYPE_CHECKING:
    from phonon.audio.resample import Floats
    from phonon.score import Score

SLOWEST, FASTEST = 0.001, 1000.0  # cycles per second
FURTHEST = 1000.0  # cycles of one nudge
PREFETCH = 4  # cycles whose samples an evaluation requests
PATIENCE = 3.0  # seconds that the first program waits for its samples
MESSAGES = 500
WARN = 1.0  # seconds between two checks for new warnings

Progress = Callable[[str, float, float], None]

_SILENCING = ("hush", "panic")


class LocalSession(Session):
    """Holds the definitions, the player, the device and the recorder of one engine.

    `start` opens the device. `backend` and `speed` are those of `audio.device.open_device`; with
    `speed` None time stands still except for `advance`.
    """

    def __init__(
        self,
        *,
        device: str | int | None = None,
        rate: int | None = None,
        block: int = BLOCK,
        latency: str | float = "low",
        backend: str = "auto",
        speed: float | None = 1.0,
        samples: Sequence[str] = (),
        voices: int = 256,
        seed: int | None = None,
        progress: Progress | None = None,
    ) -> None:
        from phonon.engine.player import Player
        from phonon.session.programs import library_of

        self._messages: deque[Message] = deque(maxlen=MESSAGES)
        self._count = 0
        self._telling = threading.Lock()
        self._evaluating = threading.Lock()
        self._recording = threading.Lock()
        self.rate = best_rate(device, rate, backend, self.tell)
        self._samples = SampleLoader(library_of(samples, self.rate), self.tell)
        self._samples.wait_for_samples = speed is None
        self.player = Player(
            sample_rate=self.rate,
            voices=voices,
            samples=self._samples,
            seed=seed,
            wait_for_kernels=speed is None,
            progress=progress,
        )
        self.device = open_device(
            self.player,
            device=device,
            block=block,
            latency=latency,
            backend=backend,
            speed=speed,
            tell=self.tell,
        )
        self.hushed = False
        self._metering = Metering(self.player, self.device, voices)
        self._definitions = Definitions()
        self._highlights = SourceHighlights()
        self._score: Score | None = None
        self._tempo: float | None = None  # set by hand; None where the program sets it
        self._muted: dict[str, None] = {}
        self._solos: dict[str, None] = {}
        self._warned = time.monotonic()
        self._warnings: set[str] = set()
        self._recorder: Recorder | None = None
        self._taps = TapTempo()
        self._version = 0
        self._name = ""
        self._text = ""

    def start(self) -> None:
        """Open the device, or start the clock of the null backend."""
        self.device.start()

    # -- programs ---------------------------------------------------------------------------------

    def evaluate(
        self,
        text: str,
        *,
        scope: EvaluationScope = "file",
        when: When = "now",
        name: str = "<file>",
    ) -> Evaluation:
        if when not in get_args(When):
            raise PhononError(f"a program begins {', '.join(get_args(When))}; not {when}")
        with self._evaluating:
            begun = time.perf_counter()
            change = self._definitions.evaluate(text, scope)
            failed = self._swap(change, when) if change.has_definitions else None
            if failed is None:
                self._take_over(change, text if scope == "file" else None, name)
            milliseconds = 1_000 * (time.perf_counter() - begun)
            for command, outputs in change.commands if failed is None else ():
                self._carry_out(command, outputs)
            return Evaluation(
                ok=change.ok and failed is None,
                diagnostics=(*change.diagnostics, *(failed or ())),
                defined=tuple(change.defined) if failed is None else (),
                kept=tuple(change.kept),
                removed=tuple(change.removed) if failed is None else (),
                commands=tuple(" ".join((word, *outputs)) for word, outputs in change.commands),
                milliseconds=milliseconds,
                version=self._version,
            )

    def _swap(self, change: Change, when: When) -> list[Diagnostic] | None:
        """Hand a program to the player; returns the diagnostics of a refusal, else None."""
        from phonon.patterns import pure

        # A text that contains a hush must be silent from its first frame.
        quiet = any(command in _SILENCING and not names for command, names in change.commands)
        if change.sets_tempo:
            self._tempo = None
        elif self._tempo is not None:
            change.score.cps = pure(self._tempo)
        first = self._score is None and self.player.frame == 0
        if first:  # nothing sounds yet, so loading may take time
            self._prefetch(change.score)
            self._samples.wait(PATIENCE)
        try:
            swap = self.player.swap(change.score, when, unhush=not quiet)
        except PhononError as error:
            return error.diagnostics
        self.hushed = quiet
        self._highlights.add(swap, change.source_map)
        if not first:
            work = threading.Thread(target=self._prefetch, args=(change.score,), daemon=True)
            work.start()
        return None

    def _take_over(self, change: Change, text: str | None, name: str) -> None:
        self._definitions.keep(change)
        if change.has_definitions:
            self._score = change.score
            self._version += 1
            anew = tuple(f"{name}: " for name in change.defined)
            self._warnings = {text for text in self._warnings if not text.startswith(anew)}
        if text is not None:
            self._text, self._name = text, name

    def _prefetch(self, score: Score) -> None:
        """Request the samples of the next cycles, so that they are loaded in time."""
        from phonon.session.sample_prefetch import sounds_ahead

        begin = int(self.player.cycle)
        try:
            for bank, n in sounds_ahead(score, begin, begin + PREFETCH):
                self._samples.find(bank, n)
        except Exception as error:  # noqa: BLE001 — the scheduler will say it at its place
            self.tell(f"looking ahead: {type(error).__name__}: {error}", "warning")

    def _carry_out(self, command: str, outputs: tuple[str, ...]) -> None:
        """Carry out a command of a program; without outputs it concerns all of them."""
        match command:
            case "panic" if not outputs:
                self.panic()
            case "hush" | "mute" | "panic":
                self._each(self.mute, outputs, True) if outputs else self.hush()
            case "unhush" | "unmute":
                self._each(self.mute, outputs or tuple(self._muted), False)
                if not outputs:
                    self.unhush()
            case "solo":  # a solo of an unknown output would silence everything
                self._each(self.solo, tuple(filter(self.outputs().__contains__, outputs)), True)
            case "unsolo":
                self._each(self.solo, outputs or tuple(self._solos), False)

    @staticmethod
    def _each(act: Callable[[str, bool], None], outputs: tuple[str, ...], on: bool) -> None:
        for output in outputs:
            act(output, on)

    # -- performance ------------------------------------------------------------------------------

    def hush(self) -> None:
        self.hushed = True
        self.player.hush()

    def unhush(self) -> None:
        self.hushed = False
        self.player.unhush()

    def panic(self) -> None:
        self.hushed = True
        self.player.panic()

    def mute(self, output: str, on: bool | None = None) -> None:
        _switch(self._muted, output, on)
        self.player.mute(list(self._muted))

    def solo(self, output: str, on: bool | None = None) -> None:
        _switch(self._solos, output, on)
        self.player.solo(list(self._solos))

    def unmute_all(self) -> None:
        self._muted.clear()
        self._solos.clear()
        self.player.mute([])
        self.player.solo([])

    def tempo(self, cps: float) -> None:
        if not isfinite(cps) or not SLOWEST <= cps <= FASTEST:
            raise PhononError(f"a tempo of {cps:g} cycles per second; 0.001 to 1000 will do")
        self._tempo = cps
        self.player.tempo(cps)

    def tap(self) -> float | None:
        cps = self._taps.tap(time.monotonic())
        if cps is not None:
            self.tempo(cps)
        return cps

    def nudge(self, cycles: float) -> None:
        if not abs(cycles) <= FURTHEST:
            raise PhononError(f"a nudge of {cycles:g} cycles; up to {FURTHEST:g} will do")
        self.player.nudge(cycles)

    def master(self, gain: float) -> None:
        self.player.master(max(0.0, min(gain, 4.0)))

    # -- recording and preview --------------------------------------------------------------------

    def record(self, path: str | None, bits: str = "32f") -> None:
        with self._recording:
            if self._recorder is not None:
                recorder, self._recorder = self._recorder, None
                self.device.record_to(None)
                recorder.finish()
            if path is not None:
                self._recorder = Recorder(path, self.rate, self.tell, bits=bits)
                self.device.record_to(self._recorder.ring)
                self.tell(f"recording to {path}", "note")

    def preview(self, sample: str) -> None:
        self.device.preview(sound_of(self._samples.library, sample))

    def describe(self, sample: str) -> Wave:
        return describe(self._samples.library, sample)

    # -- what there is to know --------------------------------------------------------------------

    def meter(self) -> Telemetry:
        self._look_for_trouble()
        return self._metering.read(
            muted=self._muted, solos=self._solos, recording=self._recorder is not None
        )

    def _look_for_trouble(self) -> None:
        """Report, each once, problems that only playing brings up."""
        recorder = self._recorder
        if recorder is not None:
            recorder.check()
            if recorder.failed:
                self.record(None)
        problem = self.player.take_problem()
        if problem is not None:
            self._warn(_sentence(problem), "error")
        if self._score is not None and time.monotonic() - self._warned > WARN:
            self._warned = time.monotonic()
            source_map = self._definitions.source_map
            for found in event_warnings(self._score, self._samples.library):
                place = source_map.find(_offset(source_map.source, found.line, found.column))
                name = f"{place[0].name}: " if place else ""
                self._warn(name + _sentence(PhononError([found])), "warning")

    def _warn(self, text: str, severity: str) -> None:
        if text not in self._warnings:
            self._warnings.add(text)
            self.tell(text, severity)

    def scope(self) -> Sequence[float]:
        heard: list[float] = self.player.scope().tolist()
        return heard

    def outputs(self) -> list[str]:
        return [] if self._score is None else list(self._score.outputs)

    def sounding(self, frame: int) -> list[Highlight]:
        return self._highlights.of(self.player.sounding(frame))

    def upcoming(self, begin: float, end: float) -> list[UpcomingEvent]:
        from phonon.session.upcoming import upcoming_events

        return [] if self._score is None else upcoming_events(self._score, begin, end)

    def samples(self) -> list[SampleBank]:
        from phonon.lang.kit import names

        library = self._samples.library
        banks = {
            bank: SampleBank(bank, tuple(map(str, library.files(bank)))) for bank in library.banks()
        }
        for name in names():
            banks.setdefault(name, SampleBank(name))
        return sorted(banks.values(), key=lambda bank: bank.name)

    def status(self) -> Status:
        info = self.device.info
        recorder = self._recorder
        return Status(
            device=info.name,
            backend=info.backend,
            callback=info.callback,
            sample_rate=info.rate,
            block=info.block,
            latency_ms=info.latency_ms,
            priority=info.priority,
            mlocked=info.mlocked,
            recording=str(recorder.path) if recorder else None,
            recorded_seconds=recorder.seconds if recorder else 0.0,
            engine=os.getpid(),
            version=self._version,
            name=self._name,
            text=self._text,
            definitions=dict(self._definitions.texts),
        )

    def tell(self, text: str, severity: str = "note") -> None:
        """Add a message."""
        with self._telling:
            self._count += 1
            self._messages.append(Message(self._count, text, severity))

    def messages(self, after: int = 0) -> list[Message]:
        with self._telling:
            return [message for message in self._messages if message.number > after]

    # -- over a crash -----------------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        """The last good program, tempo, mutes and solos as plain values, for `restore`."""
        return {
            "program": self._definitions.source_map.source,
            "text": self._text,
            "name": self._name,
            "muted": list(self._muted),
            "solos": list(self._solos),
            "tempo": self._tempo,
            "hushed": self.hushed,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Resume from the `state` of an engine that crashed."""
        if state.get("program"):
            self.evaluate(state["program"], scope="block")
        self._text, self._name = str(state.get("text", "")), str(state.get("name", ""))
        if state.get("tempo"):
            self.tempo(float(state["tempo"]))
        for output in state.get("muted", ()):
            self.mute(output, True)
        for output in state.get("solos", ()):
            self.solo(output, True)
        if state.get("hushed"):
            self.hush()

    # -- time -------------------------------------------------------------------------------------

    def advance(self, frames: int) -> Floats:
        """Render frames, shape (frames, 2), while the clock stands still (`speed` None)."""
        step = self.rate
        parts = []
        while frames > 0:
            count = min(step, frames)
            parts.append(self.device.null.run(count))
            frames -= count
            if self._recorder is not None:
                self._recorder.flush()
        return np.concatenate(parts) if parts else np.zeros((0, 2), np.float32)

    def close(self) -> None:
        self.record(None)
        self.device.close()
        self.player.close()


def _sentence(error: Exception) -> str:
    """An error's message, with its suggestions."""
    if isinstance(error, PhononError):
        found = error.diagnostics[0]
        near = f" (did you mean {' or '.join(found.suggestions)}?)" if found.suggestions else ""
        return found.message + near
    if isinstance(error, Fault):
        return error.message
    return f"{type(error).__name__}: {error}"


def _offset(source: str, line: int, column: int) -> int:
    """Offset of a character, from its line and column."""
    return sum(len(text) + 1 for text in source.split("\n")[: line - 1]) + column - 1


def _switch(chosen: dict[str, None], output: str, on: bool | None) -> None:
    """Add an output to a set (`on`), remove it (not `on`), or toggle it (None)."""
    if on is None:
        on = output not in chosen
    if on:
        chosen[output] = None
    else:
        chosen.pop(output, None)
