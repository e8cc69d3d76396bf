"""Declares what a live session can do, whether its engine runs in this process or in another one.

A new verb is one method of `Session` and its implementation in `local.LocalSession`.
"""

# mypy: disable-error-code="empty-body"

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from phonon.errors import Diagnostic
from phonon.session.verbs import Verb, forward, verb, verbs

Scope = Literal["file", "block"]
When = Literal["now", "beat", "cycle"]
Control = bool | int | float | str | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What became of an evaluated text; places in `diagnostics` are places in that text.

    `defined` are the names of the definitions that were taken over (`~bass`, `out`, `o1`,
    `fn wobble`, `synth bell`, `cps`, `rng`), `kept` those that fail or rest on one that fails and
    whose old version plays on, `removed` those that are no longer there. `ok` says that nothing
    failed. `milliseconds` is the time from the text to the program handed to the audio side.
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
    """One channel of the mixer, left and right: peaks since the last read, RMS over 300 ms.

    Both are linear.
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
        """The peak of the louder side."""
        return max(self.peaks)


@dataclass(frozen=True, slots=True)
class Telemetry:
    """What the engine tells about itself; cheap enough to ask for thirty times a second.

    `load` and `load_peak` are the audio thread's shares of the period (1 = all of it): the average
    of half a second, the worst block of two. `ring_ms` is the least lead of the events since the
    last read, of `ring_target_ms`. `cycle` is what is heard now: the latency is taken off.
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
    """SourceHighlights that sound from frame `begin` to `end`, as heard at output `output`.

    `definition` is the name of the definition in which they are written, and `spans` are places
    in that definition's text, counted from its beginning.
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
    """A sample bank or a built-in sound: its name and its files (none for a built-in)."""

    name: str
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wave:
    """How long a sound is, and its heights from 0 to 1, of equal stretches from its beginning."""

    seconds: float
    peaks: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """Something to tell the performer; numbers count up."""

    number: int
    text: str
    severity: str = "note"  # note, warning or error


@dataclass(frozen=True, slots=True)
class Status:
    """What changes seldom: the device, the recording, the running program."""

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
    """The one door between a front end and the sound."""

    @verb(route="slow", saves=True, replaces=True)
    def evaluate(
        self, text: str, *, scope: Scope = "file", when: When = "now", name: str = "<file>"
    ) -> Evaluation:
        """Take over the definitions of a text, and carry out its commands once.

        A file makes the running program equal to it, a block adds to it and replaces.
        """

    @verb(route="memory")
    def hush(self) -> None:
        """Fade out in 20 ms; the clock runs on, and the next evaluation sounds again."""

    @verb(route="memory")
    def unhush(self) -> None:
        """Sound again."""

    @verb(route="memory")
    def panic(self) -> None:
        """Silence at once: voices, tails, everything."""

    @verb(saves=True)
    def mute(self, output: str, on: bool | None = None) -> None:
        """Mute an output, or not; None toggles."""

    @verb(saves=True)
    def solo(self, output: str, on: bool | None = None) -> None:
        """Solo an output, or not; None toggles. Any solo silences what is not soloed."""

    @verb(saves=True)
    def unmute_all(self) -> None:
        """No mutes and no solos."""

    @verb(saves=True, replaces=True)
    def tempo(self, cps: float) -> None:
        """Cycles per second from now on, until a program says otherwise."""

    @verb(saves=True, replaces=True)
    def tap(self) -> float | None:
        """One beat of a tapped tempo (four to a cycle); the new cps, after the second tap."""

    @verb(replaces=True)
    def nudge(self, cycles: float) -> None:
        """Move the phase of the music."""

    @verb(saves=True)
    def master(self, gain: float) -> None:
        """Linear gain of everything."""

    @verb(route="slow")
    def record(self, path: str | None) -> None:
        """Begin to record to a WAV file, or finish (None). Raises PhononError."""

    @verb(route="background")
    def preview(self, sample: str) -> None:
        """Play a sample (`bd`, `bd:3`) once beside the program. Raises PhononError."""

    @verb(route="background")
    def describe(self, sample: str) -> Wave:
        """What a sample looks like. Raises PhononError."""

    @verb(route="memory")
    def meter(self) -> Telemetry:
        """Read the telemetry; cheap enough for thirty times a second."""

    @verb(route="memory")
    def scope(self) -> Sequence[float]:
        """The last 2048 frames that were heard, mono."""

    @verb()
    def outputs(self) -> list[str]:
        """The names of the running program's outputs, in order."""

    @verb()
    def sounding(self, frame: int) -> list[Highlight]:
        """The literals that sound at `frame` or begin within the next half second."""

    @verb(route="background")
    def upcoming(self, begin: float, end: float) -> list[UpcomingEvent]:
        """List the running program's events that start from cycle `begin` up to `end`, in order.

        The answer takes the time of querying the patterns, milliseconds for a usual program: a
        front end asks from a background thread, once per cycle (`upcoming(n, n + 1)` while cycle
        `n - 1` sounds), and again after each evaluation that returned, for the answer is about
        the program that was evaluated last. Muted outputs are included; `Telemetry.outputs` tells
        which are audible. A stream whose pattern fails is left out. At most 16 cycles and 4096
        events; raises PhononError.
        """

    @verb(route="background")
    def samples(self) -> list[SampleBank]:
        """List the sample banks and the built-in sounds."""

    @verb()
    def status(self) -> Status:
        """Read what changes seldom."""

    @verb()
    def messages(self, after: int = 0) -> list[Message]:
        """What there is to tell since message number `after`."""

    @abstractmethod
    def close(self) -> None:
        """End the session: a local engine ends; a remote one sounds on."""


VERBS = verbs(Session)


@forward(Session)
class ForwardingSession(Session):
    """A session that hands every verb to `call`."""

    @abstractmethod
    def call(self, asked: Verb, arguments: tuple[Any, ...], options: dict[str, Any]) -> Any:
        """Carry out a verb."""
