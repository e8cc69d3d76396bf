"""What the panels show, drawn from numbers alone: no screen, no clock, no toolkit.

Every drawing comes back as `height` lines of exactly `width` cells. A line is a list of
`(style, text)` fragments, which prompt_toolkit takes as formatted text; every character is one
cell wide, and equal inputs give equal lines. The last argument of all is a set of `Glyphs`
(`FANCY` or `ASCII`); `now` is any clock's seconds.

    scope = Scope()                            # .slower() .faster() .freeze()
    spectrum = Spectrum()
    mixer = Mixer()
    load = Worst()                             # the worst DSP load of every 250 ms

    lines = scope.draw(session.scope(), rate, 42, 6)
    spectrum.hear(session.scope(), rate, now, bars_in(42))
    lines += spectrum.draw(42, 7)
    mixer.hear(channels(telemetry), now)
    lines += mixer.draw(42, 6)
    lines += draw_roll(notes(events), telemetry.cycle, 42, 8)
    lines += draw_events(entries(events), telemetry.cycle, 42, 6)
    lines += draw_history([Version("12:04:31", "~drums", True, 3.1)], 42, 4)
    line = draw_sound(sounds(banks)[0], session.describe("bd:0"), 60)
    load.hear(telemetry.load_peak, now)
    fragments = sparkline(load.values, 8)

`events` are `phonon.patterns` events whose values are dicts of controls, `banks` those of
`Session.samples()`. `in_order(ring, written)` unwraps a snapshot of a ring. Styles: `panel` and
`panel.title .trace .bar .peak .dim .now .warn .bad`, and `selected`.
"""

from phonon.editor.drawing.cells import Fragment, Line, plain
from phonon.editor.drawing.lists import (
    Entry,
    Version,
    describe,
    draw_events,
    draw_history,
    entries,
)
from phonon.editor.drawing.mixer import Channel, Mixer, channels, numbered_outputs
from phonon.editor.drawing.roll import Note, draw_roll, note_name, notes
from phonon.editor.drawing.scope import Scope, in_order
from phonon.editor.drawing.sounds import Sound, draw_sound, matching, sounds
from phonon.editor.drawing.sparkline import Worst, sparkline
from phonon.editor.drawing.spectrum import Spectrum, bars_in

__all__ = [
    "Channel",
    "Entry",
    "Fragment",
    "Line",
    "Mixer",
    "Note",
    "Scope",
    "Sound",
    "Spectrum",
    "Version",
    "Worst",
    "bars_in",
    "channels",
    "describe",
    "draw_events",
    "draw_history",
    "draw_roll",
    "draw_sound",
    "entries",
    "in_order",
    "matching",
    "note_name",
    "notes",
    "numbered_outputs",
    "plain",
    "sounds",
    "sparkline",
]
