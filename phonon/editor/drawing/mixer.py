"""Draws the mixer: two meters, the held peak, mute and solo of every output."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import inf, log10

from phonon.editor.drawing.cells import (
    BAD,
    BAR,
    DIM,
    PANEL,
    TITLE,
    WARN,
    Fragment,
    StyledLine,
    cut,
    narrow,
    painted,
    stacked,
)
from phonon.editor.drawing.frame_clock import FrameClock
from phonon.editor.glyphs import FANCY, Glyphs
from phonon.session.protocol import OutputMeter, Telemetry

FLOOR = -48.0  # dB, where a bar begins; it ends at 0
HOLD = 1.5  # seconds that a peak stands
FALL = 20.0  # dB per second
LATCH = 2.0  # seconds that CLIP stands; then a ! remains until it is cleared
HOT, CLIPPING = -6.0, -0.3

NUMBER = 6  # columns of the figure at the end


@dataclass(frozen=True, slots=True)
class Channel:
    """The levels of one output since the last frame, linear, left and right.

    `number` is the key that mutes it, 0 for none.
    """

    name: str
    peak: tuple[float, float]
    rms: tuple[float, float]
    number: int = 0
    clipped: bool = False
    muted: bool = False
    solo: bool = False
    audible: bool = True

    @classmethod
    def of(cls, meter: OutputMeter, number: int = 0) -> Channel:
        """Make a channel of a meter of the telemetry."""
        return cls(
            meter.name,
            meter.peaks,
            meter.levels,
            number,
            meter.clipped,
            meter.muted,
            meter.solo,
            meter.audible,
        )

    @property
    def mark(self) -> str:
        """M if muted, S if soloed, - if silent because others are soloed."""
        if self.muted:
            return "M"
        return "S" if self.solo else " " if self.audible else "-"


def channels(telemetry: Telemetry) -> list[Channel]:
    """The channels of all outputs, numbered, and of the master."""
    numbers = numbered_outputs([meter.name for meter in telemetry.outputs])
    outputs = [Channel.of(meter, numbers[meter.name]) for meter in telemetry.outputs]
    return [*outputs, Channel.of(telemetry.master)]


def numbered_outputs(names: Iterable[str]) -> dict[str, int]:
    """The numbers that mute outputs: 3 for `o3`, the first free one for `out`."""
    names = list(names)
    numbers = {name: int(name[1:]) for name in names if name[1:].isdigit()}
    for name in names:
        if name not in numbers:
            free = 1
            while free in numbers.values():
                free += 1
            numbers[name] = free
    return numbers


@dataclass(slots=True)
class LevelMeter:
    """One side of a channel, in dB: the RMS, the level shown, and the held peak."""

    rms: float = -inf
    shown: float = -inf
    held: float = -inf
    age: float = 0.0

    def hear(self, peak: float, rms: float, seconds: float) -> None:
        """Rise at once, fall slowly; the held peak stands for a while before it falls."""
        level = decibels(peak)
        self.rms = decibels(rms)
        self.shown = max(level, self.shown - FALL * seconds)
        self.age += seconds
        if self.age > HOLD:
            self.held -= FALL * min(seconds, self.age - HOLD)
        if level >= self.held:
            self.held, self.age = level, 0.0


@dataclass(slots=True)
class _Strip:
    channel: Channel
    sides: tuple[LevelMeter, LevelMeter] = field(
        default_factory=lambda: (LevelMeter(), LevelMeter())
    )
    since: float | None = None  # seconds since it clipped last
    latched: bool = False  # the engine's own clip mark, which stays set, has been seen


@dataclass(slots=True)
class MixerMeters:
    """The meters of all outputs, in order."""

    _strips: dict[str, _Strip] = field(default_factory=dict, init=False)
    _clock: FrameClock = field(default_factory=FrameClock, init=False)

    def hear(self, heard: Iterable[Channel], now: float) -> None:
        """Take the levels of a frame, at `now` by any clock; forget outputs that are gone."""
        seconds = self._clock.tick(now)
        strips = {}
        for channel in heard:
            strip = self._strips.get(channel.name) or _Strip(channel)
            strip.channel = channel
            for side, peak, rms in zip(strip.sides, channel.peak, channel.rms, strict=True):
                side.hear(peak, rms, seconds)
            if max(channel.peak) >= 1:
                strip.since = 0.0
            elif strip.since is not None:
                strip.since += seconds
            elif channel.clipped and not strip.latched:
                strip.since = inf  # before the mixer was shown
            strip.latched = channel.clipped
            strips[channel.name] = strip
        self._strips = strips

    def held(self, name: str) -> float:
        """The held peak of an output, in dB."""
        return max(side.held for side in self._strips[name].sides)

    def clear(self) -> None:
        """Clear the held peaks and clip marks."""
        for strip in self._strips.values():
            strip.since = None
            for side in strip.sides:
                side.held = side.shown

    def draw(self, width: int, height: int, glyphs: Glyphs = FANCY) -> list[StyledLine]:
        """A title and one line for every output."""
        name, bars = _columns(width)
        strips = list(self._strips.values())
        lines = [_title(name, bars)]
        shown = strips if len(strips) < height else strips[: max(height - 2, 0)]
        lines += [_strip(strip, name, bars, glyphs) for strip in shown]
        if len(shown) < len(strips):
            lines.append([(DIM, f"  and {len(strips) - len(shown)} more")])
        return stacked(lines, width, height)


def decibels(level: float) -> float:
    """A linear level in dB."""
    return 20 * log10(level) if level > 0 else -inf


def _columns(width: int) -> tuple[int, list[int]]:
    """The widths of the name and of the bars: two, one if it is narrow, or none."""
    if width >= 30:
        name = min(max(8 + (width - 42) // 4, 8), 16)
        bar, odd = divmod(width - 2 - name - 2 - NUMBER - 1, 2)
        return name + odd, [bar, bar]
    if width >= 18:
        return 6, [width - 2 - 6 - 2 - NUMBER]
    return max(width - 4 - NUMBER, 1), []


def _title(name: int, bars: list[int]) -> StyledLine:
    sides = ("L", "R") if len(bars) > 1 else ("",)
    text = " ".join(side.ljust(bar) for side, bar in zip(sides, bars, strict=False))
    return [(TITLE, cut("mixer", name + 4)), (PANEL, text), (PANEL, f"{'peak':>{NUMBER}}")]


def _strip(strip: _Strip, name: int, bars: list[int], glyphs: Glyphs) -> StyledLine:
    channel = strip.channel
    key = str(channel.number) if 0 < channel.number < 10 else " "
    silent = channel.muted or not channel.audible
    line: StyledLine = [
        (DIM if silent else PANEL, f"{key} {cut(narrow(channel.name, glyphs), name)}"),
        (WARN if channel.mark != " " else PANEL, channel.mark + " "),
    ]
    sides = [strip.sides[0], strip.sides[1]] if len(bars) > 1 else [_louder(*strip.sides)]
    for at, (side, bar) in enumerate(zip(sides, bars, strict=False)):
        line += [(PANEL, " ")] if at else []
        line += _bar(side, bar, glyphs, silent)
    return [*line, _figure(strip)]


def _louder(left: LevelMeter, right: LevelMeter) -> LevelMeter:
    return LevelMeter(
        max(left.rms, right.rms), max(left.shown, right.shown), max(left.held, right.held)
    )


def _figure(strip: _Strip) -> Fragment:
    if strip.since is not None and strip.since <= LATCH:
        return BAD, f"{'CLIP':>{NUMBER}}"
    held = max(side.held for side in strip.sides)
    text = "-inf" if held < -99 else f"{held:.1f}"
    mark = "!" if strip.since is not None else " "
    return _zone(held), f"{text:>{NUMBER - 1}}{mark}"


def _bar(side: LevelMeter, width: int, glyphs: Glyphs, silent: bool) -> StyledLine:
    """Full up to the RMS, shaded up to the peak, a mark at the held peak."""
    step = -FLOOR / width
    full, shade, mark = glyphs.parts[-1], "░" if glyphs.braille else "-", glyphs.bar
    eighths = round(max(min((side.rms - FLOOR) / step, width), 0) * 8)
    whole, part = divmod(eighths, 8)
    peak = round(max(min((side.shown - FLOOR) / step, width), 0))
    text = full * whole + (glyphs.parts[part] if part else "")
    text = (text + shade * (peak - len(text))).ljust(width)
    at = min(int((side.held - FLOOR) / step), width - 1) if side.held > FLOOR else -1
    if at >= 0 and text[at] in {" ", shade}:
        text = text[:at] + mark + text[at + 1 :]
    if silent:
        return [(DIM, text)]
    highest = max(side.shown, side.held, side.rms)
    styles = [_zone(min(FLOOR + step * (cell + 1), highest)) for cell in range(width)]
    return painted(text, styles)


def _zone(level: float) -> str:
    if level > CLIPPING:
        return BAD
    return WARN if level > HOT else BAR
