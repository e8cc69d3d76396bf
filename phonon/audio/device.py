"""Sound devices; PortAudio is loaded only when one is looked for."""

from __future__ import annotations


def devices() -> tuple[list[str], str]:
    """The output devices by name, and why there are none."""
    try:
        import sounddevice
    except (ImportError, OSError) as error:
        return [], f"PortAudio cannot be loaded ({error})"
    try:
        found = sounddevice.query_devices()
        hosts = sounddevice.query_hostapis()
    except sounddevice.PortAudioError as error:
        return [], f"PortAudio finds none ({error})"
    names = [
        f"{device['name']} ({hosts[device['hostapi']]['name']}, "
        f"{device['default_samplerate']:.0f} Hz, {device['max_output_channels']} channels)"
        for device in found
        if device["max_output_channels"] > 0
    ]
    return names, "" if names else "no output device"
