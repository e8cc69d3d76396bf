"""The special characters of the screen, all one column wide; an ASCII set for old terminals."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Glyphs:
    """A character for each purpose; `levels` grow from silence to full."""

    sounding: str = "●"
    error: str = "✗"
    flash: str = "▌"
    edited: str = "~"
    beat: str = "■"
    rest: str = "□"
    peak: str = "▲"
    bar: str = "│"
    line: str = "─"
    full: str = "█"
    levels: str = " ▁▂▃▄▅▆▇█"
    parts: str = " ▏▎▍▌▋▊▉█"
    corners: str = "┌┐└┘"
    chosen: str = "▸"
    caret: str = "^"
    braille: bool = True


FANCY = Glyphs()
ASCII = Glyphs(
    sounding="*",
    error="x",
    flash="|",
    beat="#",
    rest="-",
    peak="^",
    bar="|",
    line="-",
    full="#",
    levels=" ..::-=+#",
    parts=" ...:::=#",
    corners="++++",
    chosen=">",
    braille=False,
)


def choose() -> Glyphs:
    """ASCII if the terminal or the locale has nothing else, or PHONON_ASCII is set."""
    if os.environ.get("PHONON_ASCII") or os.environ.get("TERM") in {"linux", "vt100", "vt220"}:
        return ASCII
    encoding = (getattr(sys.stdout, "encoding", None) or "").lower()
    return FANCY if "utf" in encoding else ASCII


def level(glyphs: Glyphs, decibels: float) -> str:
    """A character whose height shows a level from -48 dB to 0 dB."""
    steps = len(glyphs.levels) - 1
    at = round((decibels + 48) / 48 * steps)
    return glyphs.levels[min(max(at, 0), steps)]
