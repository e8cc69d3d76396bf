"""Draws the contents of the panels from plain values, without screen, clock or toolkit.

Every drawing is returned as `height` lines of exactly `width` cells. A line is a list of
`(style, text)` fragments, which prompt_toolkit takes as formatted text; every character is one
cell wide, and equal inputs give equal lines. The last argument is always a set of `Glyphs`
(`FANCY` or `ASCII`); `now` is any clock's seconds.

    scope = Oscilloscope()     # .slower() .faster() .freeze()
    spectrum = Spectrum()
    mixer = MixerMeters()
    load = LoadHistory()       # the worst DSP load of every 250 ms

    lines = scope.draw(session.scope(), rate, 42, 6)
    spectrum.hear(session.scope(), rate, now, bars_in(42))
    lines += spectrum.draw(42, 7)
    mixer.hear(channels(telemetry), now)
    lines += mixer.draw(42, 6)
    lines += draw_roll(notes(events), telemetry.cycle, 42, 8)
    lines += draw_events(listed_events(events), telemetry.cycle, 42, 6)
    lines += draw_history([ListedVersion("12:04:31", "~drums", True, 3.1)], 42, 4)
    line = draw_sound(sounds(banks)[0], session.describe("bd:0"), 60)
    load.hear(telemetry.load_peak, now)
    fragments = sparkline(load.values, 8)

`events` are those of `Session.upcoming`, `banks` those of `Session.samples`. Styles: `panel` and
`panel.title .trace .bar .peak .dim .now .warn .bad`, and `selected`.
"""

from phonon.editor.drawing.cells import Fragment, StyledLine, plain
from phonon.editor.drawing.lists import (
    ListedEvent,
    ListedVersion,
    describe,
    draw_events,
    draw_history,
    listed_events,
)
from phonon.editor.drawing.mixer import Channel, MixerMeters, channels, numbered_outputs
from phonon.editor.drawing.oscilloscope import Oscilloscope
from phonon.editor.drawing.roll import Note, draw_roll, note_name, notes
from phonon.editor.drawing.sounds import Sound, draw_sound, matching, sounds
from phonon.editor.drawing.sparkline import LoadHistory, sparkline
from phonon.editor.drawing.spectrum import Spectrum, bars_in

__all__ = [
    "Channel",
    "Fragment",
    "ListedEvent",
    "ListedVersion",
    "LoadHistory",
    "MixerMeters",
    "Note",
    "Oscilloscope",
    "Sound",
    "Spectrum",
    "StyledLine",
    "bars_in",
    "channels",
    "describe",
    "draw_events",
    "draw_history",
    "draw_roll",
    "draw_sound",
    "listed_events",
    "matching",
    "note_name",
    "notes",
    "numbered_outputs",
    "plain",
    "sounds",
    "sparkline",
]
