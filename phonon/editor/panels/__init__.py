"""What the right panel shows, drawn from numbers alone: no screen, no clock, no toolkit.

Every drawing comes back as `height` lines of exactly `width` cells. A line is a list of
`(style, text)` fragments, which prompt_toolkit takes as formatted text; every character is one
cell wide. Equal inputs give equal lines, and `changes(before, after)` says which cells to patch.
The last argument of all is a set of `Glyphs` (`FANCY` or `ASCII`).

    scope = Scope()                            # .slower() .faster() .freeze()
    spectrum = Spectrum()
    mixer = Mixer()
    load = Worst()                             # the worst DSP load of every 250 ms

    lines = scope.draw(session.scope(), rate, 42, 6)
    spectrum.hear(session.scope(), rate, seconds)          # seconds since it heard last
    lines += spectrum.draw(42, 7)
    mixer.hear([Channel.of(meter) for meter in telemetry.outputs], seconds)
    lines += mixer.draw(42, 6)
    lines += draw_roll(notes(events), telemetry.cycle, 42, 8)
    lines += draw_events(entries(events), telemetry.cycle, 42, 6)
    lines += draw_history([Version("12:04:31", "~drums", True, 3.1)], 42, 4)
    lines += draw_sounds(matching(sounds(banks), "bd"), 0, 60, 12)
    load.hear(telemetry.load, seconds)
    fragments = sparkline(load.values, 8)

`events` are `phonon.pattern` events whose values are dicts of controls, `banks` those of
`Session.samples()`. `in_order(ring, written)` unwraps a snapshot of a ring. Styles: `panel` and
`panel.title .trace .bar .peak .dim .now .warn .bad`, and `selected`.
"""
