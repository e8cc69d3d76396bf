"""The interface of a live session: every verb that a front end can call.

The engine of a session runs in this process or in another one. A new verb is one method of
`Session` and its implementation in `local.LocalSession`.
"""

# mypy: disable-error-code="empty-body"

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from phonon.errors import Diagnostic
from phonon.session.verbs import Verb, forward, verb, verbs

EvaluationScope = Literal["file", "block"]
When = Literal["now", "beat", "cycle"]
Control = bool | int | float | str | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Result of an evaluation; lines and columns of `diagnostics` count in the evaluated text.

    `defined` are the names of the definitions that play from now on (`~bass`, `out`, `o1`,
    `fn wobble`, `synth bell`, `cps`, `rng`), `kept` those that failed, or depend on one that
    failed, and whose old version plays on, `removed` those that the text no longer has. `ok`: none
    failed. `milliseconds` is the time from the text to the program handed to the player.
    """

    ok: bool
    diagnostics: tuple[Diagnostic, ...] = ()
    defined: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    milliseconds: float = 0.0
    version: int = 0


@dataclass(frozen=True, slots=True)
class OutputMeter:
    """Meter of one channel of the mixer, left and right, linear.

    `peaks` are those since the last read, `levels` the RMS over 300 ms.
    """

    name: str
    peaks: tuple[float, float] = (0.0, 0.0)
    levels: tuple[float, float] = (0.0, 0.0)
    clipped: bool = False
    muted: bool = False
    solo: bool = False
    audible: bool = True

    @property
    def peak(self) -> float:
        """Peak of the louder side."""
        return max(self.peaks)


@dataclass(frozen=True, slots=True)
class Telemetry:
    """Figures of the running engine.

    `load` and `load_peak` are the audio thread's shares of the period (1 = all of it): the average
    of half a second, the worst block of two seconds. `ring_ms` is the least time since the last
    read by which events were planned ahead, `ring_target_ms` what the scheduler aims at. `cycle`
    is heard now: the latency is subtracted. `stolen` counts the voices stolen in the last 10 s.
    """

    frame: int = 0
    cycle: float = 0.0
    cps: float = 0.5
    sample_rate: int = 48_000
    load: float = 0.0
    load_peak: float = 0.0
    underruns: int = 0
    silence_ms: float = 0.0
    underrun_age: float | None = None
    ring_ms: float = 0.0
    ring_target_ms: float = 0.0
    latency_ms: float = 0.0
    late: int = 0
    late_worst_ms: float = 0.0
    voices: int = 0
    voice_limit: int = 256
    stolen: int = 0
    faults: int = 0
    swaps: int = 0
    hushed: bool = False
    recording: bool = False
    playing: bool = False
    alive: bool = True
    master: OutputMeter = OutputMeter("master")
    outputs: tuple[OutputMeter, ...] = ()


@dataclass(frozen=True, slots=True)
class Highlight:
    """Source text of an event that sounds from frame `begin` to `end` at output `output`.

    `spans` are the (begin, end) offsets of its literals in the text of the definition named
    `definition`.
    """

    begin: int
    end: int
    definition: str
    spans: tuple[tuple[int, int], ...]
    output: str = ""


@dataclass(frozen=True, slots=True)
class UpcomingEvent:
    """An event that the running program starts at cycle `begin` and ends at `end`.

    `output` is the output or bus that plays its voice; `controls` are the event's own (`s`, `n`,
    `note`, `gain`, …), None where one follows a signal.
    """

    begin: float
    end: float
    output: str
    controls: dict[str, Control]


@dataclass(frozen=True, slots=True)
class SampleBank:
    """A sample bank and its files, or a built-in sound, which has none."""

    name: str
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wave:
    """Length of a sound and its outline: the peaks (0 to 1) of equal stretches."""

    seconds: float
    peaks: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """A message for the performer; messages are numbered from 1."""

    number: int
    text: str
    severity: str = "note"  # note, warning or error


@dataclass(frozen=True, slots=True)
class Status:
    """State that changes seldom: the device, the recording, the running program."""

    device: str = ""
    backend: str = ""
    callback: str = ""  # compiled, python or null
    sample_rate: int = 48_000
    block: int = 0
    latency_ms: float = 0.0
    priority: str = ""
    mlocked: bool = False
    recording: str | None = None
    recorded_seconds: float = 0.0
    engine: int = 0  # its process
    restarts: int = 0
    version: int = 0
    name: str = ""
    text: str = ""  # the last whole file that was evaluated
    definitions: dict[str, str] = field(default_factory=dict)


class Session(ABC):
    """A running engine as front ends see it; each verb may raise PhononError."""

    @verb(route="slow", saves=True, replaces=True)
    def evaluate(
        self,
        text: str,
        *,
        scope: EvaluationScope = "file",
        when: When = "now",
        name: str = "<file>",
    ) -> Evaluation:
        """Play the definitions of a text and carry out its commands.

        A file replaces the whole program; a block adds definitions and replaces those of the
        same name. What fails keeps its old version.
        """

    @verb(route="memory")
    def hush(self) -> None:
        """Fade out in 20 ms; the clock runs on, and the next evaluation is heard again."""

    @verb(route="memory")
    def unhush(self) -> None:
        """End a hush or panic."""

    @verb(route="memory")
    def panic(self) -> None:
        """Silence voices and tails at once, until the next evaluation or `unhush`."""

    @verb(saves=True)
    def mute(self, output: str, on: bool | None = None) -> None:
        """Mute an output (True), unmute it (False) or toggle (None)."""

    @verb(saves=True)
    def solo(self, output: str, on: bool | None = None) -> None:
        """Solo an output (True), end its solo (False) or toggle (None)."""

    @verb(saves=True)
    def unmute_all(self) -> None:
        """End all mutes and solos."""

    @verb(saves=True, replaces=True)
    def tempo(self, cps: float) -> None:
        """Set the cycles per second, until a program sets them."""

    @verb(saves=True, replaces=True)
    def tap(self) -> float | None:
        """Tap one beat (a quarter of a cycle); from the second on sets and returns the cps."""

    @verb(replaces=True)
    def nudge(self, cycles: float) -> None:
        """Jump forward by some cycles, or back where negative."""

    @verb(saves=True)
    def master(self, gain: float) -> None:
        """Set the linear gain of the whole mix (0 to 4)."""

    @verb(route="slow")
    def record(self, path: str | None) -> None:
        """Start recording to a WAV file, or finish (None)."""

    @verb(route="background")
    def preview(self, sample: str) -> None:
        """Play a sample (`bd`, `bd:3`) once beside the program, unrecorded."""

    @verb(route="background")
    def describe(self, sample: str) -> Wave:
        """Length and outline of a sample (`bd`, `bd:3`)."""

    @verb(route="memory")
    def meter(self) -> Telemetry:
        """Read the telemetry; cheap enough for sixty times a second."""

    @verb(route="memory")
    def scope(self) -> Sequence[float]:
        """Read the last 2048 frames that were heard, mono, oldest first."""

    @verb()
    def outputs(self) -> list[str]:
        """List the names of the running program's outputs."""

    @verb()
    def sounding(self, frame: int) -> list[Highlight]:
        """Find the literals that sound at `frame` or begin within the next half second."""

    @verb(route="background")
    def upcoming(self, begin: float, end: float) -> list[UpcomingEvent]:
        """List the running program's events that start from cycle `begin` up to `end`, in order.

        The answer takes the time of querying the patterns, milliseconds for a usual program: a
        front end asks from a background thread, once per cycle (`upcoming(n, n + 1)` while cycle
        `n - 1` sounds), and again after each evaluation that returned, for the answer is about
        the program that was evaluated last. Muted outputs are included; `Telemetry.outputs` tells
        which are audible. A stream is left out from the cycle on in which its pattern fails.
        At most 16 cycles and 4096 events.
        """

    @verb(route="background")
    def samples(self) -> list[SampleBank]:
        """List the sample banks and the built-in sounds."""

    @verb()
    def status(self) -> Status:
        """Read the state that changes seldom."""

    @verb()
    def messages(self, after: int = 0) -> list[Message]:
        """Read the messages with numbers greater than `after`."""

    @abstractmethod
    def close(self) -> None:
        """End the session; an engine in another process plays on."""


VERBS = verbs(Session)


@forward(Session)
class ForwardingSession(Session):
    """A session that hands every verb to `call`."""

    @abstractmethod
    def call(self, asked: Verb, arguments: tuple[Any, ...], options: dict[str, Any]) -> Any:
        """Carry out a verb."""
