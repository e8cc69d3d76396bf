"""What a frame of the editor's panels costs, in microseconds.

    taskset -c 1 python benchmarks/bench_panels.py

Every drawing at the size it has beside the text (42 columns), from noise, which is the worst case:
every bar and every cell differs. `hear` is what has to be worked out from the sound, `draw` makes
lines of it. Medians of 15 rounds.
"""

from __future__ import annotations

from itertools import count
from statistics import median
from time import perf_counter

import numpy as np

from phonon.editor.drawing import (
    Channel,
    ListedEvent,
    ListedVersion,
    MixerMeters,
    Note,
    Oscilloscope,
    Sound,
    Spectrum,
    bars_in,
    draw_events,
    draw_history,
    draw_roll,
    draw_sound,
    sparkline,
)
from phonon.editor.drawing.bands import bands
from phonon.editor.glyphs import ASCII, FANCY
from phonon.session.protocol import Wave

RATE = 48_000
WIDTH = 42
ROUNDS, CALLS = 15, 200


def microseconds(work):
    rounds = []
    for _ in range(ROUNDS):
        begin = perf_counter()
        for _ in range(CALLS):
            work()
        rounds.append((perf_counter() - begin) / CALLS * 1e6)
    return median(rounds)


def works():
    """Name and work of everything that is measured."""
    rng = np.random.default_rng(1)
    clock = (at / 30 for at in count())
    sound = rng.standard_normal(8192).astype(np.float32) * 0.2
    for frames in (512, 2048, 8192):
        spectrum = Spectrum(window=frames)
        heard = sound[:frames]
        for number in (bars_in(WIDTH), 80):
            scale = bands(RATE, number, frames)
            yield (
                f"spectrum: FFT and levels, {frames} frames, {number} bars",
                lambda scale=scale, heard=heard: scale.levels(heard),
            )
            yield (
                f"spectrum: hear, {frames} frames, {number} bars",
                lambda spectrum=spectrum, heard=heard, number=number: spectrum.hear(
                    heard, RATE, next(clock), number
                ),
            )
    spectrum = Spectrum()
    spectrum.hear(sound[:2048], RATE, 0.0, bars_in(WIDTH))
    for glyphs, name in ((FANCY, "unicode"), (ASCII, "ascii")):
        yield f"spectrum: draw, {name}", lambda glyphs=glyphs: spectrum.draw(WIDTH, 9, glyphs)
        scope = Oscilloscope()
        yield (
            f"scope: trigger and draw, {name}",
            lambda scope=scope, glyphs=glyphs: scope.draw(sound[:2048], RATE, WIDTH, 7, glyphs),
        )
    mixer = MixerMeters()
    strips = [Channel(f"~bus{at}", (0.5, 0.4), (0.2, 0.1), at) for at in range(1, 9)]
    yield "mixer: hear, 8 outputs", lambda: mixer.hear(strips, next(clock))
    yield "mixer: draw, 8 outputs", lambda: mixer.draw(WIDTH, 9)
    notes = [Note(at / 64, (at + 1) / 64, at % 13, "") for at in range(64)]
    yield "roll: draw, 64 notes", lambda: draw_roll(notes, 0.4, WIDTH, 14)
    entries = [ListedEvent(at / 16, "s bd:3 gain 0.8", "~drums") for at in range(64)]
    yield "events: draw, 64", lambda: draw_events(entries, 4.0, WIDTH, 12)
    versions = [ListedVersion("12:00:00", "~drums", True, 3.1) for _ in range(200)]
    yield "history: draw, 200", lambda: draw_history(versions, WIDTH, 12, chosen=90)
    wave = Wave(0.4, tuple(np.abs(sound[:64]).tolist()))
    sounds = [Sound("bd", at, f"{at}.wav") for at in range(20)]
    yield "sounds: draw, 20", lambda: [draw_sound(one, wave, 60) for one in sounds]
    yield "sparkline: 8 loads", lambda: sparkline([0.3, 0.7] * 4)


if __name__ == "__main__":
    for name, work in works():
        print(f"{name:48} {microseconds(work):7.1f} µs")
