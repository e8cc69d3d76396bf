"""Command-line options of a session, shared by every command that plays."""

from __future__ import annotations

import argparse
from typing import Any

from phonon.cli import argtypes

BLOCKS = (32, 64, 128, 256, 512, 1024, 2048)


def arguments(parser: argparse.ArgumentParser, *, backends: tuple[str, ...]) -> None:
    """Add the options: device, rate, block, latency, samples."""
    add = parser.add_argument
    add(
        "--backend",
        choices=backends,
        default=backends[0],
        help=f"what plays ({backends[0]}); null is a clock without sound",
    )
    add("--device", metavar="NAME", help="a device's number or (part of its) name")
    add("--rate", type=argtypes.rate, metavar="HZ", help="frames per second (the device's, 48000)")
    add(
        "--block",
        type=int,
        choices=BLOCKS,
        default=256,
        metavar="FRAMES",
        help="frames that the device asks for at a time (256)",
    )
    add(
        "--latency",
        type=latency,
        default="low",
        metavar="HOW",
        help="low, high, or seconds that the device should keep in store (low)",
    )
    add("--voices", type=argtypes.voices, default=256, metavar="N", help="voices at once (256)")
    add("--seed", type=argtypes.seed, metavar="N", help="another seed for everything noisy")
    add(
        "--samples",
        action="append",
        default=[],
        metavar="DIR",
        help="a folder of sample banks; may be given more than once",
    )


def latency(text: str) -> str | float:
    """Parse `low`, `high` or seconds."""
    if text in {"low", "high"}:
        return text
    return float(argtypes.seconds(text))


def read(options: argparse.Namespace) -> dict[str, Any]:
    """The arguments of LocalSession that the options give."""
    return {
        "device": options.device,
        "rate": options.rate,
        "block": options.block,
        "latency": options.latency,
        "backend": options.backend,
        "samples": options.samples,
        "voices": options.voices,
        "seed": options.seed,
    }
