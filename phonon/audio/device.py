"""Plays on an audio device and, while there is none, on a clock without sound."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from phonon.audio.callback_gate import CallbackGate, PlayerProtocol, RecordingRing
from phonon.audio.null_device import NullDevice
from phonon.audio.portaudio import (
    DeviceInfo,
    DeviceStream,
    accepts,
    find_device,
    list_devices,
    renew,
)
from phonon.audio.resample import Floats
from phonon.audio.thread_priority import audio_thread, lock_memory, raise_priority
from phonon.errors import PhononError

RATE = 48_000
BLOCK = 256
WATCH = 0.1  # seconds between two checks of the device
SILENT_AFTER = 0.7  # seconds without a call: the device is lost
RETRY = 2.0  # seconds between two attempts to get it back
PUMP = 0.010  # seconds between two calls of `pump`

BACKENDS = ("auto", "null", "python")

Tell = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class DeviceStatus:
    """The output in use. `callback`: compiled, python or null; `priority`: the audio thread's."""

    name: str
    backend: str
    rate: int
    block: int
    latency_ms: float
    priority: str
    mlocked: bool
    callback: str


def devices() -> tuple[list[str], str]:
    """Names of the output devices, and the reason if there are none."""
    try:
        found = [str(device) for device in list_devices()]
    except PhononError as error:
        return [], error.diagnostics[0].message
    return found, "" if found else "no output device"


def best_rate(device: str | int | None, rate: int | None, backend: str, tell: Tell) -> int:
    """The rate at which a device will play: the wanted one, or else its own.

    Raises PhononError if the named device does not exist.
    """
    if backend == "null":
        return rate or RATE
    try:
        found = find_device(device)
    except PhononError:
        if device is not None:
            raise
        return rate or RATE
    wanted = rate or (RATE if not accepts(found, RATE) else found.rate)
    refusal = accepts(found, wanted)
    if refusal and found.rate != wanted:
        tell(f"{found.name} refuses {wanted} Hz ({refusal}): playing at {found.rate} Hz", "warning")
        return found.rate
    return wanted


def open_device(
    player: PlayerProtocol,
    *,
    device: str | int | None = None,
    block: int = BLOCK,
    latency: str | float = "low",
    backend: str = "auto",
    speed: float | None = 1.0,
    tell: Tell = lambda _text, _severity: None,
) -> Device:
    """Make a device for a player, at the player's rate; `start` opens it.

    `backend` is auto (a device on the compiled callback, or on Python's where that is refused),
    python, or null: no sound, with a clock `speed` times as fast as ours.
    """
    if backend not in BACKENDS:
        raise PhononError(f"there is no backend {backend}: {', '.join(BACKENDS)}")
    return Device(player, device, block, latency, backend, speed, tell)


class Device:
    """Plays on a device that may disappear and come back, and on a clock meanwhile."""

    def __init__(
        self,
        player: PlayerProtocol,
        wanted: str | int | None,
        block: int,
        latency: str | float,
        backend: str,
        speed: float | None,
        tell: Tell,
    ) -> None:
        self._player = player
        self._wanted = wanted
        self._block = block
        self._latency = latency
        self._backend = backend
        self._speed = speed
        self._tell = tell
        self._recording: RecordingRing | None = None
        self._priority = ""
        self._running = threading.Event()
        self._threads: list[threading.Thread] = []
        self._mlocked = False
        self._told: set[str] = set()
        self._lock = threading.Lock()
        self.null = NullDevice(player, block=block, speed=speed)
        self._stream: DeviceStream | None = None

    # -- life -------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start to play; without a device, tells why and starts the clock instead."""
        if self._running.is_set():
            return
        self._running.set()
        self._mlocked = lock_memory()
        self._look_ahead()  # before the first call
        if self._backend == "null" or not self._open(first=True):
            self.null.start()
        if self._speed is not None:
            self._run("pump", self._pump)
        if self._backend != "null":
            self._run("watch", self._watch)

    def stop(self) -> None:
        """Stop; `start` continues from there."""
        self._running.clear()
        for thread in self._threads:
            thread.join(timeout=5.0)
        self._threads.clear()
        self._let_go(clock=False)
        self.null.stop()

    def close(self) -> None:
        """Stop for good."""
        self.stop()
        self.null.close()

    # -- what it is -------------------------------------------------------------------------------

    @property
    def info(self) -> DeviceStatus:
        """The output in use now."""
        stream = self._stream
        if stream is None:
            clock = "a clock without sound" if self._speed else "no clock"
            rate = self._player.sample_rate
            return DeviceStatus(clock, "null", rate, self._block, 0.0, "", self._mlocked, "null")
        return DeviceStatus(
            str(stream.device),
            stream.device.host,
            stream.rate,
            self._block,
            1_000 * stream.latency,
            self._priority,
            self._mlocked,
            stream.callback,
        )

    @property
    def gate(self) -> CallbackGate:
        """The open gate."""
        return self.null.gate if self._stream is None else self._stream.gate

    def record_to(self, ring: RecordingRing | None) -> None:
        """Record to a ring, or to none; goes on when the device changes."""
        with self._lock:
            self._recording = ring
            self.gate.record_to(ring)

    def preview(self, sound: Floats) -> None:
        """Play frames of shape (frames, 2) beside the player, unrecorded."""
        with self._lock:  # two at once would free a sound that the gate still plays
            self.gate.preview(sound)

    # -- threads ----------------------------------------------------------------------------------

    def _run(self, name: str, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _pump(self) -> None:
        while self._running.is_set():
            begun = time.monotonic()
            self._look_ahead()
            time.sleep(max(PUMP - (time.monotonic() - begun), 0.001))

    def _look_ahead(self) -> None:
        """Let the player plan ahead; an exception is told, for the music must go on."""
        try:
            self._player.pump()
        except Exception as error:  # noqa: BLE001 — the music goes on
            text = f"{type(error).__name__}: {error}"
            if text not in self._told:
                self._told.add(text)
                self._tell(f"a pattern cannot be asked: {text}", "error")

    def _watch(self) -> None:
        """Detect that the device is gone, and try to open it again."""
        calls, since, tried = -1, time.monotonic(), time.monotonic()
        while self._running.is_set():
            time.sleep(WATCH)
            now = time.monotonic()
            stream = self._stream
            if stream is None:
                if now - tried > RETRY:
                    tried = now
                    self._retry()
                    calls, since = -1, time.monotonic()
            elif stream.gate.calls != calls:
                calls, since = stream.gate.calls, now
            elif now - since > SILENT_AFTER or not stream.active:
                self._lose(stream)
                calls, tried = -1, now

    def _open(self, *, first: bool = False) -> bool:
        """Try to open the device; on success stops the clock."""
        try:
            stream = self._stream_on(find_device(self._wanted))
        except PhononError as error:
            if first:
                reason = error.diagnostics[0].message
                self._tell(f"{reason}: playing without sound, and looking for it", "warning")
            return False
        self.null.stop()
        with self._lock:
            self.null.gate.shut()
            stream.gate.record_to(self._recording)
            self._stream = stream
        try:
            stream.start()
        except PhononError as error:
            self._tell(error.diagnostics[0].message, "warning")
            self._let_go(clock=True)
            return False
        self._priority = raise_priority(audio_thread())
        return True

    def _stream_on(self, device: DeviceInfo) -> DeviceStream:
        options = {"rate": self._player.sample_rate, "block": self._block}
        if self._backend == "python":
            return self._stream_of(device, python=True, **options)
        try:
            return self._stream_of(device, python=False, **options)
        except (AttributeError, TypeError) as error:  # another sounddevice, another platform
            self._tell(f"no compiled callback here ({error}): using Python's", "warning")
            return self._stream_of(device, python=True, **options)

    def _stream_of(
        self, device: DeviceInfo, *, python: bool, rate: int, block: int
    ) -> DeviceStream:
        gate = CallbackGate(self._player)
        return DeviceStream(
            device, gate, rate=rate, block=block, latency=self._latency, python=python
        )

    def _retry(self) -> None:
        try:
            renew()
        except PhononError:
            return
        if self._open():
            self._tell(f"playing on {self.info.name}", "note")

    def _lose(self, stream: DeviceStream) -> None:
        self._tell(
            f"{stream.device.name} is gone: playing on without sound, and looking for it", "warning"
        )
        self._let_go(clock=True)

    def _let_go(self, *, clock: bool) -> None:
        """Move from the stream to the clock's gate; closing the stream may take long."""
        with self._lock:
            stream, self._stream = self._stream, None
        if stream is not None:
            stream.gate.shut()
        with self._lock:
            self.null.renew(self._recording)
        if clock:
            self.null.start()
        if stream is not None:
            stream.close()
