"""Streams and devices of PortAudio, through sounddevice; loaded at the first use."""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from phonon.audio.callback_gate import OUTPUT_UNDERFLOW, CallbackGate
from phonon.errors import PhononError, nearest

CLOSING = 2.0  # seconds; PortAudio never comes back from closing a stream of a dead JACK server
SHOWN = 6  # devices in a message
_abandoned: list[object] = []  # streams and libraries that hang: kept, and never used again


@dataclass(frozen=True, slots=True)
class DeviceInfo:
    """An output device, as PortAudio describes it."""

    number: int
    name: str
    host: str
    rate: int
    channels: int
    latency_ms: float
    default: bool = False

    def __str__(self) -> str:
        return f"{self.name} ({self.host}, {self.rate} Hz, {self.channels} channels)"


def list_devices() -> list[DeviceInfo]:
    """List the output devices. Raises PhononError without PortAudio."""
    sd = _sounddevice()
    try:
        found, hosts = sd.query_devices(), sd.query_hostapis()
        default = _default_output(sd)
    except sd.PortAudioError as error:
        raise PhononError(f"PortAudio finds no devices: {portaudio_message(error)}") from None
    return [
        DeviceInfo(
            number,
            str(device["name"]),
            str(hosts[device["hostapi"]]["name"]),
            round(device["default_samplerate"]),
            int(device["max_output_channels"]),
            1_000 * float(device["default_low_output_latency"]),
            number == default,
        )
        for number, device in enumerate(found)
        if device["max_output_channels"] > 0
    ]


def find_device(wanted: str | int | None) -> DeviceInfo:
    """Find a device by number or part of its name, or the default one. Raises PhononError."""
    found = list_devices()
    if not found:
        raise PhononError("there is no sound device")
    if wanted is None:
        return next((device for device in found if device.default), found[0])
    text = str(wanted).strip()
    for device in found:
        if text == str(device.number) or text.lower() == device.name.lower():
            return device
    for device in found:
        if text.lower() in str(device).lower():
            return device
    names = [device.name for device in found]
    near = nearest(text, names, 1)
    known = f"did you mean {near[0]}?" if near else f"there are: {', '.join(names[:SHOWN])}"
    raise PhononError(f"there is no sound device {text}; {known}")


def accepts(device: DeviceInfo, rate: int) -> str:
    """Reason why a device refuses a rate; empty if it accepts it."""
    sd = _sounddevice()
    try:
        sd.check_output_settings(device.number, channels=2, dtype="float32", samplerate=rate)
    except (sd.PortAudioError, ValueError) as error:
        return portaudio_message(error)
    return ""


class DeviceStream:
    """A device's stream that calls a gate, directly or (`python`) through Python."""

    def __init__(
        self,
        device: DeviceInfo,
        gate: CallbackGate,
        *,
        rate: int,
        block: int,
        latency: str | float,
        python: bool = False,
    ) -> None:
        sd = _sounddevice()
        self.device = device
        self.gate = gate
        self.callback = "python" if python else "compiled"
        options = {
            "samplerate": rate,
            "blocksize": block,
            "device": device.number,
            "channels": 2,
            "dtype": "float32",
            "latency": latency,
        }
        try:
            make = self._python if python else self._native
            self._stream = make(sd, options)
        except (sd.PortAudioError, ValueError) as error:
            raise PhononError(f"{device.name} refuses: {portaudio_message(error)}") from None
        self.rate = round(self._stream.samplerate)
        self.latency = float(self._stream.latency)

    @property
    def active(self) -> bool:
        """Whether PortAudio regards the stream as active."""
        return bool(self._stream.active)

    def start(self) -> None:
        """Start to play. Raises PhononError."""
        sd = _sounddevice()
        try:
            self._stream.start()
        except sd.PortAudioError as error:
            raise PhononError(
                f"{self.device.name} does not start: {portaudio_message(error)}"
            ) from None

    def close(self) -> bool:
        """Stop and close; returns whether closing ended in time."""
        self.gate.shut()
        stream = self._stream
        closing = threading.Thread(target=_close, args=(stream,), name="closing", daemon=True)
        closing.start()
        closing.join(CLOSING)
        if closing.is_alive():
            _abandoned.extend((stream, self.gate))
        return not closing.is_alive()

    def _native(self, sd: Any, options: dict[str, Any]) -> Any:
        """Open a stream on the compiled callback: no Python and no GIL on the audio path."""
        pointer = sd._ffi.cast("PaStreamCallback*", self.gate.callback)  # noqa: SLF001
        user = sd._ffi.cast("void*", self.gate.user)  # noqa: SLF001
        base = sd._StreamBase  # noqa: SLF001 — the public class takes no user data
        return base(kind="output", callback=pointer, userdata=user, wrap_callback=None, **options)

    def _python(self, sd: Any, options: dict[str, Any]) -> Any:
        """Open a stream on a Python callback, which waits for the GIL."""
        ffi, gate = sd._ffi, self.gate  # noqa: SLF001

        def play(out: Any, frames: int, _time: object, status: Any) -> None:
            address = int(ffi.cast("intptr_t", ffi.from_buffer(out)))
            gate.play(address, frames, OUTPUT_UNDERFLOW if status.output_underflow else 0)

        return sd.RawOutputStream(callback=play, **options)


def renew() -> None:
    """Search for devices again.

    PortAudio looks when it is initialized. Once a JACK server has died under it, it can neither
    be closed nor initialized again (it aborts the process): then a second copy of the library
    takes its place.
    """
    sd = _sounddevice()
    if any("JACK" in str(host["name"]) for host in sd.query_hostapis()):
        atexit.unregister(sd._exit_handler)  # noqa: SLF001
        _abandoned.append(sd._lib)  # noqa: SLF001
        copy = _copy_of_library()
        if copy is None:
            return
        sd._lib = copy  # noqa: SLF001
    else:
        sd._terminate()  # noqa: SLF001
    try:
        sd._initialize()  # noqa: SLF001
    except sd.PortAudioError as error:
        raise PhononError(f"PortAudio cannot be initialized: {portaudio_message(error)}") from None


def portaudio_message(error: Exception) -> str:
    """PortAudio's message, as part of a sentence."""
    text = str(error.args[0]) if error.args else type(error).__name__
    text = text.rpartition(": ")[2].partition(" [PaErrorCode")[0]
    return text[:1].lower() + text[1:].rstrip(".")


def _close(stream: Any) -> None:
    stream.abort()
    stream.close()


def _default_output(sd: Any) -> int:
    try:
        return int(sd.query_devices(kind="output")["index"])
    except (sd.PortAudioError, ValueError):
        return -1


def _copy_of_library() -> Any:
    """Load PortAudio a second time, beside a copy that hangs; None if it is not found."""
    sd = _sounddevice()
    loaded = _loaded_library() if sys.platform.startswith("linux") else None
    if loaded is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        copy = shutil.copy(loaded, folder)
        return sd._ffi.dlopen(copy)  # noqa: SLF001


def _loaded_library() -> Path | None:
    with open("/proc/self/maps", encoding="utf-8", errors="replace") as maps:
        for line in maps:
            place = Path(line.rstrip("\n").rpartition(" ")[2])
            if "portaudio" in place.name and os.path.exists(place):
                return place
    return None


def _sounddevice() -> Any:
    try:
        import sounddevice
    except (ImportError, OSError) as error:
        raise PhononError(f"PortAudio cannot be loaded: {error}") from None
    return sounddevice
