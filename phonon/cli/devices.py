"""List the sound devices that `phonon play --device` can use."""

from __future__ import annotations

import argparse

HELP = "list the sound devices"


def arguments(_parser: argparse.ArgumentParser) -> None:
    """The command has none."""


def run(_options: argparse.Namespace) -> int:
    """Print number, name and what each device can do; * marks the default."""
    from phonon.audio.portaudio import list_devices
    from phonon.errors import PhononError

    try:
        found = list_devices()
    except PhononError as error:
        print(f"{error.diagnostics[0].message}; `--backend null` needs none")
        return 1
    if not found:
        print("no output device; `--backend null` plays without sound")
        return 1
    for device in found:
        mark = "*" if device.default else " "
        print(f"{mark} {device.number:>3}  {device}, {device.latency_ms:.1f} ms")
    return 0
