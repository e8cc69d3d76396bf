"""Draws the status line; if it is narrow, the fields of the lowest priority are left out."""

from __future__ import annotations

import math
from dataclasses import dataclass

from prompt_toolkit.formatted_text import StyleAndTextTuples

from phonon.editor.glyphs import Glyphs
from phonon.session.protocol import Telemetry

GOOD, WARN, BAD = "class:status.good", "class:status.warn", "class:status.bad"
PLAIN = "class:status"

# Thresholds above (below, for RING) which a number is a warning, and an alarm.
LOAD = (0.60, 0.85)
RING = (0.25, 0.10)
VOICES = 0.90
RECENT = 10.0  # seconds for which an underrun is a warning
ALARM = 2.0
COSTLY_INTERFACE = 0.15


@dataclass(frozen=True, slots=True)
class EditorFacts:
    """The values of the status line that are the editor's own."""

    mode: str
    name: str
    dirty: bool
    interface: float
    errors: int = 0
    beats: int = 4
    lost: str = ""


@dataclass(frozen=True, slots=True)
class StatusField:
    """One field; those of the highest rank are left out first."""

    rank: int
    pieces: tuple[tuple[str, str], ...]

    @property
    def width(self) -> int:
        """Columns, including the bar before it."""
        return sum(len(text) for _, text in self.pieces) + 3


def line(
    telemetry: Telemetry, facts: EditorFacts, glyphs: Glyphs, width: int
) -> StyleAndTextTuples:
    """The status line, exactly `width` columns."""
    mode = f" {facts.mode.upper()} "
    chosen = _fields(telemetry, facts, glyphs)
    room = width - len(mode) - 1
    while chosen and sum(field.width for field in chosen) - 3 > room:
        chosen.remove(max(chosen, key=lambda field: field.rank))
    found: StyleAndTextTuples = [(f"class:status class:chip.{facts.mode}", mode), (PLAIN, " ")]
    for number, field in enumerate(chosen):
        if number:
            found.append((PLAIN, f" {glyphs.bar} "))
        found.extend(field.pieces)
    used = sum(len(piece[1]) for piece in found)
    found.append((PLAIN, " " * (width - used)))
    return found if used <= width else [(PLAIN, mode[:width].ljust(width))]


def _fields(telemetry: Telemetry, facts: EditorFacts, glyphs: Glyphs) -> list[StatusField]:
    """All fields in the order in which they stand."""
    fields = [StatusField(5, ((PLAIN, facts.name + ("*" if facts.dirty else "")),))]
    if not telemetry.alive or facts.lost:
        return [StatusField(0, ((BAD, facts.lost or "no engine"),)), *fields]
    fields.append(_clock(telemetry, facts, glyphs))
    fields.append(StatusField(9, ((PLAIN, f"{telemetry.cps * 60 * facts.beats:.0f}bpm"),)))
    if telemetry.hushed:
        fields.append(StatusField(2, ((WARN, "HUSH"),)))
    if telemetry.recording:
        fields.append(StatusField(3, ((BAD, "REC"),)))
    fields += [_load(telemetry, glyphs), _underruns(telemetry), *_choices(telemetry)]
    if facts.errors:
        fields.append(StatusField(4, ((BAD, f"E:{facts.errors}"),)))
    fields += [_ring(telemetry), _voices(telemetry)]
    fields.append(StatusField(11, ((PLAIN, f"lat {telemetry.latency_ms:.0f}ms"),)))
    peak = telemetry.master.peak
    level = f"{20 * math.log10(peak):.1f}dB" if peak > 1e-5 else "-inf dB"
    style = BAD if peak > 0.966 else WARN if peak > 0.501 else PLAIN
    fields.append(StatusField(12, ((style, level),)))
    costly = WARN if facts.interface > COSTLY_INTERFACE else PLAIN
    fields.append(StatusField(13, ((costly, f"UI {100 * facts.interface:.0f}%"),)))
    return fields


def _clock(telemetry: Telemetry, facts: EditorFacts, glyphs: Glyphs) -> StatusField:
    """The cycle that is heard now, its beats as boxes."""
    beat = int(telemetry.cycle * facts.beats) % facts.beats
    cycle = math.floor(telemetry.cycle * facts.beats) / facts.beats
    boxes = glyphs.beat * (beat + 1) + glyphs.rest * (facts.beats - beat - 1)
    return StatusField(0, ((PLAIN, f"{cycle:.2f} {boxes}"),))


def _load(telemetry: Telemetry, glyphs: Glyphs) -> StatusField:
    return StatusField(
        0,
        (
            (_style(telemetry.load, LOAD), f"DSP {100 * telemetry.load:.0f}% "),
            (
                _style(telemetry.load_peak, LOAD),
                f"{glyphs.peak}{100 * telemetry.load_peak:.0f}%",
            ),
        ),
    )


def _underruns(telemetry: Telemetry) -> StatusField:
    age = telemetry.underrun_age
    style = PLAIN
    text = f"xr {telemetry.underruns}"
    if age is not None and age < RECENT:
        style = BAD if age < ALARM else WARN
        text += f" ({telemetry.silence_ms:.0f}ms)"
    return StatusField(0, ((style, text),))


def _choices(telemetry: Telemetry) -> list[StatusField]:
    """The fields of muted and of soloed outputs."""
    muted = " ".join(one.name for one in telemetry.outputs if one.muted)
    solo = " ".join(one.name for one in telemetry.outputs if one.solo)
    found = []
    if muted:
        found.append(StatusField(1, ((WARN, f"M:{muted}"),)))
    if solo:
        found.append(StatusField(1, ((WARN, f"S:{solo}"),)))
    return found


def _ring(telemetry: Telemetry) -> StatusField:
    share = telemetry.ring_ms / telemetry.ring_target_ms if telemetry.ring_target_ms else 1.0
    style = BAD if share < RING[1] else WARN if share < RING[0] else PLAIN
    return StatusField(
        7, ((style, f"ring {telemetry.ring_ms:.0f}/{telemetry.ring_target_ms:.0f}ms"),)
    )


def _voices(telemetry: Telemetry) -> StatusField:
    full = telemetry.voices > VOICES * telemetry.voice_limit
    pieces = [(WARN if full else PLAIN, f"v {telemetry.voices}/{telemetry.voice_limit}")]
    pieces.append((WARN if telemetry.stolen else PLAIN, f" stl {telemetry.stolen}"))
    pieces.append((WARN if telemetry.late else PLAIN, f" late {telemetry.late}"))
    return StatusField(8, tuple(pieces))


def _style(value: float, bounds: tuple[float, float]) -> str:
    return BAD if value > bounds[1] else WARN if value > bounds[0] else GOOD
